/** umount(8) of util-linux 2.38. */

import type { Task } from '../../../sim/task.ts';
import { type ErrnoCode, isErrno } from '../../errno.ts';
import type { MountEntry } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { exists, mountsAt } from './mount.ts';

const FAILED = 32;
const USAGE = 1;

const WORDS: Partial<Record<ErrnoCode, string>> = {
  EBUSY: 'target is busy.',
  EINVAL: 'not mounted.',
  ENOENT: 'no mount point specified.',
  EPERM: 'must be superuser to unmount.',
};

export const umount = tool(
  'umount',
  {
    short: 'aAcdfilnO:qrRt:v',
    long: {
      all: 'a',
      force: 'f',
      lazy: 'l',
      quiet: 'q',
      recursive: 'R',
      types: 't:',
      verbose: 'v',
      'internal-only': 'i',
      'no-mtab': 'n',
    },
    usage: 'umount [-hV]\n umount -a [options]\n umount [options] <source> | <directory>',
    usageStatus: USAGE,
    version:
      'umount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, verity, namespaces, idmapping, assert, debug)',
  },
  function* (self) {
    const { process, operands } = self;
    if (self.has('a')) return yield* unmountAll(self);
    if (operands.length === 0) {
      yield* process.error("umount: bad usage\nTry 'umount --help' for more information.\n");
      return USAGE;
    }
    for (const name of operands) self.status = Math.min(255, self.status + (yield* unmountOne(self, name)));
    return self.status;
  },
);

function* unmountAll(self: Tool): Task<number> {
  const types = self.get('t')?.split(',');
  for (const one of [...self.process.mounts()].reverse()) {
    const kept = one.target === '/' || ['proc', 'sysfs', 'devtmpfs', 'devpts', 'tmpfs'].includes(one.type);
    if (types ? types.includes(one.type) : !kept)
      self.status = Math.max(self.status, yield* unmountOne(self, one.target));
  }
  return self.status;
}

function* unmountOne(self: Tool, name: string): Task<number> {
  const { process } = self;
  const mounts = process.mounts();
  const path = yield* absolute(self, name);
  const found = mountsAt(mounts, path).at(-1) ?? mountsAt(mounts, name).at(-1);
  const target = found?.target ?? path;
  // What is not mounted is named as it was given; what is, by its mount point (util-linux, mk_exit_code).
  const shown = found?.target ?? name;
  if (self.has('R')) {
    for (const below of [...mounts].reverse()) {
      if (below.target.startsWith(`${target}/`)) yield* unmountOne(self, below.target);
    }
  }
  const helper = found && `/sbin/umount.${found.type}`;
  if (helper !== undefined && !self.has('i') && (yield* exists(process, helper)))
    return yield* runHelper(self, helper, target, found!);
  try {
    yield* process.umount(target, { lazy: self.has('l'), force: self.has('f') });
    if (self.has('v')) yield* self.print(`umount: ${target} (${found?.source ?? ''}) unmounted\n`);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (self.has('q') && error.code === 'EINVAL') return FAILED;
    yield* process.error(`umount: ${shown}: ${WORDS[error.code] ?? error.message}\n`);
    return FAILED;
  }
}

/** mnt_context exec_helper: its words and its exit status are umount's own. */
function* runHelper(self: Tool, helper: string, target: string, mounted: MountEntry): Task<number> {
  const flags = ['n', 'l', 'f', 'v', 'r'].filter((letter) => self.has(letter)).map((letter) => `-${letter}`);
  const child = yield* self.process.spawn(helper, [helper, target, ...flags, '-t', mounted.type]);
  const status = yield* self.process.wait(child.pid);
  return 'code' in status ? status.code : FAILED;
}

/** Made absolute by hand: resolving could wait for a server that is gone, and unmounting must not. */
function* absolute(self: Tool, name: string): Task<string> {
  if (name === '/') return name;
  const path = (name.startsWith('/') ? name : `${self.process.cwd}/${name}`).split('/');
  const parts: string[] = [];
  for (const part of path) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
