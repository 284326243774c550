/** Go's %#v for decoded JSON: `map[string]interface {}{"a":"b"}`. */

import { formatNumber } from '../../api/gofmt.ts';
import { byText, quote } from '../text.ts';

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
