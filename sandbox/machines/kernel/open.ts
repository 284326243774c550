/** open(2) once the inode is found: what kind of open file it makes. */

import type { Random } from '../../sim/random.ts';
import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import type { OpenFile, OpenFlags } from '../process.ts';
import { type CharacterDriver, DeviceFile, Pipe, PipeEnd } from './files.ts';
import type { Location } from './mounts.ts';
import type { KernelProcess } from './process.ts';

const EMPTY = new Uint8Array(0);

export function* openInode(process: KernelProcess, location: Location, flags: OpenFlags): Task<OpenFile> {
  const { inode } = location;
  if (inode.device) return inode.device();
  switch (inode.type) {
    case 'file':
    case 'directory':
      return process.openFile(location, flags);
    case 'fifo':
      return yield* openFifo(inode, flags, process.view.pathOf(location));
    case 'char':
      return openDevice(process, inode, process.view.pathOf(location));
    case 'block':
      return new DeviceFile(inode, NO_DEVICE, process.view.pathOf(location));
    default:
      throw new Errno('ENODEV');
  }
}

/** mem(4), by minor number; major 1. */
const MEMORY_DEVICES: Readonly<Record<number, (random: Random) => CharacterDriver>> = {
  3: () => ({ read: () => EMPTY, write: () => {} }),
  5: () => ({ read: (max) => new Uint8Array(max), write: () => {} }),
  7: () => ({
    read: (max) => new Uint8Array(max),
    write: () => {
      throw new Errno('ENOSPC');
    },
  }),
  8: randomDriver,
  9: randomDriver,
};

const NO_DEVICE: CharacterDriver = {
  read: () => {
    throw new Errno('EACCES');
  },
  write: () => {
    throw new Errno('EACCES');
  },
};

function openDevice(process: KernelProcess, inode: Inode, path: string): OpenFile {
  const [major, minor] = inode.stat().rdev ?? [0, 0];
  if (major === 5 && minor === 0) {
    if (!process.controlling) throw new Errno('ENODEV');
    return process.controlling.open();
  }
  const driver = major === 1 ? MEMORY_DEVICES[minor] : undefined;
  if (!driver) throw new Errno('ENODEV');
  return new DeviceFile(inode, driver(process.random), path);
}

function randomDriver(random: Random): CharacterDriver {
  return { read: (max) => Uint8Array.from({ length: max }, () => random.uint32() & 255), write: () => {} };
}

const fifos = new WeakMap<Inode, Pipe>();

/** fifo(7): opening one end waits for the other. */
function* openFifo(inode: Inode, flags: OpenFlags, path: string): Task<OpenFile> {
  const pipe = fifos.get(inode) ?? new Pipe(() => inode.stat());
  fifos.set(inode, pipe);
  const writes = Boolean(flags.write || flags.append);
  const ends =
    flags.read && writes ? (['read', 'write'] as const) : writes ? (['write'] as const) : (['read'] as const);
  const end = new PipeEnd(pipe, ends, path);
  try {
    while (pipe.readers === 0 || pipe.writers === 0) yield pipe.changed;
  } catch (error) {
    end.release();
    throw error;
  }
  return end;
}
