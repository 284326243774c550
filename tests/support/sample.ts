/** `npm test` runs a fixed sample of what takes long; `npm run unit` and `npm run e2e` (BOUND_LONG=1) run all of it. */

/** Every third case of a long table, or every nth. */
export const sampled = <T>(cases: readonly T[], every = 3): readonly T[] =>
  process.env.BOUND_LONG ? cases : cases.filter((_, i) => i % every === 0);

/** A browser test that is not in the sample: `test(title, long, …)`. */
export const long = { tag: '@long' } as const;
