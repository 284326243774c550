/**
 * Code blocks of the page get a *run* button: those marked `data-bound-run="HOST"` (themselves, or what is around or in them), those whose
 * first line is `# run on HOST`, and those that a lab's `run` attribute selects. A block runs in the lab that `data-bound-lab` names,
 * else in the nearest one above it, else in the first.
 */

import { elementWords } from '../../../sandbox/words/embed/index.ts';
import { commandOf, hostSaid } from './block-text.ts';
import type { BoundLab } from './bound-lab.ts';

const HOST = 'master01';
/** What a tool puts into its blocks besides code. */
const NOT_CODE = 'button, nav, [aria-hidden="true"]';

const buttons = new WeakMap<HTMLElement, HTMLButtonElement>();

const look = new CSSStyleSheet();
// What the page says of all buttons does not go before this; what it says of `.bound-run` does.
look.replaceSync(`
  :where(.bound-run):is(button) { display: block; width: fit-content; margin: 6px 6px 14px auto; padding: 3px 12px;
    border: 1px solid currentColor; border-radius: 3px; background: none; color: inherit; font: inherit; font-size: 0.85em; cursor: pointer }
  :where(.bound-run:hover):is(button) { text-decoration: underline }
  :where(.bound-run[data-ran]):is(button)::before { content: "✓ " / "" }
`);

/** Watches the page: tools that turn pages without loading them bring new blocks, and some draw theirs anew. */
export function followBlocks(): void {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, look];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(scan, 100);
  };
  const begin = () => {
    later();
    new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  };
  // A tool that takes over a page that a server has drawn finds it as it was drawn.
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin);
}

function scan(): void {
  const labs = [...document.querySelectorAll<BoundLab>('bound-lab')];
  if (labs.length === 0) return;
  for (const marked of document.querySelectorAll<HTMLElement>('[data-bound-run]'))
    offer(blockOf(marked), marked.dataset.boundRun || HOST, labs, marked.closest<HTMLElement>('[data-bound-lab]'));
  for (const block of document.querySelectorAll<HTMLElement>('pre')) {
    const host = hostSaid(textOf(block));
    if (host) offer(block, host, labs, block.closest<HTMLElement>('[data-bound-lab]'));
  }
  for (const lab of labs) {
    for (const selected of selectedBy(lab)) {
      const block = blockOf(selected);
      if (labFor(block, labs, null) === lab) offer(block, lab.getAttribute('host') || HOST, labs, null);
    }
  }
}

function selectedBy(lab: BoundLab): Iterable<HTMLElement> {
  const selector = lab.getAttribute('run');
  if (!selector) return [];
  try {
    return document.querySelectorAll<HTMLElement>(selector);
  } catch {
    console.warn(`bound-lab: run="${selector}" is no selector`);
    lab.removeAttribute('run');
    return [];
  }
}

const blockOf = (marked: HTMLElement): HTMLElement =>
  marked.closest<HTMLElement>('pre') ?? marked.querySelector<HTMLElement>('pre') ?? marked;

function labFor(block: HTMLElement, labs: readonly BoundLab[], named: HTMLElement | null): BoundLab | undefined {
  const id = named?.dataset.boundLab;
  if (id) return labs.find((lab) => lab.id === id);
  const above = labs.filter((lab) => lab.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING);
  return above.at(-1) ?? labs[0];
}

function offer(block: HTMLElement, host: string, labs: readonly BoundLab[], named: HTMLElement | null): void {
  if (buttons.get(block)?.isConnected) return;
  const lab = labFor(block, labs, named);
  if (!lab) return;
  const words = elementWords[lab.language];
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'bound-run';
  button.textContent = words.run;
  button.title = words.runOn(host);
  button.setAttribute('aria-label', words.runOn(host));
  button.addEventListener('click', () => {
    const runs = labFor(block, [...document.querySelectorAll<BoundLab>('bound-lab')], named);
    runs?.scrollIntoView({ block: 'nearest' });
    runs?.run(host, commandOf(textOf(block))).then(
      () => {
        button.dataset.ran = '';
        button.setAttribute('aria-label', `${words.runOn(host)} (${words.ran})`);
      },
      (error: Error) => console.warn(`bound-lab: not run on ${host}: ${error.message}`),
    );
  });
  buttons.set(block, button);
  block.after(button);
}

/** Its text, with its lines as they are seen: some tools end them by an element. */
function textOf(block: HTMLElement): string {
  let text = '';
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(NOT_CODE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    if (node instanceof Text) text += node.data;
    else if (node instanceof HTMLBRElement) text += '\n';
  }
  return text;
}
