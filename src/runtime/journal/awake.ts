/** Whether this tab has been running all the time: one that slept may have lost its session to another tab without knowing it. */

const BEAT = 400;
/** Others wait longer than this before they take a session (ownership.ts, YIELD_LIMIT). */
const MISSED = 1_200;

let beat = performance.now();
setInterval(() => {
  beat = performance.now();
}, BEAT);

export const hasSlept = (): boolean => performance.now() - beat > MISSED;
