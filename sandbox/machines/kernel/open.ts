/** open(2) once the inode is found: what kind of open file it makes. */

import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import type { Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import { zeros } from '../filesystem/patterns.ts';
import { memoryOf } from '../memory.ts';
import type { OpenFile, OpenFlags } from '../process.ts';
import { type CharacterDriver, DeviceFile } from './files.ts';
import type { Location } from './mounts.ts';
import { Pipe, PipeEnd } from './pipe.ts';
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
      return yield* openFifo(process.kernel.clock, inode, flags, process.view.pathOf(location));
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
  5: () => ({ read: zeros, write: () => {} }),
  7: () => ({
    read: zeros,
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
    if (!process.controlling) throw new Errno('ENXIO');
    return process.controlling.open();
  }
  const driver = major === 1 ? MEMORY_DEVICES[minor] : undefined;
  if (!driver) throw new Errno('ENXIO');
  return new DeviceFile(inode, driver(process.random), path);
}

/** The random number generator makes some 400 MB a second. */
const RANDOM_SLOWER = 5;

/** Each read is a stream of its own (xorshift, Marsaglia 2003), begun by the machine's chance: four bytes cost a few steps. */
function randomDriver(random: Random): CharacterDriver {
  const read = (max: number) => {
    const words = new Uint32Array(Math.ceil(max / 4));
    let state = random.uint32() || 1;
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    return new Uint8Array(words.buffer, 0, max);
  };
  return { read, slower: RANDOM_SLOWER, write: () => {} };
}

const fifos = new WeakMap<Inode, Pipe>();

/** fifo(7): opening one end waits for the other. */
function* openFifo(clock: Clock, inode: Inode, flags: OpenFlags, path: string): Task<OpenFile> {
  const pipe = fifos.get(inode) ?? new Pipe(() => inode.stat(), memoryOf(clock));
  fifos.set(inode, pipe);
  const writes = Boolean(flags.write || flags.append);
  const ends =
    flags.read && writes ? (['read', 'write'] as const) : writes ? (['write'] as const) : (['read'] as const);
  const end = new PipeEnd(pipe, ends, path);
  let open = false;
  try {
    while (pipe.readers === 0 || pipe.writers === 0) yield pipe.changed;
    open = true;
  } finally {
    if (!open) end.release();
  }
  return end;
}
