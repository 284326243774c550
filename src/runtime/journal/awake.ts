/** Whether this tab has been running all the time: one that slept may have lost its session to another tab without knowing it. */

const BEAT = 400;
/** Others wait longer than this before they take a session (ownership.ts, YIELD_LIMIT). */
const MISSED = 1_200;

let beat = performance.now();
let slept = false;

/** Everything that happens here shows that the tab runs: the timer alone would wait behind the keys of a fast typist. */
export function observe(): void {
  const now = performance.now();
  if (now - beat > MISSED) slept = true;
  beat = now;
}
setInterval(observe, BEAT);

export function hasSlept(): boolean {
  observe();
  return slept;
}

/** The session was found to be this tab's still. */
export function rested(): void {
  observe();
  slept = false;
}
