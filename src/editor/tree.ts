/** The file tree's rows, from the listings that are known and the folders that are open. */

import type { FileEntry, FileListing } from '../../sandbox/channel/files.ts';

export interface Row {
  /** Its root and its path: one file may stand below two roots. */
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly level: number;
  readonly kind: 'file' | 'folder' | 'other' | 'note';
  /** Of a folder. */
  readonly open?: boolean;
  readonly entry?: FileEntry;
  readonly parent?: string;
  readonly position: number;
  readonly size: number;
}

export interface Root {
  readonly path: string;
  readonly label: string;
  readonly kind: 'file' | 'folder';
}

interface Words {
  readonly empty: string;
  readonly more: (n: number) => string;
  readonly silent: string;
}

/** Rows of one folder: what is beyond is only counted. */
const MOST_ROWS = 200;

export const idOf = (root: string, path: string): string => `${root}|${path}`;
export const join = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);

export function rowsOf(
  roots: readonly Root[],
  open: ReadonlySet<string>,
  listings: ReadonlyMap<string, FileListing>,
  words: Words,
): Row[] {
  const rows: Row[] = [];
  const below = (root: string, path: string, level: number, parent: string) => {
    const listing = listings.get(path);
    if (!listing) return;
    const note = (name: string, position = 1, size = 1) =>
      rows.push({ id: `note|${parent}`, path, name, level, kind: 'note', parent, position, size });
    if ('problem' in listing) {
      note(listing.problem.kind === 'unanswered' ? words.silent : listing.problem.message);
      return;
    }
    const sorted = [...listing.entries].sort(inOrder);
    const shown = sorted.slice(0, MOST_ROWS);
    const more = sorted.length - shown.length + listing.more;
    const size = shown.length + (more > 0 ? 1 : 0);
    if (size === 0) note(words.empty);
    shown.forEach((entry, index) => {
      const id = idOf(root, join(path, entry.name));
      const kind = kindOf(entry);
      const isOpen = kind === 'folder' && open.has(id);
      const row = {
        id,
        path: join(path, entry.name),
        name: entry.name,
        level,
        kind,
        entry,
        parent,
        position: index + 1,
        size,
      };
      rows.push(kind === 'folder' ? { ...row, open: isOpen } : row);
      if (isOpen) below(root, row.path, level + 1, id);
    });
    if (more > 0) note(words.more(more), size, size);
  };
  roots.forEach(({ path, label, kind }, index) => {
    const id = idOf(path, path);
    const isOpen = kind === 'folder' && open.has(id);
    rows.push({
      id,
      path,
      name: label,
      level: 1,
      kind,
      ...(kind === 'folder' && { open: isOpen }),
      position: index + 1,
      size: roots.length,
    });
    if (isOpen) below(path, path, 2, id);
  });
  return rows;
}

export function kindOf({ type, leads }: FileEntry): Row['kind'] {
  const real = type === 'symlink' ? (leads ?? 'symlink') : type;
  return real === 'directory' ? 'folder' : real === 'file' ? 'file' : 'other';
}

/** Folders first; what begins with a dot last of each. */
function inOrder(a: FileEntry, b: FileEntry): number {
  const rank = (entry: FileEntry) => (kindOf(entry) === 'folder' ? 0 : 2) + (entry.name.startsWith('.') ? 1 : 0);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}

/** The row that a key leads to, and what it opens or closes (WAI-ARIA Authoring Practices, tree view). */
export function treeKey(key: string, rows: readonly Row[], at: number): { to?: number; toggle?: Row; open?: Row } {
  const row = rows[at];
  if (!row) return {};
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(at + 1, rows.length - 1) };
    case 'ArrowUp':
      return { to: Math.max(at - 1, 0) };
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: rows.length - 1 };
    case 'ArrowRight':
      if (row.kind !== 'folder') return {};
      return row.open ? { to: Math.min(at + 1, rows.length - 1) } : { toggle: row };
    case 'ArrowLeft': {
      if (row.open) return { toggle: row };
      const parent = rows.findIndex(({ id }) => id === row.parent);
      return parent >= 0 ? { to: parent } : {};
    }
    case 'Enter':
    case ' ':
      return row.kind === 'folder' ? { toggle: row } : row.kind === 'note' ? {} : { open: row };
  }
  if (key.length !== 1 || key === ' ') return {};
  const letter = key.toLowerCase();
  for (let step = 1; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    if (rows[index]!.name.toLowerCase().startsWith(letter)) return { to: index };
  }
  return {};
}

/** A path as a word of the shell. */
export const shellWord = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
