/** Brace expansion, done on source text before the words are read: `a{b,c}d`, `{1..5..2}`, nested and quoted. */

/** More than fits into the memory of a process (64 bytes each of 64 MB). */
const MAX_ELEMENTS = 1_000_000n;

/** braces.c, mkseq. */
export class BraceError extends Error {
  constructor(elements: bigint) {
    super(`brace expansion: failed to allocate memory for ${elements} elements`);
  }
}

/** Texts that `text` expands to; itself alone if there is nothing to expand. */
export function expandBraces(text: string): string[] {
  for (let i = 0; i < text.length; i++) {
    const skipped = skipQuoted(text, i);
    if (skipped > i) {
      i = skipped - 1;
      continue;
    }
    if (text[i] !== '{') continue;
    const brace = readBrace(text, i);
    if (!brace) continue;
    const prefix = text.slice(0, i);
    const rests = expandBraces(text.slice(brace.end));
    const count = brace.items.length * rests.length;
    if (count > MAX_ELEMENTS) throw new BraceError(BigInt(count));
    return brace.items.flatMap((item) => rests.map((rest) => prefix + item + rest));
  }
  return [text];
}

function readBrace(text: string, open: number): { items: string[]; end: number } | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < text.length; i++) {
    const skipped = skipQuoted(text, i);
    if (skipped > i) {
      i = skipped - 1;
      continue;
    }
    const c = text[i];
    if (c === '{') depth++;
    else if (c === ',' && depth === 1) {
      parts.push(text.slice(from, i));
      from = i + 1;
    } else if (c === '}' && --depth === 0) {
      const last = text.slice(from, i);
      if (parts.length > 0) return { items: [...parts, last].flatMap(expandBraces), end: i + 1 };
      const sequence = readSequence(last);
      return sequence && { items: sequence, end: i + 1 };
    }
  }
  return undefined;
}

function readSequence(body: string): string[] | undefined {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(body);
  if (!match) return undefined;
  const [, first, last, step] = match as unknown as [string, string, string, string | undefined];
  const numeric = /\d/.test(first) && /\d/.test(last);
  if (!numeric && (/\d/.test(first) || /\d/.test(last))) return undefined;
  const from = numeric ? BigInt(first) : BigInt(first.charCodeAt(0));
  const to = numeric ? BigInt(last) : BigInt(last.charCodeAt(0));
  const given = BigInt.asIntN(64, BigInt(step ?? 1));
  const by = given === 0n ? 1n : given < 0n ? -given : given;
  if (from !== BigInt.asIntN(64, from) || to !== BigInt.asIntN(64, to)) return undefined;
  const count = (from <= to ? to - from : from - to) / by + 1n;
  if (count > MAX_ELEMENTS) throw new BraceError(count);
  const padded = numeric && (/^-?0\d/.test(first) || /^-?0\d/.test(last));
  const width = padded ? Math.max(first.length, last.length) : 0;
  const items: string[] = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? by : -by) {
    items.push(numeric ? pad(n, width) : character(Number(n)));
  }
  return items;
}

/** What stands between `Z` and `a` is read once more as a word: a backslash goes, a backquote stays. */
const character = (code: number): string => (code === 92 ? "''" : code === 96 ? '\\`' : String.fromCharCode(code));

const pad = (n: bigint, width: number): string =>
  n < 0n ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');

/** Past a quotation, an escape or an expansion that begins at `i`; `i` itself if none does. */
export function skipQuoted(text: string, i: number): number {
  const c = text[i];
  if (c === '\\') return Math.min(i + 2, text.length);
  if (c === "'") return closing(text, text.indexOf("'", i + 1));
  if (c === '"' || c === '`') {
    for (let j = i + 1; j < text.length; j++) {
      if (text[j] === '\\') j++;
      else if (text[j] === c) return j + 1;
    }
    return text.length;
  }
  if (c === '$' && (text[i + 1] === '{' || text[i + 1] === '(')) {
    const open = text[i + 1]!;
    const close = open === '{' ? '}' : ')';
    let depth = 0;
    for (let j = i + 1; j < text.length; j++) {
      if (text[j] === '\\') j++;
      else if (text[j] === open) depth++;
      else if (text[j] === close && --depth === 0) return j + 1;
    }
    return text.length;
  }
  return i;
}

const closing = (text: string, at: number): number => (at < 0 ? text.length : at + 1);
