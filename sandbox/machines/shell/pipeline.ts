/** Pipelines: real processes joined by pipes, in their own process group where there is job control. */

import type { Command, CommandNode, Pipeline, Statement } from 'unbash';
import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { OpenFile } from '../process.ts';
import { prepare, start, traceCommand } from './command.ts';
import { CommandError, Interrupted } from './errors.ts';
import { lastSimple, runAndOr, runCommand, runList } from './interpreter.ts';
import { Job, jobLine, SIGNAL_WORDS } from './jobs.ts';
import { printCommand } from './print-command.ts';
import { codeOf, type Shell } from './shell.ts';

export function* runPipeline(shell: Shell, node: Pipeline, alwaysFork = false): Task<void> {
  const time = node.prefixes.find((p) => p.type === 'Time');
  const negated = node.prefixes.filter((p) => p.type === 'Negation').length % 2 === 1;
  const started = shell.process.now();
  if (node.commands.length === 1 && !alwaysFork) {
    yield* runCommand(shell, node.commands[0]!);
  } else if (node.commands.length > 1 && shell.shopt.has('lastpipe') && !shell.option('monitor')) {
    yield* runLastHere(shell, node);
  } else if (node.commands.length > 0) {
    const { text: source } = shell.source;
    const text = () => printCommand(node, source);
    const job = yield* launch(
      shell,
      node.commands,
      node.operators.map((o) => o === '|&'),
      text,
      false,
    );
    yield* finishForeground(shell, job);
  }
  if (time) {
    const seconds = (shell.process.now() - started) / 1000;
    const posix = time.type === 'Time' && time.posix !== undefined;
    yield* shell.write(2, posix ? posixTimes(seconds) : times(seconds));
  }
  if (negated) shell.status = shell.status === 0 ? 1 : 0;
}

/** `shopt -s lastpipe`: the last command of a pipeline runs in the shell itself, the others in subshells. */
function* runLastHere(shell: Shell, node: Pipeline): Task<void> {
  const { text: source } = shell.source;
  const pipe = shell.process.pipe();
  const others = node.commands.slice(0, -1);
  const withErrors = node.operators.map((operator) => operator === '|&');
  let job: Job;
  const { files } = shell.process;
  const stdin = files.get(0);
  try {
    job = yield* launch(shell, others, withErrors, () => printCommand(node, source), false, pipe.write);
  } finally {
    pipe.write.release();
  }
  files.set(0, pipe.read);
  try {
    yield* runCommand(shell, node.commands.at(-1)!);
  } finally {
    if (stdin) files.set(0, stdin);
    else files.delete(0);
    pipe.read.release();
  }
  const { status } = shell;
  yield* shell.waitForJob(job);
  shell.pipeStatus = [...job.members.map((m) => codeOf(m.status ?? { code: 0 })), status];
  shell.status = shell.option('pipefail') ? (shell.pipeStatus.findLast((s) => s !== 0) ?? 0) : status;
}

const times = (real: number): string => `\nreal\t${minutes(real)}\nuser\t${minutes(0)}\nsys\t${minutes(0)}\n`;
const posixTimes = (real: number): string => `real ${real.toFixed(2)}\nuser 0.00\nsys 0.00\n`;
const minutes = (s: number): string => `${Math.floor(s / 60)}m${(s % 60).toFixed(3)}s`;

/** Starts every command of a pipeline. */
function* launch(
  shell: Shell,
  commands: readonly CommandNode[],
  withErrors: readonly boolean[],
  text: () => string,
  background: boolean,
  output?: OpenFile,
): Task<Job> {
  const monitored = shell.option('monitor');
  const pids: number[] = [];
  let group: number | 'new' | undefined = monitored ? 'new' : undefined;
  let input: OpenFile | undefined;
  for (let i = 0; i < commands.length; i++) {
    const last = i === commands.length - 1;
    const pipe = last ? undefined : shell.process.pipe();
    const changes: [number, OpenFile][] = [];
    if (input) changes.push([0, input]);
    const write = pipe?.write ?? output;
    if (write) changes.push([1, write]);
    if (write && withErrors[i]) changes.push([2, write]);
    const files = shell.filesWith(...changes);
    let child: { pid: number } | undefined;
    try {
      child = yield* startOne(shell, commands[i]!, files, group, background);
    } finally {
      input?.release();
      pipe?.write.release();
      if (!child) pipe?.read.release();
    }
    input = pipe?.read;
    pids.push(child.pid);
    if (monitored && i === 0) {
      group = child.pid;
      if (!background && shell.process.tty) shell.process.tty.foreground = child.pid;
    }
  }
  const job = new Job(typeof group === 'number' ? group : pids[0]!, text, pids);
  shell.jobs.watch(job);
  return job;
}

function* startOne(
  shell: Shell,
  node: CommandNode,
  files: Map<number, OpenFile>,
  group: number | 'new' | undefined,
  background: boolean,
): Task<{ pid: number }> {
  if (node.type === 'Command') {
    const child = yield* startSimple(shell, node, files, group);
    if (child) return child;
  }
  return yield* shell.subshell(
    function* (inner) {
      inner.piped = node.type !== 'Subshell';
      inner.replaceable = node.type === 'Subshell' ? lastSimple(node.body.commands) : node;
      if (node.type === 'Subshell') yield* runList(inner, node.body);
      else yield* runCommand(inner, node);
      return inner.status;
    },
    { files, group, background },
  );
}

