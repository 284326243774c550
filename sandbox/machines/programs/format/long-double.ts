/** Decimal numbers as x87's long double holds them: bash's printf reads and rounds them so. */

/** Bits of its mantissa. */
const PRECISION = 64;

/** A plain decimal number with `precision` digits after the point, ties to even; undefined where it is written otherwise. */
export function fixedLongDouble(text: string, precision: number): string | undefined {
  const match = /^\s*[-+]?(\d*)\.?(\d*)(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  if (!match || match[1]! + match[2]! === '' || text.length > 100) return undefined;
  const exponent = Number(match[3] ?? 0) - match[2]!.length;
  const digits = BigInt(match[1]! + match[2]!);
  if (digits === 0n) return undefined;
  const above = exponent > 0 ? digits * 10n ** BigInt(exponent) : digits;
  const below = exponent < 0 ? 10n ** BigInt(-exponent) : 1n;
  // The power of two that leaves a mantissa of so many bits.
  let shift = PRECISION - (above.toString(2).length - below.toString(2).length);
  if (scaled(above, below, shift) >> BigInt(PRECISION) !== 0n) shift--;
  const mantissa = scaled(above, below, shift);
  const power = 10n ** BigInt(precision);
  const rounded = shift > 0 ? nearest(mantissa * power, 1n << BigInt(shift)) : (mantissa << BigInt(-shift)) * power;
  const all = rounded.toString().padStart(precision + 1, '0');
  return precision === 0 ? all : `${all.slice(0, -precision)}.${all.slice(-precision)}`;
}

const scaled = (above: bigint, below: bigint, shift: number): bigint =>
  shift >= 0 ? nearest(above << BigInt(shift), below) : nearest(above, below << BigInt(-shift));

/** The whole number nearest to a quotient; of two, the even one. */
function nearest(above: bigint, below: bigint): bigint {
  const whole = above / below;
  const twice = (above % below) * 2n;
  return twice > below || (twice === below && whole % 2n === 1n) ? whole + 1n : whole;
}
