/** diff(1) (GNU diffutils 3.8). */

import { call, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Stat } from '../../process.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { decode } from '../bytes.ts';
import { formatTime } from '../format/time.ts';
import { readInput } from '../io.ts';
import { compileRegex, regexMistake } from '../regex/regex.ts';
import { type Tool, tool } from '../tool.ts';
import { contextHunks, edHunk, normalHunk, SideBySide, unifiedHunks } from './diff-formats.ts';
import { difference, type Hunk } from './difference.ts';
import { sameBytes } from './rows.ts';

export const diff = tool(
  'diff',
  {
    short: 'abBcC:deiI:NqrstuU:wW:x:X:yZ',
    long: {
      text: 'a',
      brief: 'q',
      context: 'C::',
      ed: 'e',
      exclude: 'x:',
      'expand-tabs': 't',
      'ignore-all-space': 'w',
      'ignore-blank-lines': 'B',
      'ignore-case': 'i',
      'ignore-matching-lines': 'I:',
      'ignore-space-change': 'b',
      'ignore-trailing-space': 'Z',
      label: 'label:',
      'left-column': 'left',
      minimal: 'd',
      'new-file': 'N',
      'no-dereference': 'P',
      normal: 'normal',
      recursive: 'r',
      'report-identical-files': 's',
      'side-by-side': 'y',
      'strip-trailing-cr': 'strip',
      'suppress-common-lines': 'suppress',
      unified: 'U::',
      width: 'W:',
    },
    usage: 'diff [OPTION]... FILES',
    usageStatus: 2,
    usageHint: "diff: Try 'diff --help' for more information.",
    version: 'diff (GNU diffutils) 3.8',
  },
  function* (tool) {
    const [left, right, extra] = tool.operands;
    for (const [letter, what] of [
      ['U', 'context length'],
      ['C', 'context length'],
      ['W', 'width'],
    ] as const)
      for (const text of tool.options.all(letter))
        if (!/^\d*$/.test(text)) return yield* usage(tool, `invalid ${what} '${text}'`);
    const styles = new Set(tool.options.list.map(([name]) => STYLES[name]).filter((style) => style !== undefined));
    if (styles.size > 1) return yield* usage(tool, 'conflicting output style options');
    if (left === undefined) return yield* usage(tool, "missing operand after 'diff'");
    if (right === undefined) return yield* usage(tool, `missing operand after '${left}'`);
    if (extra !== undefined) return yield* usage(tool, `extra operand '${extra}'`);
    for (const source of tool.options.all('I')) {
      const mistake = regexMistake(source, { extended: false });
      if (mistake) {
        yield* tool.complain(`${source}: ${mistake}`, 2);
        return 2;
      }
    }
    return yield* compare(tool, left, right, false);
  },
);

const STYLES: Readonly<Record<string, string>> = {
  u: 'unified',
  U: 'unified',
  c: 'context',
  C: 'context',
  y: 'side',
  e: 'ed',
  normal: 'normal',
};

function* usage(tool: Tool, message: string): Task<number> {
  yield* tool.process.error(`diff: ${message}\ndiff: Try 'diff --help' for more information.\n`);
  return 2;
}

function* look(tool: Tool, path: string): Task<Stat | undefined> {
  if (path === '-') return yield* tool.process.stdin.stat();
  try {
    return yield* tool.has('P') ? tool.process.lstat(path) : tool.process.stat(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (!tool.has('N') || error.code !== 'ENOENT') yield* tool.complain(`${path}: ${error.message}`, 2);
    return undefined;
  }
}

const within = (directory: string, name: string): string => `${directory.replace(/\/$/, '')}/${name}`;
const lastPart = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1)!;

