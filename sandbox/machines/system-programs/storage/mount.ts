/** mount(8) of util-linux 2.38. */

import type { Task } from '../../../sim/task.ts';
import { type ErrnoCode, isErrno } from '../../errno.ts';
import type { MountEntry, Process } from '../../process.ts';
import { type Tool, tool } from '../../programs/tool.ts';

const FAILED = 32;
const USAGE = 1;
const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';

interface FstabEntry {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

export const mount = tool(
  'mount',
  {
    short: 'aBcfFhilL:Mno:O:rRsSt:TU:vVw',
    long: {
      all: 'a',
      bind: 'B',
      rbind: 'R',
      fake: 'f',
      'internal-only': 'i',
      'show-labels': 'l',
      'no-mtab': 'n',
      options: 'o:',
      'read-only': 'r',
      types: 't:',
      verbose: 'v',
      rw: 'w',
      'read-write': 'w',
      mkdir: 'mkdir::',
      move: 'M',
      source: 'source:',
      target: 'target:',
      'make-shared': 'make',
      'make-slave': 'make',
      'make-private': 'make',
      'make-rshared': 'make',
      'make-rslave': 'make',
      'make-rprivate': 'make',
    },
    usage:
      'mount [-lhV]\n mount -a [options]\n mount [options] [--source] <source> | [--target] <directory>\n mount [options] <source> <directory>',
    usageStatus: USAGE,
    version:
      'mount from util-linux 2.38.1 (libmount 2.38.1: selinux, smack, btrfs, verity, namespaces, idmapping, assert, debug)',
  },
  function* (self) {
    const operands = [...self.options.all('source'), ...self.options.all('target'), ...self.operands];
    if (operands.length === 0 && !self.has('a')) return yield* list(self);
    if (self.has('make')) return 0;
    const { process } = self;
    if (self.has('a')) return yield* mountAll(self);
    if (operands.length > 2) {
      yield* process.error("mount: bad usage\nTry 'mount --help' for more information.\n");
      return USAGE;
    }
    const [first, second] = operands as [string, string?];
    if (second !== undefined) return yield* mountOne(self, { source: first, target: second, type: '', options: [] });
    const known = yield* fromTables(process, first, self);
    if (!known) {
      if (process.uid !== 0) return yield* superuser(self, first);
      yield* process.error(`mount: ${first}: can't find in /etc/fstab.\n`);
      return USAGE;
    }
    return yield* mountOne(self, known);
  },
);

function* list(self: Tool): Task<number> {
  const types = self.get('t')?.split(',');
  const rows = self.process.mounts().filter((one) => !types || types.includes(one.type));
  yield* self.print(
    rows.map(({ source, target, type, options }) => `${source} on ${target} type ${type} (${options})\n`).join(''),
  );
  return 0;
}

/** Exit status of `-a`: 32 where nothing could be mounted, 64 where something could (mount(8), EXIT STATUS). */
const SOME_FAILED = 64;

function* mountAll(self: Tool): Task<number> {
  const { process } = self;
  const types = self.get('t')?.split(',');
  let succeeded = 0;
  let failed = 0;
  for (const entry of yield* fstab(process)) {
    if (entry.type === 'swap' || entry.target === 'none' || (types && !types.includes(entry.type))) continue;
    const mounted = process.mounts().some((one) => one.target === entry.target);
    if (entry.options.includes('noauto') || mounted || entry.target === '/') {
      if (self.has('v')) {
        const why = mounted || entry.target === '/' ? 'already mounted' : 'ignored';
        yield* self.print(`${entry.target.padEnd(25)}: ${why}\n`);
      }
      continue;
    }
    if ((yield* mountOne(self, entry)) === 0) {
      succeeded++;
      if (self.has('v')) yield* self.print(`${entry.target.padEnd(25)}: successfully mounted\n`);
    } else failed++;
  }
  return failed === 0 ? 0 : succeeded === 0 ? FAILED : SOME_FAILED;
}

/** A directory or a source alone: /etc/fstab says the rest; `remount` takes it from what is mounted. */
function* fromTables(process: Process, name: string, self: Tool): Task<FstabEntry | undefined> {
  if (optionsOf(self).includes('remount')) {
    const mounted = process.mounts().findLast((one) => one.target === name || one.source === name);
    return mounted && { ...mounted, options: [] };
  }
  return (yield* fstab(process)).find((one) => one.target === name || one.source === name);
}

function* fstab(process: Process): Task<FstabEntry[]> {
  const text = yield* process.readText('/etc/fstab');
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter((fields) => fields.length >= 4)
    .map(([source, target, type, options]) => ({
      source: octalDecoded(source!),
      target: octalDecoded(target!),
      type: type!,
      options: options!.split(','),
    }));
}

/** `\\040` and its like (fstab(5)). */
const octalDecoded = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));

