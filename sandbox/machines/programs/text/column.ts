/** column(1) of util-linux 2.38: a list in columns, or a table (-t). */

import type { Task } from '../../../sim/task.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { parseCount } from '../format/size.ts';
import { allLines } from '../io.ts';
import { type Tool, tool } from '../tool.ts';

export const column = tool(
  'column',
  {
    short: 'c:eJl:LN:n:o:R:s:tx',
    long: {
      table: 't',
      separator: 's:',
      'output-separator': 'o:',
      'output-width': 'c:',
      fillrows: 'x',
      json: 'J',
      'keep-empty-lines': 'L',
      'table-columns': 'N:',
      'table-columns-limit': 'l:',
      'table-name': 'n:',
      'table-right': 'R:',
    },
    usage: 'column [options] [<file>...]',
    version: 'column from util-linux 2.38.1',
    noMemory: 'read failed: Cannot allocate memory',
  },
  function* (tool) {
    const width = parseCount(tool.get('c') ?? '80', { min: 1 });
    if (tool.get('c') !== undefined && typeof width !== 'number') {
      yield* tool.complain(`invalid columns argument: '${tool.get('c')}'`);
      return 1;
    }
    const all = yield* allLines(tool, (path, words) => `${path}: ${words}`);
    const lines = tool.has('L') ? all : all.filter((line) => line.trim() !== '');
    if (tool.has('J')) yield* asJson(tool, rowsOf(tool, lines));
    else if (tool.has('t')) yield* table(tool, rowsOf(tool, lines));
    else
      yield* list(
        tool,
        lines,
        tool.get('c') === undefined ? (tool.process.stdout.tty?.columns ?? 80) : (width as number),
      );
    return tool.status;
  },
);

/** Cells: between runs of blanks, or between single separators. */
function rowsOf(tool: Tool, lines: readonly string[]): string[][] {
  const separators = tool.get('s');
  const limit = Number(tool.get('l') ?? 0);
  const cells = (line: string): string[] => {
    if (separators === undefined) return line.trim().split(/[ \t]+/);
    const out: string[] = [];
    let from = 0;
    for (let i = 0; i < line.length; i++)
      if (separators.includes(line[i]!)) {
        out.push(line.slice(from, i));
        from = i + 1;
      }
    return [...out, line.slice(from)];
  };
  return lines.map((line) => {
    const row = cells(line);
    return limit > 0 && row.length > limit
      ? [...row.slice(0, limit - 1), row.slice(limit - 1).join(separators?.[0] ?? ' ')]
      : row;
  });
}

function* table(tool: Tool, rows: string[][]): Task<void> {
  const names = tool.get('N')?.split(',');
  const all = names ? [names, ...rows] : rows;
  const widths: number[] = [];
  for (const row of all)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
    });
  const right = new Set(
    (tool.get('R') ?? '').split(',').map((name) => (names?.includes(name) ? names.indexOf(name) : Number(name) - 1)),
  );
  const glue = tool.get('o') ?? '  ';
  for (const row of all) {
    yield* tool.process.spend(1 + widths.length);
    const cells = widths.map((width, i) => {
      const cell = row[i] ?? '';
      const room = ' '.repeat(width - widthOf(cell));
      if (right.has(i)) return room + cell;
      // The last column is as wide as its text, unless a row ends before it.
      return i === widths.length - 1 && (row.length === widths.length || rows.length === 0) ? cell : cell + room;
    });
    yield* tool.write(`${cells.join(glue)}\n`);
  }
}

function* asJson(tool: Tool, rows: string[][]): Task<void> {
  const names = tool.get('N')?.split(',') ?? [];
  const object = (row: readonly string[]) =>
    names
      .map(
        (name, i) =>
          `         ${JSON.stringify(name.toLowerCase())}: ${row[i] === undefined || row[i] === '' ? 'null' : JSON.stringify(row[i])}`,
      )
      .join(',\n');
  const body = rows.map((row) => `{\n${object(row)}\n      }`).join(',');
  yield* tool.write(`{\n   "${tool.get('n') ?? 'table'}": [\n      ${body}\n   ]\n}\n`);
}

function* list(tool: Tool, lines: readonly string[], total: number): Task<void> {
  let longest = 0;
  for (const line of lines) longest = Math.max(longest, widthOf(line));
  const width = (Math.floor(longest / 8) + 1) * 8;
  const columns = Math.max(1, Math.floor(total / width));
  const rows = Math.ceil(lines.length / columns);
  const across = tool.has('x');
  for (let r = 0; r < rows; r++) {
    let out = '';
    for (let c = 0; c < columns; c++) {
      const item = lines[across ? r * columns + c : c * rows + r];
      if (item === undefined) break;
      const more = c < columns - 1 && lines[across ? r * columns + c + 1 : (c + 1) * rows + r] !== undefined;
      out += item + (more ? '\t'.repeat(Math.ceil((width - widthOf(item)) / 8)) : '');
    }
    yield* tool.process.spend(1 + out.length / 100);
    yield* tool.write(`${out}\n`);
  }
}
