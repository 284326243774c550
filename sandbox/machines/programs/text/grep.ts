/** grep, egrep, fgrep (GNU grep 3.8). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program } from '../../process.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { encode } from '../bytes.ts';
import { eachIn } from '../files/tree.ts';
import { LineReader, Output, openInput, readInputText, splitLines } from '../io.ts';
import { inUtf8 } from '../quote.ts';
import { compilePerl } from '../regex/perl.ts';
import { compileRegex, type Match, matchingCost, RegexError } from '../regex/regex.ts';
import { type Tool, tool } from '../tool.ts';

const LONG = {
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'basic-regexp': 'G',
  'perl-regexp': 'P',
  regexp: 'e:',
  file: 'f:',
  'ignore-case': 'i',
  'no-ignore-case': 'no-i',
  'invert-match': 'v',
  'word-regexp': 'w',
  'line-regexp': 'x',
  count: 'c',
  color: 'color::',
  colour: 'color::',
  'files-without-match': 'L',
  'files-with-matches': 'l',
  'max-count': 'm:',
  'only-matching': 'o',
  quiet: 'q',
  silent: 'q',
  'no-messages': 's',
  'byte-offset': 'b',
  binary: 'U',
  'binary-files': 'binary-files:',
  'with-filename': 'H',
  'no-filename': 'h',
  label: 'label:',
  'line-number': 'n',
  null: 'Z',
  'after-context': 'A:',
  'before-context': 'B:',
  context: 'C:',
  recursive: 'r',
  'dereference-recursive': 'R',
  include: 'include:',
  exclude: 'exclude:',
  'exclude-dir': 'exclude-dir:',
  text: 'a',
  'line-buffered': 'u',
  directories: 'd:',
  devices: 'D:',
};

/** Finds the first match from an offset on. */
type Matcher = (line: string, from: number) => { index: number; end: number } | undefined;

const program = (dialect: string): Program => {
  const run = tool(
    'grep',
    {
      short: 'EFGPe:f:ivwxcLlm:oqsbHhnTUZA:B:C:rRaIuyzd:D:',
      long: LONG,
      usage: 'grep [OPTION]... PATTERNS [FILE]...',
      usageStatus: 2,
      version: 'grep (GNU grep) 3.8',
    },
    (t) => search(t, dialect),
  );
  return function* (process, argv) {
    const args = argv.flatMap((arg, i) => (i > 0 && /^-\d+$/.test(arg) ? [`-C${arg.slice(1)}`] : [arg]));
    if (args.length === 1) {
      yield* process.error(`Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n`);
      return 2;
    }
    return yield* run(process, args);
  };
};

export const grep = program('G');
export const egrep = program('E');
export const fgrep = program('F');

