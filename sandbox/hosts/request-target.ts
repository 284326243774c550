/** The target of a request line, read as Go's server reads it (net/url ParseRequestURI, ParseQuery). */

export interface RequestTarget {
  /** As it was sent. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
}

/** Undefined for what Go's server answers with 400 before any handler sees it. */
export function requestTarget(target: string): RequestTarget | undefined {
  // A proxy's form: `GET http://host/path`.
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
  if (!rest.startsWith('/') && (rest === target || !/^(?:\?|$)/.test(rest))) return undefined;
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  if (unescaped(path) === undefined) return undefined;
  return { path: path || '/', query: mark < 0 ? [] : parseQuery(rest.slice(mark + 1)) };
}

/** What cannot be read is left out, as by url.URL's Query. */
function parseQuery(query: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const sign = part.indexOf('=');
    const [name, value] = [sign < 0 ? part : part.slice(0, sign), sign < 0 ? '' : part.slice(sign + 1)].map((text) =>
      unescaped(text.replaceAll('+', ' ')),
    );
    if (name !== undefined && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

function unescaped(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined;
  // Bytes that are no UTF-8 stay replaced, as Go's JSON prints them.
  return text.includes('%') ? Buffer.from([...bytesOf(text)]).toString('utf8') : text;
}

function* bytesOf(text: string): Generator<number> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x25) yield bytes[at]!;
    else {
      yield Number.parseInt(bytes.toString('latin1', at + 1, at + 3), 16);
      at += 2;
    }
  }
}
