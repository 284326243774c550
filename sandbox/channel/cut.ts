/** A session's log cut at a moment of its past, to go on from there. */

import type { LogEntry, SessionLog } from './messages.ts';

/** Ctrl-E, Ctrl-U: the line that stands at a prompt is empty. */
export const CLEAR_LINE = '\x05\x15';

/**
 * The log as far as the moment. What was half typed then at a shell's prompt (`prompts`: those terminals) was no command yet: the line
 * is cleared. Nothing is left out, for keys without an Enter may have ended a program (Ctrl-C, Ctrl-D, `q`).
 */
export function cutAt(log: SessionLog, at: number, prompts: readonly string[]): SessionLog {
  const entries = log.entries.filter((entry) => entry.at <= at);
  const clearing = prompts
    .filter((host) => standsHalfTyped(entries, host))
    .map((host): LogEntry => ({ at, type: 'keys', host, data: CLEAR_LINE }));
  return { ...log, entries: [...entries, ...clearing], until: at };
}

/** Whether keys were the last thing put into a terminal, and no Enter the last of them. */
function standsHalfTyped(entries: readonly LogEntry[], host: string): boolean {
  const last = entries.findLast((entry) => 'host' in entry && entry.host === host && entry.type !== 'resize');
  return last?.type === 'keys' && !last.data.endsWith('\r');
}
