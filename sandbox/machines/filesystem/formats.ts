/** How XFS, tmpfs and their kin count sizes and blocks. */

import type { FileType } from '../process.ts';
import { BLOCK, type Format } from './memory.ts';

const inBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK;

/** The literal area of a 512-byte v3 inode holds small directories and symbolic links (fs/xfs/libxfs/xfs_da_format.h). */
const XFS_INLINE = 336;

/**
 * A short-form XFS directory is a header of 6 bytes and, for each entry, its name and 8 bytes (name length, offset,
 * file type, 32-bit inode number); a longer one has blocks.
 */
function xfsDirectorySize(entries: number, nameBytes: number): number {
  const short = 6 + nameBytes + entries * 8;
  return short <= XFS_INLINE ? short : inBlocks(nameBytes + entries * 24);
}

function xfsAllocated(type: FileType, size: number): number {
  if (type === 'file') return inBlocks(size);
  if (type === 'directory' || type === 'symlink') return size <= XFS_INLINE ? 0 : inBlocks(size);
  return 0;
}

export const xfs: Format = {
  type: 'xfs',
  options: ['attr2', 'inode64', 'logbufs=8', 'logbsize=32k', 'noquota'],
  directorySize: xfsDirectorySize,
  allocated: xfsAllocated,
};

/** tmpfs counts 20 bytes for each entry, and as many for `.` and `..` (BOGO_DIRENT_SIZE of mm/shmem.c). */
export const tmpfs = (options: readonly string[] = [], type = 'tmpfs'): Format => ({
  type,
  options,
  directorySize: (entries) => 40 + entries * 20,
  allocated: (kind, size) => (kind === 'file' ? inBlocks(size) : 0),
});

/** ext4, as on /boot. */
export const ext4: Format = {
  type: 'ext4',
  options: [],
  directorySize: (entries) => Math.max(1, Math.ceil(entries / 80)) * BLOCK,
  allocated: (type, size) => (type === 'file' || type === 'directory' ? inBlocks(size) : 0),
};
