/** The files of an image, declared as a flat table of paths: what the runtime builds a shared lower layer from. */

export type TreeEntry = {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
} & (
  | { readonly type: 'directory' }
  | { readonly type: 'file'; readonly text: string }
  | { readonly type: 'program'; readonly program: string }
  | { readonly type: 'symlink'; readonly target: string }
);

/** Absolute paths without a trailing slash; parents that are not named exist as root's 0755 directories. */
export type Tree = Readonly<Record<string, TreeEntry>>;

export const directory = (mode = 0o755, uid = 0, gid = 0): TreeEntry => ({ type: 'directory', mode, uid, gid });
export const file = (text: string, mode = 0o644): TreeEntry => ({ type: 'file', text, mode });
export const program = (name: string): TreeEntry => ({ type: 'program', program: name, mode: 0o755 });
export const link = (target: string): TreeEntry => ({ type: 'symlink', target });

/** Later layers win, as in an overlay. */
export const layers = (...trees: Tree[]): Tree => Object.assign({}, ...trees);

/** One program entry a name, in one folder. */
export function programs(folder: string, names: string): Tree {
  const tree: Record<string, TreeEntry> = {};
  for (const name of names.trim().split(/\s+/)) tree[`${folder}/${name}`] = program(name);
  return tree;
}
