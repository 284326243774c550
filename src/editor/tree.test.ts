/** The file tree's rows: each with an id of its own, whatever files are called. */

import { expect, test } from 'vitest';
import type { FileEntry, FileListing } from '../../sandbox/channel/files.ts';
import { idOf, type Root, rowsOf } from './tree.ts';

const words = { empty: 'empty', more: (n: number) => `${n} more`, silent: 'silent' };
const roots: Root[] = [
  { path: '/root', label: '/root', kind: 'folder' },
  { path: '/', label: '/', kind: 'folder' },
];
const entry = (name: string, type: FileEntry['type']): FileEntry => ({
  name,
  type,
  size: 0,
  mode: 0o644,
  owner: 'root',
  modified: 0,
});
const listing = (path: string, ...entries: FileEntry[]): [string, FileListing] => [path, { path, entries, more: 0 }];

test('what is said of a folder is no file of it, nor one beside it', () => {
  const open = new Set([
    idOf('/root', '/root'),
    idOf('/root', '/root/x'),
    idOf('/', '/'),
    idOf('/', '/root'),
    idOf('/', '/root/x'),
  ]);
  const listings = new Map([
    listing('/', entry('root', 'directory')),
    listing('/root', entry('x', 'directory'), entry('x|note', 'file'), entry('note|', 'file')),
    listing('/root/x'),
  ]);
  const rows = rowsOf(roots, open, listings, words);
  expect(rows.filter(({ kind }) => kind === 'note')).toHaveLength(2);
  const ids = rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
