/** ls(1) of GNU coreutils. */

import { own } from '../../../sim/own.ts';
import { call, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Program, Stat } from '../../process.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { widthOf } from '../../shell/readline/screen.ts';
import { type Choices, chosen, notChosen } from '../choice.ts';
import { layOut } from '../format/columns.ts';
import { modeString } from '../format/mode.ts';
import { quoteName } from '../format/name.ts';
import { humanSize, parseSize } from '../format/size.ts';
import { formatTime } from '../format/time.ts';
import { quoted, type Tool, tool } from '../tool.ts';
import { type Names, readNames } from '../users.ts';
import { colourOf, DEFAULT_COLOURS } from './ls-colours.ts';

const LONG = {
  all: 'a',
  'almost-all': 'A',
  author: 'author',
  escape: 'b',
  'block-size': 'block-size:',
  'ignore-backups': 'B',
  color: 'color::',
  directory: 'd',
  classify: 'F',
  'file-type': 'file-type',
  format: 'format:',
  'full-time': 'full-time',
  'group-directories-first': 'group-directories-first',
  'no-group': 'G',
  'human-readable': 'h',
  si: 'si',
  dereference: 'L',
  inode: 'i',
  ignore: 'I:',
  hide: 'hide:',
  zero: 'zero',
  'dereference-command-line': 'H',
  kibibytes: 'k',
  tabsize: 'T:',
  context: 'Z',
  literal: 'N',
  'numeric-uid-gid': 'n',
  'hide-control-chars': 'q',
  'quote-name': 'Q',
  reverse: 'r',
  recursive: 'R',
  size: 's',
  sort: 'sort:',
  time: 'time:',
  'time-style': 'time-style:',
  width: 'w:',
};

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
  /** Of a symbolic link. */
  readonly target?: string | undefined;
  readonly targetStat?: Stat | undefined;
}

interface Style {
  readonly long: boolean;
  readonly layout: 'columns' | 'across' | 'lines' | 'commas';
  readonly colour: boolean;
  readonly quote: boolean;
  /** -Q: in double quotes, as in C. */
  readonly cStyle: boolean;
  readonly width: number;
  /** After each name: a newline, or NUL with --zero. */
  readonly end: string;
  /** Columns between tabs, which stand for spaces between columns; 0 for none. */
  readonly tabs: number;
  readonly names: Names;
}

const program = (name: string): Program =>
  tool(
    name,
    {
      short: 'aAbBcCdfFgGhHiI:klLmnNopqQrRsStT:uUvw:xXZ1',
      long: LONG,
      usage: `${name} [OPTION]... [FILE]...`,
      about: 'List information about the FILEs (the current directory by default).',
      usageStatus: 2,
    },
    list,
  );

export const ls = program('ls');
export const dir = program('dir');

/** What long options with a list of words take (ls.c). */
const CHOICES: Readonly<Record<string, { readonly option: string; readonly choices: Choices }>> = {
  color: {
    option: '--color',
    choices: [
      ['always', 'yes', 'force'],
      ['never', 'no', 'none'],
      ['auto', 'tty', 'if-tty'],
    ],
  },
  sort: { option: '--sort', choices: [['none'], ['time'], ['size'], ['extension'], ['version'], ['width']] },
  time: {
    option: '--time',
    choices: [
      ['atime', 'access', 'use'],
      ['ctime', 'status'],
      ['birth', 'creation'],
    ],
  },
  format: {
    option: '--format',
    choices: [['verbose', 'long'], ['commas'], ['horizontal', 'across'], ['vertical'], ['single-column']],
  },
};

const TIME_STYLES = `Valid arguments are:
  - [posix-]full-iso
  - [posix-]long-iso
  - [posix-]iso
  - [posix-]locale
  - +FORMAT (e.g., +%H:%M) for a 'date'-style format
Try 'ls --help' for more information.
`;