function* compare(tool: Tool, left: string, right: string, nested: boolean): Task<number> {
  let [a, b] = [left, right];
  let [sa, sb] = [yield* look(tool, a), yield* look(tool, b)];
  if (tool.status === 2 && (!sa || !sb)) return 2;
  if (!sa && !sb) {
    for (const path of [a, b]) yield* tool.complain(`${path}: No such file or directory`, 2);
    return 2;
  }
  if (sa?.type === 'directory' && sb?.type === 'directory') return yield* call(compareDirectories(tool, a, b));
  if (sa?.type === 'directory' && sb && !nested) {
    a = within(a, lastPart(b));
    sa = yield* look(tool, a);
  } else if (sb?.type === 'directory' && sa && !nested) {
    b = within(b, lastPart(a));
    sb = yield* look(tool, b);
  }
  if ((!sa || !sb) && !tool.has('N')) return 2;
  if (sa && sb && sa.type !== sb.type && nested) {
    const kind = (stat: Stat) =>
      stat.type === 'directory'
        ? 'directory'
        : stat.type === 'file'
          ? stat.size === 0
            ? 'regular empty file'
            : 'regular file'
          : stat.type;
    yield* tool.print(`File ${a} is a ${kind(sa)} while file ${b} is a ${kind(sb)}\n`);
    return 1;
  }
  if (sa && sb && sa.dev === sb.dev && sa.ino === sb.ino && sa.type === 'file') return yield* identical(tool, a, b);
  const before = { held: 0 };
  try {
    const contents: Uint8Array[] = [];
    for (const [path, stat] of [
      [a, sa],
      [b, sb],
    ] as const) {
      try {
        const bytes = stat ? yield* readInput(tool.process, path) : new Uint8Array(0);
        before.held += bytes.length;
        contents.push(bytes);
      } catch (error) {
        if (!isErrno(error) || error.code === 'ENOMEM') throw error;
        yield* tool.complain(`${path}: ${error.message}`, 2);
        return 2;
      }
    }
    const [x, y] = contents as [Uint8Array, Uint8Array];
    if (sameBytes(x, y)) return yield* identical(tool, a, b, x);
    if (!tool.has('a') && (x.subarray(0, 4096).includes(0) || y.subarray(0, 4096).includes(0))) {
      yield* tool.print(tool.has('q') ? `Files ${a} and ${b} differ\n` : `Binary files ${a} and ${b} differ\n`);
      return tool.has('q') ? 1 : 2;
    }
    return yield* compareTexts(tool, { a, b, sa, sb, nested }, decode(x), decode(y));
  } finally {
    tool.process.hold(-before.held);
  }
}

function* identical(tool: Tool, a: string, b: string, bytes?: Uint8Array): Task<number> {
  if (tool.has('s')) yield* tool.print(`Files ${a} and ${b} are identical\n`);
  else if (tool.has('y') && !tool.has('suppress')) {
    const content = bytes ?? (yield* readInput(tool.process, a));
    yield* sideBySide(tool, [], linesOf(decode(content)), linesOf(decode(content)));
  }
  return 0;
}

interface Pair {
  readonly a: string;
  readonly b: string;
  readonly sa: Stat | undefined;
  readonly sb: Stat | undefined;
  readonly nested: boolean;
}

function* compareTexts(tool: Tool, { a, b, sa, sb, nested }: Pair, x: string, y: string): Task<number> {
  const [left, right] = [linesOf(x), linesOf(y)];
  const all = yield* difference(tool.process, left.map(normalizer(tool)), right.map(normalizer(tool)));
  const hunks = all.filter((hunk) => !isIgnored(tool, hunk, left, right));
  if (tool.has('q')) {
    if (hunks.length > 0) yield* tool.print(`Files ${a} and ${b} differ\n`);
    return hunks.length > 0 ? 1 : 0;
  }
  if (tool.has('y')) {
    yield* sideBySide(tool, all, left, right);
    return hunks.length > 0 ? 1 : 0;
  }
  if (hunks.length === 0) return 0;
  if (nested) {
    const options = tool.process.argv.slice(1).filter((argument) => /^-./.test(argument));
    yield* tool.write(`diff ${options.map((option) => `${option} `).join('')}${a} ${b}\n`);
  }
  const labels = tool.options.all('label');
  const stamp = (path: string, stat: Stat | undefined, label: string | undefined) =>
    label ??
    `${/[ \t\n"\\]/.test(path) ? JSON.stringify(path) : path}\t${formatTime('%Y-%m-%d %H:%M:%S.%N %z', path === '-' ? tool.process.now() : (stat?.mtime ?? 0))}`;
  if (tool.options.has('u') || tool.options.has('U')) {
    yield* tool.write(`--- ${stamp(a, sa, labels[0])}\n+++ ${stamp(b, sb, labels[1])}\n`);
    for (const text of unifiedHunks(hunks, left, right, contextOf(tool, 'U'))) yield* written(tool, text);
  } else if (tool.options.has('c') || tool.options.has('C')) {
    yield* tool.write(`*** ${stamp(a, sa, labels[0])}\n--- ${stamp(b, sb, labels[1])}\n`);
    for (const text of contextHunks(hunks, left, right, contextOf(tool, 'C'))) yield* written(tool, text);
  } else if (tool.has('e')) for (const hunk of [...hunks].reverse()) yield* written(tool, edHunk(hunk, right));
  else for (const hunk of hunks) yield* written(tool, normalHunk(hunk, left, right));
  yield* tool.out.flush();
  return 1;
}

