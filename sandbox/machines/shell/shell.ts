/** The state of one shell (or subshell): variables, functions, options, jobs, traps, and how it starts processes. */

import type { CommandNode, Coproc, Function as FunctionNode, ParsedScript } from 'unbash';
import { call, type Task } from '../../sim/task.ts';
import { encodeBytes } from '../byte-text.ts';
import { CopiedMap, CopiedSet } from '../copied.ts';
import { Errno, isErrno } from '../errno.ts';
import type { ExitStatus, OpenFile, Process, Signal, SpawnOptions } from '../process.ts';
import type { Builtin } from './builtins/types.ts';
import { posixMessage } from './dialects/words.ts';
import { ExitJump, Interrupted, LoopJump, OutOfMemory, ReturnJump, ShellError } from './errors.ts';
import type { ArithmeticScope } from './expand/arithmetic.ts';
import { type Job, JobTable } from './jobs.ts';
import { DEFAULT_SHOPT } from './options.ts';
import { exportedFunction } from './print-command.ts';
import { signalNumber } from './signals.ts';
import { ReadonlyError, Variables } from './variables.ts';

/** Microseconds of a command, and how many are paid in one go. */
const STEP_COST = 60;
const PORTION = 500;

const DEFAULT_OPTIONS = ['braceexpand', 'hashall', 'interactive-comments'];

/** Seconds that bash waits at most before it tries to fork again. */
const FORK_SLEEP_MAX = 8;
/** ulimit -s, in bytes; what a level of a function, of `eval` and of `source` takes of it (bash 5.2.15 on x86-64, measured). */
const STACK_LIMIT = 8 * 2 ** 20;
export const FRAME = { function: 1010, eval: 1026, source: 1650 } as const;

export type Dialect = 'bash' | 'dash';

export interface Source {
  readonly text: string;
  /** Line of its first character, less one. */
  readonly offset: number;
}

const lineStarts = new WeakMap<Source, number[]>();

/** The line of a position, found by halving: scripts may be long, and each command asks. */
function lineIn(source: Source, pos: number): number {
  let starts = lineStarts.get(source);
  if (!starts) {
    starts = [0];
    for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) starts.push(i + 1);
    lineStarts.set(source, starts);
  }
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= pos) low = middle;
    else high = middle;
  }
  return low + 1;
}

export interface ShellFunction {
  readonly node: FunctionNode | Coproc;
  readonly body: FunctionNode['body'];
  readonly source: Source;
  /** Where it was defined. */
  readonly file: string;
  /** By `export -f`: children that are bash have it too. */
  exported?: boolean;
}

/** A level of the call stack: the script, a sourced file, a function. */
export interface Frame {
  /** `main`, `source`, or the function's name. */
  readonly name: string;
  readonly file: string;
  /** The line it was called from. */
  readonly line: number;
}

/** What runs commands. Who starts a shell hands it in: commands run in shells, and what shells expand runs commands. */
export interface Interpreter {
  readonly builtins: Readonly<Record<string, Builtin>>;
  runText(shell: Shell, text: string, offset?: number): Task<number>;
  runScript(shell: Shell, script: ParsedScript, source: string): Task<number>;
}

export interface SubshellOptions {
  readonly files?: ReadonlyMap<number, OpenFile>;
  readonly group?: 'new' | number;
  readonly background?: boolean;
}

export class Shell {
  process: Process;
  readonly dialect: Dialect;
  /** dash as busybox has it. */
  readonly ash: boolean;
  readonly interpreter: Interpreter;
  /** $0. */
  name: string;
  interactive = false;
  login = false;
  /** Where commands come from: decides how errors are introduced. */
  origin: 'terminal' | 'command' | 'script' = 'terminal';
  readonly variables: Variables;
  functions = CopiedMap.empty<string, ShellFunction>();
  aliases = CopiedMap.empty<string, string>();
  options: CopiedSet<string>;
  shopt: CopiedSet<string>;
  positional: string[] = [];
  status = 0;
  pipeStatus: readonly number[] = [0];
  substitutionRan = false;
  lastBackground: number | undefined;
  jobs: JobTable;
  traps = CopiedMap.empty<string, string>();
  /** Statuses of children that were waited for, by pid. */
  finished = CopiedMap.empty<number, number>();
  hashed = CopiedMap.empty<string, { path: string; hits: number }>();
  directories: string[] = [];
  history: string[] = [];
  commandNumber = 1;
  source: Source = { text: '', offset: 0 };
  line = 1;
  subshellDepth = 0;
  /** Command substitutions, `eval`s and the like around what runs, which `set -x` counts. */
  traceDepth = 0;
  functionNames: string[] = [];
  sourceDepth = 0;
  /** `eval`s that are running in the innermost sourced file. */
  evalDepth = 0;
  loopDepth = 0;
  /** >0 where `set -e` does not apply. */
  guarded = 0;
  interrupted = false;
  lastArgument = '';
  pendingSignals: Signal[] = [];
  users: { name: string; uid: number; home: string }[] = [];
  readonly kept = CopiedSet.empty<number>();
  /** What SECONDS counts from (virtual milliseconds). */
  startedAt: number;
  #random: number;

