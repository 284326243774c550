/** printf(1): the format reused while arguments are left, with the diagnostics of bash and coreutils. */

import { encodeBytes, joinBytes, rawByte, splitBytes } from '../../byte-text.ts';
import { quoteBackslash, unicode } from '../../shell/expand/quote.ts';
import { fixedLongDouble } from './long-double.ts';
import { formatTime } from './time.ts';

export interface PrintfResult {
  readonly text: string;
  /** Messages for stderr, without the program's name. */
  readonly errors: readonly string[];
  /** Of each `%n`, bash's alone: a variable and how many bytes stand before it. */
  readonly counts: readonly (readonly [name: string, bytes: number])[];
}

const DIRECTIVE = /%(%|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?([hlLjzt]*)(?:\(([^)]*)\)T|([^(\d\-+ #'.*])))/suy;

export function printf(format: string, args: readonly string[], now: number, utf8 = true): PrintfResult {
  const errors: string[] = [];
  const counts: [name: string, bytes: number][] = [];
  let at = 0;
  let out = '';
  let stopped = false;
  do {
    const before = at;
    const round = once();
    out += round;
    if (stopped || at === before) break;
  } while (at < args.length);
  return { text: joinBytes(out), errors, counts };

  function next(): string | undefined {
    return at < args.length ? args[at++] : undefined;
  }

  function once(): string {
    let text = '';
    for (let i = 0; i < format.length; ) {
      const c = format[i]!;
      if (c === '\\') {
        const [char, length, stop] = readEscape(format, i, false, utf8);
        text += char;
        i += length;
        if (stop) {
          stopped = true;
          return text;
        }
        continue;
      }
      if (c !== '%') {
        text += c;
        i++;
        continue;
      }
      DIRECTIVE.lastIndex = i;
      const match = DIRECTIVE.exec(format);
      if (!match) {
        errors.push(`\`${format.slice(i)}': missing format character`);
        stopped = true;
        return text;
      }
      i += match[0].length;
      if (match[1] === '%') {
        text += '%';
        continue;
      }
      text += directive(match, text);
      if (stopped) return text;
    }
    return text;
  }

  function directive(match: RegExpExecArray, text: string): string {
    let flags = match[2] ?? '';
    let width = match[3] === '*' ? integer(next()) : Number(match[3] ?? 0);
    if (width < 0) {
      flags += '-';
      width = -width;
    }
    const dotted = match[0].includes('.');
    const given = match[4] === '*' ? integer(next()) : match[4] === undefined ? 0 : Number(match[4]);
    const precision = dotted && given >= 0 ? given : undefined;
    const pad = (text: string) => padTo(text, width, flags.includes('-'));
    if (match[6] !== undefined) {
      const time = next();
      const seconds = time === undefined || time === '-1' || time === '-2' ? Math.floor(now / 1000) : Number(time);
      return pad(formatTime(match[6] === '' ? '%X' : match[6], seconds * 1000));
    }
    const letter = match[7]!;
    switch (letter) {
      case 's':
        return pad(cut(next() ?? '', precision));
      case 'b': {
        const [text, stop] = escapes(next() ?? '', utf8);
        if (stop) stopped = true;
        return pad(cut(text, precision));
      }
      case 'q':
        return pad(quoteBackslash(next() ?? ''));
      case 'c':
        return pad(cut(next() ?? '', 1));
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return whole(letter, bigInteger(next(), letter !== 'd' && letter !== 'i'), flags, width, precision);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A': {
        const number = next() ?? '';
        return real(letter, float(number), flags, width, precision, number);
      }
      case 'n': {
        const name = next() ?? '';
        if (name !== '') counts.push([name, encodeBytes(joinBytes(out + text)).length]);
        return '';
      }
      default:
        errors.push(`\`${letter}': invalid format character`);
        stopped = true;
        return '';
    }
  }

  function integer(text: string | undefined): number {
    return Number(bigInteger(text));
  }

  function bigInteger(text: string | undefined, unsigned = false): bigint {
    if (text === undefined || text === '') return 0n;
    if (text[0] === "'" || text[0] === '"') return BigInt(text.codePointAt(1) ?? 0);
    const match = /^\s*([-+]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (!match) {
      errors.push(`${text}: invalid number`);
      return 0n;
    }
    if (match[0].length < text.length) {
      errors.push(`${text}: ${/^0\d/.test(text) ? 'invalid octal number' : 'invalid number'}`);
    }
    const digits = match[2]!;
    const octal = /^0[0-7]+$/.test(digits);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    const signed = match[1] === '-' ? -value : value;
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
    if (signed >= least && signed <= most) return signed;
    // strtoimax(3), ERANGE: bash warns and goes on with the nearest.
    if (!unsigned || signed < least || signed >= 2n ** 64n)
      errors.push(`warning: ${text}: Numerical result out of range`);
    if (unsigned) return signed < 0n ? least : signed < 2n ** 64n ? signed : 2n ** 64n - 1n;
    return signed < 0n ? least : most;
  }

  function float(text: string | undefined): number {
    if (text === undefined || text === '') return 0;
    if (text[0] === "'" || text[0] === '"') return text.codePointAt(1) ?? 0;
    const match = /^\s*[-+]?(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+|inf(inity)?|nan)/i.exec(
      text,
    );
    if (!match || match[0].length < text.length) errors.push(`${text}: invalid number`);
    if (!match) return 0;
    if (/inf/i.test(match[0])) return match[0].includes('-') ? -Infinity : Infinity;
    return Number(match[0]);
  }
}

/** At most `precision` bytes. */
const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : splitBytes(text).slice(0, precision);

const padTo = (text: string, width: number, left: boolean): string => {
  const room = width - (/^[\x00-\x7f]*$/.test(text) ? text.length : encodeBytes(text).length);
  if (room <= 0) return text;
  return left ? text + ' '.repeat(room) : ' '.repeat(room) + text;
};

export function whole(
  letter: string,
  value: bigint,
  flags: string,
  width: number,
  precision: number | undefined,
): string {
  const signed = letter === 'd' || letter === 'i';
  const unsigned = signed ? value : BigInt.asUintN(64, value);
  const magnitude = unsigned < 0n ? -unsigned : unsigned;
  let digits =
    letter === 'o'
      ? magnitude.toString(8)
      : letter === 'x' || letter === 'X'
        ? magnitude.toString(16)
        : magnitude.toString();
  if (letter === 'X') digits = digits.toUpperCase();
  if (precision !== undefined) digits = precision === 0 && magnitude === 0n ? '' : digits.padStart(precision, '0');
  let prefix = '';
  if (signed) prefix = unsigned < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (flags.includes('#') && letter === 'o' && !digits.startsWith('0')) prefix = '0';
  if (flags.includes('#') && (letter === 'x' || letter === 'X') && magnitude !== 0n) prefix = `0${letter}`;
  return padded(prefix, digits, flags, width, precision === undefined);
}

function padded(prefix: string, digits: string, flags: string, width: number, zeros: boolean): string {
  if (flags.includes('-')) return (prefix + digits).padEnd(width);
  if (flags.includes('0') && zeros) return prefix + digits.padStart(width - prefix.length, '0');
  return (prefix + digits).padStart(width);
}

export function real(letter: string, value: number, flags: string, width: number, precision = 6, text = ''): string {
  const negative = value < 0 || Object.is(value, -0);
  const prefix = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const magnitude = Math.abs(value);
  if (!Number.isFinite(magnitude)) {
    const word = Number.isNaN(magnitude) ? 'nan' : 'inf';
    return padded(prefix, letter < 'a' ? word.toUpperCase() : word, flags.replace('0', ''), width, false);
  }
  let digits: string;
  switch (letter.toLowerCase()) {
    case 'e':
      digits = exponential(magnitude, precision);
      break;
    case 'g':
      digits = general(magnitude, precision, flags.includes('#'));
      break;
    default:
      digits = (text !== '' && fixedLongDouble(text, Math.min(precision, 100))) || fixed(magnitude, precision);
  }
  if (letter < 'a') digits = digits.toUpperCase();
  return padded(prefix, digits, flags, width, true);
}

function fixed(value: number, precision: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  // toFixed rounds the exact binary value half away from zero; C rounds exact ties to even.
  const text = value.toFixed(Math.min(precision, 100));
  if (precision < 15) {
    const scaled = value * 10 ** precision;
    if (Number.isInteger(scaled * 2) && !Number.isInteger(scaled) && scaled < 2 ** 52) {
      const even = Math.floor(scaled) % 2 === 0 ? Math.floor(scaled) : Math.ceil(scaled);
      return (even / 10 ** precision).toFixed(precision);
    }
  }
  return text;
}

function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(precision, 100)).replace(/e([-+])(\d)$/, 'e$10$2');
}

function general(value: number, precision: number, keep: boolean): string {
  const digits = precision === 0 ? 1 : precision;
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  let text = exponent < -4 || exponent >= digits ? exponential(value, digits - 1) : fixed(value, digits - 1 - exponent);
  if (!keep && text.includes('.')) text = text.replace(/\.?0+(?=e|$)/, '');
  return text;
}

const SINGLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** One escape at `i`: its text, its length, and whether `\c` ends all output. */
function readEscape(text: string, i: number, echo: boolean | 'zero', utf8: boolean): [string, number, boolean] {
  const rest = text.slice(i + 1, i + 11);
  const octal = (echo === 'zero' ? /^0([0-7]{0,3})/ : echo ? /^0([0-7]{0,3})|^([0-7]{1,3})/ : /^([0-7]{1,3})/).exec(
    rest,
  );
  if (octal) {
    const digits = octal[1] ?? octal[2] ?? '';
    return [rawByte(Number.parseInt(digits === '' ? '0' : digits, 8) & 255), octal[0].length + 1, false];
  }
  const hex = /^x([\da-fA-F]{1,2})|^u([\da-fA-F]{1,4})|^U([\da-fA-F]{1,8})/.exec(rest);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
    return [hex[1] === undefined ? unicode(code, utf8) : rawByte(code), hex[0].length + 1, false];
  }
  const c = rest[0];
  if (c === undefined) return ['\\', 1, false];
  if (c === 'c') return ['', 2, true];
  const single = SINGLE[c];
  if (single === undefined || (echo && (c === '"' || c === "'"))) return [`\\${c}`, 2, false];
  return [single, 2, false];
}

/** The escapes of `echo -e` and `%b`; true if `\c` was met. Without `octal`, octal numbers begin with a zero (bash's echo). */
export function escapes(text: string, utf8 = true, octal = true): [string, boolean] {
  let out = '';
  for (let i = 0; i < text.length; ) {
    if (text[i] !== '\\') {
      out += text[i++];
      continue;
    }
    const [char, length, stop] = readEscape(text, i, octal ? true : 'zero', utf8);
    out += char;
    if (stop) return [joinBytes(out), true];
    i += length;
  }
  return [joinBytes(out), false];
}