/** The status to end with where an option's value is wrong, which has been told then. */
function* wrongValue(tool: Tool): Task<number | undefined> {
  for (const [name, value] of tool.options.list) {
    const known = own(CHOICES, name);
    if (known && !(name === 'color' && value === '') && chosen(known.choices, value) === undefined)
      return yield* notChosen(tool, known.choices, value, known.option);
    const problem = name === 'w' ? 'line width' : name === 'T' ? 'tab size' : undefined;
    if (problem && !/^\d+$/.test(value)) {
      yield* tool.complain(`invalid ${problem}: ${tool.quote(value)}`);
      return 2;
    }
    if (
      name === 'block-size' &&
      parseSize(value) === undefined &&
      parseSize(`1${value}`) === undefined &&
      !/^(human-readable|si)$/.test(value)
    ) {
      yield* tool.complain(`invalid --block-size argument '${value}'`);
      return 2;
    }
  }
  const style = tool.get('time-style');
  const plain = style?.replace(/^posix-/, '');
  if (plain !== undefined && !plain.startsWith('+') && !['full-iso', 'long-iso', 'iso', 'locale'].includes(plain)) {
    if (!tool.has('l', 'n', 'o', 'g')) return undefined;
    yield* tool.process.error(
      `ls: invalid argument ${tool.quote(style!)} for ${tool.quote('time style')}\n${TIME_STYLES}`,
    );
    return 2;
  }
  return undefined;
}

function* list(tool: Tool): Task<number> {
  const wrong = yield* wrongValue(tool);
  if (wrong !== undefined) return wrong;
  const style = yield* styleOf(tool);
  const operands = tool.operands.length > 0 ? tool.operands : ['.'];
  const files: Entry[] = [];
  const directories: Entry[] = [];
  for (const operand of operands) {
    const entry = yield* examine(tool, operand, operand, true);
    if (!entry) continue;
    const directory = (entry.targetStat ?? entry.stat).type === 'directory';
    const follow = entry.stat.type !== 'symlink' || !(style.long || tool.has('F')) || tool.has('L', 'H');
    if (directory && follow && !tool.has('d')) directories.push(entry);
    else files.push(entry);
  }
  sort(tool, files);
  sort(tool, directories);
  if (files.length > 0) yield* show(tool, style, files, false);
  const titled = operands.length > 1 || tool.has('R');
  let first = files.length === 0;
  for (const directory of directories) {
    yield* showDirectory(tool, style, directory.path, titled, first);
    first = false;
  }
  return tool.status;
}

function* styleOf(tool: Tool): Task<Style> {
  const { process } = tool;
  const tty = process.stdout.tty;
  const when = tool.get('color');
  const colour = when === '' || when === 'always' || when === 'yes' || (when === 'auto' && tty !== undefined);
  let layout: Style['layout'] = tty || tool.name === 'dir' ? 'columns' : 'lines';
  let long = false;
  for (const [option, value] of tool.options.list) {
    if ('lnog'.includes(option) || option === 'full-time') long = true;
    else if (option === 'C') [layout, long] = ['columns', false];
    else if (option === 'x') [layout, long] = ['across', false];
    else if (option === 'm') [layout, long] = ['commas', false];
    else if (option === '1') layout = 'lines';
    else if (option === 'format') {
      long = value === 'long' || value === 'verbose';
      if (value === 'single-column') layout = 'lines';
      if (value === 'across' || value === 'horizontal') layout = 'across';
      if (value === 'commas') layout = 'commas';
      if (value === 'vertical') layout = 'columns';
    }
  }
  const width = Number(tool.get('w') ?? tty?.columns ?? process.env.get('COLUMNS') ?? 80) || 80;
  const quote = tty !== undefined && !tool.has('N');
  const names = long && !tool.has('n') ? yield* readNames(process) : { users: new Map(), groups: new Map() };
  const zero = tool.has('zero');
  if (zero && !long) layout = 'lines';
  const end = zero ? '\0' : '\n';
  const tabs = Number(tool.get('T') ?? 8);
  return {
    long,
    layout,
    colour: colour && !zero,
    quote: quote && !zero,
    cStyle: tool.has('Q'),
    width,
    names,
    end,
    tabs,
  };
}

