/** A unified diff of two values in JSON, as the API server shows forbidden changes (apimachinery pkg/util/diff over go-difflib). */

type Line = string;
/** Lines a..a+size of the first are lines b..b+size of the second. */
interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}
type Tag = 'equal' | 'replace' | 'delete' | 'insert';
/** tag, and the half-open ranges it concerns. */
type OpCode = readonly [Tag, number, number, number, number];

const CONTEXT = 3;

export function jsonDiff(before: unknown, after: unknown): string {
  const a = lines(before);
  const b = lines(after);
  return groups(opCodes(a, b))
    .map((group) => hunk(group, a, b))
    .join('');
}

const lines = (value: unknown): readonly Line[] => JSON.stringify(value, null, 1).split('\n');

function hunk(group: readonly OpCode[], a: readonly Line[], b: readonly Line[]): string {
  const [, a1, , b1] = group[0]!;
  const [, , a2, , b2] = group.at(-1)!;
  const out = [`@@ -${range(a1, a2)} +${range(b1, b2)} @@`];
  for (const [tag, i1, i2, j1, j2] of group) {
    if (tag === 'equal') for (const line of a.slice(i1, i2)) out.push(` ${line}`);
    if (tag === 'replace' || tag === 'delete') for (const line of a.slice(i1, i2)) out.push(`-${line}`);
    if (tag === 'replace' || tag === 'insert') for (const line of b.slice(j1, j2)) out.push(`+${line}`);
  }
  return out.map((line) => `${line}\n`).join('');
}

/** One line is told without its length, none from the line before. */
function range(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return String(start + 1);
  return length === 0 ? `${start},0` : `${start + 1},${length}`;
}

/** Changes with three lines around them; far apart, they are hunks of their own. */
function groups(codes: readonly OpCode[]): readonly (readonly OpCode[])[] {
  if (codes.every(([tag]) => tag === 'equal')) return [];
  const trimmed = [...codes];
  const [firstTag, fa1, fa2, fb1, fb2] = trimmed[0]!;
  if (firstTag === 'equal')
    trimmed[0] = ['equal', Math.max(fa1, fa2 - CONTEXT), fa2, Math.max(fb1, fb2 - CONTEXT), fb2];
  const [lastTag, la1, la2, lb1, lb2] = trimmed.at(-1)!;
  if (lastTag === 'equal')
    trimmed[trimmed.length - 1] = ['equal', la1, Math.min(la2, la1 + CONTEXT), lb1, Math.min(lb2, lb1 + CONTEXT)];
  const out: OpCode[][] = [];
  let group: OpCode[] = [];
  for (const [tag, i1, i2, j1, j2] of trimmed) {
    let start: readonly [number, number] = [i1, j1];
    if (tag === 'equal' && i2 - i1 > 2 * CONTEXT) {
      group.push(['equal', i1, Math.min(i2, i1 + CONTEXT), j1, Math.min(j2, j1 + CONTEXT)]);
      out.push(group);
      group = [];
      start = [Math.max(i1, i2 - CONTEXT), Math.max(j1, j2 - CONTEXT)];
    }
    group.push([tag, start[0], i2, start[1], j2]);
  }
  if (!(group.length === 1 && group[0]![0] === 'equal')) out.push(group);
  return out;
}

function opCodes(a: readonly Line[], b: readonly Line[]): readonly OpCode[] {
  const out: OpCode[] = [];
  let i = 0;
  let j = 0;
  for (const match of [...matches(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < match.a && j < match.b) out.push(['replace', i, match.a, j, match.b]);
    else if (i < match.a) out.push(['delete', i, match.a, j, match.b]);
    else if (j < match.b) out.push(['insert', i, match.a, j, match.b]);
    i = match.a + match.size;
    j = match.b + match.size;
    if (match.size > 0) out.push(['equal', match.a, i, match.b, j]);
  }
  return out;
}

/** Ratcliff and Obershelp: the longest common run, then the same to its left and right; runs that touch are one. */
function matches(a: readonly Line[], b: readonly Line[]): readonly Match[] {
  const where = positions(b);
  const found: Match[] = [];
  const search = (alo: number, ahi: number, blo: number, bhi: number): void => {
    const match = longest(a, b, where, [alo, ahi, blo, bhi]);
    if (match.size === 0) return;
    if (alo < match.a && blo < match.b) search(alo, match.a, blo, match.b);
    found.push(match);
    if (match.a + match.size < ahi && match.b + match.size < bhi)
      search(match.a + match.size, ahi, match.b + match.size, bhi);
  };
  search(0, a.length, 0, b.length);
  const out: Match[] = [];
  for (const match of found) {
    const last = out.at(-1);
    if (last && last.a + last.size === match.a && last.b + last.size === match.b)
      out[out.length - 1] = { ...last, size: last.size + match.size };
    else out.push(match);
  }
  return out;
}

/** Where each line of b is; in long texts the lines that come too often find nothing (difflib's autojunk). */
function positions(b: readonly Line[]): ReadonlyMap<Line, readonly number[]> {
  const where = new Map<Line, number[]>();
  for (const [j, line] of b.entries()) {
    const all = where.get(line);
    if (all) all.push(j);
    else where.set(line, [j]);
  }
  if (b.length < 200) return where;
  const often = Math.floor(b.length / 100) + 1;
  for (const [line, all] of where) if (all.length > often) where.delete(line);
  return where;
}

function longest(
  a: readonly Line[],
  b: readonly Line[],
  where: ReadonlyMap<Line, readonly number[]>,
  [alo, ahi, blo, bhi]: readonly [number, number, number, number],
): Match {
  let best: Match = { a: alo, b: blo, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = alo; i < ahi; i++) {
    const next = new Map<number, number>();
    for (const j of where.get(a[i]!) ?? []) {
      if (j < blo) continue;
      if (j >= bhi) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  let { a: i, b: j, size } = best;
  for (; i > alo && j > blo && a[i - 1] === b[j - 1]; size++) {
    i--;
    j--;
  }
  while (i + size < ahi && j + size < bhi && a[i + size] === b[j + size]) size++;
  return { a: i, b: j, size };
}
