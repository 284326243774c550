/** Redirections, applied in order to a table of descriptors. */

import type { HereDoc, HereString, Redirect, Redirection } from 'unbash';
import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { OpenFile, OpenFlags } from '../process.ts';
import { CommandError } from './errors.ts';
import { isPattern } from './expand/pattern.ts';
import { expandQuotedParts, expandString, expandWords } from './expand/word.ts';
import type { Shell } from './shell.ts';
import { textFile } from './text-file.ts';

type Files = Map<number, OpenFile>;

const MODES: Readonly<Record<string, OpenFlags>> = {
  '<': { read: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, create: true, append: true },
  '<>': { read: true, write: true, create: true },
  '&>': { write: true, create: true, truncate: true },
  '&>>': { write: true, create: true, append: true },
};

/** Changes `files`; what was opened for it is added to `opened`, to be released when the command has it. */
export function* redirect(
  shell: Shell,
  redirections: readonly Redirection[],
  files: Files,
  opened: OpenFile[],
): Task<void> {
  for (const redirection of redirections) {
    if (redirection.operator === '<<' || redirection.operator === '<<-') {
      const text = yield* hereDocText(shell, redirection as HereDoc);
      provide(shell, files, descriptor(shell, redirection, 0), text, opened);
    } else if (redirection.operator === '<<<') {
      const target = (redirection as HereString).target;
      const text = target ? yield* expandString(shell, target) : '';
      provide(shell, files, descriptor(shell, redirection, 0), `${text}\n`, opened);
    } else yield* redirectFile(shell, redirection as Redirect, files, opened);
  }
}

function* redirectFile(shell: Shell, redirection: Redirect, files: Files, opened: OpenFile[]): Task<void> {
  const { operator } = redirection;
  const target = yield* targetOf(shell, redirection);
  const output = operator.includes('>') && operator !== '<>';
  if (operator === '<&' || (operator === '>&' && /^(\d+-?|-)$/.test(target))) {
    duplicate(shell, files, descriptor(shell, redirection, output ? 1 : 0), target);
    return;
  }
  if (operator === '>&' && redirection.descriptor) throw new CommandError(`${target}: ambiguous redirect`);
  const flags = operator === '>&' ? MODES['&>']! : MODES[operator]!;
  const file = yield* open(shell, target, flags, operator);
  opened.push(file);
  if (operator === '&>' || operator === '&>>' || operator === '>&') {
    files.set(1, file);
    files.set(2, file);
  } else files.set(descriptor(shell, redirection, output ? 1 : 0), file);
}

function* targetOf(shell: Shell, redirection: Redirect): Task<string> {
  if (!redirection.target) return '';
  const [first, ...more] = yield* expandWords(shell, [redirection.target]);
  if (more.length > 0 || first === undefined) throw new CommandError(`${redirection.target.text}: ambiguous redirect`);
  return isPattern(first) ? yield* expandString(shell, redirection.target) : first;
}

function descriptor(shell: Shell, redirection: Redirection, fallback: number): number {
  const given = redirection.descriptor;
  if (!given) return fallback;
  if (given.type === 'FileDescriptor') return given.value;
  let fd = 10;
  while (shell.process.files.has(fd)) fd++;
  shell.variables.set(given.name, String(fd));
  return fd;
}

function duplicate(shell: Shell, files: Files, fd: number, target: string): void {
  if (target === '-') {
    files.delete(fd);
    return;
  }
  const from = Number.parseInt(target, 10);
  const file = files.get(from);
  if (!file || Number.isNaN(from)) {
    if (Number.isNaN(from)) throw new CommandError(`${target}: ambiguous redirect`);
    throw new CommandError(`${from}: Bad file descriptor`, shell.dialect === 'dash' && !shell.ash ? 2 : 1);
  }
  files.set(fd, file);
  if (target.endsWith('-') && from !== fd) files.delete(from);
}

function* open(shell: Shell, path: string, flags: OpenFlags, operator: string): Task<OpenFile> {
  const { process } = shell;
  try {
    if (operator === '>' && shell.option('noclobber') && (yield* isRegular(shell, path))) {
      throw new CommandError(`${path}: cannot overwrite existing file`, shell.dialect === 'dash' && !shell.ash ? 2 : 1);
    }
    return yield* process.open(path, flags, 0o666);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (shell.dialect !== 'dash') throw new CommandError(`${path}: ${error.message}`);
    const verb = flags.create ? 'create' : 'open';
    const words = error.code === 'ENOENT' ? (flags.create ? 'Directory nonexistent' : 'No such file') : error.message;
    throw new CommandError(`cannot ${verb} ${path}: ${words}`, shell.ash ? 1 : 2);
  }
}

function* isRegular(shell: Shell, path: string): Task<boolean> {
  try {
    return (yield* shell.process.stat(path)).type === 'file';
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

function* hereDocText(shell: Shell, document: HereDoc): Task<string> {
  const { body, delimiter } = document;
  // bash ends the last line where the input ends without; dash and ash take the text as it is.
  const whole = shell.dialect === 'dash';
  const ended = (text: string) => (whole || text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const strip = (text: string) => ended(document.operator === '<<-' ? text.replace(/^\t+/gm, '') : text);
  if (delimiter?.quoted) return strip(body.text);
  if (!body.parts)
    return strip(body.text)
      .replace(/\\([$`\\])/g, '$1')
      .replace(/\\\n/g, '');
  const parts =
    document.operator === '<<-'
      ? body.parts.map((p) => (p.type === 'Literal' ? { ...p, value: stripTabs(p.value, p === body.parts![0]) } : p))
      : body.parts;
  return ended(yield* expandQuotedParts(shell, parts));
}

const stripTabs = (text: string, first: boolean): string =>
  first ? text.replace(/^\t+/gm, '') : text.replace(/\n\t+/g, '\n');

/** Text as the content of a descriptor. */
function provide(shell: Shell, files: Files, fd: number, text: string, opened: OpenFile[]): void {
  const file = textFile(text, shell.process.now());
  files.set(fd, file);
  opened.push(file);
}

/** Runs `body` with the redirections in force in this very process, then puts the descriptors back. */
export function* withRedirections<T>(shell: Shell, redirections: readonly Redirection[], body: () => Task<T>): Task<T> {
  if (redirections.length === 0) return yield* body();
  const { files } = shell.process;
  const before = new Map(files);
  const next = new Map(files);
  const opened: OpenFile[] = [];
  try {
    yield* redirect(shell, redirections, next, opened);
    replace(files, next);
    return yield* body();
  } finally {
    // The body may have opened or closed descriptors of its own (`exec`): only what was redirected goes back.
    for (const fd of new Set([...before.keys(), ...next.keys()])) {
      const old = before.get(fd);
      if (next.get(fd) === old) continue;
      if (old) files.set(fd, old);
      else files.delete(fd);
    }
    for (const file of opened) file.release();
  }
}

/** `exec >file`: for good. */
export function* redirectForGood(shell: Shell, redirections: readonly Redirection[]): Task<void> {
  const { files } = shell.process;
  const next = new Map(files);
  const opened: OpenFile[] = [];
  yield* redirect(shell, redirections, next, opened);
  for (const [fd, file] of next) if (files.get(fd) !== file) file.retain();
  for (const [fd, file] of files) if (next.get(fd) !== file) file.release();
  for (const file of opened) file.release();
  replace(files, next);
}

function replace(files: Files, next: Files): void {
  for (const fd of [...files.keys()]) if (!next.has(fd)) files.delete(fd);
  for (const [fd, file] of next) files.set(fd, file);
}
