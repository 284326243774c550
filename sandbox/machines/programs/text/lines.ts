/** tac, rev, nl, fold, tee. */

import type { Task } from '../../../sim/task.ts';
import { joinBytes, splitBytes } from '../../byte-text.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { decode } from '../bytes.ts';
import { parseCount } from '../format/size.ts';
import { eachInput, eachLine, LineReader, withWhole } from '../io.ts';
import { quotedIfNeeded } from '../quote.ts';
import { compileRegex, regexMistake } from '../regex/regex.ts';
import { quoted, type Tool, tool } from '../tool.ts';

export const tac = tool(
  'tac',
  {
    short: 'brs:',
    long: { before: 'b', regex: 'r', separator: 's:' },
    usage: 'tac [OPTION]... [FILE]...',
  },
  function* (tool) {
    const mistake = tool.has('r') && regexMistake(separatorOf(tool), { extended: false });
    if (mistake) {
      yield* tool.complain(mistake);
      return 1;
    }
    yield* eachInput(
      tool,
      (file) =>
        withWhole(tool.process, file, function* (bytes) {
          yield* tool.process.spend(bytes.length / 200);
          const text = decode(bytes);
          for (const record of recordsBackwards(tool, text)) yield* tool.write(record);
        }),
      (path, words) =>
        words === 'Is a directory'
          ? `${quoted(path)}: read error: Invalid argument`
          : `failed to open ${quoted(path)} for reading: ${words}`,
    );
    return tool.status;
  },
);

const separatorOf = (tool: Tool): string => tool.get('s') || (tool.has('s') ? '\0' : '\n');

/** The records from the last to the first, each with the separator that ends it (with -b, begins it). */
function* recordsBackwards(tool: Tool, text: string): Generator<string> {
  const separator = separatorOf(tool);
  const marks: [from: number, to: number][] = [];
  if (tool.has('r')) {
    const regex = compileRegex(separator, { extended: false });
    for (let at = 0; at <= text.length; ) {
      const match = regex.exec(text, at);
      if (!match) break;
      if (match.end > match.index) marks.push([match.index, match.end]);
      at = Math.max(match.end, match.index + 1);
    }
  } else {
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length))
      marks.push([at, at + separator.length]);
  }
  let end = text.length;
  for (let i = marks.length - 1; i >= 0; i--) {
    const at = marks[i]![tool.has('b') ? 0 : 1];
    if (at < end) yield text.slice(at, end);
    end = at;
  }
  if (end > 0) yield text.slice(0, end);
}

export const rev = tool(
  'rev',
  {
    short: '0',
    long: { zero: '0' },
    usage: 'rev [options] [file ...]',
    version: 'rev from util-linux 2.38.1',
    noMemory: 'cannot allocate memory',
  },
  function* (tool) {
    const end = tool.has('0') ? '\0' : '\n';
    yield* eachLine(
      tool,
      (line, terminated) => tool.write([...line].reverse().join('') + (terminated ? end : '')),
      (path, words) => `cannot open ${path}: ${words}`,
      end,
    );
    return tool.status;
  },
);

const NUMBERING = /^(?:[atn]|p.*)$/s;

export const nl = tool(
  'nl',
  {
    short: 'b:d:f:h:i:l:n:ps:v:w:',
    long: {
      'body-numbering': 'b:',
      'footer-numbering': 'f:',
      'header-numbering': 'h:',
      'section-delimiter': 'd:',
      'line-increment': 'i:',
      'join-blank-lines': 'l:',
      'number-format': 'n:',
      'no-renumber': 'p',
      'number-separator': 's:',
      'starting-line-number': 'v:',
      'number-width': 'w:',
    },
    usage: 'nl [OPTION]... [FILE]...',
  },
  function* (tool) {
    for (const [letter, part] of [
      ['h', 'header'],
      ['b', 'body'],
      ['f', 'footer'],
    ] as const) {
      const style = tool.get(letter);
      if (style !== undefined && !NUMBERING.test(style))
        return yield* tool.usage(`invalid ${part} numbering style: ${tool.quote(style)}`);
    }
    const format = tool.get('n') ?? 'rn';
    if (!['ln', 'rn', 'rz'].includes(format))
      return yield* tool.usage(`invalid line numbering format: ${tool.quote(format)}`);
    const start = yield* numberOption(tool, 'v', 1, 'starting line number', Number.NEGATIVE_INFINITY);
    const step = yield* numberOption(tool, 'i', 1, 'line number increment', Number.NEGATIVE_INFINITY);
    const width = yield* numberOption(tool, 'w', 6, 'line number field width', 1, 2 ** 31 - 1);
    const joined = yield* numberOption(tool, 'l', 1, 'line number of blank lines', 1);
    if (start === undefined || step === undefined || width === undefined || joined === undefined) return 1;
    tool.process.hold(width);
    const separator = tool.get('s') ?? '\t';
    const given = tool.get('d') ?? '\\:';
    const delimiter = given.length === 1 ? `${given}:` : given;
    let style = tool.get('b') ?? 't';
    let number = start;
    let blanks = 0;
    yield* eachLine(tool, function* (line) {
      const section = delimiter === '' || line === '' ? 0 : [1, 2, 3].find((n) => line === delimiter.repeat(n));
      if (section) {
        style =
          section === 3 ? (tool.get('h') ?? 'n') : section === 2 ? (tool.get('b') ?? 't') : (tool.get('f') ?? 'n');
        if (section === 3 && !tool.has('p')) number = start;
        yield* tool.write('\n');
        return;
      }
      blanks = line === '' ? blanks + 1 : 0;
      const numbered =
        style === 'a'
          ? line !== '' || blanks % joined === 0
          : style === 't'
            ? line !== ''
            : style[0] === 'p' && compileRegex(style.slice(1), { extended: false }).test(line);
      if (!numbered) {
        yield* tool.write(`${' '.repeat(width + separator.length)}${line}\n`);
        return;
      }
      const digits = String(Math.abs(number));
      const sign = number < 0 ? '-' : '';
      const field =
        format === 'ln'
          ? (sign + digits).padEnd(width)
          : format === 'rz'
            ? sign + digits.padStart(width - sign.length, '0')
            : (sign + digits).padStart(width);
      yield* tool.write(`${field}${separator}${line}\n`);
      number += step;
    });
    return tool.status;
  },
);

