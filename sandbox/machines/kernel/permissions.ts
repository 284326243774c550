/** Who may do what with an inode (path_resolution(7), inode(7)). */

import { Errno } from '../errno.ts';
import type { Credentials, Inode } from '../filesystem/inode.ts';
import type { Stat } from '../process.ts';

export const READ = 4;
export const WRITE = 2;
export const EXECUTE = 1;

export function permits(stat: Stat, who: Credentials, want: number): boolean {
  if (who.uid === 0) return (want & EXECUTE) === 0 || stat.type === 'directory' || (stat.mode & 0o111) !== 0;
  const shift = who.uid === stat.uid ? 6 : who.gid === stat.gid ? 3 : 0;
  return ((stat.mode >> shift) & want) === want;
}

const rightsOf = (inode: Inode): Stat => inode.rights?.() ?? inode.stat();

/** Throws EACCES; credentials are the caller's, as the inode's filesystem sees them. */
export function demand(inode: Inode, caller: Credentials, want: number): void {
  if (!permits(rightsOf(inode), inode.fs.credentials(caller), want)) throw new Errno('EACCES');
}

/** In a sticky directory only the owner of the entry, or of the directory, may take it away. */
export function demandRemoval(directory: Inode, entry: Inode, caller: Credentials): void {
  demand(directory, caller, WRITE | EXECUTE);
  const stat = rightsOf(directory);
  const { uid } = directory.fs.credentials(caller);
  if ((stat.mode & 0o1000) !== 0 && uid !== 0 && uid !== stat.uid && uid !== rightsOf(entry).uid)
    throw new Errno('EPERM');
}

export function demandOwner(inode: Inode, caller: Credentials): void {
  const { uid } = inode.fs.credentials(caller);
  if (uid !== 0 && uid !== rightsOf(inode).uid) throw new Errno('EPERM');
}
