/** stat(1). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { FileType, Stat } from '../../process.ts';
import { modeString } from '../format/mode.ts';
import { escapes } from '../format/printf.ts';
import { formatTime } from '../format/time.ts';
import { quoted, type Tool, tool } from '../tool.ts';
import { type Names, readNames } from '../users.ts';

const KINDS: Readonly<Record<FileType, string>> = {
  file: 'regular file',
  directory: 'directory',
  symlink: 'symbolic link',
  fifo: 'fifo',
  socket: 'socket',
  char: 'character special file',
  block: 'block special file',
};

const TYPE_BITS: Readonly<Record<FileType, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  char: 0o020000,
  block: 0o060000,
};

export const kindOf = (stat: Stat): string =>
  stat.type === 'file' && stat.size === 0 ? 'regular empty file' : KINDS[stat.type];

const DEFAULT =
  '  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-10i  Links: %h\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n';

const FILESYSTEM =
  '  File: "%n"\n    ID: %-8i Namelen: %-7l Type: %T\nBlock size: %-10s Fundamental block size: %S\nBlocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n';

export const stat = tool(
  'stat',
  {
    short: 'c:fLt',
    long: { dereference: 'L', 'file-system': 'f', format: 'c:', printf: 'printf:', terse: 't' },
    usage: 'stat [OPTION]... FILE...',
  },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing operand');
    const names = yield* readNames(tool.process);
    const printf = tool.get('printf');
    const format =
      printf === undefined ? (tool.get('c') === undefined ? undefined : `${tool.get('c')}\n`) : escapes(printf)[0];
    for (const operand of tool.operands) {
      try {
        if (tool.has('f')) yield* showFileSystem(tool, operand, format ?? FILESYSTEM);
        else {
          const found = yield* tool.has('L') ? tool.process.stat(operand) : tool.process.lstat(operand);
          const chosen =
            format ?? (found.rdev ? DEFAULT.replace('Links: %h', 'Links: %-5h Device type: %t,%T') : DEFAULT);
          yield* showFile(tool, operand, found, chosen, names);
        }
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(
          `cannot ${tool.has('f') ? 'read file system information for' : 'statx'} ${quoted(operand)}: ${error.message}`,
        );
      }
    }
    return tool.status;
  },
);

function* showFile(tool: Tool, path: string, stat: Stat, format: string, names: Names): Task<void> {
  const target = stat.type === 'symlink' ? yield* tool.process.readlink(path) : undefined;
  const when = (ms: number) => formatTime('%Y-%m-%d %H:%M:%S.%N %z', ms);
  const values: Readonly<Record<string, () => string>> = {
    a: () => stat.mode.toString(8),
    A: () => modeString(stat),
    b: () => String(stat.blocks),
    B: () => '512',
    d: () => String(stat.dev),
    D: () => stat.dev.toString(16),
    Hd: () => String(stat.dev >> 8),
    Ld: () => String(stat.dev & 255),
    f: () => (TYPE_BITS[stat.type] | stat.mode).toString(16),
    F: () => kindOf(stat),
    g: () => String(stat.gid),
    G: () => names.groups.get(stat.gid) ?? 'UNKNOWN',
    h: () => String(stat.nlink),
    i: () => String(stat.ino),
    n: () => path,
    N: () =>
      (format === DEFAULT || format.startsWith('  File') ? path : quoted(path)) +
      (target === undefined ? '' : ` -> ${format.startsWith('  File') ? target : quoted(target)}`),
    o: () => '4096',
    s: () => String(stat.size),
    t: () => (stat.rdev?.[0] ?? 0).toString(16),
    T: () => (stat.rdev?.[1] ?? 0).toString(16),
    u: () => String(stat.uid),
    U: () => names.users.get(stat.uid) ?? 'UNKNOWN',
    w: () => when(stat.ctime),
    W: () => String(Math.floor(stat.ctime / 1000)),
    x: () => when(stat.atime),
    X: () => String(Math.floor(stat.atime / 1000)),
    y: () => when(stat.mtime),
    Y: () => String(Math.floor(stat.mtime / 1000)),
    z: () => when(stat.ctime),
    Z: () => String(Math.floor(stat.ctime / 1000)),
    m: () => mountPoint(tool, path),
  };
  yield* tool.print(fill(format, values));
}

const mountPoint = (tool: Tool, path: string): string => {
  const absolute = path.startsWith('/') ? path : `${tool.process.cwd}/${path}`;
  const targets = tool.process.mounts().map((m) => m.target);
  return (
    targets
      .filter((t) => t === '/' || absolute === t || absolute.startsWith(`${t}/`))
      .sort((a, b) => b.length - a.length)[0] ?? '/'
  );
};

/** `%[-0][width][.precision]letter`. */
function fill(format: string, values: Readonly<Record<string, () => string>>): string {
  return format.replace(
    /%([-0]*)(\d*)(?:\.(\d+))?(%|[HL]?[a-zA-Z])/g,
    (whole, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%';
      const value = values[letter]?.();
      if (value === undefined) return whole;
      const text = precision === undefined ? value : value.slice(0, Number(precision));
      if (flags.includes('-')) return text.padEnd(Number(width));
      return text.padStart(Number(width), flags.includes('0') ? '0' : ' ');
    },
  );
}

const MAGIC: Readonly<Record<string, string>> = { ext4: 'ext2/ext3', overlay: 'overlayfs', nfs4: 'nfs' };

function* showFileSystem(tool: Tool, path: string, format: string): Task<void> {
  const fs = yield* tool.process.statfs(path);
  const block = 4096;
  const values: Readonly<Record<string, () => string>> = {
    n: () => path,
    i: () => '0',
    l: () => '255',
    T: () => MAGIC[fs.type] ?? fs.type,
    s: () => String(block),
    S: () => String(block),
    b: () => String(Math.floor(fs.total / block)),
    f: () => String(Math.floor(fs.free / block)),
    a: () => String(Math.floor(fs.available / block)),
    c: () => String(fs.files),
    d: () => String(fs.filesFree),
  };
  yield* tool.print(fill(format, values));
}