  get arithmetic(): ArithmeticScope {
    return {
      get: (name) => {
        const element = /^(\w+)\[(.*)\]$/s.exec(name);
        const value = element ? this.variables.element(element[1]!, element[2]!) : this.variables.get(name);
        if (value === undefined && this.option('nounset')) throw new ShellError(`${name}: unbound variable`, 'shell');
        return value;
      },
      set: (name, value) => this.variables.set(name, value),
    };
  }

  /** `original`: the shell this one is a fork of. */
  constructor(
    process: Process,
    name: string,
    dialect: Dialect,
    ash: boolean,
    interpreter: Interpreter,
    original?: Shell,
  ) {
    this.process = process;
    this.name = name;
    this.dialect = dialect;
    this.ash = ash;
    this.interpreter = interpreter;
    this.variables = new Variables(this, original?.variables);
    this.options = CopiedSet.of(original?.options ?? (dialect === 'bash' ? DEFAULT_OPTIONS : []));
    this.shopt = CopiedSet.of(
      original?.shopt ?? (dialect === 'bash' ? DEFAULT_SHOPT : [...DEFAULT_SHOPT, 'expand_aliases']),
    );
    this.jobs = original?.jobs ?? new JobTable(process);
    this.startedAt = original?.startedAt ?? process.now();
    this.#random = process.random.below(32768);
  }

