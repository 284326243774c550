/** du(1) and tree(1). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Stat } from '../../process.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { modeString } from '../format/mode.ts';
import { humanSize, parseSize } from '../format/size.ts';
import { quoted, type Tool, tool } from '../tool.ts';
import { colourOf } from './ls-colours.ts';
import { eachIn } from './tree.ts';

export const du = tool(
  'du',
  {
    short: 'abcd:hHklLmsSt:x0B:D',
    long: {
      all: 'a',
      'apparent-size': 'apparent',
      bytes: 'b',
      total: 'c',
      'max-depth': 'd:',
      'human-readable': 'h',
      dereference: 'L',
      summarize: 's',
      'one-file-system': 'x',
      'block-size': 'B:',
      exclude: 'exclude:',
      'separate-dirs': 'S',
      null: '0',
      'dereference-args': 'D',
      threshold: 't:',
    },
    usage: 'du [OPTION]... [FILE]...',
  },
  function* (tool) {
    const depth = tool.has('s') ? 0 : tool.get('d') === undefined ? Number.POSITIVE_INFINITY : Number(tool.get('d'));
    for (const text of tool.options.all('d'))
      if (!/^\d+$/.test(text)) {
        yield* tool.complain(`invalid maximum depth ${tool.quote(text)}`);
        return yield* hint(tool);
      }
    for (const text of tool.options.all('B'))
      if (parseSize(text) === undefined && parseSize(`1${text}`) === undefined) {
        yield* tool.complain(`invalid -B argument '${text}'`);
        return 1;
      }
    if (tool.has('s') && tool.has('a')) {
      yield* tool.complain('cannot both summarize and show all entries');
      return yield* hint(tool);
    }
    const seen = new Set<string>();
    let total = 0;
    for (const operand of tool.operands.length > 0 ? tool.operands : ['.']) {
      total += (yield* measure(tool, operand, 0, depth, seen, undefined)) ?? 0;
    }
    if (tool.has('c')) yield* tool.print(`${amount(tool, total)}\ttotal${end(tool)}`);
    return tool.status;
  },
);

function* hint(tool: Tool): Task<number> {
  yield* tool.process.error("Try 'du --help' for more information.\n");
  return 1;
}

const end = (tool: Tool): string => (tool.has('0') ? '\0' : '\n');

/** --exclude: a pattern matches a whole path, or its end after a slash. */
function isExcluded(tool: Tool, path: string): boolean {
  const patterns = tool.options.all('exclude');
  if (patterns.length === 0) return false;
  const parts = path.split('/');
  return patterns.some((text) => {
    const pattern = new Pattern(text, { extglob: false });
    return parts.some((_, i) => pattern.matches(parts.slice(i).join('/')));
  });
}

function amount(tool: Tool, bytes: number): string {
  if (tool.has('h')) return humanSize(bytes);
  const block = tool.has('b')
    ? 1
    : tool.has('m')
      ? 1024 ** 2
      : tool.get('B')
        ? (parseSize(tool.get('B')!) ?? parseSize(`1${tool.get('B')}`) ?? 1024)
        : 1024;
  return String(Math.ceil(bytes / block));
}

function* measure(
  tool: Tool,
  path: string,
  level: number,
  depth: number,
  seen: Set<string>,
  device: number | undefined,
): Task<number | undefined> {
  const { process } = tool;
  if (isExcluded(tool, path)) return 0;
  let stat: Stat;
  try {
    stat = yield* tool.has('L') || (level === 0 && tool.has('D', 'H')) ? process.stat(path) : process.lstat(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot access ${quoted(path)}: ${error.message}`);
    return undefined;
  }
  yield* process.spend(5);
  if (tool.has('x') && device !== undefined && stat.dev !== device) return 0;
  const key = `${stat.dev}:${stat.ino}`;
  if (stat.type !== 'directory' && stat.nlink > 1 && seen.has(key) && !tool.has('l')) return 0;
  seen.add(key);
  let size = tool.has('b', 'apparent') ? stat.size : stat.blocks * 512;
  if (stat.type === 'directory') {
    try {
      const prefix = path.replace(/\/$/, '');
      yield* eachIn(
        process,
        path,
        function* (name) {
          size += (yield* measure(tool, `${prefix}/${name}`, level + 1, depth, seen, stat.dev)) ?? 0;
        },
        (names) => names.sort(byBytes),
      );
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot read directory ${quoted(path)}: ${error.message}`);
    }
  }
  const listed = level <= depth && (stat.type === 'directory' || tool.has('a') || level === 0);
  if (listed) yield* tool.print(`${amount(tool, size)}\t${path}${end(tool)}`);
  return size;
}

