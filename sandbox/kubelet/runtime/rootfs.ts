/** The unpacked files of an image: one read-only tree, shared by every container made from it. */

import type { Image } from '../../images/image.ts';
import { Disk } from '../../machines/filesystem/disk.ts';
import { xfs } from '../../machines/filesystem/formats.ts';
import { type MemoryDirectory, MemoryFileSystem } from '../../machines/filesystem/memory.ts';
import { plant } from '../../machines/filesystem/tree.ts';
import type { ProgramTable } from '../../machines/machine.ts';
import { Clock } from '../../sim/clock.ts';

/** When the catalogue's images were built: the times of their files. */
export const BUILT = Date.UTC(2026, 10, 10, 1, 24, 7);
/** Layers are compressed about so much. */
const COMPRESSION = 2.6;

const trees = new WeakMap<ProgramTable, WeakMap<Image, MemoryDirectory>>();

/** An executable that the lab has no program for is left out: `command not found` is the truth. */
export function unpacked(image: Image, programs: ProgramTable): MemoryDirectory {
  let known = trees.get(programs);
  if (!known) {
    known = new WeakMap();
    trees.set(programs, known);
  }
  let root = known.get(image);
  if (!root) {
    root = build(image, programs);
    known.set(image, root);
  }
  return root;
}

function build(image: Image, programs: ProgramTable): MemoryDirectory {
  const disk = new Disk(Number.MAX_SAFE_INTEGER);
  const fs = new MemoryFileSystem({ format: xfs, clock: new Clock(BUILT), dev: 0, disk });
  const entries = Object.entries(image.tree()).filter(
    ([, entry]) => typeof entry === 'string' || !('program' in entry) || programs.has(entry.program),
  );
  plant(fs.root, Object.fromEntries(entries));
  fs.readOnly = true;
  return fs.root as MemoryDirectory;
}

/** Bytes on the node's disk. */
export const unpackedSize = (image: Image): number => Math.ceil((image.size * COMPRESSION) / 4096) * 4096;
