/** A session's log cut at a moment of its past, to go on from there. */

import { endsCommand } from './log.ts';
import type { LogEntry, SessionLog } from './messages.ts';

/**
 * The log as far as the moment. What was half typed then at a shell's prompt (`prompts`: those terminals) was no command yet and is
 * left out; keys typed into a program, an editor say, are part of what is shown and stay.
 */
export function cutAt(log: SessionLog, at: number, prompts: readonly string[]): SessionLog {
  const entries = log.entries.filter((entry) => entry.at <= at);
  const halfTyped = new Set(prompts.flatMap((host) => keysSinceEnter(entries, host)));
  const first = entries.findIndex((entry) => halfTyped.has(entry));
  const rest = entries.flatMap((entry, index) => {
    if (halfTyped.has(entry)) return [];
    // Without those keys a replay comes to another sum.
    const { hash: _, ...unhashed } = entry;
    return [first >= 0 && index > first ? unhashed : entry];
  });
  return { ...log, entries: rest, until: at };
}

/** The keys of a terminal that no Enter, and nothing else put into it, came after. */
function keysSinceEnter(entries: readonly LogEntry[], host: string): LogEntry[] {
  const own = entries.filter((entry) => 'host' in entry && entry.host === host && entry.type !== 'resize');
  const last = own.findLastIndex((entry) => entry.type !== 'keys' || endsCommand(entry));
  return own.slice(last + 1);
}
