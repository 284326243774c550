/** A process: its life, signals and files, and the system calls of `process.ts` on them. */

import { reportFault } from '../../sim/faults.ts';
import type { Random } from '../../sim/random.ts';
import { Call, Coroutine, mayNotWait, type Resume, sleep, type Task, until, type Wait } from '../../sim/task.ts';
import { decodeBytes, encodeBytes } from '../byte-text.ts';
import { CopiedMap } from '../copied.ts';
import { Errno } from '../errno.ts';
import type { FileSystem } from '../filesystem/inode.ts';
import type { Machine } from '../machine.ts';
import { memoryOf } from '../memory.ts';
import {
  Exit,
  type ExitStatus,
  type Limits,
  type OpenFile,
  type OpenFlags,
  type Process,
  type Program,
  type Signal,
  type SpawnOptions,
  type Stat,
  type Tty,
} from '../process.ts';
import { TerminalDevice } from '../tty/terminal.ts';
import { CALL_COST, type Caller, caller, switchTo } from './current.ts';
import { Description } from './description.ts';
import { type Executable, findExecutable } from './execute.ts';
import { InodeFile } from './files.ts';
import type { Kernel, PidNamespace, UtsNamespace } from './kernel.ts';
import { demandArguments, LIMITS, type Tasks } from './limits.ts';
import { mountFileSystem, unmount } from './mounting.ts';
import type { Location } from './mounts.ts';
import { openInode } from './open.ts';
import { PathCalls } from './path-calls.ts';
import type { PathView } from './paths.ts';
import { PipeEnd } from './pipe.ts';
import { Effort } from './processor.ts';
import { defaultAction } from './signals.ts';

/** Virtual CPU time is paid in portions of this, so that a busy program does not starve the rest. */
const QUANTUM = 1_000;
/** Time in the kernel is counted apart, and in larger portions: a usual command does not show it. */
const KERNEL_QUANTUM = 4_000;
/** What fork and exec cost, in microseconds. */
const FORK_COST = 150;
const EXEC_COST = 350;

/** Bytes of data a process may hold. */
const DATA_LIMIT = 64 * 2 ** 20;

type Action = 'default' | 'ignore' | (() => void);

/** What a process is born with; a child inherits the rest from its parent. */
export interface Birth {
  readonly kernel: Kernel;
  readonly parent: KernelProcess | undefined;
  readonly pids: PidNamespace;
  readonly uts: UtsNamespace;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly files: Map<number, OpenFile>;
  readonly view: (waiting: (fs: FileSystem) => Task<void>) => PathView;
  readonly umask: number;
  readonly group?: number;
  readonly session?: number;
  readonly tty: TerminalDevice | undefined;
  readonly actions?: ReadonlyMap<Signal, Action>;
  /** Its sleeps are nobody's concern (a container's processes). */
  readonly background: boolean;
  /** Nobody will wait(2) for it: it leaves the table as it ends. */
  readonly unattended?: boolean;
  /** Its control group; the parent's unless given. */
  readonly tasks?: Tasks;
  /** Of a fork: the parent's. */
  readonly effort?: Effort;
  /** It is attached to its group (a login, a service), not forked there: never refused. */
  readonly attached?: boolean;
}

/** What a process becomes by execve(2): yielded to the loop that runs it. */
class Image {
  readonly executable: Executable;
  readonly path: string;
  readonly env: ReadonlyMap<string, string>;
  /** Retained already. */
  readonly files: ReadonlyMap<number, OpenFile>;
  constructor(
    executable: Executable,
    path: string,
    env: ReadonlyMap<string, string>,
    files: ReadonlyMap<number, OpenFile>,
  ) {
    this.executable = executable;
    this.path = path;
    this.env = env;
    this.files = files;
  }
}

export type State = 'running' | 'sleeping' | 'uninterruptible' | 'stopped' | 'zombie';

