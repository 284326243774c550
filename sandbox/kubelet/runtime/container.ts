/** One container on the node, from its creation to its removal. */

import type { Image } from '../../images/image.ts';
import { Errno } from '../../machines/errno.ts';
import type { FileSystem } from '../../machines/filesystem/inode.ts';
import type { Kernel } from '../../machines/kernel/kernel.ts';
import {
  ContainerMountError,
  createContainer,
  destroyContainer,
  type Container as KernelContainer,
  type ContainerMount as KernelMount,
  startInit,
} from '../../machines/kernel/namespaces.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import { SIGNAL_NUMBERS } from '../../machines/kernel/signals.ts';
import type { ExitStatus, OpenFile, Signal } from '../../machines/process.ts';
import type { TerminalDevice } from '../../machines/tty/terminal.ts';
import { firstOf, type Resume, type Task } from '../../sim/task.ts';
import { find } from '../host-files.ts';
import type { ContainerMount } from '../mounts.ts';
import { mountFailure, RuntimeError, startFailure } from './errors.ts';
import { NullFile, SinkFile } from './io.ts';
import type { ContainerLog } from './log.ts';
import { LogStream } from './log-stream.ts';
import type { Sandbox } from './sandbox.ts';
import type { ContainerState, ContainerStatusRecord } from './types.ts';
import { resolveUser } from './users.ts';

export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  readonly image: Image;
  /** As written in the pod. */
  readonly imageText: string;
  /** Replaces the image's entrypoint, and drops its cmd. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly workdir?: string;
  readonly user?: string;
  readonly group?: number;
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly readOnlyRoot: boolean;
  readonly privileged: boolean;
  readonly hostPID: boolean;
  readonly mounts: readonly ContainerMount[];
  readonly terminationMessagePath: string;
  readonly terminationMessagePolicy: string;
}

/** What the container gets from its runtime. */
export interface ContainerSurroundings {
  readonly kernel: Kernel;
  readonly newRoot: (image: Image) => FileSystem;
  readonly mounts: readonly KernelMount[];
  readonly pids?: KernelContainer['pids'];
  readonly machine: KernelContainer['machine'];
  /** The last words of the container, for its status. */
  readonly terminationMessage: (container: Container) => string;
  readonly exited: (container: Container) => void;
}

export class Container implements ContainerStatusRecord {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly config: ContainerConfig;
  readonly log: ContainerLog;
  readonly createdAt: number;
  readonly stdout: LogStream;
  readonly stderr: LogStream;
  state: ContainerState = 'created';
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  signal: Signal | undefined;
  reason = '';
  message = '';
  kernel: KernelContainer | undefined;
  terminal: TerminalDevice | undefined;
  /** The write end of its standard input, with `stdin: true`. */
  input: OpenFile | undefined;
  readonly #around: ContainerSurroundings;
  #waiting: Resume[] = [];

  constructor(id: string, sandbox: Sandbox, config: ContainerConfig, log: ContainerLog, around: ContainerSurroundings) {
    this.id = id;
    this.sandbox = sandbox;
    this.config = config;
    this.log = log;
    this.#around = around;
    this.createdAt = around.kernel.clock.now;
    this.stdout = new LogStream('stdout', log);
    this.stderr = new LogStream('stderr', log);
  }

  get name(): string {
    return this.config.name;
  }
  get attempt(): number {
    return this.config.attempt;
  }
  get image(): string {
    return this.config.imageText;
  }
  get imageName(): string {
    return this.config.image.name;
  }
  get imageRef(): string {
    return `${this.config.image.repository}@${this.config.image.digest}`;
  }

  /** The first process's arguments. */
  get argv(): readonly string[] {
    const { command, args, image } = this.config;
    const rest = args ?? (command ? [] : (image.config.cmd ?? []));
    return [...(command ?? image.config.entrypoint ?? []), ...rest];
  }

  get workdir(): string {
    return this.config.workdir ?? this.config.image.config.workdir ?? '/';
  }

  get credentials(): { uid: number; gid: number } {
    return resolveUser(this.config.image, this.config.user, this.config.group);
  }

  get init(): KernelProcess | undefined {
    return this.kernel?.init;
  }

