/** The words and colours of states: what is well, what waits, what failed, what is going or gone; and names that fit. */

export type Tone = 'well' | 'waits' | 'bad' | 'gone' | 'plain';

const tones: Readonly<Record<string, Tone>> = {
  Bound: 'well',
  Running: 'well',
  Completed: 'well',
  Succeeded: 'well',
  Available: 'plain',
  Released: 'gone',
  Terminating: 'gone',
  Unknown: 'gone',
  Pending: 'waits',
  ContainerCreating: 'waits',
  PodInitializing: 'waits',
  Failed: 'bad',
  Lost: 'bad',
};

/** The tone of a STATUS word; words that name an error (`ImagePullBackOff`, `Error`) are bad, others wait. */
export function toneOf(status: string): Tone {
  const known = tones[status];
  if (known) return known;
  return /Err|BackOff|Error|Evicted|OOM|Fail|Invalid|Cannot/.test(status) ? 'bad' : 'waits';
}

/** `persistent-deployment-b9db64785-7fq4z` in 16 letters: `persist…85-7fq4z`. */
export function shorten(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const tail = Math.max(1, Math.min(8, Math.floor((letters - 1) / 2)));
  return `${name.slice(0, Math.max(1, letters - 1 - tail))}…${name.slice(-tail)}`;
}

/** Widths of a letter of the two type sizes (pixels). */
export const NAME_LETTER = 6.65;
export const SMALL_LETTER = 6.1;
/** On the average, of the sans-serif. */
export const SANS_LETTER = 5.5;
/** A Japanese letter is as wide as the type is high, and wider than a Latin one. */
const WIDE_LETTER = 10.8;
const WIDE = /[\u3000-\u9fff\uff00-\uffef]/g;

/** A text cut to what a width has room for. */
export function fitted(text: string, width: number, letter: number): string {
  const wide = (text.match(WIDE)?.length ?? 0) / text.length || 0;
  return shorten(text, Math.floor(width / (letter * (1 - wide) + WIDE_LETTER * wide)));
}
