/** A host's long-lived shell without a terminal, for `lab script`: cwd, variables and background jobs stay from command to command. */

import type { CommandResult } from '../lesson/observation.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { OpenFile, Process } from '../machines/process.ts';
import { commandShell } from '../machines/shell/command-shell.ts';
import { Channel } from '../sim/channel.ts';
import { Coroutine, type Task } from '../sim/task.ts';

/** What a pipe still holds when its writer has ended is read within this time (virtual milliseconds). */
const DRAIN = 1;

export class ScriptShell {
  readonly #machine: KernelMachine;
  readonly #commands = new Channel<string>();
  readonly #statuses = new Channel<number>();
  #process: Process | undefined;
  #stdout = new Collector();
  #stderr = new Collector();

  constructor(machine: KernelMachine) {
    this.#machine = machine;
  }

  *run(command: string): Task<CommandResult> {
    this.#start();
    this.#commands.push(command);
    const exitCode = (yield* this.#statuses.next()) ?? 1;
    yield* this.#machine.init.sleep(DRAIN);
    return { ...this.takeOutput(), exitCode };
  }

  takeOutput(): { stdout: string; stderr: string } {
    return { stdout: this.#stdout.take(), stderr: this.#stderr.take() };
  }

  /** Ends whatever runs; the next command finds a fresh shell. */
  end(): void {
    const process = this.#process;
    this.#process = undefined;
    if (process && this.#machine.processes.has(process.pid)) this.#machine.init.kill(-process.group, 'SIGKILL');
  }

  #start(): void {
    if (this.#process && this.#machine.processes.has(this.#process.pid)) return;
    const { init, clock } = this.#machine;
    const open = (collector: Collector): OpenFile => {
      const { read, write } = init.pipe();
      new Coroutine(clock, collector.drain(read));
      return write;
    };
    this.#stdout = new Collector();
    this.#stderr = new Collector();
    const stdout = open(this.#stdout);
    const stderr = open(this.#stderr);
    const stdin = init.pipe();
    stdin.write.release();
    const program = commandShell(
      () => this.#commands.next(),
      (status) => this.#statuses.push(status),
    );
    const process = init.fork(program, ['bash'], {
      files: new Map([
        [0, stdin.read],
        [1, stdout],
        [2, stderr],
      ]),
      cwd: '/root',
      group: 'new',
      session: null,
    });
    for (const file of [stdin.read, stdout, stderr]) file.release();
    this.#process = process;
  }
}

/** Reads one end of a pipe for as long as somebody may write into the other. */
class Collector {
  #text = '';
  readonly #decoder = new TextDecoder();

  *drain(file: OpenFile): Task<void> {
    for (;;) {
      const data = yield* file.read();
      if (data.length === 0) return;
      this.#text += this.#decoder.decode(data, { stream: true });
    }
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
