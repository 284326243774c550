/** jobs, fg, bg, wait, kill, disown, suspend. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Signal } from '../../process.ts';
import { type Job, jobLine } from '../jobs.ts';
import { finishForeground, tellSignal } from '../pipeline.ts';
import { codeOf, type Shell } from '../shell.ts';
import { isSignal, SIGNALS, signalNamed } from '../signals.ts';
import { signalTable } from './control.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

export const jobs: Builtin = function* (shell, argv) {
  const options = argv
    .slice(1)
    .filter((a) => a.startsWith('-'))
    .join('');
  const bad = /[^-lnprsx]/.exec(options)?.[0];
  if (bad) return yield* invalidOption(shell, argv, `-${bad}`, 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]');
  const specs = argv.slice(1).filter((a) => !a.startsWith('-'));
  let status = 0;
  const chosen: Job[] = specs.length === 0 ? [...shell.jobs.told] : [];
  for (const spec of specs) {
    const job = shell.jobs.find(spec);
    if (job) chosen.push(job);
    else status = yield* fail(shell, argv, `${spec}: no such job`);
  }
  const mark = shell.jobs.marks();
  for (const job of chosen) {
    if (options.includes('r') && job.state !== 'running') continue;
    if (options.includes('s') && job.state !== 'stopped') continue;
    yield* shell.print(
      options.includes('p') ? `${job.group}\n` : `${jobLine(job, mark(job), options.includes('l'))}\n`,
    );
    if (job.state === 'done') shell.jobs.remove(job);
  }
  return status;
};

function* jobOf(shell: Shell, argv: readonly string[], spec: string | undefined): Task<Job | undefined> {
  const job = spec === undefined ? shell.jobs.current : shell.jobs.find(spec);
  if (!job) yield* shell.complain(`${argv[0]}: ${spec ?? 'current'}: no such job`);
  return job;
}

export const fg: Builtin = function* (shell, argv) {
  if (!shell.option('monitor')) return yield* fail(shell, argv, 'no job control');
  const job = yield* jobOf(shell, argv, argv[1]);
  if (!job) return 1;
  if (job.state === 'done') {
    shell.jobs.remove(job);
    return yield* fail(shell, argv, 'job has terminated');
  }
  yield* shell.print(`${job.command}\n`);
  if (shell.process.tty) shell.process.tty.foreground = job.group;
  job.resume();
  shell.process.kill(-job.group, 'SIGCONT');
  yield* finishForeground(shell, job);
  return shell.status;
};

export const bg: Builtin = function* (shell, argv) {
  if (!shell.option('monitor')) return yield* fail(shell, argv, 'no job control');
  for (const spec of argv.length > 1 ? argv.slice(1) : [undefined]) {
    const job = yield* jobOf(shell, argv, spec);
    if (!job) return 1;
    if (job.state === 'running') {
      yield* shell.complain(`bg: job ${job.id} already in background`);
      continue;
    }
    job.resume();
    shell.process.kill(-job.group, 'SIGCONT');
    yield* shell.print(`[${job.id}]${shell.jobs.marks()(job)} ${job.command} &\n`);
  }
  return 0;
};

export const wait: Builtin = function* (shell, argv) {
  const usage = 'wait [-fn] [-p var] [id ...]';
  const args = argv.slice(1);
  let any = false;
  let told: string | undefined;
  while (/^-./.test(args[0] ?? '')) {
    const option = args.shift()!;
    if (option === '--') break;
    const letters = [...option.slice(1)];
    for (const [at, letter] of letters.entries()) {
      if (letter === 'n') any = true;
      else if (letter === 'p') {
        told = letters.slice(at + 1).join('') || args.shift();
        if (told === undefined) {
          yield* shell.complain('wait: -p: option requires an argument');
          yield* shell.write(2, `wait: usage: ${usage}\n`);
          return 2;
        }
        break;
      } else if (letter !== 'f') return yield* invalidOption(shell, argv, `-${letter}`, usage);
    }
  }
  if (told !== undefined) {
    if (!/^[A-Za-z_]\w*(\[.*\])?$/.test(told)) return yield* fail(shell, argv, `\`${told}': not a valid identifier`);
    shell.variables.unset(told);
  }
  const tell = (job: Job) => {
    if (told !== undefined) shell.variables.set(told, String(job.lastPid));
  };
  if (any) return yield* waitNext(shell, argv, args, tell);
  if (args.length === 0) {
    for (const job of [...shell.jobs.list]) {
      if (yield* waitInterruptibly(shell, job)) return shell.status;
      if (job.state === 'done') done(shell, job);
    }
    if (!shell.interactive) shell.finished.clear();
    return 0;
  }
  let status = 0;
  for (const spec of args) {
    if (!/^%|^\d+$/.test(spec)) {
      status = yield* fail(shell, argv, `\`${spec}': not a pid or valid job spec`);
      continue;
    }
    const job = spec.startsWith('%') ? shell.jobs.find(spec) : shell.jobs.byPid(Number(spec));
    if (!job) {
      const known = shell.finished.get(Number(spec));
      if (known !== undefined) status = known;
      else if (spec.startsWith('%')) {
        yield* shell.complain(`wait: ${spec}: no such job`);
        status = 127;
      } else {
        yield* shell.complain(`wait: pid ${spec} is not a child of this shell`);
        status = 127;
      }
      continue;
    }
    if (yield* waitInterruptibly(shell, job)) return shell.status;
    status = codeOf(job.status);
    tell(job);
    if (job.state === 'done') {
      if (!('signal' in job.status && job.status.signal === 'SIGTERM')) yield* tellSignal(shell, job);
      done(shell, job);
    }
  }
  return status;
};

function done(shell: Shell, job: Job): void {
  shell.keepStatus(job);
  if (!shell.interactive) shell.jobs.remove(job);
}

/** `wait -n`: the next of those named, or of all, that ends. */
function* waitNext(
  shell: Shell,
  argv: readonly string[],
  specs: readonly string[],
  tell: (job: Job) => void,
): Task<number> {
  const chosen: Job[] = [];
  for (const spec of specs) {
    const job = spec.startsWith('%') ? shell.jobs.find(spec) : shell.jobs.byPid(Number(spec));
    if (job) chosen.push(job);
    else yield* fail(shell, argv, `${spec}: no such job`);
  }
  if (specs.length > 0 && chosen.length === 0) return 127;
  const job = yield* waitForAny(shell, specs.length > 0 ? chosen : shell.jobs.list);
  if (!job) return 127;
  tell(job);
  return codeOf(job.status);
}

