/** What awk computes with: numbers, strings, and strings from input that look numeric. */

/** A number, a string, or a string from input that looks numeric. */
export type Value = number | string | Strnum;

export class Strnum {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Cells = Map<string, Value>;

/** Both zero and the empty string. */
export const UNINITIALIZED = new Strnum('');

const looksNumeric = (text: string): boolean => /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text);

export const fromInput = (text: string): Value => (looksNumeric(text) ? new Strnum(text) : text);

export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : value.text;
  const match = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text);
  return match ? Number(match[0]) : 0;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  return typeof value === 'string' ? value !== '' : numberOf(value) !== 0;
}

export function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return a ** b;
  }
}