function* examine(tool: Tool, name: string, path: string, operand: boolean): Task<Entry | undefined> {
  const { process } = tool;
  try {
    if (tool.has('L') || (operand && tool.has('H'))) return { name, path, stat: yield* process.stat(path) };
    const stat = yield* process.lstat(path);
    if (stat.type !== 'symlink') return { name, path, stat };
    let targetStat: Stat | undefined;
    try {
      targetStat = yield* process.stat(path);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
    return { name, path, stat, target: yield* process.readlink(path), targetStat };
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot access ${quoted(path)}: ${error.message}`, operand ? 2 : 1);
    return undefined;
  }
}

function* showDirectory(tool: Tool, style: Style, path: string, titled: boolean, first: boolean): Task<void> {
  const { process } = tool;
  let names: string[];
  try {
    names = yield* process.readdir(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot open directory ${quoted(path)}: ${error.message}`, 2);
    return;
  }
  if (titled) yield* tool.print(`${first ? '' : '\n'}${display(path, style)}:\n`);
  const all = tool.has('a', 'f');
  const ignored = [...tool.options.all('I'), ...(all || tool.has('A') ? [] : tool.options.all('hide'))].map(
    (pattern) => new Pattern(pattern, { extglob: false }),
  );
  const shown = names.filter(
    (n) =>
      (all || tool.has('A') || !n.startsWith('.')) &&
      !(tool.has('B') && n.endsWith('~')) &&
      !ignored.some((pattern) => pattern.matches(n)),
  );
  if (all) shown.push('.', '..');
  const entries: Entry[] = [];
  const close = yield* process.anchor(path);
  try {
    for (const name of shown) {
      yield* process.spend(3);
      const entry = yield* examine(tool, name, path.endsWith('/') ? path + name : `${path}/${name}`, false);
      if (entry) entries.push(entry);
    }
    sort(tool, entries);
    yield* show(tool, style, entries, true);
    if (!tool.has('R')) return;
    for (const entry of entries) {
      if (entry.stat.type !== 'directory' || entry.name === '.' || entry.name === '..') continue;
      yield* call(showDirectory(tool, style, entry.path, true, false));
    }
  } finally {
    close();
  }
}

function sort(tool: Tool, entries: Entry[]): void {
  const given = tool.get('sort');
  const key = given === undefined ? undefined : chosen(CHOICES.sort!.choices, given);
  if (tool.has('U', 'f') || key === 'none') return;
  const by = (compare: (a: Entry, b: Entry) => number) => entries.sort((a, b) => compare(a, b) || byName(a, b));
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const time = timeOf(tool);
  if (tool.has('S') || key === 'size') by((a, b) => b.stat.size - a.stat.size);
  else if (tool.has('t') || key === 'time' || (!tool.has('l') && tool.has('c', 'u')))
    by((a, b) => time(b.stat) - time(a.stat));
  else if (tool.has('X') || key === 'extension') {
    const extension = (e: Entry) => (e.name.lastIndexOf('.') > 0 ? e.name.slice(e.name.lastIndexOf('.')) : '');
    by((a, b) => (extension(a) < extension(b) ? -1 : extension(a) > extension(b) ? 1 : 0));
  } else if (key === 'width') by((a, b) => widthOf(a.name) - widthOf(b.name));
  else if (tool.has('v') || key === 'version') by((a, b) => compareVersions(a.name, b.name));
  else entries.sort(byName);
  if (tool.has('r')) entries.reverse();
  if (tool.has('group-directories-first')) {
    const rank = (e: Entry) => ((e.targetStat ?? e.stat).type === 'directory' ? 0 : 1);
    const ordered = entries.map((e, i) => [e, i] as const).sort((a, b) => rank(a[0]) - rank(b[0]) || a[1] - b[1]);
    entries.splice(0, entries.length, ...ordered.map(([e]) => e));
  }
}

