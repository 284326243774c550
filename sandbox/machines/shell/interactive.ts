/** The shell at a terminal: prompts, incomplete commands, history, and what goes wrong in between. */

import type { Cause } from '../../sim/cause.ts';
import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import { readFor } from './dialects/read.ts';
import { ExitJump, Interrupted, LoopJump, OutOfMemory, ReturnJump, ShellError } from './errors.ts';
import { readLine, runText, tell } from './interpreter.ts';
import { notifyJobs } from './pipeline.ts';
import { expandPrompt } from './prompt.ts';
import { complete } from './readline/completion.ts';
import { LineEditor } from './readline/editor.ts';
import { expandHistory, HistoryError } from './readline/history-expansion.ts';
import type { Shell } from './shell.ts';

/** Reads and runs commands until `exit` or ^D. */
export function* interact(shell: Shell): Task<number> {
  const { process } = shell;
  const tty = process.stdin.tty;
  if (tty) tty.foreground = process.group;
  yield* loadHistory(shell);
  const origin = process.machine.clock.cause;
  const isBash = shell.dialect === 'bash';
  const editor = tty && new LineEditor(process, tty, shell.history, (line, at) => complete(shell, line, at), isBash);
  const saved = shell.history.length;
  try {
    for (;;) {
      yield* notifyJobs(shell);
      yield* runPromptCommand(shell);
      const text = yield* readCommand(shell, editor);
      if (text === undefined) {
        if (yield* mayLeave(shell)) return shell.status;
        continue;
      }
      if (text.trim() === '') continue;
      shell.commandNumber++;
      begins(shell, text, origin);
      yield* runLine(shell, text);
    }
  } finally {
    yield* saveHistory(shell, saved);
  }
}

/** From here on whatever the shell does is because of this line, which was typed because of what its terminal was last given, or of what the shell was started for. */
function begins({ process }: Shell, text: string, origin: Cause | undefined): void {
  const { clock } = process.machine;
  clock.cause = process.stdin.tty?.typed ?? origin;
  clock.cause = clock.because({ type: 'command', host: process.hostname, text: text.trimEnd() });
}

function* mayLeave(shell: Shell): Task<boolean> {
  yield* shell.write(2, shell.login ? 'logout\n' : 'exit\n');
  if (shell.warnedOfJobs || !shell.jobs.list.some((j) => j.state === 'stopped')) return true;
  shell.warnedOfJobs = true;
  yield* shell.write(2, 'There are stopped jobs.\n');
  return false;
}

/** A whole command, asked for line by line; undefined at the end of input. */
function* readCommand(shell: Shell, editor: LineEditor | undefined): Task<string | undefined> {
  let text = '';
  let historyText = '';
  for (;;) {
    const prompt = yield* expandPrompt(shell, shell.variables.get(text === '' ? 'PS1' : 'PS2') ?? '');
    const line = yield* ask(shell, editor, prompt, text !== '');
    if (line === 'interrupt') {
      shell.status = 130;
      text = '';
      historyText = '';
      continue;
    }
    if (line === undefined) {
      if (text === '') return undefined;
      break;
    }
    const expanded = shell.option('histexpand') ? yield* withHistory(shell, line.text) : line.text;
    if (expanded === undefined) continue;
    text += `${expanded}\n`;
    historyText = text.slice(0, -1);
    if (!readFor(shell, text).incomplete) break;
  }
  remember(shell, historyText);
  return text;
}

function* ask(
  shell: Shell,
  editor: LineEditor | undefined,
  prompt: string,
  continues: boolean,
): Task<{ text: string } | 'interrupt' | undefined> {
  if (editor) return yield* editor.readLine(prompt, continues);
  yield* shell.write(2, prompt.replace(/[\x01\x02]/g, ''));
  try {
    const text = yield* readLine(shell);
    return text === undefined ? undefined : { text };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return 'interrupt';
  }
}

function* withHistory(shell: Shell, line: string): Task<string | undefined> {
  try {
    const expanded = expandHistory(line, shell.history);
    if (expanded !== line) yield* shell.write(2, `${expanded}\n`);
    return expanded;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    yield* shell.complain(error.message);
    return undefined;
  }
}

function remember(shell: Shell, text: string): void {
  if (text.trim() === '') return;
  const control = shell.variables.get('HISTCONTROL') ?? '';
  if (/ignorespace|ignoreboth/.test(control) && /^\s/.test(text)) return;
  if (/ignoredups|ignoreboth/.test(control) && shell.history.at(-1) === text) return;
  shell.history.push(text);
  const limit = Number(shell.variables.get('HISTSIZE') ?? '500');
  if (limit >= 0 && shell.history.length > limit) shell.history.splice(0, shell.history.length - limit);
}

function* runLine(shell: Shell, text: string): Task<void> {
  try {
    yield* runText(shell, text);
  } catch (error) {
    shell.interrupted = false;
    if (error instanceof ExitJump || error instanceof OutOfMemory) throw error;
    if (error instanceof Interrupted) {
      yield* shell.write(2, '\n');
      shell.status = 130;
    } else if (error instanceof ShellError) {
      yield* tell(shell, error);
      shell.status = error.status;
    } else if (error instanceof ReturnJump) shell.status = error.status;
    else if (!(error instanceof LoopJump)) throw error;
  }
  shell.loopDepth = 0;
  shell.guarded = 0;
  shell.functionNames = [];
  const tty = shell.process.stdin.tty;
  if (tty) tty.foreground = shell.process.group;
}

function* runPromptCommand(shell: Shell): Task<void> {
  const command = shell.variables.get('PROMPT_COMMAND');
  if (!command) return;
  const { status } = shell;
  yield* runLine(shell, command);
  shell.status = status;
}

function* loadHistory(shell: Shell): Task<void> {
  const path = shell.variables.get('HISTFILE');
  if (!path) return;
  try {
    const text = yield* shell.process.readText(path);
    shell.history.push(...text.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

function* saveHistory(shell: Shell, from: number): Task<void> {
  const path = shell.variables.get('HISTFILE');
  const lines = shell.history.slice(Math.min(from, shell.history.length));
  if (!path || lines.length === 0) return;
  try {
    yield* shell.process.writeFile(path, lines.map((l) => `${l}\n`).join(''), { append: true, mode: 0o600 });
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}
