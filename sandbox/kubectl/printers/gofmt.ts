/** Go's %v for decoded JSON: `map[a:b c:d]`, `[a b]`, `<nil>`. */

import { byText, quote } from '../text.ts';
import { formatNumber } from '../yaml/print.ts';

export function formatGo(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return `[${value.map(formatGo).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => byText(a, b));
    return `map[${entries.map(([k, v]) => `${k}:${formatGo(v)}`).join(' ')}]`;
  }
  return String(value);
}

/** Go's %#v for decoded JSON: `map[string]interface {}{"a":"b"}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => byText(a, b));
  return `map[string]interface {}{${entries.map(([k, v]) => `${quote(k)}:${goSyntax(v)}`).join(', ')}}`;
}
