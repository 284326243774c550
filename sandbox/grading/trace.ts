/** What tells a session from every other one: what was done, and the pauses between. */

import type { Trace } from '../channel/grades.ts';
import type { LogEntry, SessionLog } from '../channel/inputs.ts';

/**
 * So many inputs in a row with the same pauses, to the millisecond, are one hand's: two people who type the same command at 50 to 300 ms
 * a key agree in seven pauses once in 10^15 times.
 */
export const RUN = 8;
/** What a held key does, and what a slow machine puts at one instant, is no hand's: a run must be of more than that. */
const VARIOUS_INPUTS = 4;
const VARIOUS_PAUSES = 4;
/** A log of less says nothing as a whole. */
const SAYS_SOMETHING = 3;

const LOOKING: ReadonlySet<LogEntry['type']> = new Set(['resize', 'open', 'terminal', 'close']);

/** What was done in a session, beyond opening pages and sizing windows. */
export const done = (entries: readonly LogEntry[]): LogEntry[] => entries.filter(({ type }) => !LOOKING.has(type));

export function traceOf({ seed, entries }: SessionLog): Trace {
  const inputs = done(entries);
  const texts = inputs.map(({ at: _, hash: __, inside: ___, ...input }) => JSON.stringify(input));
  const pauses = inputs.map(({ at }, index) => at - (inputs[index - 1]?.at ?? at));
  const whole = JSON.stringify([seed, inputs.map(({ at }) => at), texts]);
  const runs: number[] = [];
  for (let from = 0; from + RUN <= inputs.length; from++) {
    const run = texts.slice(from, from + RUN);
    const between = pauses.slice(from + 1, from + RUN);
    if (new Set(run).size < VARIOUS_INPUTS || new Set(between).size < VARIOUS_PAUSES) continue;
    runs.push(hashOf(`${run.join()}${between.join()}`));
  }
  return { whole: inputs.length < SAYS_SOMETHING ? 0 : hashOf(whole), inputs: inputs.length, runs };
}

/** 53 bits by two streams of FNV-1a; never 0. */
function hashOf(text: string): number {
  let [low, high] = [0x811c9dc5, 0x9dc5811c];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code ^ (i & 0xff), 0x01000193);
  }
  return (low >>> 0) + (high >>> 11) * 2 ** 32 + 1;
}
