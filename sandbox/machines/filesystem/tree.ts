/** Fills a filesystem from a plain description: how the lab's machines and images come by their files. */

import type { Draft, Inode } from './inode.ts';

export interface EntryOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A string is a text file; a path that ends in `/` is a directory. Parents are made as needed. Entries that are there
 * already are kept (directories) or replaced (files).
 */
export type Tree = Readonly<Record<string, string | Entry>>;

export type Entry =
  | ({ readonly text: string } & EntryOptions)
  | ({ readonly directory: true } & EntryOptions)
  | ({ readonly link: string } & EntryOptions)
  | ({ readonly program: string } & EntryOptions)
  | ({ readonly device: readonly [major: number, minor: number]; readonly block?: boolean } & EntryOptions);

const encoder = new TextEncoder();

/** What `file` and `head -c` see of an executable: an ELF header for x86-64 (elf(5)). */
const ELF_HEADER = Uint8Array.from([
  0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0, 1, 0, 0, 0, 0x40, 0x10, 0, 0, 0, 0, 0, 0,
  0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0x38, 0, 0, 0, 0x40, 0, 0, 0, 0, 0,
]);

export function plant(root: Inode, tree: Tree): void {
  for (const [path, entry] of Object.entries(tree)) plantOne(root, path, entry);
}

export function plantOne(root: Inode, path: string, entry: string | Entry): void {
  const names = path.split('/').filter(Boolean);
  const name = names.pop();
  if (name === undefined) {
    if (typeof entry === 'object') root.change(owners(entry));
    return;
  }
  const parent = makePath(root, names);
  if (typeof entry === 'string') {
    if (path.endsWith('/')) makePath(parent, [name]);
    else plantFile(parent, name, { text: entry });
  } else if ('directory' in entry) makePath(parent, [name]).change({ mode: entry.mode ?? 0o755, ...owners(entry) });
  else plantFile(parent, name, entry);
}

/** `mkdir -p`; follows symbolic links on the way (`/bin` → `usr/bin`). */
export function makePath(root: Inode, names: readonly string[]): Inode {
  let at = root;
  for (const name of names) {
    const next = at.lookup(name);
    if (next?.type === 'symlink') at = makePath(root, next.target().split('/').filter(Boolean));
    else at = next ?? at.create(name, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
  }
  return at;
}

function plantFile(parent: Inode, name: string, entry: Exclude<Entry, { directory: true }>): void {
  if (parent.lookup(name)) parent.remove(name);
  const inode = parent.create(name, draft(entry));
  if ('text' in entry && entry.text !== '') inode.write(0, encoder.encode(entry.text));
  if ('program' in entry) inode.write(0, ELF_HEADER);
}

function draft(entry: Exclude<Entry, { directory: true }>): Draft {
  const owner = { uid: entry.uid ?? 0, gid: entry.gid ?? 0 };
  if ('link' in entry) return { type: 'symlink', mode: 0o777, target: entry.link, ...owner };
  if ('program' in entry) return { type: 'file', mode: entry.mode ?? 0o755, program: entry.program, ...owner };
  if ('device' in entry) {
    return { type: entry.block ? 'block' : 'char', mode: entry.mode ?? 0o666, rdev: entry.device, ...owner };
  }
  return { type: 'file', mode: entry.mode ?? 0o644, ...owner };
}

const owners = (entry: EntryOptions): { mode?: number; uid?: number; gid?: number } => ({
  ...(entry.mode !== undefined && { mode: entry.mode }),
  ...(entry.uid !== undefined && { uid: entry.uid }),
  ...(entry.gid !== undefined && { gid: entry.gid }),
});
