/** What signals do to a process that has no handler, and their numbers (signal(7), x86). */

import type { Signal } from '../process.ts';

export const SIGNAL_NUMBERS: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGWINCH: 28,
};

type Effect = 'terminate' | 'stop' | 'nothing';

const EFFECTS: Partial<Record<Signal, Effect>> = {
  SIGCHLD: 'nothing',
  SIGCONT: 'nothing',
  SIGWINCH: 'nothing',
  SIGSTOP: 'stop',
  SIGTSTP: 'stop',
  SIGTTIN: 'stop',
  SIGTTOU: 'stop',
};

export const defaultAction = (signal: Signal): Effect => EFFECTS[signal] ?? 'terminate';

/** `TERM`, `SIGTERM`, `15` (and `0`, which only asks) as kill(1) takes them. */
export function parseSignal(text: string): Signal | 0 | undefined {
  if (text === '0') return 0;
  const name = text.toUpperCase().startsWith('SIG') ? text.toUpperCase() : `SIG${text.toUpperCase()}`;
  for (const [signal, number] of Object.entries(SIGNAL_NUMBERS)) {
    if (signal === name || String(number) === text) return signal as Signal;
  }
  return undefined;
}
