/** One machine's kernel: process table, pid and UTS namespaces, terminals, kernel log. */

import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import type { Machine, ProgramEntry, WindowSize } from '../machine.ts';
import { memoryOf } from '../memory.ts';
import type { Program, Signal, Stat } from '../process.ts';
import { TerminalDevice } from '../tty/terminal.ts';
import { MachineTasks } from './limits.ts';
import type { MountDriver } from './mounting.ts';
import { MountIds } from './mounts.ts';
import { Pipe } from './pipe.ts';
import type { KernelProcess } from './process.ts';
import { Processor } from './processor.ts';

export interface UtsNamespace {
  hostname: string;
  /** A pod's own address; absent: the machine's. */
  address?: string;
}

/** pid_namespaces(7): the processes of a machine, or of a container. */
export class PidNamespace {
  readonly processes = new Map<number, KernelProcess>();
  readonly parent: PidNamespace | undefined;
  init: KernelProcess | undefined;
  #last = 0;

  constructor(parent?: PidNamespace) {
    this.parent = parent;
  }

  /** The latest that was given. */
  get lastPid(): number {
    return this.#last;
  }

  /** The machine's own namespace counts as the kernel does. */
  enter(process: KernelProcess): number {
    const pid = this.parent ? this.#last + 1 : process.hostPid;
    this.#last = pid;
    this.init ??= process;
    this.processes.set(pid, process);
    return pid;
  }

  leave(process: KernelProcess): void {
    this.processes.delete(process.pid);
  }

  group(id: number): KernelProcess[] {
    return [...this.processes.values()].filter((process) => process.group === id && !process.status);
  }

  signalGroup(id: number, signal: Signal): void {
    for (const process of this.group(id)) process.deliver(signal);
  }

  /** Its init ended: all others are killed. */
  end(init: KernelProcess): void {
    for (const process of [...this.processes.values()]) {
      if (process === init) continue;
      process.disown();
      process.terminate('SIGKILL');
    }
  }
}

export interface LogLine {
  /** Milliseconds since boot. */
  readonly at: number;
  readonly text: string;
}

export interface Hardware {
  /** Bytes. */
  readonly memory: number;
  readonly cpus: number;
  /** The block device of the root filesystem. */
  readonly rootDevice: string;
}

export class Kernel {
  readonly machine: Machine;
  readonly hardware: Hardware;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes = new Map<number, KernelProcess>();
  /** Filesystem types that mount(2) knows. */
  readonly drivers = new Map<string, MountDriver>();
  readonly loaded = new Map<ProgramEntry, Program>();
  readonly terminals = new Map<number, TerminalDevice>();
  readonly log: LogLine[] = [];
  readonly pids = new PidNamespace();
  readonly mountIds = new MountIds();
  readonly tasks: MachineTasks;
  readonly processor: Processor;
  bootedAt: number;
  #lastPid = 0;
  #sessions = new Map<TerminalDevice, KernelProcess>();

  constructor(machine: Machine, hardware: Hardware, clock: Clock, random: Random) {
    this.machine = machine;
    this.hardware = hardware;
    this.clock = clock;
    this.random = random;
    this.tasks = new MachineTasks(clock);
    this.processor = new Processor(clock, hardware.cpus);
    this.bootedAt = clock.now;
  }

  nextPid(process: KernelProcess): number {
    const pid = ++this.#lastPid;
    this.processes.set(pid, process);
    return pid;
  }

  /** Pids go on from here: those before were the boot's. */
  skipTo(pid: number): void {
    this.#lastPid = pid;
  }

  forget(process: KernelProcess): void {
    this.processes.delete(process.hostPid);
  }

  print(text: string): void {
    this.log.push({ at: this.clock.now - this.bootedAt, text });
  }

  newPipe(process: KernelProcess): Pipe {
    const { uid, gid } = process;
    const now = this.clock.now;
    const ino = 20_000 + this.random.below(80_000);
    const stat: Stat = {
      dev: 13,
      ino,
      type: 'fifo',
      mode: 0o600,
      nlink: 1,
      uid,
      gid,
      size: 0,
      blocks: 0,
      atime: now,
      mtime: now,
      ctime: now,
    };
    return new Pipe(() => stat, memoryOf(this.clock));
  }

  /** A new pseudo-terminal; the caller holds its keyboard's and screen's end. */
  openTerminal(size: WindowSize): TerminalDevice {
    let number = 0;
    while (this.terminals.has(number)) number++;
    const made = this.clock.now;
    const terminal: TerminalDevice = new TerminalDevice(`pts/${number}`, size, {
      signal: (group, signal) => this.#sessions.get(terminal)?.pids.signalGroup(group, signal),
      stat: () => ({
        dev: 24,
        ino: number + 3,
        type: 'char',
        mode: 0o620,
        nlink: 1,
        uid: 0,
        gid: 5,
        size: 0,
        blocks: 0,
        atime: made,
        mtime: this.clock.now,
        ctime: made,
        rdev: [136, number],
      }),
    });
    this.terminals.set(number, terminal);
    return terminal;
  }

  closeTerminal(terminal: TerminalDevice): void {
    terminal.hangUp();
    this.#sessions.delete(terminal);
    for (const [number, one] of this.terminals) if (one === terminal) this.terminals.delete(number);
  }

  /** The session whose leader has this terminal; its group comes to the foreground. */
  setSession(terminal: TerminalDevice, leader: KernelProcess): void {
    this.#sessions.set(terminal, leader);
    terminal.foreground = leader.group;
  }

  sessionOf(terminal: TerminalDevice): KernelProcess | undefined {
    return this.#sessions.get(terminal);
  }
}
