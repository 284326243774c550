/** What Tab offers: commands, variables, users, paths, and what programs register for their own arguments. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { BUILTINS } from '../builtins/index.ts';
import { KEYWORDS } from '../builtins/words.ts';
import { byBytes } from '../expand/glob.ts';
import type { Shell } from '../shell.ts';
import { widthOf } from './screen.ts';

export interface Candidate {
  readonly insert: string;
  /** As it is listed. */
  readonly shown: string;
  /** More may follow: no blank after it. */
  readonly directory: boolean;
}

export interface Completion {
  /** Where the word begins that the candidates replace. */
  readonly from: number;
  readonly candidates: readonly Candidate[];
  /** What follows the only candidate. */
  readonly suffix: string;
}

/** Candidates for `words[index]`; one that ends with `/`, `=` or `:` gets no blank after it. Undefined: complete paths. */
export type Completer = (
  words: readonly string[],
  index: number,
  process: Process,
) => Task<readonly string[] | undefined>;

/** By command name. */
export const completers = new Map<string, Completer>();

const only = (type: 'directory'): Completer =>
  function* (words, index, process) {
    return (yield* paths(process, words[index]!, undefined, type)).map((c) => c.insert);
  };

completers.set('cd', only('directory'));
completers.set('rmdir', only('directory'));
completers.set('pushd', only('directory'));

export function* complete(shell: Shell, line: string, at: number): Task<Completion> {
  const { words, start, quote } = lastCommand(line.slice(0, at));
  const word = words.at(-1)!;
  const from = start;
  const finish = (candidates: readonly Candidate[]): Completion => ({
    from,
    candidates: unique(candidates).map((c) => ({ ...c, insert: quoteFor(c.insert, quote) })),
    suffix: `${quote} `,
  });
  const variable = /\$(\{?)(\w*)$/.exec(word);
  if (variable && quote !== "'") {
    const names = shell.variables.names().filter((n) => n.startsWith(variable[2]!));
    const head = word.slice(0, word.length - variable[0].length) + (variable[1] ? '${' : '$');
    const tail = variable[1] ? '}' : '';
    return {
      from,
      candidates: names.map((n) => ({ insert: head + n + tail, shown: n, directory: false })),
      suffix: ' ',
    };
  }
  if (words.length === 1 && !word.includes('/')) return finish(yield* commandNames(shell, word));
  const user = /^~(\w*)$/.exec(word);
  if (user) {
    const found = shell.users.filter((u) => u.name.startsWith(user[1]!));
    return {
      from,
      candidates: found.map((u) => ({ insert: `~${u.name}/`, shown: `~${u.name}`, directory: true })),
      suffix: '',
    };
  }
  const name = words[0]!.slice(words[0]!.lastIndexOf('/') + 1);
  const completer = words.length > 1 ? completers.get(shell.aliases.get(name)?.split(' ')[0] ?? name) : undefined;
  if (completer) {
    const found = yield* completer(words, words.length - 1, shell.process);
    if (found) {
      const candidates = found.filter((f) => f.startsWith(word)).map(candidate);
      return finish(candidates);
    }
  }
  return finish(yield* paths(shell.process, word, shell.homeOf(''), undefined));
}

const candidate = (text: string): Candidate => ({
  insert: text,
  shown: text.replace(/^.*\/(?=[^/]+\/?$)/, ''),
  directory: /[/=:]$/.test(text),
});

function unique(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map(candidates.map((c) => [c.insert, c]));
  return [...seen.values()].sort((a, b) => byBytes(a.insert, b.insert));
}

function* commandNames(shell: Shell, prefix: string): Task<Candidate[]> {
  const names = new Set([...Object.keys(BUILTINS), ...KEYWORDS, ...shell.functions.keys(), ...shell.aliases.keys()]);
  for (const directory of (shell.variables.get('PATH') ?? '').split(':')) {
    try {
      for (const name of yield* shell.process.readdir(directory)) names.add(name);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
  return [...names].filter((n) => n.startsWith(prefix)).map((n) => ({ insert: n, shown: n, directory: false }));
}

/** Files whose path begins with `prefix`. */
function* paths(
  process: Process,
  prefix: string,
  home: string | undefined,
  type: 'directory' | undefined,
): Task<Candidate[]> {
  const slash = prefix.lastIndexOf('/') + 1;
  const head = prefix.slice(0, slash);
  const tail = prefix.slice(slash);
  const directory = head.startsWith('~/') && home !== undefined ? home + head.slice(1) : head;
  let names: string[];
  try {
    names = yield* process.readdir(directory === '' ? '.' : directory);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return [];
  }
  const found: Candidate[] = [];
  for (const name of names.sort(byBytes)) {
    if (!name.startsWith(tail) || (name.startsWith('.') && !tail.startsWith('.'))) continue;
    const isDirectory = yield* isDirectoryAt(process, `${directory}${name}`);
    if (type === 'directory' && !isDirectory) continue;
    const end = isDirectory ? '/' : '';
    found.push({ insert: head + name + end, shown: name + end, directory: isDirectory });
  }
  return found;
}

function* isDirectoryAt(process: Process, path: string): Task<boolean> {
  try {
    return (yield* process.stat(path)).type === 'directory';
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

/** The words of the simple command before the cursor, unquoted; where the last begins and in which quotes it stands. */
function lastCommand(text: string): { words: string[]; start: number; quote: string } {
  let words: string[] = [];
  let word = '';
  let quote = '';
  let start = 0;
  let fresh = true;
  const redirected = () => /(^|[^0-9])[<>]+&?$/.test(text.slice(0, start).trimEnd());
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
      continue;
    }
    if (fresh && !/\s/.test(c)) {
      start = i;
      fresh = false;
    }
    if (c === '\\') word += text[++i] ?? '';
    else if (c === "'" || c === '"') {
      quote = c;
    } else if (/[;&|()`]/.test(c) || (c === '{' && text[i - 1] !== '$')) {
      words = [];
      word = '';
      fresh = true;
      start = i + 1;
    } else if (c === '<' || c === '>') {
      if (word !== '') words.push(word);
      word = '';
      fresh = true;
      start = i + 1;
    } else if (/\s/.test(c)) {
      if (!fresh && !(words.length === 0 && (/^\w+=/.test(word) || PREFIXES.has(word)))) words.push(word);
      word = '';
      fresh = true;
      start = i + 1;
    } else word += c;
  }
  if (quote !== '' && text[start] === quote) return { words: [...words, word], start, quote };
  // After a redirection the word is a file, whatever the command.
  if (redirected()) words = words.length === 0 ? [':'] : [':', ...words];
  return { words: [...words, word], start, quote };
}

/** After these comes another command. */
const PREFIXES: ReadonlySet<string> = new Set([
  'sudo',
  'time',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  '!',
  'exec',
  'watch',
  'nohup',
  'env',
  'xargs',
  'command',
]);

const quoteFor = (text: string, quote: string): string =>
  quote !== ''
    ? quote + text
    : text.replace(/[ \t\n\\'"`$&|;()<>*?[\]#!{}]/g, (c, at) => (c === '#' && at > 0 ? c : `\\${c}`));

export function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? '';
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

/** Columns downwards, as readline lists them. */
export function listColumns(items: readonly string[], columns: number): string {
  const width = Math.max(...items.map(widthOf)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(items.length / perRow);
  let out = '';
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let column = 0; column < perRow; column++) {
      const item = items[column * rows + row];
      if (item === undefined) continue;
      line += item + (items[(column + 1) * rows + row] === undefined ? '' : ' '.repeat(width - widthOf(item)));
    }
    out += `${line}\n`;
  }
  return out;
}
