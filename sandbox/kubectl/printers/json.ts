/** JSON as Go's encoding/json prints it: sorted keys, `<`, `>` and `&` escaped. */

import { formatNumber } from '../../api/gofmt.ts';
import { byText } from '../text.ts';

/** With `indent` spaces a level, no newline at the end; `sorted` is off for types that print in their Go order. */
export function printJson(value: unknown, indent: number, sorted = true): string {
  return write(value, indent, '', sorted);
}

/** On one line, without spaces (json.Marshal). */
export const compactJson = (value: unknown): string => write(value, 0, '', true);

function write(value: unknown, indent: number, pad: string, sorted: boolean): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number') return formatNumber(value);
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return String(value);
  const inner = pad + ' '.repeat(indent);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, indent, inner, sorted))
    : entriesOf(value, sorted).map(
        ([k, v]) => `${jsonString(k)}:${indent ? ' ' : ''}${write(v, indent, inner, sorted)}`,
      );
  if (parts.length === 0) return open! + close!;
  if (!indent) return open + parts.join(',') + close;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${pad}${close}`;
}

function entriesOf(map: object, sorted: boolean): [string, unknown][] {
  const entries = Object.entries(map).filter(([, v]) => v !== undefined);
  return sorted ? entries.sort(([a], [b]) => byText(a, b)) : entries;
}

const UNSAFE = /[<>&\u2028\u2029\x7f]/g;
const jsonString = (text: string): string =>
  JSON.stringify(text).replace(UNSAFE, (c) =>
    c === '\x7f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
