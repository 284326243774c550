/** vi's ex commands: `:w`, `:q`, `:s`, `:g`, `:set`, `:e`, `:r`, `:d`, `:!` … */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { decode, encode } from '../io.ts';
import { compileRegex, RegexError, withinSteps } from '../regex/regex.ts';
import { ForkError, runCommand } from '../run.ts';
import { searchText } from './vi-motions.ts';
import type { ViText } from './vi-text.ts';

/** What ex commands see of the editor. */
export interface ExContext {
  readonly process: Process;
  readonly text: ViText;
  path: string | undefined;
  /** The last pattern searched for. */
  pattern: string;
  lastSubstitution: { pattern: string; replacement: string; flags: string } | undefined;
  readonly settings: Map<string, boolean>;
  readonly visual: readonly [number, number] | undefined;
  readonly marks: ReadonlyMap<string, { row: number }>;
  quit(status: number): void;
  suspendScreen(run: () => Task<void>): Task<void>;
  normal(keys: string): Task<void>;
}

/** Shown in red, as vim shows them. */
export class ExError extends Error {}

/** Steps of matching that one command may take. */
const MOST_MATCHING = 5_000_000;

/** Matches within what vim gives a pattern. */
export function matching<T>(match: () => T): T {
  try {
    return withinSteps(MOST_MATCHING, match);
  } catch (error) {
    if (!isErrno(error, 'ENOMEM')) throw error;
    throw new ExError("E363: pattern uses more memory than 'maxmempattern'");
  }
}

