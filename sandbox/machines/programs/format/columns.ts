/** Lists in columns, as `ls -C` lays them out: down, then across, in as few rows as fit. */

/** `widths` are the columns each item takes; returns rows of item indices with each column's width. */
export function layOut(
  widths: readonly number[],
  total: number,
  across = false,
): { rows: number[][]; columns: number[] } {
  const count = widths.length;
  for (let columnCount = Math.min(count, Math.max(1, Math.floor(total / 3))); columnCount > 1; columnCount--) {
    const rowCount = Math.ceil(count / columnCount);
    if (!across && Math.ceil(count / rowCount) < columnCount) continue;
    const columns = new Array<number>(columnCount).fill(0);
    widths.forEach((width, i) => {
      const column = across ? i % columnCount : Math.floor(i / rowCount);
      const gap = column === columnCount - 1 ? 0 : 2;
      columns[column] = Math.max(columns[column]!, width + gap);
    });
    const sum = columns.reduce((a, b) => a + b, 0);
    if (sum < total) return { rows: rowsOf(count, rowCount, columnCount, across), columns };
  }
  return { rows: widths.map((_, i) => [i]), columns: [Math.max(0, ...widths)] };
}

function rowsOf(count: number, rowCount: number, columnCount: number, across: boolean): number[][] {
  const rows: number[][] = [];
  for (let row = 0; row < rowCount; row++) {
    const items: number[] = [];
    for (let column = 0; column < columnCount; column++) {
      const i = across ? row * columnCount + column : column * rowCount + row;
      if (i < count) items.push(i);
    }
    rows.push(items);
  }
  return rows;
}
