/** What stands on the strip of a session's time: its commands, from its log, and what happened in the cluster. */

import type { Happening, LogEntry, Place } from '../../../sandbox/channel/messages.ts';

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
  const lines = new Map<string, Line>();
  for (const entry of entries) {
    const { at } = entry;
    if (entry.type === 'keys') {
      const line = lines.get(entry.host) ?? new Line();
      lines.set(entry.host, line);
      const text = line.type(entry.data);
      if (text) yield { at, type: 'command', host: entry.host, text };
    } else if (entry.type === 'run') yield { at, type: 'command', host: entry.host, text: shorten(entry.command) };
    else if (entry.type === 'open' || entry.type === 'solve') yield { at, type: entry.type, place: entry.place };
    else if (entry.type === 'save') yield { at, type: 'save', host: entry.host, path: entry.path };
    else if (entry.type === 'power') yield { at, type: 'power', host: entry.host, on: entry.on };
  }
}

/** Escape sequences of keys: arrows, Home, Alt and a letter. */
const SEQUENCES = /\x1b(\[[0-9;?]*[A-Za-z~]|O[A-Za-z]|.)?/g;
const HEREDOC = /<<-?\s*(['"]?)(\w+)\1/;

/** What is being typed in one terminal: as far as keys tell it, without what Tab and the history made of it. */
class Line {
  #text = '';
  /** The word that ends the document which is being typed; its lines belong to the command. */
  #until: string | undefined;

  /** The command that these keys have ended; '' when none. Several lines at once are one command, told by its first. */
  type(data: string): string {
    let command = '';
    for (const key of data.replaceAll(SEQUENCES, '')) {
      if (key === '\r') {
        const ended = this.#enter();
        command ||= ended;
      } else if (key === '\x7f' || key === '\b') this.#text = this.#text.slice(0, -1);
      else if (key === '\x03' || key === '\x15') this.#clear(key);
      else if (key >= ' ') this.#text += key;
    }
    return command;
  }

  #enter(): string {
    const line = this.#text.trim();
    this.#text = '';
    if (this.#until !== undefined) {
      if (line === this.#until) this.#until = undefined;
      return '';
    }
    this.#until = HEREDOC.exec(line)?.[2];
    return shorten(line);
  }

  #clear(key: string): void {
    this.#text = '';
    if (key === '\x03') this.#until = undefined;
  }
}

const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