function* search(tool: Tool, dialect: string): Task<number> {
  const { process, operands } = tool;
  const patterns: string[] = [];
  const add = (texts: readonly string[]) => {
    for (const text of texts) patterns.push(text);
  };
  for (const text of tool.options.all('e')) add(text.split('\n'));
  for (const path of tool.options.all('f')) {
    try {
      add(splitLines(path === '-' ? yield* readInputText(process, '-') : yield* process.readText(path)));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: ${error.message}`);
      return 2;
    }
  }
  if (!tool.has('e', 'f')) {
    const first = operands.shift();
    if (first === undefined) {
      yield* process.error(`Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n`);
      return 2;
    }
    add(first.split('\n'));
  }
  for (const [letter, problem] of [
    ['A', 'invalid context length argument'],
    ['B', 'invalid context length argument'],
    ['C', 'invalid context length argument'],
  ] as const)
    for (const text of tool.options.all(letter))
      if (!/^\s*\d+$/.test(text)) {
        yield* tool.complain(`${text}: ${problem}`);
        return 2;
      }
  for (const [letter, long, actions] of [
    ['d', 'directories', ['read', 'recurse', 'skip']],
    ['D', 'devices', ['read', 'skip']],
  ] as const)
    for (const text of tool.options.all(letter)) {
      if (actions.some((action) => action === text)) continue;
      if (letter === 'D') yield* tool.complain('unknown devices method');
      else
        yield* process.error(
          `grep: invalid argument ${tool.quote(text)} for ${tool.quote(`--${long}`)}\nValid arguments are:\n${actions.map((action) => `  - ${tool.quote(action)}\n`).join('')}Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n`,
        );
      return letter === 'd' ? 1 : 2;
    }
  for (const text of tool.options.all('binary-files'))
    if (!/^(binary|text|without-match)$/.test(text)) {
      yield* tool.complain('unknown binary-files type');
      return 2;
    }
  for (const text of tool.options.all('m'))
    if (!/^\s*[-+]?\d+[kKMGTPEZY]?$/.test(text)) {
      yield* tool.complain('invalid max count');
      return 2;
    }
  for (const pattern of patterns)
    if (/^\[:[a-z]+:\]$/.test(pattern) && !tool.has('F')) {
      yield* tool.complain('character class syntax is [[:space:]], not [:space:]');
      return 2;
    }
  let matcher: Matcher;
  try {
    matcher = matcherOf(tool, patterns, dialect);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    yield* tool.complain(error.message);
    return 2;
  }
  return yield* new Grep(tool, matcher).run();
}

function matcherOf(tool: Tool, patterns: readonly string[], fallback: string): Matcher {
  const dialect = tool.options.list.findLast(([n]) => 'EFGP'.includes(n))?.[0] ?? fallback;
  const ignoreCase = tool.has('i', 'y') && !tool.has('no-i');
  const each = patterns.map((pattern) => {
    if (dialect === 'P') return compilePerl(pattern, ignoreCase);
    const source = dialect === 'F' ? pattern.replace(/[.[\]{}()*+?^$|\\]/g, '\\$&') : pattern;
    return compileRegex(source, {
      extended: dialect !== 'G',
      ignoreCase,
      loneBraces: true,
      characters: inUtf8(tool.process.env),
    });
  });
  const word = tool.has('w');
  const whole = tool.has('x');
  const first = (line: string, from: number): Match | undefined => {
    let best: Match | undefined;
    for (const regex of each) {
      let match = regex.exec(line, from);
      if (word || whole)
        while (match && !fits(line, match, whole))
          match = match.index >= line.length ? undefined : regex.exec(line, match.index + 1);
      if (match && (!best || match.index < best.index || (match.index === best.index && match.end > best.end)))
        best = match;
    }
    return best;
  };
  return first;
}

function fits(line: string, match: Match, whole: boolean): boolean {
  if (whole) return match.index === 0 && match.end === line.length;
  return !/\w/.test(line[match.index - 1] ?? '') && !/\w/.test(line[match.end] ?? '');
}

class Grep {
  readonly #tool: Tool;
  readonly #match: Matcher;
  readonly #out: Output;
  #found = false;
  #failed = false;
  #titled = false;
  readonly #colour: boolean;
  #separate = false;
  /** `binary`, `text` or `without-match`. */
  #binaryFiles = 'binary';
  /** Of the line at hand, in bytes. */
  #offset = 0;

  constructor(tool: Tool, match: Matcher) {
    this.#tool = tool;
    this.#match = match;
    this.#out = new Output(tool.process.stdout);
    for (const [name, value] of tool.options.list) {
      if (name === 'a') this.#binaryFiles = 'text';
      if (name === 'I') this.#binaryFiles = 'without-match';
      if (name === 'binary-files') this.#binaryFiles = value;
    }
    const when = tool.get('color');
    this.#colour =
      when === 'always' || (when !== undefined && when !== 'never' && tool.process.stdout.tty !== undefined);
  }

  *run(): Task<number> {
    const tool = this.#tool;
    const recursive = tool.has('r', 'R') || tool.get('d') === 'recurse';
    const operands = tool.operands.length > 0 ? tool.operands : [recursive ? '.' : '-'];
    this.#titled = tool.has('H') || (!tool.has('h') && (operands.length > 1 || recursive));
    for (const operand of operands) {
      yield* this.#path(operand, recursive, tool.operands.length === 0);
      if (tool.has('q') && this.#found) return 0;
    }
    yield* this.#out.flush();
    if (this.#failed && !(tool.has('q') && this.#found)) return 2;
    return this.#found ? 0 : 1;
  }

  *#path(path: string, recursive: boolean, implicit = false): Task<void> {
    const tool = this.#tool;
    const { process } = tool;
    let file: OpenFile;
    try {
      if (path !== '-' && (yield* process.stat(path)).type === 'directory') {
        if (recursive) yield* this.#directory(path, implicit);
        else if (tool.get('d') !== 'skip') {
          this.#failed = true;
          yield* this.#out.flush();
          if (!tool.has('s')) yield* process.error(`grep: ${path}: Is a directory\n`);
        }
        return;
      }
      if (path !== '-' && tool.get('D') === 'skip' && (yield* process.stat(path)).type !== 'file') return;
      file = yield* openInput(process, path);
      if (yield* this.#isOutput(file)) {
        file.release();
        this.#failed = true;
        yield* this.#out.flush();
        const name = path === '-' ? (tool.get('label') ?? '(standard input)') : path;
        if (!tool.has('s')) yield* process.error(`grep: ${name}: input file is also the output\n`);
        return;
      }
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.#failed = true;
      yield* this.#out.flush();
      if (!tool.has('s')) yield* process.error(`grep: ${path}: ${error.message}\n`);
      return;
    }
    try {
      yield* this.#file(file, path === '-' ? (tool.get('label') ?? '(standard input)') : path);
    } finally {
      file.release();
    }
  }

  /** Output that would be found again has no end (grep.c); with these options nothing of it is written. */
  *#isOutput(file: OpenFile): Task<boolean> {
    if (this.#tool.has('q', 'l', 'L', 'c') || this.#tool.get('m') === '1') return false;
    const [input, output] = [yield* file.stat(), yield* this.#tool.process.stdout.stat()];
    return input.type === 'file' && input.dev === output.dev && input.ino === output.ino;
  }

  *#directory(path: string, implicit: boolean): Task<void> {
    const tool = this.#tool;
    const matches = (name: string, option: string) =>
      tool.options.all(option).some((p) => new Pattern(p).matches(name));
    const search = this;
    const visit = function* (name: string): Task<void> {
      const child = implicit && path === '.' ? name : `${path.replace(/\/$/, '')}/${name}`;
      const stat = yield* tool.process.lstat(child);
      if (stat.type === 'directory') {
        if (!matches(name, 'exclude-dir')) yield* search.#path(child, true);
        return;
      }
      if (stat.type !== 'file' && !(stat.type === 'symlink' && tool.has('R'))) return;
      if (matches(name, 'exclude') || (tool.has('include') && !matches(name, 'include'))) return;
      yield* search.#path(child, true);
    };
    yield* eachIn(tool.process, path, visit, (names) => names.sort(byBytes));
  }

  *#file(file: OpenFile, name: string): Task<void> {
    const tool = this.#tool;
    const reader = new LineReader(tool.process, file, tool.has('z') ? '\0' : '\n');
    const invert = tool.has('v');
    const quiet = tool.has('q', 'l', 'L', 'c');
    const after = Number(tool.get('A') ?? tool.get('C') ?? 0);
    const before = Number(tool.get('B') ?? tool.get('C') ?? 0);
    const limit = tool.get('m') === undefined ? Number.POSITIVE_INFINITY : Number(tool.get('m'));
    const waiting: [number, string][] = [];
    let count = 0;
    let number = 0;
    this.#offset = 0;
    let next = 0;
    let trailing = 0;
    let last = 0;
    if (limit === 0) return;
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      number++;
      this.#offset = next;
      next += (tool.has('b') ? encode(line).length : line.length) + 1;
      yield* tool.process.spend(1 + line.length / 200 + matchingCost());
      if (count === 0 && number === 1 && line.includes('\0') && this.#binaryFiles !== 'text') {
        if (this.#binaryFiles === 'without-match') return;
        yield* this.#binary(reader, line, name, invert);
        return;
      }
      const selected = count < limit && (this.#match(line, 0) !== undefined) !== invert;
      if (selected) {
        count++;
        this.#found = true;
        if (tool.has('q')) return;
        if (tool.has('l', 'L')) break;
        if (!quiet) {
          if ((after > 0 || before > 0) && this.#separate && (last === 0 || number - waiting.length > last + 1))
            yield* this.#out.write(this.#colour ? '\x1b[36m\x1b[K--\x1b[m\x1b[K\n' : '--\n');
          for (const [n, text] of waiting) yield* this.#line(name, n, text, '-');
          waiting.length = 0;
          yield* this.#line(name, number, line, ':');
          last = number;
          this.#separate = true;
        }
        trailing = after;
        if (file.tty) yield* this.#out.flush();
      } else if (trailing > 0 && !quiet) {
        trailing--;
        yield* this.#line(name, number, line, '-');
        last = number;
      } else if (before > 0) {
        waiting.push([number, line]);
        if (waiting.length > before) waiting.shift();
      }
      if (count >= limit && trailing === 0) break;
      if (tool.has('u')) yield* this.#out.flush();
    }
    const end = tool.has('Z') ? '\0' : '\n';
    const shown = this.#paintName(name);
    if (tool.has('l')) yield* count > 0 ? this.#out.write(shown + end) : this.#out.write('');
    else if (tool.has('L')) yield* count === 0 ? this.#out.write(shown + end) : this.#out.write('');
    else if (tool.has('c')) yield* this.#out.write(`${this.#titled ? `${shown}${this.#punct(':')}` : ''}${count}\n`);
  }

  *#binary(reader: LineReader, first: string, name: string, invert: boolean): Task<void> {
    for (let line: string | undefined = first; line !== undefined; line = yield* reader.next()) {
      if ((this.#match(line, 0) !== undefined) === invert) continue;
      this.#found = true;
      if (this.#tool.has('q')) return;
      if (this.#tool.has('c', 'l')) yield* this.#out.write(this.#tool.has('c') ? '1\n' : `${name}\n`);
      else {
        yield* this.#out.flush();
        if (!this.#tool.has('s')) yield* this.#tool.process.error(`grep: ${name}: binary file matches\n`);
      }
      return;
    }
  }

  *#line(name: string, number: number, line: string, mark: string): Task<void> {
    const tool = this.#tool;
    const prefix = (offset: number): string => {
      let out = this.#titled ? this.#paintName(name) + (tool.has('Z') ? '\0' : this.#punct(mark)) : '';
      if (tool.has('n')) out += (this.#colour ? `\x1b[32m\x1b[K${number}\x1b[m\x1b[K` : number) + this.#punct(mark);
      if (tool.has('b')) out += this.#offset + offset + this.#punct(mark);
      return out;
    };
    if (tool.has('o')) {
      if (mark === '-' || tool.has('v')) return;
      for (const { index, end } of this.#all(line))
        yield* this.#out.write(`${prefix(index)}${this.#paint(line.slice(index, end))}\n`);
      return;
    }
    yield* this.#out.write(
      `${prefix(0)}${this.#colour && mark === ':' && !tool.has('v') ? this.#highlight(line) : line}\n`,
    );
  }

  #all(line: string): { index: number; end: number }[] {
    const found: { index: number; end: number }[] = [];
    for (let from = 0; from <= line.length; ) {
      const match = this.#match(line, from);
      if (!match) break;
      if (match.end > match.index) found.push(match);
      from = Math.max(match.end, from + 1);
    }
    return found;
  }

  #highlight(line: string): string {
    let out = '';
    let at = 0;
    for (const { index, end } of this.#all(line)) {
      out += line.slice(at, index) + this.#paint(line.slice(index, end));
      at = end;
    }
    return out + line.slice(at);
  }

  #paint(text: string): string {
    return this.#colour ? `\x1b[01;31m\x1b[K${text}\x1b[m\x1b[K` : text;
  }

  #paintName(name: string): string {
    return this.#colour ? `\x1b[35m\x1b[K${name}\x1b[m\x1b[K` : name;
  }

  #punct(mark: string): string {
    return this.#colour ? `\x1b[36m\x1b[K${mark}\x1b[m\x1b[K` : mark;
  }
}