/** True if a trapped signal ended the wait. */
function* waitInterruptibly(shell: Shell, job: Job): Task<boolean> {
  while (job.state === 'running') {
    shell.waiting = true;
    try {
      yield job.settled;
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    } finally {
      shell.waiting = false;
    }
    const signal = shell.pendingSignals[0];
    if (signal !== undefined) {
      yield* shell.runTraps();
      shell.status = 128 + SIGNALS.indexOf(signal);
      return true;
    }
    if (shell.interrupted) {
      yield* shell.step();
    }
  }
  return false;
}

function* waitForAny(shell: Shell, jobs: readonly Job[]): Task<Job | undefined> {
  const running = jobs.filter((j) => j.state === 'running');
  const ended = jobs.find((j) => j.state === 'done');
  if (ended) {
    shell.jobs.remove(ended);
    return ended;
  }
  if (running.length === 0) return undefined;
  yield (resume) => {
    const undos = running.map((job) => job.settled(resume));
    return () => {
      for (const undo of undos) undo?.();
    };
  };
  const job = jobs.find((j) => j.state === 'done');
  if (job) shell.jobs.remove(job);
  return job;
}

export const kill: Builtin = function* (shell, argv) {
  const usage = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';
  const args = argv.slice(1);
  let signal: Signal | 0 = 'SIGTERM';
  if (args[0] === '-l' || args[0] === '-L') return yield* listSignals(shell, args.slice(1));
  if (args[0] && /^-./.test(args[0]) && args[0] !== '--') {
    const option = args.shift()!;
    const spec = option === '-s' || option === '-n' ? (args.shift() ?? '') : option.slice(1);
    if (spec === '0') signal = 0;
    else {
      const named = signalNamed(spec);
      if (!named || !isSignal(named)) {
        yield* shell.complain(`kill: ${spec}: invalid signal specification`);
        return 1;
      }
      signal = named;
    }
  }
  if (args[0] === '--') args.shift();
  if (args.length === 0) {
    yield* shell.write(2, `kill: usage: ${usage}\n`);
    return 2;
  }
  let status = 0;
  for (const target of args) {
    if (target.startsWith('%')) {
      const job = shell.jobs.find(target);
      if (!job) {
        status = yield* fail(shell, argv, `${target}: no such job`);
        continue;
      }
      const pid = shell.option('monitor') ? -job.group : job.lastPid;
      if (!(yield* send(shell, pid, signal, target))) status = 1;
      else if (job.state === 'stopped' && (signal === 'SIGTERM' || signal === 'SIGHUP')) {
        yield* send(shell, pid, 'SIGCONT', target);
      }
    } else if (!/^-?\d+$/.test(target)) {
      status = yield* fail(shell, argv, `${target}: arguments must be process or job IDs`);
    } else if (!(yield* send(shell, Number(target), signal, target))) status = 1;
  }
  return status;
};

function* send(shell: Shell, pid: number, signal: Signal | 0, target: string): Task<boolean> {
  try {
    if (signal === 0) {
      if (pid > 0 && !shell.process.machine.processes.has(pid)) {
        yield* shell.complain(`kill: (${target}) - No such process`);
        return false;
      }
      return true;
    }
    shell.process.kill(pid, signal);
    if (pid <= 0 || pid === shell.process.pid) yield* shell.giveWay();
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* shell.complain(`kill: (${target}) - ${error.message}`);
    return false;
  }
}

function* listSignals(shell: Shell, specs: readonly string[]): Task<number> {
  if (specs.length === 0) {
    yield* shell.print(signalTable());
    return 0;
  }
  for (const spec of specs) {
    if (/^\d+$/.test(spec)) {
      const name = SIGNALS[Number(spec) > 128 ? Number(spec) - 128 : Number(spec)];
      yield* shell.print(`${(name ?? spec).replace(/^SIG/, '')}\n`);
    } else yield* shell.print(`${SIGNALS.indexOf(signalNamed(spec) ?? '')}\n`);
  }
  return 0;
}

export const disown: Builtin = function* (shell, argv) {
  const all = argv.includes('-a');
  const specs = argv.slice(1).filter((a) => !a.startsWith('-'));
  const chosen = all
    ? [...shell.jobs.list]
    : specs.length > 0
      ? specs.map((s) => shell.jobs.find(s) ?? shell.jobs.byPid(Number(s)))
      : [shell.jobs.current];
  for (const job of chosen) {
    if (!job) return yield* fail(shell, argv, `${specs[0] ?? 'current'}: no such job`);
    shell.jobs.remove(job);
  }
  return 0;
};

export const suspend: Builtin = function* (shell, argv) {
  if (shell.login) return yield* fail(shell, argv, 'cannot suspend a login shell');
  shell.process.kill(shell.process.pid, 'SIGSTOP');
  return 0;
};