/** Numbers inside names by value. */
export function compareVersions(a: string, b: string): number {
  const parts = (s: string) => s.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!];
    const numeric = /^\d/.test(x) && /^\d/.test(y);
    const order = numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const timeOf = (tool: Tool): ((stat: Stat) => number) => {
  const key = tool.get('time');
  if (tool.has('u') || key === 'atime' || key === 'access' || key === 'use') return (s) => s.atime;
  if (tool.has('c') || key === 'ctime' || key === 'status') return (s) => s.ctime;
  return (s) => s.mtime;
};

const display = (name: string, style: Style): string =>
  style.cStyle ? JSON.stringify(name) : style.quote ? quoteName(name) : name;

function* show(tool: Tool, style: Style, entries: readonly Entry[], total: boolean): Task<void> {
  const blocks = (stat: Stat) => (tool.has('h') ? humanSize(stat.blocks * 512) : String(Math.ceil(stat.blocks / 2)));
  if (total && (style.long || tool.has('s'))) {
    const sum = entries.reduce((n, e) => n + e.stat.blocks, 0);
    yield* tool.print(`total ${tool.has('h') ? humanSize(sum * 512) : Math.ceil(sum / 2)}\n`);
  }
  const shownNames = entries.map((e) => display(e.name, style));
  const aligned = style.quote && shownNames.some((n, i) => n !== entries[i]!.name);
  const nameOf = (entry: Entry): string => {
    const name = display(entry.name, style);
    const padded = aligned && name === entry.name ? ` ${name}` : name;
    return style.colour
      ? paint(padded, colourOf(entry.stat, entry.name, entry.targetStat, entry.target !== undefined))
      : padded;
  };
  const sizes = tool.has('s') ? entries.map((e) => blocks(e.stat)) : [];
  const sizeWidth = Math.max(0, ...sizes.map((s) => s.length));
  const inodes = tool.has('i') ? entries.map((e) => String(e.stat.ino)) : [];
  const inodeWidth = Math.max(0, ...inodes.map((s) => s.length));
  const prefix = (i: number): string =>
    (tool.has('i') ? `${inodes[i]!.padStart(style.layout === 'commas' ? 0 : inodeWidth)} ` : '') +
    (tool.has('s') ? `${sizes[i]!.padStart(style.layout === 'commas' ? 0 : sizeWidth)} ` : '');
  if (style.long) {
    yield* tool.print(longLines(tool, style, entries, prefix, nameOf));
    return;
  }
  const items = entries.map((e, i) => prefix(i) + nameOf(e) + mark(tool, e.stat, e));
  const widths = entries.map(
    (e, i) =>
      widthOf(prefix(i) + display(e.name, style) + mark(tool, e.stat, e)) +
      (aligned && display(e.name, style) === e.name ? 1 : 0),
  );
  if (items.length === 0) return;
  if (style.layout === 'lines') yield* tool.print(items.map((i) => `${i}${style.end}`).join(''));
  else if (style.layout === 'commas') yield* tool.print(commas(items, widths, style.width));
  else {
    const { rows, columns } = layOut(widths, style.width, style.layout === 'across');
    for (const row of rows) {
      let line = '';
      let start = 0;
      for (const [column, item] of row.entries()) {
        line += items[item]!;
        const next = start + columns[column]!;
        if (column < row.length - 1) line += gap(start + widths[item]!, next, style.tabs);
        start = next;
      }
      yield* tool.print(`${line}\n`);
    }
  }
}

/** From one column to another, with tabs where one goes as far as a space or farther (indent of ls.c). */
function gap(from: number, to: number, tabs: number): string {
  let out = '';
  for (let at = from; at < to; ) {
    if (tabs > 0 && Math.floor(to / tabs) > Math.floor((at + 1) / tabs)) {
      out += '\t';
      at += tabs - (at % tabs);
    } else {
      out += ' ';
      at++;
    }
  }
  return out;
}

function commas(items: readonly string[], widths: readonly number[], total: number): string {
  let out = '';
  let column = 0;
  items.forEach((item, i) => {
    if (i > 0) {
      if (column + 2 + widths[i]! + 1 >= total) {
        out += ',\n';
        column = 0;
      } else {
        out += ', ';
        column += 2;
      }
    }
    out += item;
    column += widths[i]!;
  });
  return `${out}\n`;
}

