/** For tests: a small world of machines, and commands run on them as argument lists, without a shell. */

import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { Coroutine, type Task } from '../sim/task.ts';
import { createMachine, type MachineOptions } from './create-machine.ts';
import { isErrno } from './errno.ts';
import type { KernelMachine } from './kernel/machine.ts';
import type { ProgramTable } from './machine.ts';
import { Network } from './network/network.ts';
import type { Process, Program } from './process.ts';
import { SYSTEM_PROGRAMS } from './system-programs/index.ts';
import { statusCode } from './system-programs/users/su.ts';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export class TestWorld {
  readonly clock = new Clock(Date.UTC(2026, 10, 22, 21, 0));
  readonly random = new Random(1);
  readonly network = new Network(this.clock);

  machine(
    options: Pick<MachineOptions, 'hostname' | 'address'> & Partial<MachineOptions>,
    extra: Record<string, Program> = {},
  ): KernelMachine {
    const programs: ProgramTable = new Map([
      ...SYSTEM_PROGRAMS,
      ...Object.entries(extra).map(([name, run]) => [name, { run }] as const),
    ]);
    return createMachine({
      clock: this.clock,
      random: this.random.fork(options.hostname),
      network: this.network,
      programs,
      ...options,
    });
  }

  /** Runs a task to its end in virtual time. */
  async run<T>(task: Task<T>, limit = 3_600_000): Promise<T> {
    const coroutine = new Coroutine(this.clock, task);
    const end = this.clock.now + limit;
    while (!coroutine.outcome) {
      if (this.clock.held) await new Promise<void>((resolve) => setTimeout(resolve, 1));
      else if (!this.clock.step(end)) throw new Error('the task does not end');
    }
    const { outcome } = coroutine;
    if (outcome.status === 'done') return outcome.value;
    if (outcome.status === 'failed') throw outcome.error;
    throw new Error('killed');
  }

  /** `exec(node01, 'mount -t nfs …')`: split at blanks. */
  exec(
    machine: KernelMachine,
    command: string,
    options: { input?: string; cwd?: string; uid?: number } = {},
  ): Promise<Result> {
    return this.run(capture(machine.init, command.split(' '), options));
  }
}

/** Runs a program found in PATH with pipes for its streams. */
function* capture(
  init: Process,
  argv: readonly string[],
  options: { input?: string; cwd?: string; uid?: number } = {},
): Task<Result> {
  const stdin = init.pipe();
  const stdout = init.pipe();
  const stderr = init.pipe();
  const files = new Map([
    [0, stdin.read],
    [1, stdout.write],
    [2, stderr.write],
  ]);
  const ids = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  let child: Process | undefined;
  for (const directory of ['/usr/bin', '/usr/sbin']) {
    try {
      child = yield* init.spawn(`${directory}/${argv[0]}`, argv, {
        files,
        ...ids,
        ...(options.cwd && { cwd: options.cwd }),
      });
      break;
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
    }
  }
  for (const end of [stdin.read, stdout.write, stderr.write]) end.release();
  if (!child) return { stdout: '', stderr: `${argv[0]}: command not found\n`, code: 127 };
  if (options.input) yield* stdin.write.write(new TextEncoder().encode(options.input));
  stdin.write.release();
  const out = yield* drain(stdout.read);
  const err = yield* drain(stderr.read);
  return { stdout: out, stderr: err, code: statusCode(yield* init.wait(child.pid)) };
}

function* drain(file: { read(): Task<Uint8Array> }): Task<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let data = yield* file.read(); data.length > 0; data = yield* file.read())
    text += decoder.decode(data, { stream: true });
  return text;
}