  /** The image's variables, then the pod's. */
  get environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const line of this.config.image.config.env) {
      const at = line.indexOf('=');
      env.set(line.slice(0, at), line.slice(at + 1));
    }
    if (this.config.tty) env.set('TERM', 'xterm');
    for (const [name, value] of this.config.env) env.set(name, value);
    return env;
  }

  /** Throws RuntimeError, and is then exited with 128. */
  *start(): Task<void> {
    const { kernel, machine, newRoot, mounts, pids } = this.#around;
    const command = this.argv[0];
    if (command === undefined) throw this.#failed('create', 'no command specified');
    try {
      this.kernel = createContainer(machine, {
        root: newRoot(this.config.image),
        hostname: this.sandbox.hostname,
        mounts,
        pod: { namespace: this.sandbox.namespace, name: this.sandbox.name, uid: this.sandbox.uid },
        name: this.config.name,
        ...(pids ? { pids } : {}),
      });
      if (!this.sandbox.hostNetwork) this.kernel.uts.address = this.sandbox.ip;
      if (this.config.readOnlyRoot) this.kernel.namespace.root.mount.readOnly = true;
      const { uid, gid } = this.credentials;
      const init = yield* startInit(this.kernel, {
        argv: this.argv,
        env: this.environment,
        cwd: this.workdir,
        uid,
        gid,
        ...this.#streams(),
      });
      this.state = 'running';
      this.startedAt = kernel.clock.now;
      init.whenDone((status) => this.#ended(status));
    } catch (error) {
      if (this.kernel) destroyContainer(this.kernel);
      if (error instanceof ContainerMountError) {
        const isDirectory = find(machine.init, error.source)?.inode.type === 'directory';
        throw this.#failed('start', mountFailure(this.id, isDirectory, error));
      }
      if (!(error instanceof Errno)) throw error;
      throw this.#failed('start', startFailure(command, error));
    }
  }

  /** Waits until its first process has ended. */
  *wait(): Task<void> {
    while (this.state === 'running') yield this.ended;
  }

  readonly ended = (resume: Resume): (() => void) | undefined => {
    if (this.state !== 'running') {
      resume();
      return undefined;
    }
    this.#waiting.push(resume);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== resume);
    };
  };

  /** StopContainer: the stop signal, and SIGKILL after `seconds`. */
  *stop(seconds: number): Task<void> {
    const { clock } = this.#around.kernel;
    if (this.state !== 'running') return;
    if (seconds > 0) {
      this.init?.deliver(this.config.image.config.stopSignal ?? 'SIGTERM', true);
      const grace = (resume: Resume) => {
        const timer = clock.after(seconds * 1000, () => resume());
        return () => timer.cancel();
      };
      yield* firstOf(this.ended, grace);
    }
    if (this.state !== 'running') return;
    this.init?.deliver('SIGKILL', true);
    yield* this.wait();
  }

  #streams(): { files: Map<number, OpenFile>; tty?: TerminalDevice } {
    const { kernel } = this.#around;
    const now = () => kernel.clock.now;
    if (this.config.tty) {
      const terminal = kernel.openTerminal({ columns: 80, rows: 24 });
      const encoder = new TextEncoder();
      terminal.onOutput((text) => this.stdout.take(encoder.encode(text)));
      this.terminal = terminal;
      return { files: new Map(), tty: terminal };
    }
    const files = new Map<number, OpenFile>([
      [0, this.#input(now)],
      [
        1,
        new SinkFile(
          (data) => this.stdout.take(data),
          now,
          () => this.stdout.end(),
        ),
      ],
      [
        2,
        new SinkFile(
          (data) => this.stderr.take(data),
          now,
          () => this.stderr.end(),
        ),
      ],
    ]);
    return { files };
  }

  #input(now: () => number): OpenFile {
    if (!this.config.stdin) return new NullFile(now);
    const pipe = this.#around.machine.init.pipe();
    this.input = pipe.write;
    return pipe.read;
  }

  #failed(stage: 'create' | 'start', message: string): RuntimeError {
    this.state = 'exited';
    this.startedAt = 0;
    this.finishedAt = this.#around.kernel.clock.now;
    this.exitCode = 128;
    this.reason = 'StartError';
    this.message = message;
    this.log.close();
    return new RuntimeError(stage, message);
  }

  #ended(status: ExitStatus): void {
    this.state = 'exited';
    this.finishedAt = this.#around.kernel.clock.now;
    this.signal = 'signal' in status ? status.signal : undefined;
    this.exitCode = 'code' in status ? status.code : 128 + SIGNAL_NUMBERS[status.signal];
    this.reason = this.exitCode === 0 ? 'Completed' : 'Error';
    // What went down with its machine, containerd finds gone when it is back.
    if (!this.#around.machine.up) Object.assign(this, { exitCode: 255, reason: 'Unknown' });
    this.stdout.end();
    this.stderr.end();
    this.log.close();
    if (this.terminal) this.#around.kernel.closeTerminal(this.terminal);
    this.message = this.#around.terminationMessage(this);
    if (this.kernel) destroyContainer(this.kernel);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
    this.#around.exited(this);
  }
}
