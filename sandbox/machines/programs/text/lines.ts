/** wc, uniq, tac, rev, nl, fold, paste, tee, expand, unexpand. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { allLines, decode, eachInput, LineReader, openInput, readBytes, readInputText, splitLines } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

export const wc = tool(
  'wc',
  {
    short: 'clLmw',
    long: { bytes: 'c', chars: 'm', lines: 'l', 'max-line-length': 'L', words: 'w' },
    usage: 'wc [OPTION]... [FILE]...',
  },
  function* (tool) {
    const chosen = tool.has('c', 'l', 'L', 'm', 'w');
    const wants = (letter: string) => tool.has(letter) || (!chosen && 'lwc'.includes(letter));
    const rows: { counts: number[]; name: string }[] = [];
    const totals = [0, 0, 0, 0, 0];
    let regular = true;
    yield* eachInput(tool, function* (file, path) {
      if ((yield* file.stat()).type !== 'file') regular = false;
      const bytes = yield* readBytes(file);
      yield* tool.process.spend(bytes.length / 200);
      const text = decode(bytes);
      const lines = text.split('\n').length - 1;
      const words = text.split(/[ \t\n\v\f\r]+/).filter((w) => w !== '').length;
      const chars = tool.process.env.get('LC_ALL') === 'C' ? bytes.length : [...text].length;
      const longest = Math.max(0, ...text.split('\n').map(widthOf));
      const counts = [lines, words, chars, bytes.length, longest];
      counts.forEach((n, i) => {
        totals[i] = i === 4 ? Math.max(totals[i]!, n) : totals[i]! + n;
      });
      rows.push({ counts, name: tool.operands.length > 0 ? path : '' });
    });
    if (tool.operands.length > 1) rows.push({ counts: totals, name: 'total' });
    const columns = ['l', 'w', 'm', 'c', 'L'].flatMap((letter, i) => (wants(letter) ? [i] : []));
    const single = columns.length === 1 && rows.length === 1;
    const width = single
      ? 1
      : Math.max(regular && tool.status === 0 ? 1 : 7, ...columns.map((i) => String(i === 4 ? 0 : totals[3]!).length));
    for (const { counts, name } of rows) {
      yield* tool.print(
        `${columns.map((i) => String(counts[i]).padStart(width)).join(' ')}${name === '' ? '' : ` ${name}`}\n`,
      );
    }
    return tool.status;
  },
);

export const uniq = tool(
  'uniq',
  {
    short: 'cdDf:is:uw:z',
    long: {
      count: 'c',
      repeated: 'd',
      'all-repeated': 'D',
      'skip-fields': 'f:',
      'ignore-case': 'i',
      'skip-chars': 's:',
      unique: 'u',
      'check-chars': 'w:',
    },
    usage: 'uniq [OPTION]... [INPUT [OUTPUT]]',
  },
  function* (tool) {
    const { process, operands } = tool;
    let file: OpenFile;
    try {
      file = yield* openInput(process, operands[0] ?? '-');
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${operands[0]}: ${error.message}`);
      return 1;
    }
    const reader = new LineReader(file);
    let out = '';
    const print = function* (text: string): Task<void> {
      if (operands[1] === undefined) yield* process.print(text);
      else out += text;
    };
    const keyOf = (line: string): string => {
      let rest = line;
      for (let n = Number(tool.get('f') ?? 0); n > 0; n--) rest = rest.replace(/^\s*\S*/, '');
      rest = rest.slice(Number(tool.get('s') ?? 0));
      if (tool.get('w') !== undefined) rest = rest.slice(0, Number(tool.get('w')));
      return tool.has('i') ? rest.toLowerCase() : rest;
    };
    const flush = function* (group: string[]): Task<void> {
      if (group.length === 0) return;
      if (tool.has('D')) {
        if (group.length > 1) yield* print(group.map((l) => `${l}\n`).join(''));
        return;
      }
      if ((tool.has('d') && group.length === 1) || (tool.has('u') && group.length > 1)) return;
      yield* print(`${tool.has('c') ? `${String(group.length).padStart(7)} ` : ''}${group[0]}\n`);
    };
    let group: string[] = [];
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      if (group.length > 0 && keyOf(group[0]!) !== keyOf(line)) {
        yield* flush(group);
        group = [];
      }
      group.push(line);
    }
    yield* flush(group);
    reader.release();
    if (operands[1] !== undefined) yield* process.writeFile(operands[1], out);
    return 0;
  },
);

