/** The files of an image, declared as a flat table of paths: what the runtime builds a shared lower layer from. */

import type { Entry, Tree } from '../machines/filesystem/tree.ts';

export type { Tree };

export const directory = (mode = 0o755, uid = 0, gid = 0): Entry => ({ directory: true, mode, uid, gid });
export const file = (text: string, mode = 0o644): Entry => ({ text, mode });
export const program = (name: string): Entry => ({ program: name });
export const link = (target: string): Entry => ({ link: target });

/** Later layers win, as in an overlay. */
export const layers = (...trees: Tree[]): Tree => Object.assign({}, ...trees);

const ALIASES: Readonly<Record<string, string>> = { dash: 'sh' };

/** One program entry a name, in one folder. */
export function programs(folder: string, names: string): Tree {
  const tree: Record<string, Entry> = {};
  for (const name of names.trim().split(/\s+/)) tree[`${folder}/${name}`] = program(ALIASES[name] ?? name);
  return tree;
}
