/** The files of `work/` as a WebContainer has them, a tree, and as they are kept, by their path. */

import type { DirectoryNode, FileSystemTree } from '@webcontainer/api';

/** What is kept in all (bytes). */
const LIMIT = 1_000_000;

/** `{ 'a/b': … }` as a tree to mount. */
export function treeOf(files: Readonly<Record<string, string | Uint8Array>>): FileSystemTree {
  const tree: FileSystemTree = {};
  for (const [path, contents] of Object.entries(files)) {
    const folders = path.split('/');
    const name = folders.pop()!;
    let place = tree;
    for (const folder of folders) {
      place[folder] ??= { directory: {} };
      place = (place[folder] as DirectoryNode).directory;
    }
    place[name] = { file: { contents } };
  }
  return tree;
}

/** A tree's files by their path; links and what npm installs are left out. */
export function filesOf(tree: FileSystemTree, folder = ''): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, node] of Object.entries(tree)) {
    if ('directory' in node) {
      if (name !== 'node_modules') Object.assign(files, filesOf(node.directory, `${folder}${name}/`));
    } else if ('contents' in node.file) {
      const { contents } = node.file;
      files[folder + name] = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    }
  }
  return files;
}

/** The small ones first: one big file does not crowd out a folder of programs. */
export function fitting(all: Readonly<Record<string, Uint8Array>>): {
  files: Record<string, Uint8Array>;
  left: string[];
} {
  const files: Record<string, Uint8Array> = {};
  const left: string[] = [];
  let total = 0;
  for (const [path, contents] of Object.entries(all).sort(([, a], [, b]) => a.length - b.length)) {
    total += contents.length;
    if (total <= LIMIT) files[path] = contents;
    else left.push(path);
  }
  return { files, left };
}
