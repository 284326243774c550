/** The functions of Go's templates (text/template/funcs.go), and the two that kubectl adds (cli-runtime pkg/printers/template.go). */

import { fromBase64 } from '../../../api/base64.ts';
import { formatGo } from '../../../api/gofmt.ts';
import { decode } from '../../text.ts';
import { sprintf } from '../sprintf.ts';

export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function index(value: unknown, ...keys: unknown[]): unknown {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) {
      if (typeof key !== 'number' || key < 0 || key >= current.length)
        throw new Error(`error calling index: index out of range: ${formatGo(key)}`);
      current = current[key];
    } else if (typeof current === 'object' && current !== null)
      current = (current as Record<string, unknown>)[String(key)];
    else throw new Error('error calling index: index of untyped nil');
  }
  return current;
}

const order = (a: unknown, b: unknown): number =>
  (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;

/** template.JSEscape. */
const JS_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** fmt.Sprint: a space only between two that are no strings. */
function sprint(args: readonly unknown[]): string {
  let out = '';
  args.forEach((arg, i) => {
    if (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string') out += ' ';
    out += formatGo(arg);
  });
  return out;
}

function decoded(text: string): string {
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (bad)
    throw new Error(`error calling base64decode: base64 decode failed: illegal base64 data at input byte ${bad.index}`);
  return decode(fromBase64(text));
}

export const FUNCTIONS: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  and: (...args) => args.find((a) => !truthy(a)) ?? args[args.length - 1],
  or: (...args) => args.find(truthy) ?? args[args.length - 1],
  not: (a) => !truthy(a),
  eq: (a, ...rest) => rest.some((b) => a === b),
  ne: (a, b) => a !== b,
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  len: (a) => (Array.isArray(a) || typeof a === 'string' ? a.length : Object.keys((a as object) ?? {}).length),
  index,
  slice: (a, from = 0, to) => (a as string | unknown[]).slice(from as number, to as number | undefined),
  print: (...args) => sprint(args),
  println: (...args) => `${args.map(formatGo).join(' ')}\n`,
  printf: (format, ...args) => sprintf(String(format), args),
  html: (a) =>
    formatGo(a).replace(
      /[&<>"']/g,
      (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' })[c]!,
    ),
  urlquery: (a) => encodeURIComponent(formatGo(a)).replaceAll('%20', '+'),
  js: (a) => formatGo(a).replace(/[\\'"<>&=]/g, (c) => JS_ESCAPES[c]!),
  exists: (a, ...keys) => {
    try {
      return index(a, ...keys) !== undefined;
    } catch {
      return false;
    }
  },
  base64decode: (a) => decoded(String(a)),
};