function* written(tool: Tool, text: string): Task<void> {
  yield* tool.process.spend(1 + text.length / 500);
  yield* tool.write(text);
}

/** The largest that was asked for; 3 where none was. */
function contextOf(tool: Tool, letter: string): number {
  const given = tool.options
    .all(letter)
    .filter((text) => text !== '')
    .map((text) => Math.min(Number(text), 2 ** 31));
  return given.length === 0 ? 3 : given.reduce((most, n) => Math.max(most, n), 0);
}

/** -B and -I: hunks of blank, or matching, lines only. */
function isIgnored(tool: Tool, hunk: Hunk, left: readonly string[], right: readonly string[]): boolean {
  const patterns = tool.options.all('I').map((source) => compileRegex(source, { extended: false }));
  if (!tool.has('B') && patterns.length === 0) return false;
  const lines = [...left.slice(hunk.from, hunk.to), ...right.slice(hunk.first, hunk.last)];
  return lines.every((line) => {
    const text = line.replace(/\n$/, '');
    return (tool.has('B') && text === '') || patterns.some((pattern) => pattern.test(text));
  });
}

function* sideBySide(
  tool: Tool,
  hunks: readonly Hunk[],
  left: readonly string[],
  right: readonly string[],
): Task<void> {
  const columns = new SideBySide(Math.min(Number(tool.get('W') || 130) || 130, 2 ** 16), tool.has('t'));
  const common = function* (from: number, to: number, first: number): Task<void> {
    if (tool.has('suppress')) return;
    for (let i = from; i < to; i++)
      yield* written(
        tool,
        tool.has('left') ? columns.line(left[i], '(', undefined) : columns.line(left[i], ' ', right[first + i - from]),
      );
  };
  let [at, other] = [0, 0];
  for (const hunk of hunks) {
    yield* common(at, hunk.from, other);
    const both = Math.min(hunk.to - hunk.from, hunk.last - hunk.first);
    for (let i = 0; i < both; i++) yield* written(tool, columns.line(left[hunk.from + i], '|', right[hunk.first + i]));
    for (let i = hunk.first + both; i < hunk.last; i++) yield* written(tool, columns.line(undefined, '>', right[i]));
    for (let i = hunk.from + both; i < hunk.to; i++) yield* written(tool, columns.line(left[i], '<', undefined));
    at = hunk.to;
    other = hunk.last;
  }
  yield* common(at, left.length, other);
  yield* tool.out.flush();
}

function* compareDirectories(tool: Tool, a: string, b: string): Task<number> {
  const excluded = tool.options.all('x').map((pattern) => new Pattern(pattern));
  for (const path of tool.options.all('X'))
    for (const line of (yield* tool.process.readText(path)).split('\n'))
      if (line !== '') excluded.push(new Pattern(line));
  const list = function* (path: string): Task<Set<string>> {
    const names = yield* tool.process.readdir(path);
    return new Set(names.filter((name) => !excluded.some((pattern) => pattern.matches(name))));
  };
  let left: Set<string>;
  let right: Set<string>;
  try {
    left = yield* list(a);
    right = yield* list(b);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`${a}: ${error.message}`, 2);
    return 2;
  }
  let status = 0;
  const leave = [yield* tool.process.anchor(a), yield* tool.process.anchor(b)];
  try {
    for (const name of [...new Set([...left, ...right])].sort(byBytes)) {
      const [x, y] = [within(a, name), within(b, name)];
      if (left.has(name) && right.has(name)) {
        const both =
          (yield* tool.process.stat(x)).type === 'directory' && (yield* tool.process.stat(y)).type === 'directory';
        if (both && !tool.has('r')) {
          yield* tool.print(`Common subdirectories: ${x} and ${y}\n`);
          continue;
        }
      } else if (!tool.has('N')) {
        yield* tool.print(`Only in ${left.has(name) ? a : b}: ${name}\n`);
        status = Math.max(status, 1);
        continue;
      }
      status = Math.max(status, yield* call(compare(tool, x, y, true)));
    }
  } finally {
    for (const close of leave) close();
  }
  return status;
}

/** Lines with their newlines: the last may lack one. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const normalizer =
  (tool: Tool) =>
  (line: string): string => {
    let out = tool.has('strip') ? line.replace(/\r\n$/, '\n') : line;
    if (tool.has('w')) out = out.replace(/[ \t\r\v\f\n]+/g, '');
    else if (tool.has('b')) out = out.replace(/[ \t\r\v\f]+/g, ' ').replace(/ ?\n$/, '\n');
    else if (tool.has('Z')) out = out.replace(/[ \t\r\v\f]+(?=\n?$)/, '');
    return tool.has('i') ? out.toLowerCase() : out;
  };
