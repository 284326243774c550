/** The keys of sort(1): where they stand in a line, and how they compare. */

import { compareVersions } from '../files/ls.ts';

export interface Key {
  readonly from: readonly [field: number, char: number];
  readonly to: readonly [field: number, char: number] | undefined;
  readonly flags: string;
  readonly skipFrom: boolean;
  readonly skipTo: boolean;
}

export class KeyError extends Error {}

/** `2,2n`, `1.3b,1.5r`; `global` are the flags of keys that have none of their own. */
export function parseKey(spec: string, global: string, quote: (text: string) => string): Key {
  const wrong = (words: string) => new KeyError(`${words}: invalid field specification ${quote(spec)}`);
  const match = /^\s*(\d+)(?:\.(\d+))?([bdfghiMnrRV]*)(?:,\s*(\d+)(?:\.(\d+))?([bdfghiMnrRV]*))?/.exec(spec);
  if (!match) throw new KeyError(`invalid number at field start: invalid count at start of ${quote(spec)}`);
  if (match[0].length < spec.length) {
    const rest = spec.slice(match[0].length);
    if (rest[0] === ',')
      throw new KeyError(`invalid number after ',': invalid count at start of ${quote(rest.slice(1))}`);
    if (rest[0] === '.')
      throw new KeyError(`invalid number after '.': invalid count at start of ${quote(rest.slice(1))}`);
    throw wrong('stray character in field spec');
  }
  if (Number(match[1]) === 0 || (match[4] !== undefined && Number(match[4]) === 0)) throw wrong('field number is zero');
  if (match[2] !== undefined && Number(match[2]) === 0) throw wrong('character offset is zero');
  const own = (match[3] ?? '') + (match[6] ?? '');
  const flags = own === '' ? global : own;
  checkFlags(flags);
  return {
    from: [Number(match[1]), Number(match[2] ?? 1)],
    to: match[4] === undefined ? undefined : [Number(match[4]), Number(match[5] ?? 0)],
    flags,
    skipFrom: (match[3] ?? '').includes('b') || (own === '' && global.includes('b')),
    skipTo: (match[6] ?? '').includes('b') || (own === '' && global.includes('b')),
  };
}

/** Only one way to compare (coreutils, check_ordering_compatibility). */
export function checkFlags(flags: string): void {
  const kinds = [...'ghMnRV'].filter((letter) => flags.includes(letter));
  const textual = /[di]/.test(flags);
  if (kinds.length + (textual && kinds.length > 0 && !'RV'.includes(kinds[0]!) ? 1 : 0) < 2) return;
  const letters = [...'dfghiMnRV'].filter((letter) => flags.includes(letter) && letter !== 'f').join('');
  throw new KeyError(`options '-${letters}' are incompatible`);
}

/** Offsets of each field: with a separator between them, or each with the blanks before it; as many as are needed. */
function fieldsOf(line: string, separator: string | undefined, most: number): [number, number][] {
  const fields: [number, number][] = [];
  let at = 0;
  while (fields.length < most) {
    let end: number;
    if (separator !== undefined) {
      end = line.indexOf(separator, at);
      if (end < 0) end = line.length;
    } else {
      if (at >= line.length) break;
      end = at;
      while (end < line.length && (line[end] === ' ' || line[end] === '\t')) end++;
      while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end++;
    }
    fields.push([at, end]);
    if (separator !== undefined && end >= line.length) break;
    at = separator === undefined ? end : end + separator.length;
  }
  return fields;
}

function afterBlanks(line: string, at: number): number {
  let end = at;
  while (end < line.length && (line[end] === ' ' || line[end] === '\t')) end++;
  return end;
}

function extract(line: string, key: Key, fields: readonly [number, number][]): string {
  const first = fields[key.from[0] - 1];
  if (!first) return '';
  const start = Math.min((key.skipFrom ? afterBlanks(line, first[0]) : first[0]) + key.from[1] - 1, line.length);
  if (!key.to) return line.slice(start);
  const last = fields[key.to[0] - 1];
  if (!last) return line.slice(start);
  const end = key.to[1] === 0 ? last[1] : (key.skipTo ? afterBlanks(line, last[0]) : last[0]) + key.to[1];
  return line.slice(start, Math.max(start, end));
}

/** What a key is compared by. */
type Measure = string | number | Decimal;

/** A number of more digits than a double has. */
interface Decimal {
  readonly value: number;
  readonly whole: string;
  readonly fraction: string;
}

/** A line and what its keys say. */
export interface Entry {
  readonly line: string;
  readonly measures: readonly Measure[];
}

export interface Ordering {
  entry(line: string): Entry;
  /** By the keys. */
  same(a: Entry, b: Entry): number;
  /** By the keys, and where they say nothing by the whole line. */
  compare(a: Entry, b: Entry): number;
}

export interface OrderingOptions {
  readonly keys: readonly Key[];
  readonly global: string;
  readonly separator: string | undefined;
  /** No comparison of whole lines as the last resort (-s, -u). */
  readonly stable: boolean;
  /** For -R: equal keys stand together, in an order of chance. */
  readonly chance: () => number;
}