export class KernelProcess extends PathCalls implements Process, Caller {
  readonly kernel: Kernel;
  readonly pids: PidNamespace;
  readonly uts: UtsNamespace;
  /** In its own pid namespace. */
  readonly pid: number;
  /** In the machine's. */
  readonly hostPid: number;
  argv: readonly string[];
  /** The file name it runs, at most 15 characters of it (`comm`). */
  command: string;
  readonly env: CopiedMap<string, string>;
  readonly files: Map<number, OpenFile>;
  readonly view: PathView;
  readonly random: Random;
  readonly limits: Limits = LIMITS;
  readonly tasks: Tasks;
  /** Shared with what it forks in its own group; a program that is executed goes on with one of its own from there. */
  effort: Effort;
  readonly references = new Map<OpenFile, number>();
  readonly background: boolean;
  readonly startedAt: number;
  umask: number;
  niceness: number;
  group: number;
  session: number;
  controlling: TerminalDevice | undefined;
  parent: KernelProcess | undefined;
  readonly children = new Set<KernelProcess>();
  /** Children whose end or stop wait(2) has not told yet. */
  #turned: Set<KernelProcess> | undefined;
  /** Microseconds of CPU time. */
  cpuTime = 0;
  #unpaid = 0;
  #kernelTime = 0;
  #calls = 0;
  #held = 0;
  #coroutine: Coroutine<number> | undefined;
  #actions: Map<Signal, Action> | undefined;
  #status: ExitStatus | undefined;
  #stopped: Signal | undefined;
  #uninterruptible = 0;
  #dying = false;
  #ended = false;
  #inTable = true;
  #unattended: boolean;
  #running = false;
  #continued: Set<Resume> | undefined;
  /** Who waits for one child, or for any (-1). */
  #waiting: Map<number, Set<Resume>> | undefined;
  #whenDone: ((status: ExitStatus) => void)[] = [];

