/** `npm test` runs every third case of the long tables; with BOUND_LONG=1 all are run. */
export const sampled = <T>(cases: readonly T[]): readonly T[] =>
  process.env.BOUND_LONG ? cases : cases.filter((_, i) => i % 3 === 0);