function optionsOf(self: Tool): string[] {
  const list = self.options.all('o').flatMap((text) => text.split(','));
  if (self.has('r')) list.push('ro');
  if (self.has('w')) list.push('rw');
  if (self.has('B')) list.push('bind');
  if (self.has('R')) list.push('rbind');
  return list.filter(Boolean);
}

function* superuser(self: Tool, target: string): Task<number> {
  yield* self.process.error(`mount: ${target}: must be superuser to use mount.\n${DMESG}`);
  return FAILED;
}

function* mountOne(self: Tool, entry: FstabEntry): Task<number> {
  const { process } = self;
  const options = [...entry.options, ...optionsOf(self)];
  const bind = options.includes('bind') || options.includes('rbind');
  const target = yield* canonical(process, entry.target);
  if (process.uid !== 0) return yield* superuser(self, target);
  const type =
    bind || options.includes('remount')
      ? 'none'
      : self.get('t') || entry.type || (yield* guessType(process, entry.source));
  if (self.has('mkdir') || options.some((option) => option.startsWith('x-mount.mkdir')))
    yield* makeDirectory(process, target);
  const helper = `/sbin/mount.${type}`;
  if (!self.has('i') && (yield* exists(process, helper)))
    return yield* runHelper(process, helper, entry.source, target, options, self);
  const source = bind ? yield* canonical(process, entry.source) : entry.source;
  try {
    if (bind || isDevice(source)) yield* process.stat(source);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (options.includes('nofail') && isErrno(error, 'ENOENT')) return 0;
    yield* process.error(`mount: ${target}: special device ${source} does not exist.\n${DMESG}`);
    return FAILED;
  }
  try {
    yield* process.mount({ source, target, type, options });
    if (self.has('v')) yield* self.print(`mount: ${source} ${bind ? 'bound' : 'mounted'} on ${target}.\n`);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* process.error(
      `mount: ${target}: ${yield* explain(process, error.code, { source, target, type, options })}.\n${DMESG}`,
    );
    return FAILED;
  }
}

const isDevice = (source: string): boolean => source.startsWith('/dev/');

/** `HOST:DIR` is NFS (libmount); anything else without a type is probed on the device, and there is none to probe. */
function* guessType(process: Process, source: string): Task<string> {
  if (/^[^/]+:\//.test(source)) return 'nfs';
  const known = process.mounts().find((one) => one.source === source);
  return known?.type ?? 'auto';
}

function* runHelper(
  process: Process,
  helper: string,
  source: string,
  target: string,
  options: readonly string[],
  self: Tool,
): Task<number> {
  const list = options.filter((option) => option !== 'defaults');
  const flags = [...(self.has('v') ? ['-v'] : []), ...(self.has('f') ? ['-f'] : [])];
  const argv = [
    helper,
    source,
    target,
    ...flags,
    '-o',
    list.includes('ro') ? list.join(',') : ['rw', ...list].join(','),
  ];
  const child = yield* process.spawn(helper, argv);
  const status = yield* process.wait(child.pid);
  return 'code' in status ? status.code : FAILED;
}

/** libmount's words for mount(2)'s errors (libmount/src/context_mount.c, mnt_context_get_mount_excode). */
function* explain(
  process: Process,
  code: ErrnoCode,
  { source, target, type, options }: { source: string; target: string; type: string; options: readonly string[] },
): Task<string> {
  const words: Partial<Record<ErrnoCode, string>> = {
    EPERM: 'permission denied',
    EACCES: 'permission denied',
    ENODEV: `unknown filesystem type '${type}'`,
    EBUSY: options.includes('remount') ? 'mount point is busy' : `${source} already mounted or mount point busy`,
    ENOTDIR: 'mount point is not a directory',
    EROFS: `cannot mount ${source} read-only`,
  };
  if (code === 'ENOENT') {
    return (yield* exists(process, target)) ? `special device ${source} does not exist` : 'mount point does not exist';
  }
  if (code === 'EINVAL' && options.includes('remount')) return 'mount point not mounted or bad option';
  if (code === 'EINVAL' && (type === 'nfs' || type === 'nfs4')) {
    return 'bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program';
  }
  if (code === 'EINVAL') {
    return `wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error`;
  }
  return words[code] ?? 'mount system call failed';
}

function* canonical(process: Process, path: string): Task<string> {
  try {
    return yield* process.realpath(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return path;
  }
}

export function* exists(process: Process, path: string): Task<boolean> {
  try {
    yield* process.stat(path);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
}

function* makeDirectory(process: Process, path: string): Task<void> {
  let at = '';
  for (const name of path.split('/').filter(Boolean)) {
    at += `/${name}`;
    if (!(yield* exists(process, at))) yield* process.mkdir(at);
  }
}

/** The mounts of a directory tree, deepest last; for others here. */
export const mountsAt = (mounts: readonly MountEntry[], name: string): MountEntry[] =>
  mounts.filter((one) => one.target === name || one.source === name);
