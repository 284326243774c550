/** Quantities against exact rational numbers: whatever is parsed, printed, added or compared means the same amount. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliUnits,
  parseQuantity,
  subtractQuantities,
  wholeUnits,
} from './quantity.ts';

/** A numerator over 10^`scale`. */
interface Rational {
  readonly numerator: bigint;
  readonly scale: number;
}

const UNITS: Readonly<Record<string, Rational>> = {
  n: { numerator: 1n, scale: 9 },
  u: { numerator: 1n, scale: 6 },
  m: { numerator: 1n, scale: 3 },
  ...Object.fromEntries(
    ['', 'k', 'M', 'G', 'T', 'P', 'E'].map((name, i) => [name, { numerator: 1000n ** BigInt(i), scale: 0 }]),
  ),
  ...Object.fromEntries(
    ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((name, i) => [name, { numerator: 1024n ** BigInt(i + 1), scale: 0 }]),
  ),
};

const suffixes = fc.oneof(
  fc.constantFrom(...Object.keys(UNITS)),
  fc.tuple(fc.constantFrom('e', 'E'), fc.integer({ min: -15, max: 20 })).map(([e, power]) => `${e}${power}`),
  fc.integer({ min: 0, max: 12 }).map((power) => `e+${power}`),
);
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`));

/** A quantity as somebody may write it, taken apart. */
const written = fc
  .record({ sign: fc.constantFrom('', '+', '-'), whole: digits(12), fraction: digits(13), suffix: suffixes })
  .filter(({ whole, fraction }) => whole + fraction !== '');
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

const textOf = ({ sign, whole, fraction, suffix }: Written): string =>
  `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${suffix}`;

const LARGEST = (2n ** 63n - 1n) * 10n ** 9n;

/** What it means in billionths: rounded away from zero, and no more than int64 holds (Quantity's ParseQuantity). */
function nanosOf({ sign, whole, fraction, suffix }: Written): bigint {
  const power = /^[eE][-+\d]/.test(suffix) ? Number(suffix.slice(1)) : undefined;
  const unit =
    power === undefined ? UNITS[suffix]! : { numerator: 10n ** BigInt(Math.max(0, power)), scale: Math.max(0, -power) };
  const numerator = BigInt(whole + fraction) * unit.numerator * 10n ** 9n;
  const denominator = 10n ** BigInt(fraction.length + unit.scale);
  const rounded = (numerator + denominator - 1n) / denominator;
  const capped = rounded > LARGEST ? LARGEST : rounded;
  return sign === '-' ? -capped : capped;
}

const signOf = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

test('parsing is exact', () => {
  fc.assert(
    fc.property(written, (given) => {
      expect(parseQuantity(textOf(given)).nanos).toBe(nanosOf(given));
    }),
    { numRuns: 2_000 },
  );
});

test('the canonical form means the same, has no fraction, and is its own canonical form', () => {
  fc.assert(
    fc.property(written, (given) => {
      const canonical = canonicalQuantity(textOf(given));
      expect(parseQuantity(canonical).nanos).toBe(nanosOf(given));
      const again = canonicalQuantity(canonical);
      expect(parseQuantity(again).nanos).toBe(nanosOf(given));
      // 93.75Ki is 96000, which nothing tells from a decimal amount any more: 96k (CanonicalizeBytes).
      if (!given.suffix.endsWith('i')) expect(again).toBe(canonical);
      expect(canonical).toMatch(/^-?\d+(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e-?\d+)?$/);
    }),
    { numRuns: 2_000 },
  );
});

test('the largest suffix that leaves a whole number is chosen', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 15n), (count) => {
      const decimal = /^(\d+)([kMGTPE]?)$/.exec(canonicalQuantity(`${count}`))!;
      expect(BigInt(decimal[1]!) % 1000n === 0n && decimal[2] !== 'E').toBe(false);
      const binary = /^(\d+)([KMGTPE]i)?$/.exec(canonicalQuantity(`${count}Ki`))!;
      expect(BigInt(binary[1]!) % 1024n === 0n && binary[2] !== 'Ei').toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('sums and differences are exact, and undo each other', () => {
  fc.assert(
    fc.property(written, written, (one, other) => {
      const [a, b] = [textOf(one), textOf(other)];
      expect(addQuantities(a, b).nanos).toBe(nanosOf(one) + nanosOf(other));
      expect(subtractQuantities(a, b).nanos).toBe(nanosOf(one) - nanosOf(other));
      expect(subtractQuantities(addQuantities(a, b), b).nanos).toBe(nanosOf(one));
      expect(parseQuantity(formatQuantity(addQuantities('0', a))).nanos).toBe(nanosOf(one));
    }),
    { numRuns: 1_000 },
  );
});

test('comparison is that of the numbers', () => {
  fc.assert(
    fc.property(written, written, (one, other) => {
      const expected = signOf(nanosOf(one) - nanosOf(other));
      expect(compareQuantities(textOf(one), textOf(other))).toBe(expected);
      expect(compareQuantities(textOf(other), textOf(one)) + expected).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});

test('whole units and thousandths are rounded up', () => {
  fc.assert(
    fc.property(written, (given) => {
      const nanos = nanosOf(given);
      fc.pre(nanos < 2n ** 53n && nanos > -(2n ** 53n));
      expect(wholeUnits(textOf(given))).toBe(Math.ceil(Number(nanos) / 1e9) + 0);
      expect(milliUnits(textOf(given))).toBe(Math.ceil(Number(nanos) / 1e6) + 0);
    }),
    { numRuns: 1_000 },
  );
});
