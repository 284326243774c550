/** factor(1) and numfmt(1). */

import type { Task } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';
import { LineReader, openInput } from '../io.ts';
import { type Tool, tool } from '../tool.ts';

export const factor = tool(
  'factor',
  { short: 'h', long: { exponents: 'h' }, usage: 'factor [OPTION] [NUMBER]...' },
  function* (tool) {
    if (tool.operands.length > 0) {
      for (const text of tool.operands) yield* factorOne(tool, text);
      return tool.status;
    }
    const reader = new LineReader(tool.process, yield* openInput(tool.process, '-'));
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next())
      for (const word of line.split(/[ \t]+/)) if (word !== '') yield* factorOne(tool, word);
    return tool.status;
  },
);

function* factorOne(tool: Tool, text: string): Task<void> {
  const digits = /^\s*\+?(\d+)\s*$/.exec(text)?.[1];
  if (digits === undefined) {
    yield* tool.complain(`${tool.quote(text)} is not a valid positive integer`);
    return;
  }
  if (digits.length > 1000) {
    yield* tool.complain(`${tool.quote(text)} is too large`);
    return;
  }
  const number = BigInt(digits);
  const factors = yield* factorsOf(tool.process, number);
  factors.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  yield* tool.write(`${number}:${factors.map((f) => ` ${f}`).join('')}\n`);
}