const paint = (text: string, code: string | undefined): string => {
  if (code === undefined) return text;
  const [, space, name] = /^( ?)(.*)$/s.exec(text)!;
  return `${space}\x1b[0m\x1b[${code}m${name}\x1b[0m`;
};

function mark(tool: Tool, stat: Stat, entry?: Entry): string {
  if (!tool.has('F', 'p', 'file-type')) return '';
  if (stat.type === 'directory') return '/';
  if (!tool.has('F', 'file-type')) return '';
  if (stat.type === 'symlink') return entry && tool.has('l') ? '' : '@';
  if (stat.type === 'fifo') return '|';
  if (stat.type === 'socket') return '=';
  return tool.has('F') && stat.type === 'file' && stat.mode & 0o111 ? '*' : '';
}

function longLines(
  tool: Tool,
  style: Style,
  entries: readonly Entry[],
  prefix: (i: number) => string,
  nameOf: (entry: Entry) => string,
): string {
  const time = timeOf(tool);
  const now = tool.process.now();
  const device = entries.some((e) => e.stat.rdev);
  const rows = entries.map(({ stat }) => ({
    links: String(stat.nlink),
    user: style.names.users.get(stat.uid) ?? String(stat.uid),
    group: style.names.groups.get(stat.gid) ?? String(stat.gid),
    major: stat.rdev ? `${stat.rdev[0]},` : '',
    minor: stat.rdev ? String(stat.rdev[1]) : '',
    size: stat.rdev ? '' : tool.has('h', 'si') ? humanSize(stat.size, tool.has('si') ? 1000 : 1024) : String(stat.size),
  }));
  const width = (key: keyof (typeof rows)[number]) => Math.max(0, ...rows.map((r) => r[key].length));
  const [links, user, group, major, minor, size] = [
    width('links'),
    width('user'),
    width('group'),
    width('major'),
    width('minor'),
    width('size'),
  ];
  const sizeWidth = device ? Math.max(size, major + 1 + minor) : size;
  return entries
    .map((entry, i) => {
      const row = rows[i]!;
      const amount = row.major
        ? `${row.major.padStart(major)} ${row.minor.padStart(minor)}`.padStart(sizeWidth)
        : row.size.padStart(sizeWidth);
      const fields = [modeString(entry.stat), row.links.padStart(links)];
      if (!tool.has('g')) fields.push(row.user.padEnd(user));
      if (!tool.has('o', 'G')) fields.push(row.group.padEnd(group));
      if (tool.has('author')) fields.push(row.user.padEnd(user));
      fields.push(amount, dateOf(tool, time(entry.stat), now));
      let name = nameOf(entry) + mark(tool, entry.stat, entry);
      if (entry.target !== undefined) {
        const target = display(entry.target, style);
        const painted =
          style.colour && entry.targetStat
            ? paint(target, colourOf(entry.targetStat, entry.target, undefined, false))
            : style.colour
              ? paint(target, DEFAULT_COLOURS.orphan)
              : target;
        name += ` -> ${painted}${entry.targetStat ? mark(tool, entry.targetStat) : ''}`;
      }
      return `${prefix(i)}${fields.join(' ')} ${name}${style.end}`;
    })
    .join('');
}

/** Six months and younger with the time of day, others with the year. */
function dateOf(tool: Tool, time: number, now: number): string {
  const style = tool.has('full-time') ? 'full-iso' : tool.get('time-style');
  if (style?.startsWith('+')) return formatTime(style.slice(1), time);
  if (style === 'full-iso') return formatTime('%Y-%m-%d %H:%M:%S.%N %z', time);
  if (style === 'long-iso') return formatTime('%Y-%m-%d %H:%M', time);
  const recent = time <= now && now - time < (31_556_952 / 2) * 1000;
  if (style === 'iso') return formatTime(recent ? '%m-%d %H:%M' : '%Y-%m-%d ', time);
  return formatTime(recent ? '%b %e %H:%M' : '%b %e  %Y', time);
}
