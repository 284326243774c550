import { expect, test } from 'vitest';
import { filesOf, fitting, treeOf } from './work-files.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

test('folders of folders go in as a tree and come back by their path', () => {
  const files = { 'a.mjs': bytes(1), 'notes/b/c.txt': bytes(0xff, 0), 'notes/d.txt': bytes(2) };
  expect(treeOf(files).notes).toMatchObject({ directory: { b: { directory: { 'c.txt': {} } }, 'd.txt': {} } });
  expect(filesOf(treeOf(files))).toEqual(files);
});

test('what npm installs and links are left out, text becomes bytes', () => {
  expect(
    filesOf({
      node_modules: { directory: { x: { file: { contents: 'x' } } } },
      link: { file: { symlink: 'a' } },
      a: { file: { contents: 'é' } },
    }),
  ).toEqual({ a: bytes(0xc3, 0xa9) });
});

test('1 MB is kept, the small files first', () => {
  const all = { big: new Uint8Array(999_990), small: new Uint8Array(8), other: new Uint8Array(9) };
  const { files, left } = fitting(all);
  expect(Object.keys(files)).toEqual(['small', 'other']);
  expect(left).toEqual(['big']);
});
