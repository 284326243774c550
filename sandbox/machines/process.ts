/**
 * What a program sees of its machine: the system calls. All that may wait is a task, because any path may lie on an NFS
 * mount whose server is gone. Programs import this file and errno.ts only.
 */

import type { Cause } from '../sim/cause.ts';
import type { Random } from '../sim/random.ts';
import type { Task, Wait } from '../sim/task.ts';
import type { CopiedMap } from './copied.ts';
import type { Machine } from './machine.ts';

export type Signal =
  | 'SIGHUP'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGABRT'
  | 'SIGKILL'
  | 'SIGSEGV'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGPIPE'
  | 'SIGALRM'
  | 'SIGTERM'
  | 'SIGCHLD'
  | 'SIGCONT'
  | 'SIGSTOP'
  | 'SIGTSTP'
  | 'SIGTTIN'
  | 'SIGTTOU'
  | 'SIGWINCH';

export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'char' | 'block';

export interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** In units of 512 bytes. */
  readonly blocks: number;
  /** Milliseconds since the epoch. */
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  /** Of a device. */
  readonly rdev?: readonly [major: number, minor: number];
}

/** statfs(2), in bytes. */
export interface StatFs {
  readonly type: string;
  readonly total: number;
  readonly free: number;
  readonly available: number;
  readonly files: number;
  readonly filesFree: number;
}

/** One line of /proc/self/mountinfo, as much as programs print. */
export interface MountEntry {
  readonly id: number;
  /** `192.168.120.230:/mnt/nfsserv`, `/dev/mapper/…`, `tmpfs`. */
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** Comma-separated options as /proc/mounts prints them. */
  readonly options: string;
  /** The path inside the filesystem that is mounted here; `/` unless bind-mounted. */
  readonly root: string;
}

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  readonly directory?: boolean;
}

/** An open file description: shared by dup and inheritance, closed when the last reference goes. */
export interface OpenFile {
  /** Up to `max` bytes; empty at end of file. */
  read(max?: number): Task<Uint8Array>;
  /** All of it, waiting as long as a full pipe does. Throws EPIPE, EIO …; ENOSPC once what fits has been written. */
  write(data: Uint8Array): Task<void>;
  stat(): Task<Stat>;
  seek?(offset: number): void;
  /** Where the next read or write begins (lseek(2) by nothing); of a file opened to append, its end. */
  tell?(): number;
  truncate?(length: number): Task<void>;
  /** fallocate(2); absent: ESPIPE or ENODEV. Throws ENOSPC, EFBIG, ENOTSUP. */
  allocate?(offset: number, length: number, options?: { keepSize?: boolean; punch?: boolean }): Task<void>;
  /** The terminal this is, if it is one (isatty). */
  readonly tty?: Tty;
  /** The path it was opened by, for /proc/PID/fd and messages. */
  readonly path?: string;
  /** Ends when `read` would not wait; for poll. */
  readonly readable?: Wait;
  retain(): void;
  release(): void;
}

export interface TerminalModes {
  /** ICANON: lines edited by the terminal, ^D ends input. */
  canonical: boolean;
  echo: boolean;
  /** ISIG: ^C ^Z ^\ send signals to the foreground process group. */
  signals: boolean;
  /** OPOST and ONLCR: `\n` goes to the screen as `\r\n`. On unless false (kubectl exec -t, ssh). */
  output?: boolean;
  /** What is edited continues a command (bash's PS2): no mode of termios, told to those who look at the terminal from outside. */
  continues?: boolean;
}

/** A terminal as a program sees it. */
export interface Tty {
  /** Why its keyboard was touched last, where that was no key of the learner's own. */
  readonly typed?: Cause | undefined;
  /** `pts/0`. */
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  modes: TerminalModes;
  foreground: number;
  /** Somebody waits for what is typed next. */
  readonly awaited: boolean;
}

export type ExitStatus = { readonly code: number } | { readonly signal: Signal };

export interface SpawnOptions {
  /** Descriptor numbers to open files; stdin, stdout and stderr are the parent's unless given. */
  readonly files?: ReadonlyMap<number, OpenFile>;
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** 'new': a process group of its own; a number: that one. */
  readonly group?: 'new' | number;
  /** setsid(2) with this controlling terminal. */
  readonly session?: Tty | null;
  /** Its tasks count in this control group; the parent's unless given. */
  readonly tasks?: TaskGroup;
}

/**
 * The pids controller of a control group (cgroup-v2, "PID"): how many tasks there are and may be, here and in the groups above.
 * What is attached, as a login is, is never refused; what is forked there is.
 */
export interface TaskGroup {
  readonly limit: number;
  readonly count: number;
}

/** getrlimit(2), soft limits, as much as the kernel enforces. */
export interface Limits {
  /** RLIMIT_NOFILE: one more than the highest descriptor, and how many may be open. */
  readonly openFiles: number;
  /** RLIMIT_NPROC; it does not bind root. */
  readonly processes: number;
  /** RLIMIT_STACK, bytes: a quarter of it is for arguments and environment. */
  readonly stack: number;
}

