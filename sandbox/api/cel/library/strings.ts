/** Strings: find and findAll (apiserver pkg/cel/library/regex.go), and of cel-go's ext/strings.go what cel-js has not. */

import type { Environment } from '@marcbachmann/cel-js';
import { type Regexp, regexp } from '../../regexp.ts';
import { CelError } from '../errors.ts';

/** What `matches` is in the programs that run: cel-js has its own, which hands a pattern to ECMAScript, and takes no other of that name. */
export const MATCHES = 'regexMatches';

/** RE2's syntax; what it cannot read is an error of the expression. */
function pattern(text: string): Regexp {
  const found = regexp(text);
  if (!found) throw new CelError(`Illegal regex: error parsing regexp: ${text}`);
  return found;
}

function findAll(text: string, expression: string, limit: bigint): readonly string[] {
  return pattern(expression).findAll(text, limit < 0n ? undefined : Number(limit));
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw new CelError(`index out of range: ${index}`);
  return characters[Number(index)] ?? '';
}

function replace(text: string, old: string, by: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(old, () => by);
  let out = text;
  let from = 0;
  for (let left = limit; left > 0n; left--) {
    const at = out.indexOf(old, from);
    if (at < 0) break;
    out = out.slice(0, at) + by + out.slice(at + old.length);
    from = at + by.length;
  }
  return out;
}

export function strings(environment: Environment): void {
  environment
    .registerFunction(
      'string.find(string): string',
      (text: string, expression: string) => pattern(expression).find(text) ?? '',
    )
    .registerFunction(`string.${MATCHES}(string): bool`, (text: string, expression: string) =>
      pattern(expression).test(text),
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, expression: string) =>
      findAll(text, expression, -1n),
    )
    .registerFunction('string.findAll(string, int): list<string>', findAll)
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, old: string, by: string) =>
      replace(text, old, by, -1n),
    )
    .registerFunction('string.replace(string, string, int): string', replace)
    .registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''))
    .registerFunction('string.format(list): string', (text: string, values: readonly unknown[]) =>
      formatted(text, [...values]),
    );
}

/** ext/formatting.go: %s %d %f %e %x %X %o %b and %%. */
function formatted(text: string, values: unknown[]): string {
  return text.replace(/%(?:\.(\d+))?(.)/g, (clause, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (values.length === 0) throw new CelError('index 0 out of range');
    return clauseOf(clause, verb, precision === undefined ? 6 : Number(precision), values.shift());
  });
}

const RADIX: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8, b: 2 };

function clauseOf(clause: string, verb: string, precision: number, value: unknown): string {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
  if (verb === 's') return shown(value);
  if (verb === 'd' && typeof value === 'bigint') return value.toString();
  if (verb === 'f' && number !== undefined) return number.toFixed(precision);
  if (verb === 'e' && number !== undefined)
    return number
      .toExponential(precision)
      .replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);
  const radix = RADIX[verb];
  if (radix && typeof value === 'bigint') {
    const digits = value.toString(radix);
    return verb === 'X' ? digits.toUpperCase() : digits;
  }
  throw new CelError(`unrecognized formatting clause "${clause.slice(1)}"`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  if (typeof value === 'object' && value !== null && value.constructor === Object)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${key}: ${shown(inner)}`)
      .join(', ')}}`;
  return String(value);
}
