/** Where in a manifest a place is: its document, its kind, and the fields that lead there. Read line by line, so that what is half typed is understood. */

export interface ManifestDocument {
  readonly text: string;
  /** Where it begins in the file. */
  readonly from: number;
  readonly apiVersion: string;
  readonly kind: string;
}

/** The documents of a file, as `---` lines part them. */
export function documentsOf(text: string): ManifestDocument[] {
  const documents: ManifestDocument[] = [];
  let from = 0;
  for (const part of text.split(/^(?=---(?:\s|$))/m)) {
    documents.push({ text: part, from, apiVersion: fieldAtRoot(part, 'apiVersion'), kind: fieldAtRoot(part, 'kind') });
    from += part.length;
  }
  return documents;
}

export const documentAt = (text: string, at: number): ManifestDocument =>
  documentsOf(text).findLast(({ from }) => from <= at)!;

/** Whether anything in it is meant for the cluster. */
export const isManifest = (text: string): boolean => /^(?:apiVersion|kind):/m.test(text);

/** The value of a field that stands at the left edge, whatever quotes it has. */
function fieldAtRoot(text: string, name: string): string {
  const value = new RegExp(`^${name}:[ \\t]+(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return value.replace(/^(['"])(.*)\1$/, '$2');
}

export interface Place {
  /** The fields that lead there; lists have no place of their own in it. */
  readonly path: readonly string[];
  /** What stands there already: a name, or the value of the last field of `path`. */
  readonly at: 'name' | 'value';
  /** What has been typed of it, up to the place. */
  readonly typed: string;
  /** The column of the name, for what is put below it. */
  readonly column: number;
  /** It stands behind a dash: the item may be a plain value too. */
  readonly item: boolean;
  /** Names beside it. */
  readonly beside: readonly string[];
}

interface Line {
  readonly column: number;
  /** The column of the dash that begins an item on this line. */
  readonly dash: number | undefined;
  readonly name: string;
  readonly value: string;
}

const LINE = /^(\s*)((?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s"'#:{[][^:{[]*?))\s*:(?:\s+(.*))?$/;

/** No name of a field stands on a longer line, and the pattern would try each of its blanks. */
const LONGEST_LINE = 1_000;

function readLine(text: string): Line | undefined {
  if (text.length > LONGEST_LINE) return undefined;
  const match = LINE.exec(text);
  if (!match) return undefined;
  const [, indent = '', dashes = '', double, single, plain, value = ''] = match;
  return {
    column: indent.length + dashes.length,
    dash: dashes ? indent.length : undefined,
    name: double ?? single ?? plain ?? '',
    value: value.replace(/(?:^|\s)#.*$/, '').trim(),
  };
}

/** Undefined where no name and no value of a field can stand: in comments, texts of several lines, `{…}`. */
export function placeAt(document: string, at: number): Place | undefined {
  const before = document.slice(0, at).split('\n');
  const lines = document.split('\n');
  const row = before.length - 1;
  const head = before[row]!;
  const asName = /^(\s*)((?:- +)*)([\w./-]*)$/.exec(head);
  const asValue = /^(\s*)((?:- +)*)([\w./-]+):\s+(['"]?[^\s'"{[#]*)$/.exec(head);
  const match = asName ?? asValue;
  if (!match) return undefined;
  const [, indent = '', dashes = '', word = ''] = match;
  // `-` alone begins an item only once a blank follows.
  if (asName && word.startsWith('-')) return undefined;
  const column = indent.length + dashes.length;
  const above = parents(lines, row, dashes ? indent.length : column, dashes !== '');
  if (!above) return undefined;
  const beside = siblings(lines, row, column);
  const common = { column, item: dashes !== '', beside };
  if (asName) return { ...common, path: above, at: 'name', typed: word };
  return { ...common, path: [...above, word], at: 'value', typed: (asValue![4] ?? '').replace(/^['"]/, '') };
}

/** The path of the field that a line names, and where its name stands; undefined for a line that names none. */
export function fieldOn(document: string, at: number): { path: string[]; from: number; to: number } | undefined {
  const row = document.slice(0, at).split('\n').length - 1;
  const lines = document.split('\n');
  const line = readLine(lines[row]!);
  if (!line) return undefined;
  const above = parents(lines, row, line.dash ?? line.column, line.dash !== undefined);
  if (!above) return undefined;
  const start = lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0);
  const quoted = /["']/.test(lines[row]![line.column] ?? '') ? 2 : 0;
  return {
    path: [...above, line.name],
    from: start + line.column,
    to: start + line.column + line.name.length + quoted,
  };
}

/** The names above a column, outermost first. `inclusive`: a list's dash may stand below its field's own column. */
function parents(lines: readonly string[], row: number, column: number, inclusive: boolean): string[] | undefined {
  const path: string[] = [];
  let limit = column;
  let open = inclusive;
  for (let i = row - 1; i >= 0; i--) {
    const text = lines[i]!;
    if (/^---(?:\s|$)/.test(text)) break;
    const line = readLine(text);
    if (!line) continue;
    if (line.column < limit || (open && line.column === limit && line.dash === undefined && line.value === '')) {
      // A text of several lines, or a value: nothing stands below it.
      if (line.value !== '' && !/^[&!]/.test(line.value)) {
        if (/^[|>]/.test(line.value)) return undefined;
        continue;
      }
      path.unshift(line.name);
      limit = line.dash ?? line.column;
      open = line.dash !== undefined;
    } else if (line.column === limit && line.dash !== undefined) {
      // The first name of the item in which we are.
      limit = line.dash;
      open = true;
    }
  }
  return path;
}

/** The names in the same map, above and below. */
function siblings(lines: readonly string[], row: number, column: number): string[] {
  const names: string[] = [];
  const own = readLine(lines[row]!);
  const begins = /^\s*- /.test(lines[row]!);
  for (const step of [-1, 1]) {
    if (step < 0 && begins) continue;
    for (let i = row + step; i >= 0 && i < lines.length; i += step) {
      const text = lines[i]!;
      if (text.trim() === '' || /^\s*#/.test(text)) continue;
      if (/^---(?:\s|$)/.test(text)) break;
      const line = readLine(text);
      const edge = line ? line.column : text.length - text.trimStart().length;
      if (edge < column) break;
      if (!line || edge > column) continue;
      if (step > 0 && line.dash !== undefined) break;
      if (line.name !== own?.name) names.push(line.name);
      if (step < 0 && line.dash !== undefined) break;
    }
  }
  return names;
}