export function* runEx(context: ExContext, line: string): Task<string> {
  const parsed = parseRange(context, line.replace(/^[:\s]+/, ''));
  const { first, last, given, rest } = parsed;
  if (rest === '') {
    if (given) context.text.go(last, 0);
    return '';
  }
  const match = /^([a-zA-Z]+|[&<>=!#~@])(!?)\s*(.*)$/s.exec(rest);
  if (!match) throw new ExError(`E492: Not an editor command: ${line}`);
  let [, name, bang, argument] = match as unknown as [string, string, string, string];
  // `:s/a/b/` and `:g/x/d` need no blank; `:sort`, `:set` are words.
  const joined = /^(s|g|v)([^\w\s"|].*)$/s.exec(rest);
  if (joined) [name, bang, argument] = [joined[1]!, '', joined[2]!];
  const range = { first, last, given };
  const whole = { first: 0, last: context.text.lines.length - 1 };
  const command = full(name);
  switch (command) {
    case 'write':
      return yield* write(context, argument, given ? range : whole, given, bang === '!');
    case 'quit':
    case 'qall':
      return quit(context, bang === '!');
    case 'wq':
    case 'wqall': {
      const message = yield* write(context, argument, whole, false, bang === '!');
      context.quit(0);
      return message;
    }
    case 'xit': {
      const message = context.text.changed ? yield* write(context, argument, whole, false, bang === '!') : '';
      context.quit(0);
      return message;
    }
    case 'edit':
      return yield* edit(context, argument, bang === '!');
    case 'read':
      return yield* read(context, argument, last);
    case 'delete':
      return remove(context, range);
    case 'yank':
      context.text.registers.set('"', {
        text: `${context.text.lines.slice(first, last + 1).join('\n')}\n`,
        linewise: true,
      });
      return '';
    case 'put': {
      const register = context.text.registers.get('"');
      if (!register) throw new ExError('E353: Nothing in register "');
      context.text.checkpoint();
      context.text.go(last, 0);
      context.text.put({ ...register, linewise: true }, bang !== '!', 1);
      return '';
    }
    case 'substitute':
      return substitute(context, argument, range);
    case 'global':
    case 'vglobal':
      return yield* global(context, argument, given ? range : whole, command === 'vglobal' || bang === '!');
    case 'set':
      return set(context, argument);
    case 'nohlsearch':
    case 'syntax':
      return '';
    case 'move':
    case 'copy':
      return relocate(context, range, argument, command === 'copy');
    case 'join': {
      context.text.checkpoint();
      const end = given && last > first ? last : first + 1;
      const lines = context.text.lines.slice(first, end + 1);
      context.text.lines.splice(first, lines.length, lines.map((l, i) => (i === 0 ? l.trimEnd() : l.trim())).join(' '));
      return '';
    }
    case '>':
    case '<':
      context.text.checkpoint();
      for (let row = first; row <= last; row++)
        context.text.lines[row] = shift(context.text.lines[row]!, command === '>');
      return '';
    case 'normal':
      for (let row = first; row <= last; row++) {
        if (given) context.text.go(row, 0);
        yield* context.normal(argument);
      }
      return '';
    case 'sort': {
      context.text.checkpoint();
      const scope = given ? range : whole;
      const sorted = context.text.lines.slice(scope.first, scope.last + 1).sort();
      if (bang === '!') sorted.reverse();
      context.text.lines.splice(
        scope.first,
        sorted.length,
        ...(argument.includes('u') ? [...new Set(sorted)] : sorted),
      );
      return '';
    }
    case 'file':
      return fileMessage(context);
    case '=':
      return String(given ? last + 1 : context.text.lines.length);
    case 'undo':
      return context.text.undo() ? '' : 'Already at oldest change';
    case 'redo':
      return context.text.redo() ? '' : 'Already at newest change';
    case '!':
      return yield* shellOut(context, bang + argument);
    case 'help':
      throw new ExError('E149: Sorry, no help for help.txt');
    default:
      throw new ExError(`E492: Not an editor command: ${line}`);
  }
}

const COMMANDS: readonly (readonly [least: string, name: string])[] = [
  ['w', 'write'],
  ['q', 'quit'],
  ['qa', 'qall'],
  ['wq', 'wq'],
  ['wqa', 'wqall'],
  ['x', 'xit'],
  ['exi', 'xit'],
  ['e', 'edit'],
  ['r', 'read'],
  ['d', 'delete'],
  ['y', 'yank'],
  ['pu', 'put'],
  ['s', 'substitute'],
  ['g', 'global'],
  ['v', 'vglobal'],
  ['se', 'set'],
  ['noh', 'nohlsearch'],
  ['syn', 'syntax'],
  ['m', 'move'],
  ['co', 'copy'],
  ['t', 'copy'],
  ['j', 'join'],
  ['norm', 'normal'],
  ['sor', 'sort'],
  ['f', 'file'],
  ['u', 'undo'],
  ['red', 'redo'],
  ['h', 'help'],
  ['=', '='],
  ['!', '!'],
  ['>', '>'],
  ['<', '<'],
];

const full = (name: string): string =>
  COMMANDS.find(([least, long]) => name === least || (name.startsWith(least) && long.startsWith(name)))?.[1] ?? name;

export const shift = (line: string, right: boolean): string =>
  right ? (line === '' ? line : `\t${line}`) : line.replace(/^(\t| {1,8})/, '');

interface Range {
  readonly first: number;
  readonly last: number;
}

function parseRange(context: ExContext, line: string): Range & { given: boolean; rest: string } {
  const { text } = context;
  let rest = line;
  const last = text.lines.length - 1;
  if (rest.startsWith('%')) return { first: 0, last, given: true, rest: rest.slice(1).trimStart() };
  const take = (base: number): number | undefined => {
    let value: number | undefined;
    const match = /^(\d+|\.|\$|'[a-z<>])/.exec(rest);
    if (match) {
      rest = rest.slice(match[0].length);
      const token = match[0];
      if (token === '.') value = text.row;
      else if (token === '$') value = last;
      else if (token === "'<") value = context.visual?.[0];
      else if (token === "'>") value = context.visual?.[1];
      else if (token.startsWith("'")) value = context.marks.get(token[1]!)?.row;
      else value = Number(token) - 1;
      if (value === undefined) throw new ExError('E20: Mark not set');
    } else if (/^[/?]/.test(rest)) {
      const delimiter = rest[0]!;
      const end = rest.indexOf(delimiter, 1);
      const pattern = rest.slice(1, end < 0 ? undefined : end) || context.pattern;
      rest = end < 0 ? '' : rest.slice(end + 1);
      compile(pattern, false);
      value = matching(() => searchText(text, pattern, delimiter === '/', 1))?.place.row;
      if (value === undefined) throw new ExError(`E486: Pattern not found: ${pattern}`);
    }
    for (let m = /^([-+])(\d*)/.exec(rest); m; m = /^([-+])(\d*)/.exec(rest)) {
      rest = rest.slice(m[0].length);
      value = (value ?? base) + (m[1] === '-' ? -1 : 1) * (m[2] === '' ? 1 : Number(m[2]));
    }
    return value;
  };
  const first = take(text.row);
  let second: number | undefined;
  let given = first !== undefined;
  if (/^\s*[,;]/.test(rest)) {
    rest = rest.replace(/^\s*[,;]\s*/, '');
    second = take(text.row) ?? text.row;
    given = true;
  }
  const from = first ?? text.row;
  const to = second ?? from;
  if (from > last + 1 || to > last + 1 || from < -1) throw new ExError('E16: Invalid range');
  return {
    first: Math.max(0, Math.min(from, to)),
    last: Math.max(0, Math.min(last, Math.max(from, to))),
    given,
    rest: rest.trimStart(),
  };
}

function quit(context: ExContext, force: boolean): string {
  if (context.text.changed && !force) throw new ExError('E37: No write since last change (add ! to override)');
  context.quit(0);
  return '';
}

function* write(context: ExContext, argument: string, range: Range, partial: boolean, force: boolean): Task<string> {
  const { process, text } = context;
  if (argument.startsWith('!')) return yield* shellOut(context, argument.slice(1));
  const append = argument.startsWith('>>');
  const path = argument.replace(/^>>\s*/, '').trim() || context.path;
  if (path === undefined) throw new ExError('E32: No file name');
  const whole = !partial || (range.first === 0 && range.last === text.lines.length - 1);
  const content = whole ? text.content : `${text.lines.slice(range.first, range.last + 1).join('\n')}\n`;
  let existing = false;
  try {
    const stat = yield* process.stat(path);
    existing = true;
    if (stat.type === 'directory') throw new ExError(`E17: "${path}" is a directory`);
    if (path !== context.path && !force && !append) throw new ExError('E13: File exists (add ! to override)');
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  try {
    yield* process.writeFile(path, content, { append });
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EROFS' || error.code === 'EACCES')
      throw new ExError(
        existing ? "E45: 'readonly' option is set (add ! to override)" : `"${path}" E212: Can't open file for writing`,
      );
    throw new ExError(`"${path}" E212: Can't open file for writing`);
  }
  context.path ??= path;
  if (path === context.path && whole) text.changed = false;
  const count = whole ? (text.content === '' ? 0 : text.lines.length) : range.last - range.first + 1;
  return `"${path}" ${existing ? '' : '[New] '}${count}L, ${encode(content).length}B ${append ? 'appended' : 'written'}`;
}

function* edit(context: ExContext, argument: string, force: boolean): Task<string> {
  if (context.text.changed && !force) throw new ExError('E37: No write since last change (add ! to override)');
  if (argument !== '') context.path = argument;
  return yield* loadFile(context);
}

/** Reads the file into the text; the message vim greets with. */
export function* loadFile(context: ExContext): Task<string> {
  const { process, text, path } = context;
  if (path === undefined) {
    text.load('');
    return '';
  }
  try {
    if ((yield* process.stat(path)).type === 'directory') {
      text.load('');
      context.path = undefined;
      return `"${path}" is a directory`;
    }
    const bytes = yield* process.readFile(path);
    const content = decode(bytes);
    text.load(content);
    let readonly = '';
    try {
      yield* process.access(path, { write: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      readonly = '[readonly] ';
    }
    return `"${path}" ${readonly}${content !== '' && !content.endsWith('\n') ? '[noeol] ' : ''}${content === '' ? 0 : text.lines.length}L, ${bytes.length}B`;
  } catch (error) {
    if (!isErrno(error)) throw error;
    text.load('');
    return error.code === 'ENOENT' ? `"${path}" [New]` : `"${path}" [Permission Denied]`;
  }
}

function* read(context: ExContext, argument: string, row: number): Task<string> {
  let content: string;
  if (argument.startsWith('!')) content = yield* outputOf(context.process, argument.slice(1));
  else {
    try {
      content = yield* context.process.readText(argument || context.path || '');
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new ExError(`E484: Can't open file ${argument}`);
    }
  }
  const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  context.text.checkpoint();
  context.text.lines.splice(row + 1, 0, ...lines);
  context.text.go(row + 1, 0);
  return argument.startsWith('!') ? '' : `"${argument}" ${lines.length}L, ${encode(content).length}B`;
}

function* outputOf(process: Process, command: string): Task<string> {
  const { read: from, write: to } = process.pipe();
  let child: Process;
  try {
    child = yield* process.spawn('/bin/sh', ['sh', '-c', command], { files: new Map(process.files).set(1, to) });
  } catch (error) {
    from.release();
    if (!isErrno(error)) throw error;
    throw new ExError('E482: Cannot create pipe');
  } finally {
    to.release();
  }
  const decoder = new TextDecoder();
  let out = '';
  for (let chunk = yield* from.read(); chunk.length > 0; chunk = yield* from.read())
    out += decoder.decode(chunk, { stream: true });
  from.release();
  yield* process.wait(child.pid);
  return out;
}

function* shellOut(context: ExContext, command: string): Task<string> {
  const { process } = context;
  yield* context.suspendScreen(function* () {
    try {
      const status = yield* runCommand(process, ['sh', '-c', command], 'vi: ');
      if (status !== 0) yield* process.print(`\nshell returned ${status}\n`);
    } catch (error) {
      if (!(error instanceof ForkError)) throw error;
      yield* process.print('\nCannot fork\n');
    }
  });
  return '';
}

function remove(context: ExContext, range: Range): string {
  const { text } = context;
  text.checkpoint();
  const removed = text.lines.slice(range.first, range.last + 1);
  text.registers.set('"', { text: `${removed.join('\n')}\n`, linewise: true });
  text.removeLines(range.first, range.last);
  return removed.length > 2 ? `${removed.length} fewer lines` : '';
}

function relocate(context: ExContext, range: Range, argument: string, copy: boolean): string {
  const { text } = context;
  const target = argument === '$' ? text.lines.length : argument === '.' ? text.row + 1 : Number(argument);
  if (!Number.isInteger(target)) throw new ExError('E14: Invalid address');
  text.checkpoint();
  const block = text.lines.slice(range.first, range.last + 1);
  let at = target;
  if (!copy) {
    if (at > range.first && at <= range.last) throw new ExError('E134: Cannot move a range of lines into itself');
    text.lines.splice(range.first, block.length);
    if (at > range.last) at -= block.length;
  }
  text.lines.splice(at, 0, ...block);
  text.go(at + block.length - 1, 0);
  return '';
}

/** `/pattern/replacement/flags` */
function splitSubstitution(argument: string): string[] {
  const delimiter = argument[0]!;
  const parts = [''];
  for (let i = 1; i < argument.length; i++) {
    const c = argument[i]!;
    if (c === '\\' && i + 1 < argument.length) {
      const next = argument[++i]!;
      parts[parts.length - 1] += next === delimiter ? next : c + next;
    } else if (c === delimiter && parts.length < 3) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

function substitute(context: ExContext, argument: string, range: Range): string {
  const { text } = context;
  let spec = context.lastSubstitution;
  if (/^[^\w\s]/.test(argument)) {
    const [pattern = '', replacement = '', flags = ''] = splitSubstitution(argument);
    spec = { pattern: pattern === '' ? context.pattern : pattern, replacement, flags };
  } else if (spec) spec = { ...spec, flags: argument };
  if (!spec) throw new ExError('E35: No previous regular expression');
  context.lastSubstitution = spec;
  context.pattern = spec.pattern;
  const regex = compile(spec.pattern, spec.flags.includes('i'));
  let count = 0;
  let lines = 0;
  let lastRow = -1;
  text.checkpoint();
  matching(() => {
    for (let row = range.first; row <= range.last && row < text.lines.length; row++) {
      const line = text.lines[row]!;
      let out = '';
      let at = 0;
      let hit = false;
      for (let from = 0; from <= line.length; ) {
        const match = regex.exec(line, from);
        if (!match) break;
        out += line.slice(at, match.index) + expand(spec.replacement, match.groups);
        at = match.end;
        count++;
        hit = true;
        from = match.end === match.index ? match.end + 1 : match.end;
        if (!spec.flags.includes('g')) break;
      }
      if (!hit) continue;
      lines++;
      lastRow = row;
      if (!spec.flags.includes('n')) {
        const replaced = (out + line.slice(at)).split('\n');
        text.lines.splice(row, 1, ...replaced);
      }
    }
  });
  if (count === 0) {
    text.forget();
    if (spec.flags.includes('e')) return '';
    throw new ExError(`E486: Pattern not found: ${spec.pattern}`);
  }
  text.go(lastRow, 0);
  if (spec.flags.includes('n'))
    return `${count} match${count === 1 ? '' : 'es'} on ${lines} line${lines === 1 ? '' : 's'}`;
  return count > 2 ? `${count} substitutions on ${lines} line${lines === 1 ? '' : 's'}` : '';
}

function compile(pattern: string, ignoreCase: boolean) {
  try {
    const very = pattern.startsWith('\\v');
    const source = pattern.replace(/^\\v/, '').replace(/\\c/g, '');
    return compileRegex(source, { extended: very, ignoreCase: ignoreCase || pattern.includes('\\c') });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new ExError(`E383: Invalid search string: ${pattern}`);
  }
}

const expand = (replacement: string, groups: readonly (string | undefined)[]): string =>
  replacement.replace(/\\([\s\S])|&/g, (whole, escaped: string | undefined) => {
    if (escaped === undefined) return groups[0] ?? '';
    if (/\d/.test(escaped)) return groups[Number(escaped)] ?? '';
    return { r: '\n', n: '\n', t: '\t', '&': '&', '\\': '\\' }[escaped] ?? whole.slice(1);
  });

function* global(context: ExContext, argument: string, range: Range, inverse: boolean): Task<string> {
  const [pattern = '', ...more] = splitGlobal(argument);
  const regex = compile(pattern || context.pattern, false);
  const command = more.join('') || 'p';
  const { text } = context;
  const marked = matching(() =>
    text.lines
      .slice(range.first, range.last + 1)
      .flatMap((line, i) => (regex.test(line) !== inverse ? [range.first + i] : [])),
  );
  if (marked.length === 0) throw new ExError(`E486: Pattern not found: ${pattern}`);
  text.checkpoint();
  if (/^d(elete)?\s*$/.test(command)) {
    const gone = new Set(marked);
    text.lines = text.lines.filter((_, i) => !gone.has(i));
    if (text.lines.length === 0) text.lines.push('');
    text.go(marked[0]!, 0);
    return marked.length > 2 ? `${marked.length} fewer lines` : '';
  }
  let offset = 0;
  for (const row of marked) {
    const before = text.lines.length;
    text.go(row + offset, 0);
    yield* runEx(context, command);
    offset += text.lines.length - before;
  }
  return '';
}

const splitGlobal = (argument: string): string[] => {
  const delimiter = argument[0] ?? '/';
  const end = argument.indexOf(delimiter, 1);
  return end < 0 ? [argument.slice(1)] : [argument.slice(1, end), argument.slice(end + 1)];
};

const SETTINGS: Readonly<Record<string, string>> = {
  nu: 'number',
  number: 'number',
  ru: 'ruler',
  ruler: 'ruler',
  ai: 'autoindent',
  autoindent: 'autoindent',
  et: 'expandtab',
  expandtab: 'expandtab',
  ic: 'ignorecase',
  ignorecase: 'ignorecase',
  hls: 'hlsearch',
  hlsearch: 'hlsearch',
  is: 'incsearch',
  incsearch: 'incsearch',
  list: 'list',
  paste: 'paste',
  wrap: 'wrap',
  ro: 'readonly',
  readonly: 'readonly',
  sm: 'showmatch',
  showmatch: 'showmatch',
  compatible: 'compatible',
  cp: 'compatible',
};
const VALUES =
  /^(ts|tabstop|sw|shiftwidth|sts|softtabstop|mouse|ft|filetype|ff|fileformat|enc|encoding|bg|background|bs|backspace|tw|textwidth)(=.*)?$/;

function set(context: ExContext, argument: string): string {
  for (const option of argument.split(/\s+/).filter((o) => o !== '')) {
    if (VALUES.test(option)) continue;
    const match = /^(no|inv)?([a-z]+)([!?]?)$/.exec(option);
    const plain = match && own(SETTINGS, (match[1] ?? '') + match[2]!);
    const name = plain || (match && own(SETTINGS, match[2]!));
    if (!match || !name) throw new ExError(`E518: Unknown option: ${option}`);
    if (match[3] === '?') return `${context.settings.get(name) ? '  ' : 'no'}${name}`;
    const toggled = match[3] === '!' || match[1] === 'inv';
    context.settings.set(name, toggled ? !context.settings.get(name) : plain !== undefined || match[1] !== 'no');
  }
  return '';
}

export const fileMessage = (context: ExContext): string => {
  const { text } = context;
  const percent = Math.floor(((text.row + 1) * 100) / text.lines.length);
  return `"${context.path ?? '[No Name]'}"${text.changed ? ' [Modified]' : ''} ${text.lines.length} line${text.lines.length === 1 ? '' : 's'} --${percent}%--`;
};
