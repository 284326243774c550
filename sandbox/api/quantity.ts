/** Exact resource quantities (apimachinery pkg/api/resource): parse, canonical form, sums and comparison. */

export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** An amount in billionths: the finest that Kubernetes keeps. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

export class QuantityError extends Error {}

const WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_NUMBER = 'unable to parse numeric part of quantity';
const WRONG_SUFFIX = "unable to parse quantity's suffix";

const SHAPE = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const NANO = 1_000_000_000n;
const MAX = 2n ** 63n - 1n;

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** Multipliers in nanos by suffix. */
const SUFFIXES: ReadonlyMap<string, Unit> = new Map([
  ...DECIMAL_SUFFIXES.map((suffix, i): [string, Unit] => [
    suffix,
    { nanos: 10n ** BigInt(3 * i), format: 'DecimalSI', power: 0 },
  ]),
  ...BINARY_SUFFIXES.slice(1).map((suffix, i): [string, Unit] => [
    suffix,
    { nanos: NANO * 1024n ** BigInt(i + 1), format: 'BinarySI', power: 0 },
  ]),
]);

const parsed = new Map<string, Quantity>();
const REMEMBERED = 4096;

/** Throws QuantityError. */
export function parseQuantity(value: string | number): Quantity {
  const text = String(value).trim();
  let quantity = parsed.get(text);
  if (!quantity) {
    quantity = parse(text);
    if (parsed.size >= REMEMBERED) parsed.clear();
    parsed.set(text, quantity);
  }
  return quantity;
}

function parse(text: string): Quantity {
  const match = SHAPE.exec(text);
  if (!match || text === '') throw new QuantityError(WRONG_FORMAT);
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') throw new QuantityError(text === sign ? WRONG_FORMAT : WRONG_NUMBER);
  const unit = SUFFIXES.get(suffix) ?? exponent(suffix);
  const power = unit.power - fraction.length;
  // Beyond these powers the amount is the largest or the smallest there is.
  const scale = 10n ** BigInt(Math.min(Math.abs(power), whole.length + fraction.length + 60));
  const scaled = BigInt(whole + fraction) * unit.nanos * (power > 0 ? scale : 1n);
  const divisor = power < 0 ? scale : 1n;
  // Finer than a billionth is rounded up, away from zero.
  const nanos = clamp((scaled + divisor - 1n) / divisor);
  // What is less than one is printed in decimal.
  const format = unit.format === 'BinarySI' && nanos < NANO && nanos > 0n ? 'DecimalSI' : unit.format;
  return { nanos: sign === '-' ? -nanos : nanos, format };
}

/** A suffix means so many nanos times a power of ten. */
interface Unit extends Quantity {
  readonly power: number;
}

function exponent(suffix: string): Unit {
  const match = /^[eE]([-+]?[0-9]+)$/.exec(suffix);
  if (!match) throw new QuantityError(WRONG_SUFFIX);
  return { nanos: NANO, format: 'DecimalExponent', power: Number(match[1]) };
}

const clamp = (nanos: bigint): bigint => (nanos > MAX * NANO ? MAX * NANO : nanos);

export function isQuantity(value: unknown): value is string | number {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    parseQuantity(value);
    return true;
  } catch {
    return false;
  }
}

/** The form in which the API stores and prints it: `1024Mi` is `1Gi`, `0.5` is `500m`. Throws QuantityError. */
export const canonicalQuantity = (value: string | number): string => formatQuantity(parseQuantity(value));

export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0';
  const magnitude = nanos < 0n ? -nanos : nanos;
  if (format === 'BinarySI' && magnitude >= 1024n * NANO && magnitude % NANO === 0n) {
    let [count, power] = [nanos / NANO, 0];
    while (count % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) [count, power] = [count / 1024n, power + 1];
    return `${count}${BINARY_SUFFIXES[power]}`;
  }
  let [count, power] = [nanos, 0];
  while (count % 1000n === 0n && (format === 'DecimalExponent' || power < DECIMAL_SUFFIXES.length - 1)) {
    [count, power] = [count / 1000n, power + 1];
  }
  if (format !== 'DecimalExponent') return `${count}${DECIMAL_SUFFIXES[power]}`;
  const tens = power * 3 - 9;
  return tens === 0 ? `${count}` : `${count}e${tens}`;
}

type Amount = string | number | Quantity;

const amount = (value: Amount): Quantity => (typeof value === 'object' ? value : parseQuantity(value));

/** Negative, zero or positive. */
export function compareQuantities(a: Amount, b: Amount): number {
  const difference = amount(a).nanos - amount(b).nanos;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A sum keeps the format of its first term, unless that is zero (Quantity.Add). */
export function addQuantities(a: Amount, b: Amount): Quantity {
  const [left, right] = [amount(a), amount(b)];
  return { nanos: left.nanos + right.nanos, format: left.nanos === 0n ? right.format : left.format };
}

export function subtractQuantities(a: Amount, b: Amount): Quantity {
  const [left, right] = [amount(a), amount(b)];
  return { nanos: left.nanos - right.nanos, format: left.nanos === 0n ? right.format : left.format };
}

/** As a floating point number of whole units. */
export function toNumber(value: Amount): number {
  const { nanos } = amount(value);
  return nanos % NANO === 0n ? Number(nanos / NANO) : Number(nanos) / 1e9;
}

/** Whole units, rounded up (Quantity.Value). */
export const wholeUnits = (value: Amount): number => Number(ceilDivide(amount(value).nanos, NANO));

/** Thousandths, rounded up (Quantity.MilliValue). */
export const milliUnits = (value: Amount): number => Number(ceilDivide(amount(value).nanos, 1_000_000n));

const ceilDivide = (a: bigint, b: bigint): bigint => (a > 0n ? (a + b - 1n) / b : a / b);