export function orderingOf({ keys, global, separator, stable, chance }: OrderingOptions): Ordering {
  const drawn = new Map<string, number>();
  const flags = keys.length > 0 ? keys.map((key) => key.flags) : [global];
  const kinds = flags.map((letters) =>
    measureOf(letters, (text) => {
      let value = drawn.get(text);
      if (value === undefined) {
        value = chance();
        drawn.set(text, value);
      }
      return value;
    }),
  );
  const reversed = flags.map((letters) => letters.includes('r'));
  const most = Math.max(0, ...keys.map((key) => Math.max(key.from[0], key.to?.[0] ?? 0)));
  const whole = global.includes('r') ? (a: string, b: string) => byText(b, a) : byText;
  const same = (a: Entry, b: Entry): number => {
    for (let i = 0; i < kinds.length; i++) {
      const order = kinds[i]!.compare(a.measures[i]!, b.measures[i]!);
      if (order !== 0) return reversed[i] ? -order : order;
    }
    return 0;
  };
  return {
    entry(line) {
      if (keys.length === 0) return { line, measures: [kinds[0]!.of(line)] };
      const fields = fieldsOf(line, separator, most);
      return { line, measures: keys.map((key, i) => kinds[i]!.of(extract(line, key, fields))) };
    },
    same,
    compare: (a, b) => same(a, b) || (stable ? 0 : whole(a.line, b.line)),
  };
}

interface Kind {
  of(text: string): Measure;
  compare(a: Measure, b: Measure): number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byNumber = (a: Measure, b: Measure): number => (a as number) - (b as number);
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function measureOf(flags: string, chance: (text: string) => number): Kind {
  const plain = (text: string): string => {
    let out = flags.includes('b') ? text.slice(afterBlanks(text, 0)) : text;
    if (flags.includes('d')) out = out.replace(/[^A-Za-z0-9 \t]/g, '');
    if (flags.includes('i')) out = out.replace(/[\x00-\x1f\x7f]/g, '');
    return flags.includes('f') ? out.toUpperCase() : out;
  };
  if (flags.includes('n')) return { of: decimal, compare: byDecimal };
  if (flags.includes('g')) return { of: general, compare: (a, b) => byValue(a as number, b as number) };
  if (flags.includes('h')) return { of: human, compare: byNumber };
  if (flags.includes('M'))
    return { of: (text) => MONTHS.indexOf(text.trimStart().slice(0, 3).toUpperCase()), compare: byNumber };
  if (flags.includes('R')) return { of: (text) => chance(plain(text)), compare: byNumber };
  if (flags.includes('V')) return { of: plain, compare: (a, b) => compareVersions(a as string, b as string) };
  return { of: plain, compare: (a, b) => byText(a as string, b as string) };
}

const byValue = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function decimal(text: string): Measure {
  const match = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/.exec(text)!;
  const value = Number(`${match[1]}${match[2] || '0'}.${match[3] || '0'}`) || 0;
  if (match[2]!.length + (match[3]?.length ?? 0) <= 15) return value;
  return { value, whole: match[2]!.replace(/^0+/, ''), fraction: (match[3] ?? '').replace(/0+$/, '') };
}

const asDecimal = (measure: Measure): Decimal => {
  if (typeof measure === 'object') return measure;
  const [whole, fraction = ''] = String(Math.abs(measure as number)).split('.');
  return { value: measure as number, whole: whole!.replace(/^0+/, ''), fraction };
};

function byDecimal(a: Measure, b: Measure): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [asDecimal(a), asDecimal(b)];
  if (x.value < 0 !== y.value < 0) return x.value < 0 ? -1 : 1;
  const order = x.whole.length - y.whole.length || byText(x.whole, y.whole) || byText(x.fraction, y.fraction);
  return x.value < 0 ? -order : order;
}

/** As strtold(3): what is no number comes first, then NaN. */
function general(text: string): number {
  const match = /^\s*([-+]?)(?:(0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(inf(?:inity)?)|(nan))/i.exec(
    text,
  );
  // Two steps below the least number.
  if (!match) return Number.NEGATIVE_INFINITY;
  if (match[4]) return Number.NEGATIVE_INFINITY;
  const value = match[3] ? Number.POSITIVE_INFINITY : Number(match[2]);
  return match[1] === '-' ? -value : value;
}

/** By sign, then by suffix, then by number: 2000K stands before 1M. */
function human(text: string): number {
  const match = /^[ \t]*(-?)(\d*\.?\d*)([kKMGTPEZY]?)/.exec(text)!;
  const value = Number(match[2] === '.' ? 0 : match[2] || 0);
  if (value === 0) return 0;
  const order = ' KMGTPEZY'.indexOf((match[3] || ' ').toUpperCase());
  // The number is squeezed below one step of the suffix.
  const rank = order + 1 - 1 / (value + 1);
  return match[1] === '-' ? -rank - 1 : rank + 1;
}