  constructor(birth: Birth) {
    super();
    const { kernel, parent, pids } = birth;
    this.tasks = birth.tasks ?? parent?.tasks ?? kernel.tasks.all;
    if (!birth.attached) this.tasks.demand();
    this.tasks.enter();
    this.effort = birth.effort ?? new Effort();
    this.kernel = kernel;
    this.parent = parent;
    this.pids = pids;
    this.uts = birth.uts;
    this.hostPid = kernel.nextPid(this);
    this.pid = pids.enter(this);
    this.argv = birth.argv;
    this.command = commandName(birth.argv[0] ?? '');
    this.env = CopiedMap.of(birth.env);
    this.files = birth.files;
    for (const file of birth.files.values()) this.#adopt(file);
    this.view = birth.view((fs) => this.#reach(fs));
    this.view.payer = this;
    this.random = kernel.random;
    this.background = birth.background;
    this.startedAt = kernel.clock.now;
    this.umask = birth.umask;
    this.niceness = parent?.niceness ?? 0;
    this.group = birth.group ?? this.pid;
    this.session = birth.session ?? this.pid;
    this.controlling = birth.tty;
    this.#actions = birth.actions && new Map(birth.actions);
    this.#unattended = birth.unattended ?? false;
    parent?.children.add(this);
  }

  get machine(): Machine {
    return this.kernel.machine;
  }
  get ppid(): number {
    const { parent } = this;
    return parent && parent.pids === this.pids ? parent.pid : 0;
  }
  get cwd(): string {
    return this.view.pathOf(this.view.cwd);
  }
  get uid(): number {
    return this.view.credentials.uid;
  }
  get gid(): number {
    return this.view.credentials.gid;
  }
  get tty(): Tty | undefined {
    return this.controlling;
  }
  get stdin(): OpenFile {
    return this.#file(0);
  }
  get stdout(): OpenFile {
    return this.#file(1);
  }
  get stderr(): OpenFile {
    return this.#file(2);
  }
  get hostname(): string {
    return this.uts.hostname;
  }
  get status(): ExitStatus | undefined {
    return this.#status;
  }
  get state(): State {
    if (this.#status) return 'zombie';
    if (this.#stopped) return 'stopped';
    if (this.#uninterruptible > 0) return 'uninterruptible';
    return this.#running ? 'running' : 'sleeping';
  }

  // Life

  /** Begins to run `program`; its outcome is the process's exit status. */
  start(program: Program | Task<number>): void {
    const task = typeof program === 'function' ? program(this, this.argv) : program;
    this.#coroutine = new Coroutine(this.kernel.clock, this.#governed(task));
    this.#coroutine.whenDone((outcome) => {
      if (outcome.status === 'done') this.#end({ code: outcome.value & 255 });
      else if (outcome.status === 'killed') this.#end(this.#status ?? { signal: 'SIGKILL' });
      else if (outcome.error instanceof Exit) this.#end({ code: outcome.error.code & 255 });
      else this.#crash(outcome.error);
    });
  }

  whenDone(fn: (status: ExitStatus) => void): void {
    if (this.#status && this.#ended) fn(this.#status);
    else this.#whenDone.push(fn);
  }

  exit(code: number): never {
    throw new Exit(code);
  }

  /** Runs the task as the current process, and holds it while it is stopped. Tasks that others `call` wait in a list. */
  *#governed(whole: Task<number>): Task<number> {
    let task: Task<unknown> = whole;
    const callers: Task<unknown>[] = [];
    let resume = () => task.next();
    let finished = false;
    try {
      const { free } = this.kernel.processor;
      if (free !== undefined) yield until(this.kernel.clock, free);
      for (;;) {
        if (this.#stopped) yield* this.#whileStopped();
        const before = switchTo(this);
        this.#running = true;
        let step: IteratorResult<Wait, unknown>;
        try {
          step = resume();
        } catch (error) {
          const caller = callers.pop();
          if (!caller) throw error;
          task = caller;
          resume = () => caller.throw(error);
          continue;
        } finally {
          this.#running = false;
          switchTo(before);
        }
        if (step.done) {
          const caller = callers.pop();
          if (!caller) {
            finished = true;
            return step.value as number;
          }
          const { value } = step;
          task = caller;
          resume = () => caller.next(value);
          continue;
        }
        const next: unknown = step.value;
        if (next instanceof Image) {
          this.#unwind(task, callers);
          task = this.#become(next);
          resume = () => task.next();
          continue;
        }
        if (next instanceof Call) {
          callers.push(task);
          task = next.task;
          resume = () => task.next();
          continue;
        }
        try {
          const value = yield step.value;
          resume = () => task.next(value);
        } catch (error) {
          resume = () => task.throw(error);
        }
      }
    } catch (error) {
      finished = true;
      throw error;
    } finally {
      if (!finished) this.#unwind(task, callers);
    }
  }

  /** Closes a task and those that called it: their `finally` blocks run, and may not wait. */
  #unwind(task: Task<unknown>, callers: Task<unknown>[]): void {
    const before = switchTo(this);
    try {
      for (let one: Task<unknown> | undefined = task; one; one = callers.pop()) one.return(0);
    } finally {
      switchTo(before);
    }
  }

  /** What execve(2) changes: the program, its arguments and environment, descriptors, and handlers, which only stay where they ignore. */
  #become({ executable, path, env, files }: Image): Task<unknown> {
    // References are this process's own: only it lets go of them.
    const before = switchTo(this);
    try {
      for (const file of this.files.values()) file.release();
    } finally {
      switchTo(before);
    }
    this.files.clear();
    for (const [fd, file] of files) this.files.set(fd, file);
    this.effort = this.effort.continued();
    this.argv = executable.argv;
    this.command = commandName(path);
    this.env.clear();
    for (const [name, value] of env) this.env.set(name, value);
    for (const [signal, action] of this.#actions ?? []) if (action !== 'ignore') this.#actions!.delete(signal);
    this.hold(-this.#held);
    return executable.program(this, executable.argv);
  }

  *#whileStopped(): Task<void> {
    while (this.#stopped) {
      yield (resume) => {
        this.#continued ??= new Set();
        this.#continued.add(resume);
        return () => {
          this.#continued?.delete(resume);
        };
      };
    }
  }

  /**
   * An error that its program let out. A system call's is told as perror(3) would; for want of memory programs say so and give up (xalloc_die); any
   * other is a fault of the lab, reported to the host and here the death of a real program's fault.
   */
  #crash(error: unknown): void {
    if (error instanceof Errno) {
      this.#lastWords(error.message);
      this.#end({ code: 1 });
      return;
    }
    reportFault(`${this.command}[${this.hostPid}] on ${this.kernel.machine.hostname}`, error);
    if (isOutOfMemory(error)) {
      this.#lastWords('memory exhausted');
      this.#end({ code: 1 });
    } else this.#end({ signal: 'SIGSEGV' });
  }

  #lastWords(text: string): void {
    const before = switchTo(undefined);
    try {
      const task = this.files.get(2)?.write(encodeBytes(`${this.command}: ${text}\n`));
      task?.next();
      task?.return();
    } catch {
      // Its stderr is gone as well.
    } finally {
      switchTo(before);
    }
  }

