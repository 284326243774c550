/** The lab's time as the page tells it. */

/** Factors of real time. */
export const speeds = [1, 10, 60] as const;

/** How far one may skip: milliseconds, and the amount and unit they are told in. */
export const skips = [
  [30_000, 30, 's'],
  [300_000, 5, 'm'],
  [3_600_000, 1, 'h'],
  [7_200_000, 2, 'h'],
] as const;

/** `14:05:09`, of the lab's own day (its machines are on UTC). */
export const clockText = (now: number): string => (now > 0 ? new Date(now).toISOString().slice(11, 19) : '--:--:--');
