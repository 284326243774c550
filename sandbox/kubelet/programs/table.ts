/** Columns aligned as Go's text/tabwriter aligns them (minimum cell width, padding of blanks). */

export function table(rows: readonly (readonly string[])[], minimum: number, padding = 3): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? minimum, [...cell].length + padding);
    });
  }
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - [...cell].length))).join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}