  #end(status: ExitStatus): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#status = status;
    this.#stopped = undefined;
    this.#releaseFiles();
    memoryOf(this.kernel.clock).processes.take(-this.#held);
    this.#held = 0;
    this.#leaveUnpaid();
    if (this.session === this.pid && this.controlling) this.#leaveTerminal(this.controlling);
    this.#bequeath();
    const fns = this.#whenDone;
    this.#whenDone = [];
    for (const fn of fns) fn(status);
    if (this.parent && !this.#unattended) this.parent.#childTurned(this);
    else this.#buried();
  }

  /** What it did since it last paid is its parent's to pay: a loop of short programs takes the time that they take. */
  #leaveUnpaid(): void {
    const { parent } = this;
    if (!parent || this.#unattended) return;
    parent.effort.wasWaitingFor(this.effort);
    parent.#unpaid += this.#unpaid;
    parent.#kernelTime += this.#kernelTime;
    parent.#calls += this.#calls;
  }

  /** Whatever the program did: nothing stays open by it. */
  #releaseFiles(): void {
    for (const file of this.files.values()) if (!(file instanceof Description)) file.release();
    this.files.clear();
    for (const file of this.references.keys()) (file as Description).releaseAll(this);
  }

  /** A reference of its own to a file that it is given. */
  #adopt(file: OpenFile): void {
    if (file instanceof Description) file.retainFor(this);
    else file.retain();
  }

  /** A session leader's end hangs up its terminal's jobs. */
  #leaveTerminal(tty: TerminalDevice): void {
    if (this.kernel.sessionOf(tty) !== this) return;
    this.pids.signalGroup(tty.foreground, 'SIGHUP');
  }

  /** Orphans go to their namespace's init; when that init itself ends, the namespace does. */
  #bequeath(): void {
    if (this.pids.init === this) {
      this.pids.end(this);
      return;
    }
    const heir = this.pids.init;
    for (const child of this.children) {
      child.parent = heir;
      child.#unattended = true;
      if (child.#ended) child.#buried();
      else heir?.children.add(child);
    }
    this.children.clear();
  }

  #buried(): void {
    if (!this.#inTable) return;
    this.#inTable = false;
    this.tasks.leave();
    if (this.parent) {
      this.parent.children.delete(this);
      this.parent.#turned?.delete(this);
    }
    this.pids.leave(this);
    this.kernel.forget(this);
  }

  /** Its namespace's init ended, or nobody will wait for it after all. */
  disown(): void {
    this.#unattended = true;
    if (this.#ended) this.#buried();
  }

  // Signals

  raise(signal: Signal): boolean {
    this.deliver(signal);
    return !this.#dying;
  }

  ignores(signal: Signal): boolean {
    const action = this.#actions?.get(signal) ?? 'default';
    return action === 'ignore' || (action === 'default' && this.pids.init === this);
  }

  /** Signals from an ancestor pid namespace are `fromOutside`. */
  deliver(signal: Signal, fromOutside = false): void {
    if (this.#status) return;
    const forced = signal === 'SIGKILL' || signal === 'SIGSTOP';
    if (signal === 'SIGCONT') this.#continue();
    const action = forced ? 'default' : (this.#actions?.get(signal) ?? 'default');
    if (action === 'ignore') return;
    if (typeof action === 'function') {
      this.#handle(action);
      return;
    }
    // The init of a namespace gets only signals it has a handler for, but for those forced from outside (pid_namespaces(7)).
    if (this.pids.init === this && !(forced && fromOutside)) return;
    const effect = defaultAction(signal);
    if (effect === 'stop') this.#stop(signal);
    else if (effect === 'terminate') this.terminate(signal);
  }

  /** Dies of a signal, whatever it is doing. */
  terminate(signal: Signal): void {
    if (this.#status || this.#dying) return;
    this.#dying = true;
    this.#stopped = undefined;
    if (this.#coroutine) {
      this.#status = { signal };
      this.#coroutine.kill();
    } else this.#end({ signal });
  }

  #handle(handler: () => void): void {
    const before = switchTo(this);
    try {
      handler();
    } catch (error) {
      // A handler may throw what is to interrupt the program where it waits.
      if (this.#uninterruptible === 0) this.#coroutine?.interrupt(error);
    } finally {
      switchTo(before);
    }
  }

  #stop(signal: Signal): void {
    if (this.#stopped) return;
    this.#stopped = signal;
    if (this.parent) this.parent.#childTurned(this);
  }

  #continue(): void {
    if (!this.#stopped) return;
    this.#stopped = undefined;
    if (this.parent) this.parent.#turned?.delete(this);
    const waiting = this.#continued;
    this.#continued = undefined;
    for (const resume of waiting ?? []) resume();
  }

  #childTurned(child: KernelProcess): void {
    this.#turned ??= new Set();
    this.#turned.add(child);
    for (const pid of [child.pid, -1]) {
      const waiting = this.#waiting?.get(pid);
      if (!waiting) continue;
      this.#waiting!.delete(pid);
      for (const resume of waiting) resume();
    }
    this.deliver('SIGCHLD');
  }

  trap(signal: Signal, action: Action): void {
    if (signal === 'SIGKILL' || signal === 'SIGSTOP') throw new Errno('EINVAL');
    this.#actions ??= new Map();
    this.#actions.set(signal, action);
  }

  kill(pid: number, signal: Signal): void {
    const targets =
      pid > 0 ? [this.#find(pid)] : pid === -1 ? this.#everybody() : this.pids.group(pid === 0 ? this.group : -pid);
    const alive = targets.filter((one) => one !== undefined);
    if (alive.length === 0) throw new Errno('ESRCH');
    const allowed = alive.filter((one) => this.uid === 0 || this.uid === one.uid);
    if (allowed.length === 0) throw new Errno('EPERM');
    for (const one of allowed) one.deliver(signal, one.pids !== this.pids);
  }

  /** The machine's own namespace sees the processes of its containers too. */
  #find(pid: number): KernelProcess | undefined {
    return this.pids.parent ? this.pids.processes.get(pid) : this.kernel.processes.get(pid);
  }

  /** All but itself and the first of its namespace (kill(2)). */
  #everybody(): KernelProcess[] {
    const { pids } = this;
    const seen = pids.parent ? pids.processes : this.kernel.processes;
    return [...seen.values()].filter((one) => one !== this && one !== pids.init && !one.status);
  }

  // Time

  now(): number {
    return this.kernel.clock.now;
  }

  hold(bytes: number): void {
    if (bytes > 0 && this.#held + bytes > DATA_LIMIT) throw new Errno('ENOMEM');
    const change = Math.max(bytes, -this.#held);
    memoryOf(this.kernel.clock).processes.take(change);
    this.#held += change;
  }

  *sleep(ms: number): Task<void> {
    yield* sleep(this.kernel.clock, ms, this.background);
  }

  *spend(microseconds: number): Task<void> {
    this.cpuTime += microseconds;
    this.#unpaid += microseconds;
    if (this.#unpaid < QUANTUM) return;
    const ms = Math.floor(this.#unpaid / 1_000);
    this.#unpaid -= ms * 1_000;
    yield* this.kernel.processor.work(ms, this.effort, this.background);
  }

  owes(microseconds: number): boolean {
    this.#kernelTime += microseconds;
    this.#calls++;
    return this.#kernelTime >= KERNEL_QUANTUM && caller() === this && !mayNotWait();
  }

  *pay(): Task<void> {
    const ms = Math.floor(this.#kernelTime / 1_000);
    this.#kernelTime -= ms * 1_000;
    const calls = Math.min(ms, (this.#calls * CALL_COST) / 1_000);
    this.#calls = 0;
    yield* this.kernel.processor.work(ms, this.effort, this.background, calls);
  }

  // Files

  *print(text: string): Task<void> {
    yield* this.stdout.write(encodeBytes(text));
  }

  *error(text: string): Task<void> {
    yield* this.stderr.write(encodeBytes(text));
  }

  *open(path: string, flags: OpenFlags, mode = 0o666): Task<OpenFile> {
    this.#demandDescriptors(1);
    const own = this.#ownDescriptor(path);
    if (own) {
      own.retain();
      return own;
    }
    const location = yield* this.view.open(path, flags, mode & ~this.umask);
    return yield* openInode(this, location, flags);
  }

  /** /dev/fd/N and its like lead to the open file itself where no path does: pipes, here-documents (proc_pid_fd(5)). */
  #ownDescriptor(path: string): OpenFile | undefined {
    const match = /^\/(?:dev|proc\/self)\/fd\/(\d+)$|^\/dev\/std(in|out|err)$/.exec(path);
    if (!match) return undefined;
    const file = this.files.get(match[2] === undefined ? Number(match[1]) : ['in', 'out', 'err'].indexOf(match[2]));
    return file?.path?.startsWith('/') ? undefined : file;
  }

  /** Throws EMFILE. */
  #demandDescriptors(count: number): void {
    if (this.references.size + count > this.limits.openFiles) throw new Errno('EMFILE');
  }

  pipe(): { read: OpenFile; write: OpenFile } {
    this.#demandDescriptors(2);
    const pipe = this.kernel.newPipe(this);
    // What the kernel asks init for is the kernel's, whichever process runs at the time.
    const before = switchTo(caller() === this ? this : undefined);
    try {
      return { read: new PipeEnd(pipe, ['read'], 'pipe:'), write: new PipeEnd(pipe, ['write'], 'pipe:') };
    } finally {
      switchTo(before);
    }
  }

  *readFile(path: string): Task<Uint8Array> {
    const file = yield* this.open(path, { read: true });
    try {
      const parts: Uint8Array[] = [];
      for (let data = yield* file.read(); data.length > 0; data = yield* file.read()) parts.push(data);
      return concatenate(parts);
    } finally {
      file.release();
    }
  }

  *readText(path: string): Task<string> {
    return decodeBytes(yield* this.readFile(path));
  }

  *writeFile(path: string, data: Uint8Array | string, options: { append?: boolean; mode?: number } = {}): Task<void> {
    const append = options.append ?? false;
    const file = yield* this.open(path, { write: true, create: true, append, truncate: !append }, options.mode);
    try {
      yield* file.write(typeof data === 'string' ? encodeBytes(data) : data);
    } finally {
      file.release();
    }
  }

  stat(path: string): Task<Stat> {
    const own = this.#ownDescriptor(path);
    if (own) return own.stat();
    return this.view.stat(path, true);
  }
  mount(options: { source: string; target: string; type: string; options: readonly string[] }): Task<void> {
    return mountFileSystem(this, options);
  }
  umount(target: string, options?: { lazy?: boolean; force?: boolean }): Task<void> {
    return unmount(this, target, options ?? {});
  }

  /** Waits until a network filesystem answers; only a deadly signal ends that (TASK_KILLABLE). */
  *#reach(fs: FileSystem): Task<void> {
    this.#uninterruptible++;
    try {
      yield* fs.reach!();
    } finally {
      this.#uninterruptible--;
    }
  }

  /** For open files, which may wait as paths do. */
  openFile(location: Location, flags: OpenFlags): OpenFile {
    const { view } = this;
    const waiting = () => this.#reach(location.inode.fs);
    return new InodeFile(location, flags, view.pathOf(location), view.namespace.author, waiting);
  }

  // Children

  *spawn(path: string, argv: readonly string[], options: SpawnOptions = {}): Task<Process> {
    const from = options.cwd === undefined ? this.view : yield* this.#viewAt(options.cwd);
    const { program, argv: actual } = yield* findExecutable(this, from, path, argv);
    demandArguments(path, actual, options.env ?? this.env, this.limits);
    yield* this.spend(FORK_COST);
    const child = this.#child(actual, options, from, new Effort());
    child.command = commandName(path);
    child.start(function* (process, args) {
      yield* process.spend(EXEC_COST);
      return yield* program(process, args);
    });
    return child;
  }

  *exec(path: string, argv: readonly string[], options: Pick<SpawnOptions, 'files' | 'env'> = {}): Task<never> {
    const executable = yield* findExecutable(this, this.view, path, argv);
    demandArguments(path, executable.argv, options.env ?? this.env, this.limits);
    yield* this.spend(EXEC_COST);
    const files = new Map(options.files ?? this.files);
    for (const file of files.values()) file.retain();
    yield new Image(executable, path, new Map(options.env ?? this.env), files) as unknown as Wait;
    throw new Error('exec: the old program goes on');
  }

  fork(program: Program, argv: readonly string[], options: SpawnOptions = {}): Process {
    if (options.cwd !== undefined) {
      const { cwd, ...rest } = options;
      return this.fork(
        function* (process, args) {
          yield* process.chdir(cwd);
          return yield* program(process, args);
        },
        argv,
        rest,
      );
    }
    this.kernel.processor.owe(FORK_COST);
    const child = this.#child(argv, options, this.view, this.#effortOf(options.group));
    child.command = this.command;
    child.start(program);
    return child;
  }

  /** A job has one of its own: the shell that waits for it, or for the next command, has rested. */
  #effortOf(group: 'new' | number | undefined): Effort {
    if (group === undefined || group === this.group) return this.effort;
    return (group !== 'new' && this.pids.processes.get(group)?.effort) || new Effort();
  }

  *#viewAt(cwd: string): Task<PathView> {
    const view = this.view.fork(this.view.credentials, (fs) => this.#reach(fs));
    view.payer = this;
    yield* view.chdir(cwd);
    return view;
  }

  #child(argv: readonly string[], options: SpawnOptions, from: PathView, effort: Effort): KernelProcess {
    const files = new Map(options.files ?? this.files);
    if (options.files)
      for (const fd of [0, 1, 2]) if (!files.has(fd) && this.files.has(fd)) files.set(fd, this.files.get(fd)!);
    const credentials = { uid: options.uid ?? this.uid, gid: options.gid ?? this.gid };
    const newSession = options.session !== undefined;
    const tty = newSession ? options.session : this.controlling;
    const ignored = [...(this.#actions ?? [])].filter(([, action]) => action === 'ignore');
    const child = new KernelProcess({
      kernel: this.kernel,
      parent: this,
      pids: this.pids,
      uts: this.uts,
      argv,
      env: options.env ?? this.env,
      files,
      view: (waiting) => from.fork(credentials, waiting),
      umask: this.umask,
      ...(!newSession && { session: this.session }),
      ...(!newSession && options.group !== 'new' && { group: options.group ?? this.group }),
      tty: tty instanceof TerminalDevice ? tty : undefined,
      ...(ignored.length > 0 && { actions: new Map(ignored) }),
      background: this.background,
      effort,
      ...(options.tasks && { tasks: options.tasks as Tasks, attached: true }),
    });
    if (newSession && child.controlling) this.kernel.setSession(child.controlling, child);
    return child;
  }

  *wait(pid: number): Task<ExitStatus | { readonly stopped: Signal }> {
    for (;;) {
      if (pid === -1 ? this.children.size === 0 : !this.#childOf(pid)) throw new Errno('ECHILD');
      const turned = pid === -1 ? this.#turned?.values().next().value : this.#childOf(pid);
      if (turned && this.#turned?.delete(turned)) {
        if (turned.#status && turned.#ended) {
          const status = turned.#status;
          turned.#buried();
          return status;
        }
        if (turned.#stopped) return { stopped: turned.#stopped };
        continue;
      }
      yield (resume) => {
        this.#waiting ??= new Map();
        const waiting = this.#waiting.get(pid) ?? new Set();
        this.#waiting.set(pid, waiting);
        waiting.add(resume);
        return () => {
          waiting.delete(resume);
        };
      };
    }
  }

  #childOf(pid: number): KernelProcess | undefined {
    const child = this.pids.processes.get(pid);
    return child?.parent === this ? child : undefined;
  }

  #file(fd: number): OpenFile {
    const file = this.files.get(fd);
    if (!file) throw new Errno('EBADF');
    return file;
  }
}

/** The host refused a buffer or a string: it is the learner's data that is too large. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError &&
  /allocation|Invalid (array|string|typed array) (buffer )?length|too large/i.test(error.message);

export const commandName = (path: string): string => (path.split('/').pop() ?? path).slice(0, 15);

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
