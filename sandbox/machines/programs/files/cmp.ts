/** cmp(1) of diffutils: two files side by side, a block of each at a time. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { parseSize } from '../format/size.ts';
import { Rows } from '../text/rows.ts';
import { type Tool, tool } from '../tool.ts';

const BLOCK = 32_768;

export const cmp = tool(
  'cmp',
  {
    short: 'bi:ln:s',
    long: { bytes: 'n:', 'ignore-initial': 'i:', 'print-bytes': 'b', quiet: 's', silent: 's', verbose: 'l' },
    usage: 'cmp [OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]',
    usageStatus: 2,
    version: 'cmp (GNU diffutils) 3.8',
  },
  function* (tool) {
    const [left, right = '-', skip1, skip2, extra] = tool.operands;
    const hint = function* (message: string): Task<number> {
      yield* tool.process.error(`cmp: ${message}\ncmp: Try 'cmp --help' for more information.\n`);
      return 2;
    };
    if (left === undefined) return yield* hint("missing operand after 'cmp'");
    if (extra !== undefined) return yield* hint(`extra operand '${extra}'`);
    const [first, second = first] = (tool.get('i') ?? '0').split(':');
    const skips = [parseSize(skip1 ?? first!), parseSize(skip2 ?? second!)];
    const limit = tool.get('n') === undefined ? Number.POSITIVE_INFINITY : parseSize(tool.get('n')!);
    if (skips.includes(undefined)) return yield* hint(`invalid --ignore-initial value '${tool.get('i') ?? skip1}'`);
    if (limit === undefined) return yield* hint(`invalid --bytes value '${tool.get('n')}'`);
    if (left === right) return 0;
    // Files of different sizes differ: -s need not read them.
    if (tool.has('s') && limit === Number.POSITIVE_INFINITY && skips[0] === skips[1]) {
      const sizes: number[] = [];
      for (const path of [left, right]) {
        try {
          const stat = yield* path === '-' ? tool.process.stdin.stat() : tool.process.stat(path);
          if (stat.type === 'file' && stat.size > 0 && path !== '-') sizes.push(stat.size);
        } catch (error) {
          if (!isErrno(error)) throw error;
          return 2;
        }
      }
      if (sizes.length === 2 && sizes[0] !== sizes[1]) return 1;
    }
    const sides = [left, right].map((path) => new Rows(tool, [path], limit));
    try {
      for (const [i, side] of sides.entries()) {
        const complained = tool.status;
        yield* side.skip(skips[i]!);
        yield* side.next(0);
        if (tool.status !== complained) return 2;
      }
      return yield* compare(tool, sides as [Rows, Rows], [left, right]);
    } finally {
      for (const side of sides) side.release();
    }
  },
);

function* compare(tool: Tool, [one, other]: [Rows, Rows], names: [string, string]): Task<number> {
  let line = 1;
  let at = 0;
  let differs = false;
  let last = 0;
  const width = tool.has('l') ? yield* widthOf(tool, names) : 0;
  for (;;) {
    const a = yield* one.next(BLOCK);
    const b = yield* other.next(BLOCK);
    if (tool.status !== 0) return 2;
    yield* tool.process.spend((a.length + b.length) / 1000);
    const shorter = Math.min(a.length, b.length);
    for (let i = 0; i < shorter; i++) {
      if (a[i] !== b[i]) {
        if (tool.has('s')) return 1;
        if (!tool.has('l')) {
          const bytes = tool.has('b') ? ` is ${octal(a[i]!)} ${shown(a[i]!)} ${octal(b[i]!)} ${shown(b[i]!)}` : '';
          yield* tool.write(`${names[0]} ${names[1]} differ: byte ${at + i + 1}, line ${line}${bytes}\n`);
          return 1;
        }
        const place = String(at + i + 1).padStart(width);
        yield* tool.write(
          tool.has('b')
            ? `${place} ${octal(a[i]!)} ${shown(a[i]!).padEnd(4)} ${octal(b[i]!)} ${shown(b[i]!)}\n`
            : `${place} ${octal(a[i]!)} ${octal(b[i]!)}\n`,
        );
        differs = true;
      }
      if (a[i] === 10) line++;
    }
    if (shorter > 0) last = (a.length < b.length ? a : b)[shorter - 1]!;
    at += shorter;
    if (a.length === b.length) {
      if (a.length === 0) return differs ? 1 : 0;
      continue;
    }
    if (!tool.has('s')) {
      const where =
        at === 0
          ? 'which is empty'
          : tool.has('l')
            ? `after byte ${at}`
            : `after byte ${at}, ${last === 10 ? `line ${line - 1}` : `in line ${line}`}`;
      yield* tool.out.flush();
      yield* tool.process.error(`cmp: EOF on ${names[a.length < b.length ? 0 : 1]} ${where}\n`);
    }
    return 1;
  }
}

const octal = (byte: number): string => byte.toString(8).padStart(3);

/** As cat -v shows it. */
function shown(byte: number): string {
  const low = byte & 127;
  const text = low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low);
  return byte >= 128 ? `M-${text}` : text;
}

/** The digits of the shorter file's size, where both have one. */
function* widthOf(tool: Tool, names: readonly string[]): Task<number> {
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const stat = yield* name === '-' ? tool.process.stdin.stat() : tool.process.stat(name);
    if (stat.type === 'file') least = Math.min(least, stat.size);
  }
  return Number.isFinite(least) ? String(least).length : 19;
}
