/** Sizes for people: `4.0K`, `14G`, rounded up as coreutils round. */

import { own } from '../../../sim/own.ts';

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** As `ls -h`, `du -h` and `df -h` print a number of bytes. */
export function humanSize(bytes: number, base = 1024): string {
  let value = bytes;
  let unit = 0;
  while (value >= base && unit < UNITS.length - 1) {
    value /= base;
    unit++;
  }
  if (unit === 0) return String(bytes);
  let rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  if (rounded >= base && unit < UNITS.length - 1) {
    rounded = 1;
    unit++;
  }
  const suffix = base === 1000 && unit === 1 ? 'k' : UNITS[unit]!;
  return rounded < 10 ? `${rounded.toFixed(1)}${suffix}` : `${rounded}${suffix}`;
}

/** What xstrtol(3) of gnulib multiplies by; `B` and `iB` after the letters of powers. */
function multipleOf(suffix: string): number | undefined {
  if (suffix === '') return 1;
  const plain: Readonly<Record<string, number>> = { b: 512, c: 1, w: 2 };
  const multiple = own(plain, suffix);
  if (multiple !== undefined) return multiple;
  const match = /^([kKmMgGtTPEZY])(B|iB)?$/.exec(suffix);
  if (!match) return undefined;
  const power = 'KMGTPEZY'.indexOf(match[1]!.toUpperCase()) + 1;
  return (match[2] === 'B' ? 1000 : 1024) ** power;
}

/** `10M`, `1kB`, `2b`; undefined if it is no size. May be any number of bytes, also more than 2⁶⁴. */
export function parseSize(text: string): number | undefined {
  const match = /^\+?(\d+)([a-zA-Z]*)$/.exec(text.trimStart());
  const multiple = match ? multipleOf(match[2]!) : undefined;
  return multiple === undefined ? undefined : Number(match![1]) * multiple;
}

/** The words that strerror(3) has for EOVERFLOW and ERANGE. */
const TOO_LARGE = 'Value too large for defined data type';
const OUT_OF_RANGE = 'Numerical result out of range';

export interface CountLimits {
  /** Suffixes are allowed. */
  readonly sizes?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** A wrong count: what stands after the quoted argument in a message, empty or `: WORDS`. */
export interface CountProblem {
  readonly problem: string;
}

/** A number as xdectoumax(3) of gnulib reads it: at most 2⁶⁴−1 unless `max` is less. */
export function parseCount(text: string, limits: CountLimits = {}): number | CountProblem {
  const { sizes = false, min = 0, max = 2 ** 64 } = limits;
  const value = sizes
    ? parseSize(text)
    : /^\s*\+?\d+$/.test(text) || (min < 0 && /^\s*-\d+$/.test(text))
      ? Number(text)
      : undefined;
  if (value === undefined) return { problem: '' };
  if (value < min) return { problem: `: ${OUT_OF_RANGE}` };
  if (value > max || value >= 2 ** 64) return { problem: `: ${value >= 2 ** 31 ? TOO_LARGE : OUT_OF_RANGE}` };
  return value;
}
