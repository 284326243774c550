/** Go's %v for decoded JSON: `map[a:b c:d]`, `[a b]`, `<nil>`. */

import { byText } from '../text.ts';
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