  nextRandom(): string {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) >>> 0;
    return String((this.#random >>> 16) & 0x7fff);
  }

  seedRandom(value: string): void {
    this.#random = Number(value) >>> 0;
  }

  // State

  option(name: string): boolean {
    return this.options.has(name);
  }

  get ifs(): string {
    return this.variables.get('IFS') ?? ' \t\n';
  }

  get hostname(): string {
    return this.process.hostname;
  }

  get userName(): string {
    return this.users.find((u) => u.uid === this.process.uid)?.name ?? 'I have no name!';
  }

  /** The directory `~NAME` means. */
  homeOf(name: string): string | undefined {
    if (name === '') return this.variables.get('HOME') ?? this.users.find((u) => u.uid === this.process.uid)?.home;
    if (this.dialect !== 'bash' && /^[-+]$/.test(name)) return undefined;
    if (name === '+') return this.variables.get('PWD');
    if (name === '-') return this.variables.get('OLDPWD');
    return this.users.find((u) => u.name === name)?.home;
  }

  /** A special or positional parameter, or a variable. */
  parameter(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.rootPid);
      case '#':
        return String(this.positional.length);
      case '!':
        return this.lastBackground === undefined ? undefined : String(this.lastBackground);
      case '-':
        return this.flags();
      case '_':
        return this.lastArgument;
      case '0':
        return this.name;
      default:
        return /^\d/.test(name) ? this.positional[Number(name) - 1] : this.variables.get(name);
    }
  }

  rootPid = 0;

  flags(): string {
    const letters: [string, string][] = [
      ['allexport', 'a'],
      ['errexit', 'e'],
      ['noglob', 'f'],
      ['hashall', 'h'],
      ['noexec', 'n'],
      ['nounset', 'u'],
      ['verbose', 'v'],
      ['xtrace', 'x'],
    ];
    const set = letters.filter(([name]) => this.option(name)).map(([, letter]) => letter);
    if (this.interactive) set.push('i');
    if (this.option('monitor')) set.push('m');
    if (this.option('braceexpand')) set.push('B');
    if (this.option('noclobber')) set.push('C');
    if (this.option('histexpand')) set.push('H');
    if (this.origin === 'command' && (this.dialect === 'bash' || this.ash)) set.push('c');
    if (this.origin === 'terminal') set.push('s');
    return set.join('');
  }

  get env(): ReadonlyMap<string, string> {
    const variables = this.variables.exported();
    const functions = [...this.functions].filter(([, { exported }]) => exported);
    if (functions.length === 0) return variables;
    const env = new Map(variables);
    for (const [name, { body, source }] of functions)
      env.set(`BASH_FUNC_${name}%%`, exportedFunction(body as CommandNode, source.text));
    return env;
  }

  /** $SHLVL: one more for a shell that begins, one less for what takes its place (variables.c, adjust_shell_level). */
  *changeLevel(change: 1 | -1): Task<void> {
    const text = this.variables.get('SHLVL') ?? '';
    let level = (/^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : 0) + change;
    if (level < 0) level = 0;
    if (level >= 1000) {
      yield* this.write(2, `${this.name}: warning: shell level (${level}) too high, resetting to 1\n`);
      level = 1;
    }
    this.variables.set('SHLVL', String(level));
  }

  // Messages

  *print(text: string): Task<void> {
    if (text !== '') yield* this.write(1, text);
  }

  *write(fd: number, text: string): Task<void> {
    const file = this.process.files.get(fd);
    if (!file) throw new Errno('EBADF');
    yield* file.write(encodeBytes(text));
  }

  /** A message of the shell itself, introduced as bash (or dash) does. */
  *complain(message: string): Task<void> {
    const told = this.dialect === 'bash' ? `${this.introduction()}${message}` : posixMessage(this, message);
    try {
      yield* this.write(2, `${told}\n`);
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }

  introduction(): string {
    if (this.interactive && this.sourceDepth === 0) return `${this.name}: `;
    const where = this.frames.at(-1)?.file ?? this.name;
    return `${where}: line ${this.line}: `;
  }

  /** The innermost last. */
  frames: Frame[] = [];
  /** In dash and ash: the builtin or sourced file whose text is being run, which messages name. */
  running: string[] = [];

  at(pos: number): void {
    this.line = lineIn(this.source, pos) + this.source.offset;
  }

  // Running

  #unpaid = 0;

  /** Counts a step; true if time is to be paid now or a signal wants something, which `step` does. */
  stepping(): boolean {
    this.#unpaid += STEP_COST;
    return this.#unpaid >= PORTION || this.interrupted || this.pendingSignals.length > 0;
  }

  /** Between two steps: pays time, runs what signals ask for. */
  *step(): Task<void> {
    const cost = this.#unpaid;
    this.#unpaid = 0;
    yield* this.process.spend(cost);
    if (this.interrupted) {
      this.interrupted = false;
      throw new Interrupted();
    }
    if (this.pendingSignals.length > 0) yield* this.runTraps();
  }

  get builtins(): Interpreter['builtins'] {
    return this.interpreter.builtins;
  }

  /** Runs a text as `eval` does. */
  evaluate(text: string): Task<number> {
    return this.interpreter.runText(this, text, this.line - 1);
  }

  *runTraps(): Task<void> {
    while (this.pendingSignals.length > 0) {
      const signal = this.pendingSignals.shift()!;
      const action = this.traps.get(signal);
      if (action) yield* this.runTrap(action);
    }
  }

  *runTrap(action: string): Task<void> {
    const { status, pipeStatus, stack } = this;
    yield* this.enter(FRAME.eval);
    this.traceDepth++;
    try {
      yield* call(this.evaluate(action));
    } finally {
      this.traceDepth--;
    }
    this.stack = stack;
    this.status = status;
    this.pipeStatus = pipeStatus;
  }

  /** Runs the EXIT trap once. */
  *runExitTrap(): Task<void> {
    const action = this.traps.get('EXIT');
    if (action === undefined) return;
    this.traps.delete('EXIT');
    const status = this.status;
    try {
      yield* this.evaluate(action);
      this.status = status;
    } catch (error) {
      if (!(error instanceof ExitJump)) throw error;
      this.status = error.status;
    }
  }

  filesWith(...changes: [number, OpenFile][]): Map<number, OpenFile> {
    const files = new Map(this.process.files);
    for (const fd of this.kept) files.delete(fd);
    for (const [fd, file] of changes) files.set(fd, file);
    return files;
  }

  /** A child that goes on with a copy of this shell. */
  *subshell(body: (inner: Shell) => Task<number>, options: SubshellOptions = {}): Task<Process> {
    const spawn: SpawnOptions = { files: options.files, env: this.env, group: options.group };
    return yield* this.forking(() => this.#fork(body, options, spawn));
  }

  *#fork(body: (inner: Shell) => Task<number>, options: SubshellOptions, spawn: SpawnOptions): Task<Process> {
    const child = new Subshell(body);
    const process = this.process.fork((own) => child.run(own), this.process.argv, spawn);
    // Only now: a fork that is refused, and perhaps waits to be tried again, has copied nothing.
    child.shell = this.clone();
    if (options.background) child.shell.options.delete('monitor');
    return process;
  }

  /** Tries again when there are too many processes, as bash does, and then gives the line up (jobs.c, make_child). */
  *forking<T>(fork: () => Task<T>): Task<T> {
    for (let seconds = 1; ; seconds *= 2) {
      try {
        return yield* fork();
      } catch (error) {
        if (!isErrno(error, 'EAGAIN')) throw error;
        if (seconds > FORK_SLEEP_MAX) {
          throw new ShellError(`fork: ${error.message}`, 'shell', this.dialect === 'dash' ? 2 : 254);
        }
        if (this.dialect === 'dash') throw new ShellError('Cannot fork', 'shell', 2);
        yield* this.complain(`fork: retry: ${error.message}`);
        yield* this.process.sleep(seconds * 1000);
        yield* this.step();
      }
    }
  }

  /** Bytes of stack that functions, `eval` and `source` have taken; past its limit the process dies as bash does. */
  stack = 0;

  *enter(bytes: number): Task<void> {
    this.stack += bytes;
    if (this.stack <= STACK_LIMIT) return;
    this.process.kill(this.process.pid, 'SIGSEGV');
    yield* this.giveWay();
  }

  /** Lets what was sent to this very process reach it. */
  *giveWay(): Task<void> {
    yield (resume) => {
      resume();
      return undefined;
    };
  }

  /** Memory for variables; a shell that gets none dies (xmalloc.c). */
  hold(bytes: number): void {
    try {
      this.process.hold(bytes);
    } catch (error) {
      if (!isErrno(error, 'ENOMEM')) throw error;
      throw new OutOfMemory(bytes);
    }
  }

  /** The simple command after which this process has nothing to do: its program may take the process over (exec without fork). */
  replaceable: CommandNode | undefined;
  /** It was forked for one command of a pipeline or of the background, not written as a subshell. */
  piped = false;

  /** Ends a subshell or script: jumps become its status, errors are told. */
  *guard(body: Task<number>): Task<number> {
    try {
      this.status = yield* body;
    } catch (error) {
      if (error instanceof OutOfMemory) {
        yield* this.complain(error.message);
        return 2;
      }
      if (error instanceof ExitJump) this.status = error.status;
      else if (error instanceof ShellError) {
        if (!error.told) yield* this.complain(error.message);
        error.told = true;
        // A text given by -c is run by parse_and_execute, which ends with 127 (EX_NOTFOUND) where an error ends the shell.
        const given = this.origin === 'command' && this.subshellDepth === 0 && error.ends === 'shell';
        this.status = given && this.dialect === 'bash' && error.status === 1 ? 127 : error.status;
      } else if (error instanceof ReadonlyError) {
        yield* this.complain(error.message);
        this.status = this.dialect === 'dash' ? 2 : 1;
      } else if (error instanceof Interrupted) this.status = 130;
      else if (error instanceof LoopJump) this.status = 0;
      else if (error instanceof ReturnJump) this.status = error.status;
      else throw error;
    }
    yield* this.runExitTrap();
    return this.status & 255;
  }

  clone(): Shell {
    const inner = new Shell(this.process, this.name, this.dialect, this.ash, this.interpreter, this);
    inner.functions = CopiedMap.of(this.functions);
    inner.aliases = CopiedMap.of(this.aliases);
    inner.options.delete('monitor');
    inner.positional = [...this.positional];
    inner.status = this.status;
    inner.lastBackground = this.lastBackground;
    inner.hashed = CopiedMap.of(this.hashed);
    inner.directories = [...this.directories];
    inner.history = this.history;
    inner.source = this.source;
    inner.line = this.line;
    inner.origin = this.origin;
    inner.subshellDepth = this.subshellDepth + 1;
    inner.traceDepth = this.traceDepth;
    inner.functionNames = [...this.functionNames];
    inner.running = [...this.running];
    inner.frames = [...this.frames];
    inner.sourceDepth = this.sourceDepth;
    inner.guarded = this.guarded;
    inner.loopDepth = this.loopDepth;
    inner.lastArgument = this.lastArgument;
    inner.users = this.users;
    inner.rootPid = this.rootPid;
    inner.stack = this.stack;
    inner.parentInteractive = this.interactive || this.parentInteractive;
    for (const [signal, action] of this.traps) if (action === '') inner.traps.set(signal, '');
    return inner;
  }

  parentInteractive = false;
  warnedOfJobs = false;
  /** In the `wait` builtin: a trapped signal ends it. */
  waiting = false;
  limits = CopiedMap.empty<string, string>();
  getoptsIndex = 1;
  getoptsOffset = 1;

  /** What a signal does when no trap is set; an interactive shell keeps some to itself. */
  resetSignal(signal: Signal): void {
    if (this.interactive && signal === 'SIGINT') {
      this.process.trap(signal, () => {
        this.interrupted = true;
        throw new Interrupted();
      });
    } else if (this.interactive && ['SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'].includes(signal)) {
      // A handler that does nothing, so that children get the default back (an ignored signal stays ignored).
      this.process.trap(signal, () => {});
    } else this.process.trap(signal, 'default');
  }

  adopt(process: Process): void {
    this.process = process;
    this.jobs = new JobTable(process, this.jobs);
    for (const [signal, action] of this.traps) {
      if (signal.startsWith('SIG')) process.trap(signal as Signal, action === '' ? 'ignore' : 'default');
    }
  }

  /** Waits for a child and says its exit code as `$?` has it. */
  *waitForChild(child: { pid: number }): Task<number> {
    for (;;) {
      let result: ExitStatus | { readonly stopped: Signal };
      try {
        result = yield* this.process.wait(child.pid);
      } catch (error) {
        if (!isErrno(error, 'EINTR')) throw error;
        if (this.pendingSignals.length > 0) yield* this.runTraps();
        continue;
      }
      if (!('stopped' in result)) return codeOf(result);
    }
  }

  /** Statuses of processes that ended, which `wait PID` still tells. */
  keepStatus(job: Job): void {
    for (const member of job.members) this.finished.set(member.pid, codeOf(member.status ?? { code: 0 }));
  }

  *waitForJob(job: Job): Task<void> {
    while (job.state === 'running') {
      try {
        yield job.settled;
      } catch (error) {
        if (!isErrno(error, 'EINTR')) throw error;
      }
    }
  }

  // Descriptors of process substitutions

  get nextDescriptor(): number {
    let fd = 63;
    while (this.process.files.has(fd)) fd--;
    return fd;
  }

  /** Keeps a file open for the command that is being built; its /dev/fd path. */
  keepDescriptor(file: OpenFile): string {
    const fd = this.nextDescriptor;
    this.process.files.set(fd, file);
    this.substituted.push(fd);
    return `/dev/fd/${fd}`;
  }

  substituted: number[] = [];

  /** Closes what process substitutions opened since `from`. */
  closeSubstituted(from: number): void {
    for (const fd of this.substituted.splice(from)) {
      this.process.files.get(fd)?.release();
      this.process.files.delete(fd);
    }
  }
}

/** What a fork of a shell runs. It knows nothing of its parent, who may be gone long before it. */
class Subshell {
  shell: Shell | undefined;
  readonly #body: (inner: Shell) => Task<number>;

  constructor(body: (inner: Shell) => Task<number>) {
    this.#body = body;
  }

  *run(process: Process): Task<number> {
    const shell = this.shell!;
    shell.adopt(process);
    return yield* shell.guard(this.#body(shell));
  }
}

export const codeOf = (status: ExitStatus): number =>
  'signal' in status ? 128 + signalNumber(status.signal) : status.code;
