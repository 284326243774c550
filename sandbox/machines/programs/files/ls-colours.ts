/** The colours of `ls --color`: dircolors' built-in database, as much as the lab's files need. */

import type { Stat } from '../../process.ts';

export const DEFAULT_COLOURS = {
  directory: '01;34',
  symlink: '01;36',
  orphan: '40;31;01',
  fifo: '40;33',
  socket: '01;35',
  device: '40;33;01',
  setuid: '37;41',
  setgid: '30;43',
  stickyWritable: '30;42',
  writable: '34;42',
  sticky: '37;44',
  executable: '01;32',
  archive: '01;31',
  image: '01;35',
} as const;

const ARCHIVES = /\.(tar|tgz|gz|bz2|xz|zip|zst|deb|rpm|jar|7z)$/;
const IMAGES = /\.(jpe?g|gif|png|svg|bmp|webp|mp4|mkv|webm)$/;

export function colourOf(stat: Stat, name: string, target: Stat | undefined, link: boolean): string | undefined {
  const c = DEFAULT_COLOURS;
  switch (stat.type) {
    case 'directory':
      if (stat.mode & 0o1000 && stat.mode & 0o002) return c.stickyWritable;
      if (stat.mode & 0o002) return c.writable;
      if (stat.mode & 0o1000) return c.sticky;
      return c.directory;
    case 'symlink':
      return link && !target ? c.orphan : c.symlink;
    case 'fifo':
      return c.fifo;
    case 'socket':
      return c.socket;
    case 'char':
    case 'block':
      return c.device;
    default:
      if (stat.mode & 0o4000) return c.setuid;
      if (stat.mode & 0o2000) return c.setgid;
      if (stat.mode & 0o111) return c.executable;
      if (ARCHIVES.test(name)) return c.archive;
      return IMAGES.test(name) ? c.image : undefined;
  }
}
