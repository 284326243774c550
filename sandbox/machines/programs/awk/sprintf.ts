/** awk's printf: the conversions of printf(1), of numbers and strings. */

import { decode } from '../bytes.ts';
import { real, whole } from '../format/printf.ts';
import { numberOf, type Value } from './values.ts';

/** Undefined where there are fewer values than conversions. `reserve` is told each width and precision before it is made. */
export function sprintf(
  format: string,
  values: readonly Value[],
  textOf: (value: Value) => string,
  reserve: (width: number) => void = () => {},
): string | undefined {
  let at = 0;
  const out = format.replace(
    /%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]*([a-zA-Z%])/g,
    (whole_, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      const next = (): Value => values[at++] ?? '';
      const size = (n: number): number => (Number.isFinite(n) ? Math.trunc(n) : 0);
      let w = size(width === '*' ? numberOf(next()) : Number(width));
      let f = flags;
      if (w < 0) {
        w = -w;
        f += '-';
      }
      const p =
        precision === undefined
          ? undefined
          : Math.max(0, size(precision === '*' ? numberOf(next()) : Number(precision)));
      reserve(w + (letter === 's' ? 0 : (p ?? 0)));
      const padded = (text: string) => (f.includes('-') ? text.padEnd(w) : text.padStart(w));
      switch (letter) {
        case 'c': {
          const value = next();
          return padded(
            typeof value === 'number' ? decode(Uint8Array.of(Math.trunc(value) & 255)) : ([...textOf(value)][0] ?? ''),
          );
        }
        case 's':
          return padded([...textOf(next())].slice(0, p).join(''));
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X': {
          const n = numberOf(next());
          if (!Number.isFinite(n)) return padded(Number.isNaN(n) ? 'nan' : 'inf');
          return whole(letter, BigInt(Math.trunc(n)), f, w, p);
        }
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
          return real(letter, numberOf(next()), f, w, p ?? 6);
        default:
          return whole_;
      }
    },
  );
  return at > values.length ? undefined : out;
}
