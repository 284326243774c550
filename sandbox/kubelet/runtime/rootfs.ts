/** The unpacked files of an image: one read-only tree, shared by every container made from it. */

import { Disk } from '../../machines/filesystem/disk.ts';
import { xfs } from '../../machines/filesystem/formats.ts';
import { type MemoryDirectory, MemoryFileSystem } from '../../machines/filesystem/memory.ts';
import { plant } from '../../machines/filesystem/tree.ts';
import { Clock } from '../../sim/clock.ts';
import type { Image } from '../images/image.ts';

/** When the catalogue's images were built: the times of their files. */
const BUILT = Date.UTC(2026, 10, 10, 1, 24, 7);
/** Layers are compressed about so much. */
const COMPRESSION = 2.6;

const trees = new WeakMap<Image, MemoryDirectory>();

export function unpacked(image: Image): MemoryDirectory {
  const known = trees.get(image);
  if (known) return known;
  const disk = new Disk(Number.MAX_SAFE_INTEGER);
  const fs = new MemoryFileSystem({ format: xfs, clock: new Clock(BUILT), dev: 0, disk });
  plant(fs.root, image.tree());
  fs.readOnly = true;
  const root = fs.root as MemoryDirectory;
  trees.set(image, root);
  return root;
}

/** Bytes on the node's disk. */
export const unpackedSize = (image: Image): number => Math.ceil((image.size * COMPRESSION) / 4096) * 4096;
