/** Go's fmt.Sprintf for templates. */

import { formatGo } from '../../api/gofmt.ts';
import { quote } from '../text.ts';

export function sprintf(format: string, args: readonly unknown[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+ #0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const value = args[next++];
      // fmt takes no width or precision of more than a million (tooLarge).
      if (Number(width ?? 0) > 1e6) return `%!(BADWIDTH)${one(verb, value, flags, precision) ?? ''}`;
      const shown = one(verb, value, flags, Number(precision ?? 0) > 100 ? '100' : precision);
      if (shown === undefined) return `%!${verb}(${typeName(value)}=${formatGo(value)})`;
      const fill = Number(width ?? 0);
      if (flags.includes('-')) return shown.padEnd(fill);
      return flags.includes('0') && typeof value === 'number'
        ? shown.padStart(fill, '0')
        : shown.padStart(fill) || whole.slice(0, 0);
    },
  );
  const extra = args.slice(next);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.map((a) => `${typeName(a)}=${formatGo(a)}`).join(', ')})`;
}

const typeName = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'number'
      ? Number.isInteger(value)
        ? 'int64'
        : 'float64'
      : typeof value === 'boolean'
        ? 'bool'
        : 'map[string]interface {}';

function one(verb: string, value: unknown, flags: string, precision: string | undefined): string | undefined {
  if (verb === 'v') return formatGo(value);
  if (verb === 's')
    return typeof value === 'string'
      ? precision
        ? value.slice(0, Number(precision))
        : value
      : typeof value === 'object'
        ? formatGo(value)
        : undefined;
  if (verb === 'q') return typeof value === 'string' ? quote(value) : undefined;
  if (verb === 't') return typeof value === 'boolean' ? String(value) : undefined;
  if (verb === 'T') return typeName(value);
  if (typeof value !== 'number') return undefined;
  if (verb === 'd')
    return Number.isInteger(value) ? (flags.includes('+') && value >= 0 ? `+${value}` : String(value)) : undefined;
  if (verb === 'x') return value.toString(16);
  if (verb === 'f') return value.toFixed(Number(precision ?? 6));
  if (verb === 'g') return String(value);
  return undefined;
}