export const tac = tool(
  'tac',
  { short: 'brs:', long: { separator: 's:' }, usage: 'tac [OPTION]... [FILE]...' },
  function* (tool) {
    yield* eachInput(
      tool,
      function* (file) {
        const text = decode(yield* readBytes(file));
        const separator = tool.get('s') ?? '\n';
        const records = text.split(separator);
        const last = records.pop()!;
        yield* tool.print(
          last +
            records
              .reverse()
              .map((r) => r + separator)
              .join(''),
        );
      },
      (path, words) => `failed to open ${quoted(path)} for reading: ${words}`,
    );
    return tool.status;
  },
);

export const rev = tool(
  'rev',
  { short: '', usage: 'rev [options] [file ...]', version: 'rev from util-linux 2.38.1' },
  function* (tool) {
    yield* eachInput(
      tool,
      function* (file) {
        const reader = new LineReader(file);
        for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
          yield* tool.print([...line].reverse().join('') + (reader.terminated ? '\n' : ''));
        }
      },
      (path, words) => `cannot open ${path}: ${words}`,
    );
    return tool.status;
  },
);

export const nl = tool(
  'nl',
  {
    short: 'b:d:f:h:i:l:n:ps:v:w:',
    long: {
      'body-numbering': 'b:',
      'line-increment': 'i:',
      'number-format': 'n:',
      'number-separator': 's:',
      'starting-line-number': 'v:',
      'number-width': 'w:',
    },
    usage: 'nl [OPTION]... [FILE]...',
  },
  function* (tool) {
    const style = tool.get('b') ?? 't';
    const width = Number(tool.get('w') ?? 6);
    const separator = tool.get('s') ?? '\t';
    const format = tool.get('n') ?? 'rn';
    let number = Number(tool.get('v') ?? 1);
    for (const line of yield* allLines(tool)) {
      const numbered = style === 'a' || (style === 't' && line !== '');
      if (!numbered) {
        yield* tool.print(`${' '.repeat(width + separator.length)}${line}\n`);
        continue;
      }
      const text = String(number);
      const field = format === 'ln' ? text.padEnd(width) : text.padStart(width, format === 'rz' ? '0' : ' ');
      yield* tool.print(`${field}${separator}${line}\n`);
      number += Number(tool.get('i') ?? 1);
    }
    return tool.status;
  },
);

export const fold = tool(
  'fold',
  { short: 'bsw:', long: { bytes: 'b', spaces: 's', width: 'w:' }, usage: 'fold [OPTION]... [FILE]...' },
  function* (tool) {
    const width = Number(tool.get('w') ?? 80);
    if (!(width > 0)) {
      yield* tool.complain(`invalid number of columns: ${quoted(tool.get('w')!)}`);
      return 1;
    }
    yield* eachInput(tool, function* (file) {
      const reader = new LineReader(file);
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
        yield* tool.print(foldLine(line, width, tool.has('s')).join('\n') + (reader.terminated ? '\n' : ''));
      }
    });
    return tool.status;
  },
);

function foldLine(line: string, width: number, atSpaces: boolean): string[] {
  const rows: string[] = [];
  let row = '';
  for (const char of line) {
    if (widthOf(row + char) > width && row !== '') {
      const space = atSpaces ? row.lastIndexOf(' ') + 1 : 0;
      if (space > 0) {
        rows.push(row.slice(0, space));
        row = row.slice(space);
      } else {
        rows.push(row);
        row = '';
      }
    }
    row += char;
  }
  return [...rows, row];
}

