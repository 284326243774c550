/** Signal names and numbers of x86-64 Linux. */

import type { Signal } from '../process.ts';

export const SIGNALS: readonly string[] = [
  'EXIT',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR1',
  'SIGSEGV',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGSTKFLT',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
];

export const signalNumber = (signal: Signal): number => SIGNALS.indexOf(signal);

/** `TERM`, `SIGTERM`, `term`, `15` → `SIGTERM`; `0` and `EXIT` → `EXIT`. */
export function signalNamed(spec: string): string | undefined {
  if (/^\d+$/.test(spec)) return SIGNALS[Number(spec)];
  const name = spec.toUpperCase();
  if (['EXIT', 'ERR', 'DEBUG', 'RETURN'].includes(name)) return name;
  const full = name.startsWith('SIG') ? name : `SIG${name}`;
  return SIGNALS.includes(full) ? full : undefined;
}

/** Those a process of the lab can be sent. */
const REAL: ReadonlySet<string> = new Set<Signal>([
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGSEGV',
  'SIGUSR1',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGWINCH',
]);

export const isSignal = (name: string): name is Signal => REAL.has(name);
