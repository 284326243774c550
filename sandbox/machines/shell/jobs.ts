/** Jobs: pipelines in the background or stopped, as `jobs`, `fg`, `bg` and `wait` see them. */

import { Coroutine, type Task, type Wait } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { ExitStatus, Process, Signal } from '../process.ts';

export type JobState = 'running' | 'stopped' | 'done';

interface Member {
  readonly pid: number;
  state: JobState;
  status: ExitStatus | undefined;
}

export class Job {
  id = 0;
  readonly group: number;
  readonly members: Member[];
  stoppedBy: Signal | undefined;
  /** When it last was the one in front, among its table's jobs: `%+` is the highest. */
  touched = 0;
  /** Its end was already told. */
  notified = false;
  #listeners: (() => void)[] = [];
  #command: string | undefined;
  readonly #written: () => string;

  /** `written` says the command as bash writes it back; most jobs are never asked. */
  constructor(group: number, written: () => string, pids: readonly number[]) {
    this.group = group;
    this.#written = written;
    this.members = pids.map((pid) => ({ pid, state: 'running', status: undefined }));
  }

  get command(): string {
    this.#command ??= this.#written();
    return this.#command;
  }

  get state(): JobState {
    if (this.members.every((m) => m.state === 'done')) return 'done';
    return this.members.some((m) => m.state === 'running') ? 'running' : 'stopped';
  }

  /** The status of its last process. */
  get status(): ExitStatus {
    return this.members.at(-1)!.status ?? { code: 0 };
  }

  get lastPid(): number {
    return this.members.at(-1)!.pid;
  }

  /** Ends when the state is not `running` any more. */
  readonly settled: Wait = (resume) => {
    if (this.state !== 'running') {
      resume();
      return undefined;
    }
    this.#listeners.push(resume);
    return () => {
      this.#listeners = this.#listeners.filter((l) => l !== resume);
    };
  };

  changed(): void {
    if (this.state === 'running') return;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  /** Running again after `fg` or `bg`. */
  resume(): void {
    for (const member of this.members) if (member.state === 'stopped') member.state = 'running';
    this.stoppedBy = undefined;
  }
}

/** A shell may hold many thousands of jobs (nothing forgets those of `for ((;;)); do : & done`), and each fork inherits them all. */
export class JobTable {
  /** Only added to while subshells look at it; the first to be removed makes a new one. */
  #list: Job[] = [];
  #looked = false;
  readonly #inherited: readonly Job[];
  readonly #inheritedCount: number;
  #touches = 0;
  readonly #process: Process;

  /** `parent`: in a subshell, whose jobs `jobs` still tells, though they are not its children. */
  constructor(process: Process, parent?: JobTable) {
    this.#process = process;
    if (parent && parent.#list.length > 0) {
      parent.#looked = true;
      this.#inherited = parent.#list;
      this.#inheritedCount = parent.#list.length;
    } else {
      this.#inherited = parent ? parent.#inherited : [];
      this.#inheritedCount = parent ? parent.#inheritedCount : 0;
    }
  }

  get list(): readonly Job[] {
    return this.#list;
  }

  /** What `jobs` tells: the shell's own, or, while it has none, those it was forked beside. */
  get told(): readonly Job[] {
    return this.#list.length > 0 ? this.#list : this.#inherited.slice(0, this.#inheritedCount);
  }

  add(job: Job): Job {
    job.id = (this.#list.at(-1)?.id ?? 0) + 1;
    this.#list.push(job);
    this.touch(job);
    return job;
  }

  /** Follows the job's processes until their ends. */
  watch(job: Job): void {
    for (const member of job.members) {
      if (member.state === 'done') continue;
      new Coroutine(this.#process.machine.clock, this.#follow(job, member));
    }
  }

  *#follow(job: Job, member: Member): Task<void> {
    for (;;) {
      let result: ExitStatus | { readonly stopped: Signal };
      try {
        result = yield* this.#process.wait(member.pid);
      } catch (error) {
        if (isErrno(error, 'EINTR')) continue;
        result = { code: 127 };
      }
      if ('stopped' in result) {
        member.state = 'stopped';
        job.stoppedBy = result.stopped;
        job.changed();
        continue;
      }
      member.state = 'done';
      member.status = result;
      job.changed();
      return;
    }
  }

  touch(job: Job): void {
    job.touched = ++this.#touches;
  }

  remove(job: Job): void {
    const at = this.#list.indexOf(job);
    if (at < 0) return;
    if (this.#looked) this.#list = [...this.#list];
    this.#looked = false;
    this.#list.splice(at, 1);
  }

  get current(): Job | undefined {
    return this.#front().current;
  }

  get previous(): Job | undefined {
    return this.#front().previous;
  }

  /** The stopped one, or else the one that was in front last; and the last one beside it. */
  #front(): { readonly current: Job | undefined; readonly previous: Job | undefined } {
    let stopped: Job | undefined;
    let [last, before]: (Job | undefined)[] = [];
    for (const job of this.#list) {
      if (!last || job.touched > last.touched) [last, before] = [job, last];
      else if (!before || job.touched > before.touched) before = job;
      if (job.state === 'stopped' && !(stopped && stopped.touched > job.touched)) stopped = job;
    }
    return stopped && stopped !== last ? { current: stopped, previous: last } : { current: last, previous: before };
  }

  /** `%1`, `%+`, `%-`, `%name`, `%?text`. */
  find(spec: string): Job | undefined {
    const name = spec.replace(/^%/, '');
    if (name === '' || name === '+' || name === '%') return this.current;
    if (name === '-') return this.previous ?? this.current;
    if (/^\d+$/.test(name)) return this.list.find((j) => j.id === Number(name));
    if (name.startsWith('?')) return this.list.find((j) => j.command.includes(name.slice(1)));
    return this.list.find((j) => j.command.startsWith(name));
  }

  byPid(pid: number): Job | undefined {
    return this.list.find((j) => j.members.some((m) => m.pid === pid));
  }

  /** The mark of each job as they now are. */
  marks(): (job: Job) => '+' | '-' | ' ' {
    const { current, previous } = this.#front();
    return (job) => (job === current ? '+' : job === previous ? '-' : ' ');
  }
}

const STOPS: Partial<Record<Signal, string>> = {
  SIGTSTP: 'Stopped',
  SIGSTOP: 'Stopped(SIGSTOP)',
  SIGTTIN: 'Stopped(SIGTTIN)',
  SIGTTOU: 'Stopped(SIGTTOU)',
};

/** strsignal(3) of what ends processes here. */
export const SIGNAL_WORDS: Partial<Record<Signal, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGABRT: 'Aborted',
  SIGKILL: 'Killed',
  SIGSEGV: 'Segmentation fault',
  SIGUSR1: 'User defined signal 1',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
};

/** A line of `jobs`. */
export function jobLine(job: Job, mark: string, long = false): string {
  const state = job.state;
  let word = 'Running';
  if (state === 'stopped') word = STOPS[job.stoppedBy ?? 'SIGTSTP'] ?? 'Stopped';
  else if (state === 'done') {
    const status = job.status;
    if ('signal' in status) word = SIGNAL_WORDS[status.signal] ?? status.signal;
    else word = status.code === 0 ? 'Done' : `Exit ${status.code}`;
  }
  const command = job.command + (state === 'running' ? ' &' : '');
  const pid = long ? `${String(job.lastPid).padStart(5)} ` : '';
  return `[${job.id}]${mark}${long ? '' : ' '} ${pid}${word.padEnd(24)}${command}`;
}
