/** A host's long-lived shell without a terminal, for `lab script`: cwd, variables and background jobs stay from command to command. */

import type { CommandResult } from '../lesson/observation.ts';
import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { OpenFile, Process } from '../machines/process.ts';
import { exitCode } from '../machines/programs/run.ts';
import { commandShell } from '../machines/shell/command-shell.ts';
import { Channel } from '../sim/channel.ts';
import { Coroutine, type Task } from '../sim/task.ts';

/** What a pipe still holds when its writer has ended is read within this time (virtual milliseconds). */
const DRAIN = 1;
/** How long, and how often, it is looked whether processes become more (virtual milliseconds). */
const MULTIPLYING = 5_000;
const LOOK_AGAIN = 50;
/** timeout(1)'s exit status for a command that had to be ended. */
const TIMED_OUT = 124;

export class ScriptShell {
  readonly #machine: KernelMachine;
  #shell: RunningShell | undefined;

  constructor(machine: KernelMachine) {
    this.#machine = machine;
  }

  /** Throws while the machine is off. A command that takes longer than `limit` (virtual milliseconds) is ended with its shell; the next finds a fresh one. */
  *run(command: string, limit: number): Task<CommandResult> {
    const { init, clock, hostname } = this.#machine;
    if (!this.#machine.up) throw new Error(`ssh: connect to host ${hostname} port 22: No route to host`);
    this.#shell ??= this.#start();
    const shell = this.#shell;
    let over = false;
    const guard = clock.after(
      limit,
      () => {
        over = true;
        try {
          init.kill(-shell.process.group, 'SIGKILL');
        } catch (error) {
          // It ended in this very instant.
          if (!isErrno(error, 'ESRCH')) throw error;
        }
      },
      { background: true },
    );
    shell.commands.push(command);
    const status = yield* shell.statuses.next();
    guard.cancel();
    yield* this.#drained();
    return { stdout: shell.stdout.take(), stderr: shell.stderr.take(), exitCode: over ? TIMED_OUT : (status ?? 1) };
  }

  /** What a command leaves in the background and still multiplies is waited for: its complaints are the command's answer. */
  *#drained(): Task<void> {
    const { init, processes, clock } = this.#machine;
    const end = clock.now + MULTIPLYING;
    let before: number;
    let pause = DRAIN;
    do {
      before = processes.size;
      yield* init.sleep(pause);
      pause = LOOK_AGAIN;
    } while (processes.size > before && clock.now < end);
  }

  #start(): RunningShell {
    const { init, clock } = this.#machine;
    const open = (collector: Collector): OpenFile => {
      const { read, write } = init.pipe();
      new Coroutine(clock, collector.drain(read));
      return write;
    };
    const commands = new Channel<string>();
    const statuses = new Channel<number>();
    const [stdout, stderr] = [new Collector(), new Collector()];
    const stdin = init.pipe();
    stdin.write.release();
    const files = [stdin.read, open(stdout), open(stderr)];
    const program = commandShell(
      () => commands.next(),
      (status) => statuses.push(status),
    );
    const process = init.fork(program, ['bash'], {
      files: new Map(files.entries()),
      cwd: '/root',
      group: 'new',
      session: null,
      tasks: this.#machine.kernel.tasks.user,
    });
    for (const file of files) file.release();
    const shell = { process, commands, statuses, stdout, stderr };
    new Coroutine(clock, this.#reap(shell));
    return shell;
  }

  /** A shell that ends (`exit`, `kill -9 $$`) answers the command it was at, and the next finds a fresh one. */
  *#reap(shell: RunningShell): Task<void> {
    let status = yield* this.#machine.init.wait(shell.process.pid);
    // One that stopped (`kill -STOP $$`) may go on; if it does not, its time runs out.
    while ('stopped' in status) status = yield* this.#machine.init.wait(shell.process.pid);
    if (this.#shell === shell) this.#shell = undefined;
    shell.statuses.push(exitCode(status));
  }
}

interface RunningShell {
  readonly process: Process;
  readonly commands: Channel<string>;
  readonly statuses: Channel<number>;
  readonly stdout: Collector;
  readonly stderr: Collector;
}

/** Characters of a command's output that are kept; what writes more waits until its time is up, as before any pipe nobody reads. */
const MOST_OUTPUT = 8 * 2 ** 20;

/** Reads one end of a pipe for as long as somebody may write into the other. */
class Collector {
  #text = '';
  #decoder = new TextDecoder();
  #taken: (() => void) | undefined;

  *drain(file: OpenFile): Task<void> {
    for (;;) {
      const data = yield* file.read();
      if (data.length === 0) return;
      this.#text += this.#decoder.decode(data, { stream: true });
      if (this.#text.length >= MOST_OUTPUT)
        yield (resume) => {
          this.#taken = resume;
          return undefined;
        };
    }
  }

  /** All there is; a character cut short is its command's own. */
  take(): string {
    const text = this.#text + this.#decoder.decode();
    this.#text = '';
    this.#taken?.();
    this.#taken = undefined;
    return text;
  }
}
