/** Columns aligned by spaces, as Go's text/tabwriter does it with minwidth 6, padding 3 (cli-runtime pkg/printers/tabwriter.go). */

export interface TabOptions {
  readonly minWidth?: number;
  readonly padding?: number;
}

/**
 * Aligns cells that end in a tab. A column is a block of consecutive lines that have such a cell there; each block has its own
 * width. The last cell of a line belongs to no column.
 */
export function alignTabs(text: string, { minWidth = 6, padding = 3 }: TabOptions = {}): string {
  const endsOpen = !text.endsWith('\n');
  const lines = (endsOpen ? text : text.slice(0, -1)).split('\n').map((line) => line.split('\t'));
  const widths = lines.map((cells) => new Array<number>(Math.max(0, cells.length - 1)).fill(0));
  measure(lines, widths, 0, lines.length, 0, minWidth, padding);
  let out = '';
  lines.forEach((cells, row) => {
    for (let i = 0; i < cells.length - 1; i++)
      out += cells[i]! + ' '.repeat(Math.max(0, widths[row]![i]! - width(cells[i]!)));
    out += cells[cells.length - 1]!;
    if (row < lines.length - 1 || !endsOpen) out += '\n';
  });
  return out;
}

function measure(
  lines: string[][],
  widths: number[][],
  from: number,
  to: number,
  column: number,
  minWidth: number,
  padding: number,
): void {
  for (let start = from; start < to; start++) {
    if (lines[start]!.length - 1 <= column) continue;
    let end = start;
    let widest = minWidth;
    while (end < to && lines[end]!.length - 1 > column) {
      const cell = width(lines[end]![column]!);
      widest = Math.max(widest, cell + padding);
      end++;
    }
    for (let row = start; row < end; row++) widths[row]![column] = widest;
    measure(lines, widths, start, end, column + 1, minWidth, padding);
    start = end - 1;
  }
}

/** Width in code points (utf8.RuneCountInString), not terminal cells. */
function width(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) pairs++;
  return text.length - pairs;
}

/** Keeps the widths from one batch of rows to the next: kubectl get -w prints row by row (liggitt/tabwriter's RememberWidths). */
export class RememberingTabWriter {
  #widths: number[] = [];

  align(rows: readonly (readonly string[])[]): string {
    for (const cells of rows) {
      for (let i = 0; i < cells.length - 1; i++) {
        this.#widths[i] = Math.max(this.#widths[i] ?? 6, width(cells[i]!) + 3);
      }
    }
    let out = '';
    for (const cells of rows) {
      for (let i = 0; i < cells.length - 1; i++) out += cells[i]! + ' '.repeat(this.#widths[i]! - width(cells[i]!));
      out += `${cells[cells.length - 1] ?? ''}\n`;
    }
    return out;
  }
}
