/** `$(…)`, `<(…)` and `>(…)`: subshells whose output or input is ours. */

import type { ParsedScript } from 'unbash';
import type { Task } from '../../../sim/task.ts';
import { ByteDecoder } from '../../byte-text.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import type { Shell } from '../shell.ts';
import { scriptOf } from '../syntax.ts';
import { expandString } from './word.ts';

export function* commandOutput(shell: Shell, script: ParsedScript | undefined, text: string): Task<string> {
  const source = substitutionSource(text);
  const parsed = script ?? scriptOf(source);
  const file = shell.dialect === 'bash' ? yield* fileRead(shell, parsed) : undefined;
  if (file !== undefined) return file;
  const { read, write } = shell.process.pipe();
  const child = yield* shell.subshell(
    function* (inner) {
      inner.traceDepth++;
      return yield* inner.interpreter.runScript(inner, scriptOf(source), source);
    },
    { files: shell.filesWith([1, write]) },
  );
  write.release();
  let output: string;
  try {
    output = yield* readAll(read);
  } finally {
    read.release();
  }
  shell.status = yield* shell.waitForChild(child);
  shell.substitutionRan = true;
  return yield* trimmed(shell, output);
}

/** Without the newlines at its end, and without NULs, which no variable can hold. */
function* trimmed(shell: Shell, output: string): Task<string> {
  let end = output.length;
  while (output[end - 1] === '\n') end--;
  const text = output.slice(0, end);
  if (!output.includes('\0')) return text;
  yield* shell.complain('warning: command substitution: ignored null byte in input');
  return output.replace(/\0/g, '').replace(/\n+$/, '');
}

/** `$(<file)` reads the file without a command. */
function* fileRead(shell: Shell, script: ParsedScript): Task<string | undefined> {
  const command = script.commands.length === 1 ? script.commands[0]!.command : undefined;
  if (command?.type !== 'Command' || command.name || command.prefix.length !== 1) return undefined;
  const redirect = command.prefix[0]!;
  if (redirect.type !== 'Redirect' || redirect.operator !== '<' || !redirect.target) return undefined;
  const path = yield* expandString(shell, redirect.target);
  try {
    return yield* trimmed(shell, yield* shell.process.readText(path));
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* shell.complain(`${path}: ${error.message}`);
    shell.status = 1;
    return '';
  }
}

/** The source inside `$(…)` or backquotes. */
function substitutionSource(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1).replace(/\\([$`\\])/g, '$1');
  return text.slice(2, -1);
}

function* readAll(file: OpenFile): Task<string> {
  const decoder = new ByteDecoder();
  let out = '';
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return out + decoder.end();
    out += decoder.write(chunk);
  }
}

export function* processSubstitution(
  shell: Shell,
  operator: '<' | '>',
  script: ParsedScript | undefined,
): Task<string> {
  const { read, write } = shell.process.pipe();
  const [ours, theirs, fd] = operator === '<' ? ([read, write, 1] as const) : ([write, read, 0] as const);
  const source = shell.source.text;
  yield* shell.subshell(
    function* (inner) {
      inner.process.files.get(shell.nextDescriptor)?.release();
      inner.traceDepth++;
      return script ? yield* inner.interpreter.runScript(inner, script, source) : 0;
    },
    { files: shell.filesWith([fd, theirs]), background: true },
  );
  theirs.release();
  return shell.keepDescriptor(ours);
}
