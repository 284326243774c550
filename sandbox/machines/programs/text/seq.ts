/** seq(1): whole numbers of any size, else floating-point ones in the first number's and the step's precision. */

import type { Task } from '../../../sim/task.ts';
import { printf } from '../format/printf.ts';
import { type Tool, tool } from '../tool.ts';

const NUMBER = /^\s*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+|inf(?:inity)?|nan)$/i;

const run = tool(
  'seq',
  {
    short: '+f:s:w',
    long: { format: 'f:', separator: 's:', 'equal-width': 'w' },
    usage: 'seq [OPTION]... LAST\n  or:  seq [OPTION]... FIRST LAST\n  or:  seq [OPTION]... FIRST INCREMENT LAST',
  },
  function* (tool) {
    const { operands } = tool;
    if (operands.length === 0) return yield* tool.usage('missing operand');
    if (operands.length > 3) return yield* tool.usage(`extra operand ${tool.quote(operands[3]!)}`);
    const format = tool.get('f');
    if (format !== undefined) {
      const problem = formatProblem(format, tool.quote(format));
      if (problem !== undefined) {
        yield* tool.complain(problem);
        return 1;
      }
      if (tool.has('w'))
        return yield* tool.usage('format string may not be specified when printing equal width strings');
    }
    for (const operand of operands) {
      if (!NUMBER.test(operand)) return yield* tool.usage(`invalid floating point argument: ${tool.quote(operand)}`);
      if (/nan/i.test(operand))
        return yield* tool.usage(`invalid ${tool.quote('not-a-number')} argument: ${tool.quote(operand)}`);
    }
    const [first, step, last] =
      operands.length === 1
        ? ['1', '1', operands[0]!]
        : operands.length === 2
          ? [operands[0]!, '1', operands[1]!]
          : (operands as [string, string, string]);
    if (numberOf(step) === 0) return yield* tool.usage(`invalid Zero increment value: ${tool.quote(step)}`);
    const whole = [first, step].every((text) => /^\s*[-+]?\d+$/.test(text)) && format === undefined;
    const bound = wholeBound(last, numberOf(step) > 0);
    if (whole && bound !== undefined) yield* wholeNumbers(tool, BigInt(first), BigInt(step), bound);
    else yield* realNumbers(tool, first, step, last, format);
    return 0;
  },
);

/** `seq -5 -3`: a negative number is no option. */
export const seq: typeof run = (process, argv) => {
  const at = argv.findIndex((arg, i) => i > 0 && /^-[\d.]/.test(arg));
  const options = argv.findIndex((arg, i) => i > 0 && !arg.startsWith('-'));
  return run(process, at > 0 && (options < 0 || at < options) ? [...argv.slice(0, at), '--', ...argv.slice(at)] : argv);
};

const numberOf = (text: string): number => {
  const match = /^\s*([-+]?)(.*)$/s.exec(text)!;
  const value = /^inf/i.test(match[2]!) ? Number.POSITIVE_INFINITY : Number(match[2]);
  return match[1] === '-' ? -value : value;
};

/** The last whole number not beyond `last`; undefined where `last` has no whole digits to go by. Infinite: none. */
function wholeBound(last: string, up: boolean): bigint | 'none' | undefined {
  if (/^\s*[-+]?\d+$/.test(last)) return BigInt(last.trim().replace(/^\+/, ''));
  const value = numberOf(last);
  if (value === Number.POSITIVE_INFINITY) return up ? 'none' : undefined;
  if (value === Number.NEGATIVE_INFINITY) return up ? undefined : 'none';
  return /^\s*[-+]?\d+(\.0*)?([eE]\+?\d{1,3})?$/.test(last) && Number.isFinite(value) ? BigInt(value) : undefined;
}

/** Numbers that are written at once, and what each costs: not less than the host works for it (microseconds). */
const PART = 500;
const A_NUMBER = 0.2;

function* wholeNumbers(tool: Tool, first: bigint, step: bigint, last: bigint | 'none'): Task<void> {
  const separator = tool.get('s') ?? '\n';
  const beyond = last === 'none' ? () => false : step > 0n ? (n: bigint) => n > last : (n: bigint) => n < last;
  const width = tool.has('w') && last !== 'none' ? Math.max(String(first).length, String(last).length) : 0;
  const pad = (text: string) =>
    text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
  let any = false;
  const small = (n: bigint) => n > -(2n ** 52n) && n < 2n ** 52n;
  if (small(first) && small(step) && (last === 'none' || small(last))) {
    // Numbers that fit are counted as such: it is what makes a million of them quick.
    const [by, end] = [Number(step), last === 'none' ? 2 ** 52 * Math.sign(Number(step)) : Number(last)];
    let text = '';
    let count = 0;
    for (let n = Number(first); by > 0 ? n <= end : n >= end; n += by) {
      if (any) text += separator;
      text += width > 0 ? pad(String(n)) : n;
      any = true;
      if (++count < PART) continue;
      yield* tool.write(text);
      yield* tool.process.spend(count * A_NUMBER);
      text = '';
      count = 0;
    }
    yield* tool.write(text);
    yield* tool.process.spend(count * A_NUMBER);
  } else {
    for (let n = first; !beyond(n); n += step) {
      yield* tool.write((any ? separator : '') + pad(String(n)));
      any = true;
      yield* tool.process.spend(0.2);
    }
  }
  if (any) yield* tool.write('\n');
}

function* realNumbers(tool: Tool, first: string, step: string, last: string, format: string | undefined): Task<void> {
  const [from, by, to] = [numberOf(first), numberOf(step), numberOf(last)];
  const decimals = Math.min(100, Math.max(decimalsOf(first), decimalsOf(step)));
  const text = (n: number): string => {
    if (format !== undefined) return printf(format, [String(n)], 0).text;
    return Number.isFinite(n) ? printf(`%.${decimals}f`, [String(n)], 0).text : n < 0 ? '-inf' : 'inf';
  };
  const count = Math.floor((to - from) / by + 1e-10);
  const width =
    tool.has('w') && Number.isFinite(count)
      ? Math.max(text(from).length, text(from + count * by).length, to.toFixed(decimals).length)
      : 0;
  const pad = (s: string) => (s.startsWith('-') ? `-${s.slice(1).padStart(width - 1, '0')}` : s.padStart(width, '0'));
  const separator = tool.get('s') ?? '\n';
  for (let i = 0; i <= count; i++) {
    yield* tool.process.spend(0.5);
    yield* tool.write((i === 0 ? '' : separator) + pad(text(from + i * by)));
  }
  if (count >= 0) yield* tool.write('\n');
}

function decimalsOf(text: string): number {
  const match = /\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text)!;
  const fraction = text.includes('.') ? (/\.(\d*)/.exec(text)?.[1]?.length ?? 0) : 0;
  return Math.max(0, fraction - Number(match[2] ?? 0));
}

/** One directive for a floating-point number (coreutils, long_double_format). */
function formatProblem(format: string, shown: string): string | undefined {
  const directives = format.replace(/%%/g, '').match(/%[-+#0 ']*\d*(?:\.\d*)?L?(.?)/gs) ?? [];
  if (directives.length === 0) return `format ${shown} has no % directive`;
  const letter = directives[0]!.at(-1)!;
  if (!/^%[-+#0 ']*\d*(?:\.\d*)?L?.$/s.test(directives[0]!) || letter === '%') return `format ${shown} ends in %`;
  if (!/[efgaEFGA]/.test(letter)) return `format ${shown} has unknown %${letter} directive`;
  if (directives.length > 1) return `format ${shown} has too many % directives`;
  return undefined;
}
