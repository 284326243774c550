/** diff(1) (GNU diffutils 3.8): normal, unified, brief and recursive. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Stat } from '../../process.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { formatTime } from '../format/time.ts';
import { decode, readInput } from '../io.ts';
import { type Tool, tool } from '../tool.ts';

/** Lines [from, to) of the left are replaced by lines [first, last) of the right. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

export const diff = tool(
  'diff',
  {
    short: 'abBc::C:diI:NqrstuU:wyZ',
    long: {
      text: 'a',
      'ignore-space-change': 'b',
      'ignore-blank-lines': 'B',
      'ignore-case': 'i',
      'new-file': 'N',
      brief: 'q',
      recursive: 'r',
      'report-identical-files': 's',
      unified: 'U::',
      'ignore-all-space': 'w',
      color: 'color::',
      label: 'label:',
      'no-dereference': 'P',
    },
    usage: 'diff [OPTION]... FILES',
    usageStatus: 2,
    version: 'diff (GNU diffutils) 3.8',
  },
  function* (tool) {
    const [left, right, extra] = tool.operands;
    if (left === undefined) return yield* usage(tool, "missing operand after 'diff'");
    if (right === undefined) return yield* usage(tool, `missing operand after '${left}'`);
    if (extra !== undefined) return yield* usage(tool, `extra operand '${extra}'`);
    return yield* compare(tool, left, right, false);
  },
);

function* usage(tool: Tool, message: string): Task<number> {
  yield* tool.process.error(`diff: ${message}\ndiff: Try 'diff --help' for more information.\n`);
  return 2;
}

function* look(tool: Tool, path: string): Task<Stat | undefined> {
  if (path === '-') return yield* tool.process.stdin.stat();
  try {
    return yield* tool.process.stat(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (!tool.has('N')) yield* tool.complain(`${path}: ${error.message}`, 2);
    return undefined;
  }
}

function* compare(tool: Tool, left: string, right: string, nested: boolean): Task<number> {
  let [a, b] = [left, right];
  const [sa, sb] = [yield* look(tool, a), yield* look(tool, b)];
  if ((!sa || !sb) && !tool.has('N')) return 2;
  if (sa?.type === 'directory' && sb?.type === 'directory') return yield* compareDirectories(tool, a, b);
  if (sa?.type === 'directory' && sb) a = `${a.replace(/\/$/, '')}/${b.split('/').at(-1)}`;
  else if (sb?.type === 'directory' && sa) b = `${b.replace(/\/$/, '')}/${a.split('/').at(-1)}`;
  const texts: string[] = [];
  for (const [path, stat] of [
    [a, sa],
    [b, sb],
  ] as const) {
    if (!stat && tool.has('N')) {
      texts.push('');
      continue;
    }
    try {
      texts.push(decode(yield* readInput(tool.process, path)));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: ${error.message}`, 2);
      return 2;
    }
  }
  const [x, y] = texts as [string, string];
  if (x === y) {
    if (tool.has('s')) yield* tool.print(`Files ${a} and ${b} are identical\n`);
    return 0;
  }
  const [linesX, linesY] = [linesOf(x), linesOf(y)];
  yield* tool.process.spend((linesX.length + linesY.length) * 3);
  const hunks = difference(linesX.map(normalizer(tool)), linesY.map(normalizer(tool)));
  if (hunks.length === 0) return 0;
  if (tool.has('q')) {
    yield* tool.print(`Files ${a} and ${b} differ\n`);
    return 1;
  }
  if (nested)
    yield* tool.print(
      `diff ${tool.process.argv
        .slice(1)
        .filter((o) => /^-./.test(o))
        .join(' ')} ${a} ${b}\n`,
    );
  const unified = tool.has('u') || tool.options.has('U');
  if (!unified) yield* tool.print(hunks.map((h) => normalHunk(h, linesX, linesY)).join(''));
  else {
    const context = Number(tool.get('U') || 3);
    const labels = tool.options.all('label');
    const stamp = (path: string, stat: Stat | undefined, label: string | undefined) =>
      label ?? `${path}\t${formatTime('%Y-%m-%d %H:%M:%S.%N %z', stat?.mtime ?? 0)}`;
    yield* tool.print(`--- ${stamp(a, sa, labels[0])}\n+++ ${stamp(b, sb, labels[1])}\n`);
    yield* tool.print(unifiedHunks(hunks, linesX, linesY, context));
  }
  return 1;
}

function* compareDirectories(tool: Tool, a: string, b: string): Task<number> {
  const [left, right] = [new Set(yield* tool.process.readdir(a)), new Set(yield* tool.process.readdir(b))];
  let status = 0;
  for (const name of [...new Set([...left, ...right])].sort(byBytes)) {
    const [x, y] = [`${a.replace(/\/$/, '')}/${name}`, `${b.replace(/\/$/, '')}/${name}`];
    if (!left.has(name) || !right.has(name)) {
      if (!tool.has('N')) {
        yield* tool.print(`Only in ${left.has(name) ? a : b}: ${name}\n`);
        status = Math.max(status, 1);
        continue;
      }
    } else {
      const both =
        (yield* tool.process.stat(x)).type === 'directory' && (yield* tool.process.stat(y)).type === 'directory';
      if (both && !tool.has('r')) {
        yield* tool.print(`Common subdirectories: ${x} and ${y}\n`);
        continue;
      }
    }
    status = Math.max(status, yield* compare(tool, x, y, true));
  }
  return status;
}

/** Lines with their newlines: the last may lack one. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const normalizer =
  (tool: Tool) =>
  (line: string): string => {
    let out = line;
    if (tool.has('w')) out = out.replace(/[ \t\n]+/g, '');
    else if (tool.has('b')) out = out.replace(/[ \t]+/g, ' ').replace(/ ?\n$/, '\n');
    return tool.has('i') ? out.toLowerCase() : out;
  };

const show = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;

function normalHunk(h: Hunk, left: readonly string[], right: readonly string[]): string {
  const span = (from: number, to: number) => (to - from <= 1 ? `${to}` : `${from + 1},${to}`);
  const letter = h.from === h.to ? 'a' : h.first === h.last ? 'd' : 'c';
  const head = `${h.from === h.to ? h.from : span(h.from, h.to)}${letter}${h.first === h.last ? h.first : span(h.first, h.last)}\n`;
  const removed = left
    .slice(h.from, h.to)
    .map((l) => show('< ', l))
    .join('');
  const added = right
    .slice(h.first, h.last)
    .map((l) => show('> ', l))
    .join('');
  return head + removed + (letter === 'c' ? '---\n' : '') + added;
}

function unifiedHunks(
  hunks: readonly Hunk[],
  left: readonly string[],
  right: readonly string[],
  context: number,
): string {
  let out = '';
  for (let i = 0; i < hunks.length; ) {
    let j = i;
    while (j + 1 < hunks.length && hunks[j + 1]!.from - hunks[j]!.to <= context * 2) j++;
    const group = hunks.slice(i, j + 1);
    const start = Math.max(0, group[0]!.from - context);
    const end = Math.min(left.length, group.at(-1)!.to + context);
    const otherStart = group[0]!.first - (group[0]!.from - start);
    const otherEnd = group.at(-1)!.last + (end - group.at(-1)!.to);
    const range = (from: number, to: number) =>
      to - from === 1 ? `${from + 1}` : `${to === from ? from : from + 1},${to - from}`;
    out += `@@ -${range(start, end)} +${range(otherStart, otherEnd)} @@\n`;
    let at = start;
    for (const h of group) {
      for (; at < h.from; at++) out += show(' ', left[at]!);
      for (; at < h.to; at++) out += show('-', left[at]!);
      for (let k = h.first; k < h.last; k++) out += show('+', right[k]!);
    }
    for (; at < end; at++) out += show(' ', left[at]!);
    i = j + 1;
  }
  return out;
}

/** The shortest edit script (Myers 1986), as hunks. */
export function difference(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const hunks: Hunk[] = [];
  for (const [x, y, kind] of shortestEdit(a.slice(start, endA), b.slice(start, endB))) {
    const last = hunks.at(-1);
    const [from, first] = [x + start, y + start];
    const to = kind === 'delete' ? from + 1 : from;
    const end = kind === 'insert' ? first + 1 : first;
    if (last && last.to === from && last.last === first)
      hunks[hunks.length - 1] = { from: last.from, to, first: last.first, last: end };
    else hunks.push({ from, to, first, last: end });
  }
  return hunks;
}

type Edit = [x: number, y: number, kind: 'delete' | 'insert'];

function shortestEdit(a: readonly string[], b: readonly string[]): Edit[] {
  const max = a.length + b.length;
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= max; d++) {
    trace.push(new Map(furthest));
    const next = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      next.set(k, x);
      if (x >= a.length && y >= b.length) return walkBack(trace, a.length, b.length);
    }
    furthest = next;
  }
  return [];
}

function walkBack(trace: readonly Map<number, number>[], endX: number, endY: number): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [endX, endY];
  for (let d = trace.length - 1; d > 0; d--) {
    const furthest = trace[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const before = down ? k + 1 : k - 1;
    const bx = furthest.get(before)!;
    const by = bx - before;
    while (x > bx && y > by && x > (down ? bx : bx + 1) && y > (down ? by + 1 : by)) {
      x--;
      y--;
    }
    edits.push(down ? [bx, by, 'insert'] : [bx, by, 'delete']);
    [x, y] = [bx, by];
  }
  return edits.reverse();
}
