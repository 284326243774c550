/** How high a lab would be for nothing unfolded in it to be cut. */

/** A terminal in which a command and what it says can be read (pixels). */
const TERMINAL = 240;

/** CSS pixels, whole. */
export function heightWanted(lab: HTMLElement): number {
  const checkpoints = lab.querySelector<HTMLElement>('.checkpoints');
  const column = lab.querySelector<HTMLElement>('.embed-lab');
  if (!checkpoints || !column) return 0;
  const parts = [...column.children] as HTMLElement[];
  const fixed = sum(parts.filter((part) => !part.matches('.terminals')).map((part) => whole(part)));
  const beside = lab.matches('.beside');
  const others = fixed + TERMINAL;
  return Math.ceil(beside ? Math.max(contentOf(checkpoints), others) : whole(checkpoints) + others);
}

/** However high the column is that it stands in. */
function contentOf(column: HTMLElement): number {
  const content = document.createRange();
  content.selectNodeContents(column);
  const { paddingTop, paddingBottom } = getComputedStyle(column);
  return content.getBoundingClientRect().height + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom);
}

/** With what is scrolled in it. */
function whole(part: HTMLElement): number {
  const scrolled = [part, ...part.querySelectorAll<HTMLElement>('.picture-body, .ledger')];
  return part.offsetHeight + sum(scrolled.map((one) => one.scrollHeight - one.clientHeight));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + Math.max(0, one), 0);
