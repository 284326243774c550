/** The command lines that were typed, as far as a log's keys tell them: what a text's blocks are compared with. */

import type { Input } from '../../sandbox/channel/messages.ts';
import { hostOf } from './terminal/arrangement.ts';

/** Ctrl-E moves, Ctrl-U empties the line; both stand before what the page types. */
const MOVE_TO_END = '\x05';
const CLEAR_LINE = '\x15';
const INTERRUPT = '\x03';
const BACKSPACE = '\x7f';

/**
 * The lines by host, its terminals together, in their order. A line that was edited by anything but Backspace (history,
 * completion, the arrow keys) is not known by its keys, and left out.
 */
export function typedLines(entries: readonly Input[]): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  /** The line begun in each terminal; undefined once its keys no longer tell it. */
  const begun = new Map<string, string | undefined>();
  for (const entry of entries) {
    if (entry.type !== 'keys') continue;
    const host = hostOf(entry.host);
    const typed = lines.get(host) ?? [];
    lines.set(host, typed);
    let line = begun.has(entry.host) ? begun.get(entry.host) : '';
    for (const key of entry.data) {
      if (key === '\r' || key === '\n') {
        if (line !== undefined) typed.push(line);
        line = '';
      } else if (key === CLEAR_LINE || key === INTERRUPT) line = '';
      else if (key === BACKSPACE) line = line?.slice(0, -1);
      else if (key >= ' ') line = line === undefined ? undefined : line + key;
      else if (key !== MOVE_TO_END) line = undefined;
    }
    begun.set(entry.host, line);
  }
  return lines;
}

/** Whether a block's lines were typed there, one after the other. */
export function wasTyped(block: string, typed: readonly string[] = []): boolean {
  const wanted = block.replace(/\n+$/, '').split('\n').map(trim);
  return typed.some((_, start) => wanted.every((line, index) => trim(typed[start + index] ?? '') === line));
}

const trim = (line: string): string => line.trim().replaceAll(/[ \t]+/g, ' ');