export const paste = tool(
  'paste',
  { short: 'd:sz', long: { delimiters: 'd:', serial: 's' }, usage: 'paste [OPTION]... [FILE]...' },
  function* (tool) {
    const delimiters = [
      ...(tool.get('d') ?? '\t').replace(
        /\\([nt\\0])/g,
        (_, c: string) => ({ n: '\n', t: '\t', '\\': '\\', '0': '' })[c]!,
      ),
    ];
    const files: string[][] = [];
    const stdinReaders = tool.operands.filter((o) => o === '-').length;
    let shared: string[] | undefined;
    for (const path of tool.operands.length > 0 ? tool.operands : ['-']) {
      if (path === '-' && stdinReaders > 1) {
        shared ??= splitLines(yield* readInputText(tool.process, '-'));
        files.push([]);
        continue;
      }
      try {
        files.push(splitLines(yield* readInputText(tool.process, path)));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${path}: ${error.message}`);
        return 1;
      }
    }
    for (const [i, line] of (shared ?? []).entries()) files[i % files.length]!.push(line);
    const glue = (items: readonly string[]) =>
      items.reduce((out, item, i) => out + (i === 0 ? '' : (delimiters[(i - 1) % delimiters.length] ?? '')) + item, '');
    if (tool.has('s')) for (const lines of files) yield* tool.print(`${glue(lines)}\n`);
    else {
      const rows = Math.max(0, ...files.map((f) => f.length));
      for (let i = 0; i < rows; i++) yield* tool.print(`${glue(files.map((f) => f[i] ?? ''))}\n`);
    }
    return tool.status;
  },
);

export const tee = tool(
  'tee',
  { short: 'aip', long: { append: 'a', 'ignore-interrupts': 'i' }, usage: 'tee [OPTION]... [FILE]...' },
  function* (tool) {
    const { process } = tool;
    const outputs: OpenFile[] = [];
    for (const path of tool.operands) {
      try {
        outputs.push(
          yield* process.open(path, { write: true, create: true, append: tool.has('a'), truncate: !tool.has('a') }),
        );
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${path}: ${error.message}`);
      }
    }
    for (;;) {
      const chunk = yield* process.stdin.read();
      if (chunk.length === 0) break;
      yield* process.stdout.write(chunk);
      for (const output of outputs) yield* output.write(chunk);
    }
    for (const output of outputs) output.release();
    return tool.status;
  },
);

const tabStop = (tool: Tool): number => Number((tool.get('t') ?? '8').split(',')[0]) || 8;

export const expand = tool(
  'expand',
  { short: 'it:', long: { initial: 'i', tabs: 't:' }, usage: 'expand [OPTION]... [FILE]...' },
  function* (tool) {
    const stop = tabStop(tool);
    for (const line of yield* allLines(tool)) {
      let out = '';
      let column = 0;
      for (const char of line) {
        const width = char === '\t' ? stop - (column % stop) : widthOf(char);
        out += char === '\t' ? ' '.repeat(width) : char;
        column += width;
      }
      yield* tool.print(`${out}\n`);
    }
    return tool.status;
  },
);

export const unexpand = tool(
  'unexpand',
  { short: 'at:', long: { all: 'a', tabs: 't:' }, usage: 'unexpand [OPTION]... [FILE]...' },
  function* (tool) {
    const stop = tabStop(tool);
    for (const line of yield* allLines(tool)) {
      const blanks = /^[ \t]*/.exec(line)![0];
      let column = 0;
      for (const c of blanks) column += c === '\t' ? stop - (column % stop) : 1;
      yield* tool.print(
        `${'\t'.repeat(Math.floor(column / stop))}${' '.repeat(column % stop)}${line.slice(blanks.length)}\n`,
      );
    }
    return tool.status;
  },
);