/** A program needs no subshell of its own; anything else, and whatever fails on the way, does. */
function* startSimple(
  shell: Shell,
  node: Command,
  files: Map<number, OpenFile>,
  group: number | 'new' | undefined,
): Task<{ pid: number } | undefined> {
  if (node.redirects.length > 0 || !node.name || /[$`]|[<>]\(/.test(node.name.text)) return undefined;
  if (node.args.some((a) => /[$`]/.test(a.text) && /\$\(|`|\$\{[^}]*[?=]|<\(|>\(|\+\+|--/.test(a.text)))
    return undefined;
  if (node.args.some((a) => /[<>]\(/.test(a.text)) || node.prefix.length > 0) return undefined;
  const prepared = yield* prepare(shell, node);
  if (prepared?.kind !== 'program') return undefined;
  yield* traceCommand(shell, prepared);
  try {
    return yield* start(shell, prepared, files, group);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return undefined;
  }
}

/** Waits for a foreground job, gives the terminal back, and sets the status. */
export function* finishForeground(shell: Shell, job: Job): Task<void> {
  yield* shell.waitForJob(job);
  const tty = shell.process.tty;
  if (shell.option('monitor') && tty) tty.foreground = shell.process.group;
  if (job.state === 'stopped') {
    if (job.id === 0) shell.jobs.add(job);
    shell.jobs.touch(job);
    yield* shell.write(2, `\n${jobLine(job, shell.jobs.marks()(job))}\n`);
    shell.status = 148;
    return;
  }
  if (job.id !== 0) shell.jobs.remove(job);
  if (!shell.interactive) forgetEnded(shell);
  shell.pipeStatus = job.members.map((m) => codeOf(m.status ?? { code: 0 }));
  shell.status = shell.pipeStatus.at(-1)!;
  if (shell.option('pipefail')) shell.status = shell.pipeStatus.findLast((s) => s !== 0) ?? 0;
  yield* tellSignal(shell, job);
}

/** A shell that is not interactive drops the jobs that have ended whenever a foreground job has; their statuses stay (jobs.c, notify_and_cleanup). */
function forgetEnded(shell: Shell): void {
  for (const job of [...shell.jobs.list]) {
    if (job.state !== 'done') continue;
    shell.keepStatus(job);
    shell.jobs.remove(job);
  }
}

/** What the shell says of a foreground job that a signal ended. */
export function* tellSignal(shell: Shell, job: Job): Task<void> {
  const { status } = job;
  if (!('signal' in status)) return;
  // Debian's bash says nothing of SIGPIPE, and of SIGTERM only the word (DONT_REPORT_SIGPIPE, DONT_REPORT_SIGTERM).
  if (status.signal === 'SIGPIPE') return;
  if (status.signal === 'SIGINT') {
    // As if the shell had been interrupted too, so that the rest of a loop or list is left (bash: jobs.c, wait_for).
    if (shell.interactive && !shell.traps.has('SIGINT')) throw new Interrupted();
    if (shell.interactive) yield* shell.write(2, '\n');
    return;
  }
  const words = SIGNAL_WORDS[status.signal];
  if (!words) return;
  if (shell.interactive || status.signal === 'SIGTERM') yield* shell.write(2, `${words}\n`);
  else yield* shell.complain(`${String(job.lastPid).padStart(5)} ${words.padEnd(23)} ${job.command}`);
}

export function* runBackground(shell: Shell, statement: Statement): Task<void> {
  const { command } = statement;
  const { text: source } = shell.source;
  const text = () => printCommand(command, source);
  let job: Job;
  const nothing = shell.option('monitor') ? undefined : yield* openNothing(shell);
  try {
    if (command.type === 'AndOr' || (command.type === 'Pipeline' && command.prefixes.length > 0)) {
      const child = yield* shell.subshell(
        function* (inner) {
          if (command.type === 'AndOr') yield* runAndOr(inner, command);
          else yield* runPipeline(inner, command);
          return inner.status;
        },
        {
          files: nothing ? shell.filesWith([0, nothing]) : shell.filesWith(),
          group: shell.option('monitor') ? 'new' : undefined,
          background: true,
        },
      );
      job = new Job(child.pid, text, [child.pid]);
      shell.jobs.watch(job);
    } else {
      const commands = command.type === 'Pipeline' ? command.commands : [command];
      const operators = command.type === 'Pipeline' ? command.operators : [];
      job = yield* launch(
        shell,
        commands,
        operators.map((o) => o === '|&'),
        text,
        true,
      );
    }
  } finally {
    nothing?.release();
  }
  shell.jobs.add(job);
  shell.lastBackground = job.lastPid;
  if (shell.interactive) yield* shell.write(2, `[${job.id}] ${job.lastPid}\n`);
  shell.status = 0;
}

/** Without job control, a background command reads from /dev/null (POSIX 2.9.3.1). */
function* openNothing(shell: Shell): Task<OpenFile | undefined> {
  try {
    return yield* shell.process.open('/dev/null', { read: true });
  } catch (error) {
    if (!isErrno(error)) throw error;
    return undefined;
  }
}

/** Tells, before a prompt, which jobs have ended. */
export function* notifyJobs(shell: Shell): Task<void> {
  const mark = shell.jobs.marks();
  for (const job of [...shell.jobs.list]) {
    if (job.state !== 'done') continue;
    if (!job.notified && shell.interactive) yield* shell.write(2, `${jobLine(job, mark(job))}\n`);
    shell.jobs.remove(job);
  }
}