function* factorsOf(process: Process, number: bigint): Task<bigint[]> {
  const found: bigint[] = [];
  let rest = number;
  if (rest < 2n) return found;
  for (let d = 2n; d < 2000n && d * d <= rest; d += d === 2n ? 1n : 2n) {
    while (rest % d === 0n) {
      found.push(d);
      rest /= d;
    }
    if ((d & 255n) === 255n) yield* process.spend(20);
  }
  const open = rest > 1n ? [rest] : [];
  while (open.length > 0) {
    const n = open.pop()!;
    if (n < 4_000_000n || (yield* isPrime(process, n))) found.push(n);
    else {
      const divisor = yield* divisorOf(process, n);
      open.push(divisor, n / divisor);
    }
  }
  return found;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Miller and Rabin, with the bases that decide up to 3.3·10²⁴. */
function* isPrime(process: Process, n: bigint): Task<boolean> {
  let odd = n - 1n;
  let twos = 0;
  while (!(odd & 1n)) {
    odd >>= 1n;
    twos++;
  }
  for (const base of [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n]) {
    yield* process.spend(20);
    let x = power(base, odd, n);
    if (x === 1n || x === n - 1n) continue;
    let composite = true;
    for (let i = 1; i < twos && composite; i++) {
      x = (x * x) % n;
      if (x === n - 1n) composite = false;
    }
    if (composite) return false;
  }
  return true;
}

/** Pollard's rho. */
function* divisorOf(process: Process, n: bigint): Task<bigint> {
  for (let c = 1n; ; c++) {
    let [x, y, product, steps] = [2n, 2n, 1n, 0];
    for (;;) {
      x = (x * x + c) % n;
      y = (y * y + c) % n;
      y = (y * y + c) % n;
      product = (product * (x > y ? x - y : y - x)) % n;
      if (product === 0n) break;
      if ((++steps & 127) !== 0) continue;
      yield* process.spend(100);
      const divisor = gcd(product, n);
      if (divisor > 1n && divisor < n) return divisor;
      product = 1n;
    }
    // The product ran over the divisor: the same walk, step by step.
    [x, y] = [2n, 2n];
    for (;;) {
      x = (x * x + c) % n;
      y = (y * y + c) % n;
      y = (y * y + c) % n;
      yield* process.spend(1);
      const divisor = gcd(x > y ? x - y : y - x, n);
      if (divisor === n) break;
      if (divisor > 1n) return divisor;
    }
  }
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

const POWERS = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SCALES = ['none', 'auto', 'si', 'iec', 'iec-i'];
const ROUNDINGS: Readonly<Record<string, (value: number) => number>> = {
  up: Math.ceil,
  down: Math.floor,
  'from-zero': (x) => (x < 0 ? Math.floor(x) : Math.ceil(x)),
  'towards-zero': Math.trunc,
  nearest: (x) => Math.sign(x) * Math.round(Math.abs(x)),
};

class NumberError extends Error {}

export const numfmt = tool(
  'numfmt',
  {
    short: 'd:z',
    long: {
      delimiter: 'd:',
      field: 'field:',
      format: 'format:',
      from: 'from:',
      'from-unit': 'fromunit:',
      grouping: 'grouping',
      header: 'header::',
      invalid: 'invalid:',
      padding: 'padding:',
      round: 'round:',
      suffix: 'suffix:',
      to: 'to:',
      'to-unit': 'tounit:',
      'zero-terminated': 'z',
    },
    usage: 'numfmt [OPTION]... [NUMBER]...',
  },
  function* (tool) {
    for (const [name, valid] of [
      ['from', SCALES],
      ['to', SCALES.filter((scale) => scale !== 'auto')],
      ['round', Object.keys(ROUNDINGS)],
      ['invalid', ['abort', 'fail', 'warn', 'ignore']],
    ] as const) {
      const value = tool.get(name);
      if (value !== undefined && !(valid as readonly string[]).includes(value))
        return yield* tool.usage(
          `invalid argument ${tool.quote(value)} for ${tool.quote(`--${name}`)}\nValid arguments are:\n${valid.map((word) => `  - ${tool.quote(word)}`).join('\n')}`,
        );
    }
    const end = tool.has('z') ? '\0' : '\n';
    const each = function* (line: string): Task<boolean> {
      try {
        yield* tool.write(convertLine(tool, line) + end);
        return true;
      } catch (error) {
        if (!(error instanceof NumberError)) throw error;
        const mode = tool.get('invalid') ?? 'abort';
        if (mode !== 'ignore') yield* tool.complain(error.message, mode === 'warn' ? 0 : 2);
        if (mode === 'abort') return false;
        yield* tool.write(line + end);
        return true;
      }
    };
    if (tool.operands.length > 0) {
      for (const operand of tool.operands) if (!(yield* each(operand))) return 2;
      return tool.status;
    }
    const reader = new LineReader(tool.process, yield* openInput(tool.process, '-'), end);
    let header = tool.has('header') ? Number(tool.get('header') || 1) : 0;
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      yield* tool.process.spend(2 + line.length / 100);
      if (header-- > 0) yield* tool.write(line + end);
      else if (!(yield* each(line))) return 2;
    }
    return tool.status;
  },
);

function convertLine(tool: Tool, line: string): string {
  const delimiter = tool.get('d');
  const field = Number(tool.get('field') ?? 1);
  const all = tool.get('field') === '-';
  const parts =
    delimiter === undefined
      ? (line.match(/[ \t]*[^ \t]*/g) ?? []).filter((part) => part !== '')
      : line.split(delimiter);
  const out = parts.map((part, i) => {
    if (!all && i + 1 !== field) return part;
    const blanks = delimiter === undefined ? /^[ \t]*/.exec(part)![0] : '';
    const shown = convert(tool, part.trim());
    // Blanks in front are a width to keep.
    if (blanks.length > 1 && tool.get('padding') === undefined) return shown.padStart(part.length);
    return blanks + shown;
  });
  return out.join(delimiter ?? '');
}

function convert(tool: Tool, text: string): string {
  const suffix = tool.get('suffix') ?? '';
  const bare = suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  const from = tool.get('from') ?? 'none';
  const match = /^(-?\d+(?:\.(\d*))?)(.*)$/s.exec(bare);
  if (!match) throw new NumberError(`invalid number: ${tool.quote(text)}`);
  const power = POWERS.indexOf(match[3]!.slice(0, 1).toUpperCase());
  const rest = match[3]!.slice(1);
  let value = Number(match[1]);
  let decimals = match[2]?.length ?? 0;
  if (match[3] !== '') {
    if (power < 1) throw new NumberError(`invalid suffix in input: ${tool.quote(text)}`);
    if (from === 'none')
      throw new NumberError(`rejecting suffix in input: ${tool.quote(text)} (consider using --from)`);
    if (from === 'iec-i' && rest !== 'i')
      throw new NumberError(`missing 'i' suffix in input: ${tool.quote(text)} (e.g Ki/Mi/Gi)`);
    if (rest !== '' && !(rest === 'i' && (from === 'auto' || from === 'iec-i')))
      throw new NumberError(`invalid suffix in input ${tool.quote(text)}: ${tool.quote(rest)}`);
    const base = from === 'si' || (from === 'auto' && rest === '') ? 1000 : 1024;
    value *= base ** power;
    decimals = 0;
  }
  value *= Number(tool.get('fromunit') ?? 1) || 1;
  const unit = Number(tool.get('tounit') ?? 1) || 1;
  value /= unit;
  const round = ROUNDINGS[tool.get('round') ?? 'from-zero']!;
  const to = tool.get('to') ?? 'none';
  const format = /^(.*?)%([-0']*)(\d*)(?:\.(\d+))?f(.*)$/s.exec(tool.get('format') ?? '');
  const precision = format?.[4] === undefined ? undefined : Math.min(Number(format[4]), 100);
  const shown =
    to === 'none'
      ? plain(value, precision ?? (match[3] === '' && unit === 1 ? decimals : 0), round)
      : scaled(value, to, precision, round);
  const whole = shown + suffix;
  const width = Math.min(Number(format?.[3] || tool.get('padding') || 0), 2 ** 20);
  const left = width < 0 || (format?.[2] ?? '').includes('-');
  const fill = (format?.[2] ?? '').includes('0') ? '0' : ' ';
  const padded = left ? whole.padEnd(Math.abs(width)) : whole.padStart(width, fill);
  return format ? format[1] + padded + format[5] : padded;
}

function plain(value: number, decimals: number, round: (value: number) => number): string {
  const factor = 10 ** decimals;
  const rounded = Number.isSafeInteger(Math.trunc(value * factor))
    ? round(Number((value * factor).toPrecision(15))) / factor
    : value;
  return rounded.toFixed(decimals);
}

function scaled(value: number, to: string, precision: number | undefined, round: (value: number) => number): string {
  const base = to === 'si' ? 1000 : 1024;
  let power = 0;
  let shown = value;
  while (Math.abs(shown) >= base && power < POWERS.length - 1) {
    shown /= base;
    power++;
  }
  const decimals = precision ?? (power > 0 && Math.abs(shown) < 10 ? 1 : 0);
  let rounded = round(Number((shown * 10 ** decimals).toPrecision(15))) / 10 ** decimals;
  let places = decimals;
  if (Math.abs(rounded) >= base && power < POWERS.length - 1) {
    rounded /= base;
    power++;
    if (precision === undefined) places = 1;
  } else if (precision === undefined && Math.abs(rounded) >= 10) places = 0;
  return `${rounded.toFixed(places)}${POWERS[power]}${to === 'iec-i' && power > 0 ? 'i' : ''}`;
}
