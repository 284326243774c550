/** Whether a text's blocks were typed: into a shell or into what it began, as far as the log's keys tell. */

import { hostOf, type Noted, typedLines } from '../../sandbox/channel/typed.ts';

/**
 * The lines by host, its terminals together, in their order. A line that was edited by anything but Backspace (history,
 * completion, the arrow keys) is not known by its keys, and left out.
 */
export function linesByHost(entries: readonly Noted[]): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { host, text, edited } of typedLines(entries)) {
    const typed = lines.get(hostOf(host)) ?? [];
    lines.set(hostOf(host), typed);
    if (!edited) typed.push(text);
  }
  return lines;
}

/** Whether a block's lines were typed there, one after the other. */
export function wasTyped(block: string, typed: readonly string[] = []): boolean {
  const wanted = block.replace(/\n+$/, '').split('\n').map(trim);
  return typed.some((_, start) => wanted.every((line, index) => trim(typed[start + index] ?? '') === line));
}

const trim = (line: string): string => line.trim().replaceAll(/[ \t]+/g, ' ');
