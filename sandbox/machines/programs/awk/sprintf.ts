/** awk's printf: the conversions of printf(1), of numbers and strings. */

import { real, whole } from '../format/printf.ts';
import { numberOf, type Value } from './values.ts';

export function sprintf(format: string, values: readonly Value[], textOf: (value: Value) => string): string {
  let at = 0;
  return format.replace(
    /%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]*([a-zA-Z%])/g,
    (whole_, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      const next = (): Value => values[at++] ?? '';
      let w = width === '*' ? numberOf(next()) : Number(width);
      let f = flags;
      if (w < 0) {
        w = -w;
        f += '-';
      }
      const p = precision === undefined ? undefined : precision === '*' ? numberOf(next()) : Number(precision);
      const padded = (text: string) => (f.includes('-') ? text.padEnd(w) : text.padStart(w));
      switch (letter) {
        case 'c': {
          const value = next();
          return padded(
            typeof value === 'number'
              ? String.fromCodePoint(Math.max(0, Math.trunc(value)))
              : ([...textOf(value)][0] ?? ''),
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
}
