/** metav1.Time and metav1.MicroTime as the API prints them. */

let lastSecond = -1;
let lastText = '';

/** RFC 3339 in whole seconds. */
export function timestamp(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  }
  return lastText;
}

/** RFC 3339 with microseconds. */
export const microTimestamp = (now: number): string => `${new Date(now).toISOString().slice(0, 23)}000Z`;

/** Milliseconds since the epoch; NaN of what is no time. */
export const parseTime = (text: string): number => Date.parse(text);