/** A program: its arguments include argv[0]; it returns its exit status (0–255). */
export type Program = (process: Process, argv: readonly string[]) => Task<number>;

/** Thrown inside a program by `exit()`; never caught by programs except to clean up. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Paths are relative to `cwd`. Everything throws Errno. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly machine: Machine;
  /** Of its UTS namespace: the machine's, or a container's own. */
  readonly hostname: string;
  readonly argv: readonly string[];
  readonly env: CopiedMap<string, string>;
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  umask: number;
  /** getpriority(2): -20 (most favoured) to 19; what it forks has the same. Told only: the machine's processors are never short. */
  niceness: number;
  readonly group: number;
  /** The controlling terminal. */
  readonly tty: Tty | undefined;
  readonly files: Map<number, OpenFile>;
  readonly stdin: OpenFile;
  readonly stdout: OpenFile;
  readonly stderr: OpenFile;
  readonly random: Random;
  readonly limits: Limits;

  /** Virtual milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Task<void>;
  /** Pays CPU time in microseconds; from time to time it waits, so that signals and the host get their turn. */
  spend(microseconds: number): Task<void>;

  /**
   * Counts data the process keeps in memory (a sort's lines, a shell's variables); a negative amount gives back, and all of it goes
   * with the process. Throws ENOMEM where its limit or the machine's is reached: 64 MiB a process, 80 MiB in the world.
   */
  hold(bytes: number): void;

  /** Writes text to stdout; `error` to stderr. */
  print(text: string): Task<void>;
  /** A program may put another in its place for itself: busybox's applets say the GNU tools' messages in their own words. */
  error: (text: string) => Task<void>;

  /** What is not released is when the process ends. Throws EMFILE beyond `limits.openFiles`. */
  open(path: string, flags: OpenFlags, mode?: number): Task<OpenFile>;
  pipe(): { read: OpenFile; write: OpenFile };
  readFile(path: string): Task<Uint8Array>;
  readText(path: string): Task<string>;
  writeFile(path: string, data: Uint8Array | string, options?: { append?: boolean; mode?: number }): Task<void>;
  stat(path: string): Task<Stat>;
  lstat(path: string): Task<Stat>;
  access(path: string, mode: { read?: boolean; write?: boolean; execute?: boolean }): Task<void>;
  /** Names without `.` and `..`, in directory order. */
  readdir(path: string): Task<string[]>;
  mkdir(path: string, mode?: number): Task<void>;
  rmdir(path: string): Task<void>;
  unlink(path: string): Task<void>;
  rename(from: string, to: string): Task<void>;
  link(target: string, path: string): Task<void>;
  symlink(target: string, path: string): Task<void>;
  readlink(path: string): Task<string>;
  realpath(path: string): Task<string>;
  chmod(path: string, mode: number): Task<void>;
  chown(path: string, uid: number | undefined, gid: number | undefined, options?: { follow?: boolean }): Task<void>;
  utimes(
    path: string,
    atime: number | undefined,
    mtime: number | undefined,
    options?: { follow?: boolean },
  ): Task<void>;
  truncate(path: string, length: number): Task<void>;
  mkfifo(path: string, mode?: number): Task<void>;
  statfs(path: string): Task<StatFs>;
  chdir(path: string): Task<void>;
  /**
   * As fts(3) walks a tree, with openat(2): until the function returned is called, paths that begin with this directory's, as it was
   * written here, are looked up from it. They may be longer than PATH_MAX, and cost what lies below it. Throws ENOTDIR and others.
   */
  anchor(path: string): Task<() => void>;

  mounts(): readonly MountEntry[];
  mount(options: { source: string; target: string; type: string; options: readonly string[] }): Task<void>;
  umount(target: string, options?: { lazy?: boolean; force?: boolean }): Task<void>;

  /** Finds the file (PATH is the caller's business), checks x, follows `#!`, starts it. Throws ENOENT, EACCES, ENOEXEC, E2BIG, EAGAIN (no more tasks). */
  spawn(path: string, argv: readonly string[], options?: SpawnOptions): Task<Process>;
  /** execve(2): this very process becomes the file's program. Returns only by throwing, as `spawn` does. */
  exec(path: string, argv: readonly string[], options?: Pick<SpawnOptions, 'files' | 'env'>): Task<never>;
  /** A child that runs the given program code (subshells, pipelines of builtins). Throws EAGAIN (no more tasks). */
  fork(program: Program, argv: readonly string[], options?: SpawnOptions): Process;
  /** Waits for a child's end (or stop) and reaps it. Throws ECHILD. */
  wait(pid: number): Task<ExitStatus | { readonly stopped: Signal }>;
  /** A negative pid is a process group. Throws ESRCH, EPERM. */
  kill(pid: number, signal: Signal): void;
  /** 'default', 'ignore', or a handler run between steps; a waiting call is interrupted (EINTR) if the handler says so. */
  trap(signal: Signal, action: 'default' | 'ignore' | (() => void)): void;
  /** Ends the process from anywhere inside it. */
  exit(code: number): never;
}
