/** What stands on the strip of a session's time: its commands, from its log, and what happened in the cluster. */

import type { Happening, LogEntry, Place } from '../../../sandbox/channel/messages.ts';
import { typedLines } from '../../../sandbox/channel/typed.ts';

export type Mark = { readonly at: number } & (
  | { readonly type: 'command'; readonly host: string; readonly text: string }
  /** The page of another lesson was opened. */
  | { readonly type: 'open' | 'solve'; readonly place: Place }
  /** A file was saved by the editor. */
  | { readonly type: 'save'; readonly host: string; readonly path: string }
  | { readonly type: 'power'; readonly host: string; readonly on: boolean }
  | ({ readonly type: 'event' } & Happening)
);

/** More of a command line is not told. */
const LONGEST = 120;

/** Both in the order of time. An event of the second in which a command was given came after it. */
export function marksOf(entries: readonly LogEntry[], events: readonly Happening[], began: number): Mark[] {
  const marks: Mark[] = [...commands(entries)];
  const later = events.filter(({ at }) => at >= began).map((event): Mark => ({ type: 'event', ...event }));
  return [...marks, ...later].sort((a, b) => a.at - b.at);
}

function* commands(entries: readonly LogEntry[]): Generator<Mark> {
  yield* typed(entries);
  for (const entry of entries) {
    const { at } = entry;
    if (entry.type === 'run') yield { at, type: 'command', host: entry.host, text: shorten(entry.command) };
    else if (entry.type === 'open' || entry.type === 'solve') yield { at, type: entry.type, place: entry.place };
    else if (entry.type === 'save') yield { at, type: 'save', host: entry.host, path: entry.path };
    else if (entry.type === 'power') yield { at, type: 'power', host: entry.host, on: entry.on };
  }
}

/** Several lines at once are one command, told by its first. */
function* typed(entries: readonly LogEntry[]): Generator<Mark> {
  let last = -1;
  for (const { inside, host, text, to } of typedLines(entries)) {
    if (inside || to === last || text.trim() === '') continue;
    last = to;
    yield { at: entries[to]!.at, type: 'command', host, text: shorten(text.trim()) };
  }
}

const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