export const tree = tool(
  'tree',
  {
    short: 'aACdfFghiL:nprst:uDI:P:',
    long: { noreport: 'noreport', dirsfirst: 'dirsfirst' },
    usage: 'tree [-adfghilnpqrstuvxACDFJQNSUX] [-L level] [directory ...]',
    version: 'tree v2.1.0',
  },
  function* (tool) {
    const counts = { directories: 0, files: 0 };
    const limit = tool.get('L') === undefined ? Number.POSITIVE_INFINITY : Number(tool.get('L'));
    for (const operand of tool.operands.length > 0 ? tool.operands : ['.']) {
      const exists = yield* lookAt(tool, operand);
      if (!exists) {
        yield* tool.print(`${operand}  [error opening dir]\n`);
        tool.status = 2;
        continue;
      }
      yield* tool.print(`${paint(tool, operand, operand, exists)}\n`);
      counts.directories++;
      yield* branch(tool, operand, '', 1, limit, counts);
    }
    if (!tool.has('noreport')) {
      const directories = `${counts.directories} director${counts.directories === 1 ? 'y' : 'ies'}`;
      const files = tool.has('d') ? '' : `, ${counts.files} file${counts.files === 1 ? '' : 's'}`;
      yield* tool.print(`\n${directories}${files}\n`);
    }
    return tool.status;
  },
);

function* lookAt(tool: Tool, path: string): Task<Stat | undefined> {
  try {
    return yield* tool.process.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

function* branch(
  tool: Tool,
  path: string,
  indent: string,
  level: number,
  limit: number,
  counts: { directories: number; files: number },
): Task<void> {
  if (level > limit) return;
  let names: string[];
  try {
    names = yield* tool.process.readdir(path);
  } catch (error) {
    if (isErrno(error)) return;
    throw error;
  }
  const entries: { name: string; stat: Stat }[] = [];
  for (const name of names.sort(byBytes)) {
    if (name.startsWith('.') && !tool.has('a')) continue;
    const stat = yield* lookAt(tool, `${path.replace(/\/$/, '')}/${name}`);
    if (stat && (!tool.has('d') || stat.type === 'directory')) entries.push({ name, stat });
  }
  if (tool.has('dirsfirst'))
    entries.sort((a, b) => Number(b.stat.type === 'directory') - Number(a.stat.type === 'directory'));
  if (tool.has('r')) entries.reverse();
  for (const [i, { name, stat }] of entries.entries()) {
    const last = i === entries.length - 1;
    const full = `${path.replace(/\/$/, '')}/${name}`;
    const notes = [
      tool.has('p') ? modeString(stat) : '',
      tool.has('h') ? humanSize(stat.size).padStart(4) : tool.has('s') ? String(stat.size).padStart(11) : '',
    ].filter((n) => n !== '');
    const note = notes.length > 0 ? `[${notes.join(' ')}]  ` : '';
    const target = stat.type === 'symlink' ? ` -> ${yield* tool.process.readlink(full)}` : '';
    yield* tool.print(
      `${tool.has('i') ? '' : indent + (last ? '└── ' : '├── ')}${note}${paint(tool, tool.has('f') ? full : name, name, stat)}${target}\n`,
    );
    if (stat.type === 'directory') {
      counts.directories++;
      yield* branch(tool, full, `${indent}${last ? '    ' : '│   '}`, level + 1, limit, counts);
    } else counts.files++;
  }
}

function paint(tool: Tool, text: string, name: string, stat: Stat): string {
  if (!tool.process.stdout.tty && !tool.has('C')) return text;
  if (tool.has('n')) return text;
  const code = colourOf(stat, name, undefined, false);
  return code === undefined ? text : `\x1b[${code}m${text}\x1b[0m`;
}