function* numberOption(
  tool: Tool,
  letter: string,
  fallback: number,
  what: string,
  min: number,
  max?: number,
): Task<number | undefined> {
  const text = tool.get(letter);
  if (text === undefined) return fallback;
  const value = parseCount(text, { min, ...(max === undefined ? {} : { max }) });
  if (typeof value === 'number') return value;
  yield* tool.complain(`invalid ${what}: ${tool.quote(text)}${value.problem}`);
  return undefined;
}

export const fold = tool(
  'fold',
  { short: 'bsw:', long: { bytes: 'b', spaces: 's', width: 'w:' }, usage: 'fold [OPTION]... [FILE]...' },
  function* (tool) {
    const text = tool.get('w') ?? '80';
    const width = parseCount(text, { min: 1, max: 2 ** 64 - 10 });
    if (typeof width !== 'number') {
      yield* tool.complain(`invalid number of columns: ${tool.quote(text)}${width.problem}`);
      return 1;
    }
    yield* eachInput(tool, function* (file): Task<void> {
      const reader = new LineReader(tool.process, file);
      const measure = tool.has('b')
        ? () => 1
        : (char: string, column: number) =>
            char === '\t' ? 8 - (column % 8) : char === '\b' ? (column > 0 ? -1 : 0) : char === '\r' ? -column : 1;
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
        yield* tool.process.spend(1 + line.length / 50);
        // coreutils 9.1 counts bytes, whatever the locale.
        for (const row of rowsOf(splitBytes(line), width, tool.has('s'), measure)) yield* tool.write(joinBytes(row));
        if (reader.terminated) yield* tool.write('\n');
      }
    });
    return tool.status;
  },
);

/** The rows of a line; all but the last with a newline. */
function* rowsOf(
  line: string,
  width: number,
  atSpaces: boolean,
  measure: (char: string, column: number) => number,
): Generator<string> {
  if (line.length * 8 <= width) {
    yield line;
    return;
  }
  let start = 0;
  let column = 0;
  let at = 0;
  /** After the last blank of this row. */
  let blank = -1;
  while (at < line.length) {
    const char = String.fromCodePoint(line.codePointAt(at)!);
    const wide = measure(char, column);
    if (column + wide > width && at > start) {
      const end = atSpaces && blank > start ? blank : at;
      yield `${line.slice(start, end)}\n`;
      start = end;
      at = end;
      column = 0;
      blank = -1;
      continue;
    }
    column += wide;
    at += char.length;
    if (char === ' ' || char === '\t') blank = at;
  }
  yield line.slice(start);
}

export const tee = tool(
  'tee',
  {
    short: 'aip',
    long: { append: 'a', 'ignore-interrupts': 'i', 'output-error': 'error::' },
    usage: 'tee [OPTION]... [FILE]...',
  },
  function* (tool) {
    const { process } = tool;
    if (tool.has('i')) process.trap('SIGINT', 'ignore');
    const outputs: { readonly path: string; readonly file: OpenFile }[] = [];
    try {
      for (const path of tool.operands) {
        try {
          const append = tool.has('a');
          const file =
            path === '-'
              ? process.stdout
              : yield* process.open(path, { write: true, create: true, append, truncate: !append });
          if (path === '-') file.retain();
          outputs.push({ path, file });
        } catch (error) {
          if (!isErrno(error)) throw error;
          yield* tool.complain(`${quotedIfNeeded(path)}: ${error.message}`);
        }
      }
      for (;;) {
        const chunk = yield* process.stdin.read();
        if (chunk.length === 0) break;
        yield* process.stdout.write(chunk);
        for (const output of [...outputs]) {
          try {
            yield* output.file.write(chunk);
          } catch (error) {
            if (!isErrno(error)) throw error;
            outputs.splice(outputs.indexOf(output), 1);
            output.file.release();
            yield* tool.complain(`${quotedIfNeeded(output.path)}: ${error.message}`);
          }
        }
      }
      return tool.status;
    } finally {
      for (const { file } of outputs) file.release();
    }
  },
);
