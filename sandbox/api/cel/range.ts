/** Estimates from – to, that end where a uint64 does (cel-go checker/cost.go). */

export interface Range {
  readonly min: number;
  readonly max: number;
}

const LIMIT = 2 ** 64;
const capped = (value: number): number => Math.min(LIMIT, value);

/** Anything from nothing to the largest there is. */
export const UNKNOWN: Range = { min: 0, max: LIMIT };

export const plus = (a: Range, b: Range): Range => ({ min: capped(a.min + b.min), max: capped(a.max + b.max) });
export const times = (a: Range, b: Range): Range => ({ min: capped(a.min * b.min), max: capped(a.max * b.max) });
export const union = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });
/** Rounded up. */
export const scaled = ({ min, max }: Range, factor: number): Range => ({
  min: capped(Math.ceil(min * factor)),
  max: capped(Math.ceil(max * factor)),
});
