/** Columns as system programs print them: padded to the widest cell. */

export type Align = 'left' | 'right';

export interface TableOptions {
  readonly align: readonly Align[];
  readonly gap?: string;
  /** Least widths. */
  readonly least?: readonly number[];
}

/** The last column is not padded if it is left-aligned. */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions): string {
  const { align, gap = ' ', least = [] } = options;
  const widths = align.map((_, column) => Math.max(least[column] ?? 0, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        if (align[column] === 'right') return cell.padStart(widths[column]!);
        return column === row.length - 1 ? cell : cell.padEnd(widths[column]!);
      })
      .join(gap);
  return rows.map((row) => `${line(row)}\n`).join('');
}
