/** cp, mv, rm, install. */

import { call, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Stat } from '../../process.ts';
import { applyMode } from '../format/mode.ts';
import { quoted, type Tool, tool } from '../tool.ts';
import { idOf, readNames } from '../users.ts';
import { eachIn } from './tree.ts';

function* look(tool: Tool, path: string, follow = true): Task<Stat | undefined> {
  try {
    return yield* follow ? tool.process.stat(path) : tool.process.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1)! || '/';
const within = (directory: string, name: string): string => `${directory.replace(/\/+$/, '')}/${name}`;

/** Sources and where each goes; undefined if the operands make no sense (already told). */
function* destinations(tool: Tool): Task<[source: string, target: string][] | undefined> {
  const operands = [...tool.operands];
  const given = tool.get('t');
  if (operands.length === 0) {
    yield* tool.usage('missing file operand');
    return undefined;
  }
  if (given === undefined && operands.length === 1) {
    yield* tool.usage(`missing destination file operand after ${quoted(operands[0]!)}`);
    return undefined;
  }
  const last = given ?? operands.pop()!;
  const stat = yield* look(tool, last);
  const parents = tool.has('parents');
  if (parents && stat?.type !== 'directory') {
    yield* tool.usage('with --parents, the destination must be a directory');
    return undefined;
  }
  if (stat?.type === 'directory' && !tool.has('T')) {
    if (parents) for (const source of operands) yield* makeParents(tool, source, last);
    return operands.map((s) => [s, within(last, parents ? s.replace(/^\/+/, '') : baseName(s))]);
  }
  if (operands.length > 1 || given !== undefined) {
    yield* tool.complain(
      stat ? `target ${quoted(last)}: Not a directory` : `target ${quoted(last)}: No such file or directory`,
    );
    return undefined;
  }
  return [[operands[0]!, last]];
}

/** --parents: the directories of a source's path, with their modes, under the destination. */
function* makeParents(tool: Tool, source: string, target: string): Task<void> {
  const parts = source.replace(/\/+$/, '').split('/');
  for (let i = 1; i < parts.length; i++) {
    const part = parts.slice(0, i).join('/');
    if (part === '') continue;
    const made = within(target, part.replace(/^\/+/, ''));
    if (yield* look(tool, made)) continue;
    const stat = yield* look(tool, part);
    if (!stat) return;
    yield* tool.process.mkdir(made, (stat.mode & 0o777) | 0o700);
    if (tool.has('v')) yield* tool.print(`${part} -> ${made}\n`);
  }
}

/** -b: what would be replaced is kept as `NAME~`, or `NAME.~N~` (coreutils, backup_file_rename). */
export function* backUp(tool: Tool, target: string): Task<void> {
  if (!tool.has('b', 'backup')) return;
  const kind = tool.get('backup') || tool.process.env.get('VERSION_CONTROL') || 'existing';
  if (kind === 'none' || kind === 'off') return;
  const stat = yield* look(tool, target, false);
  if (!stat || stat.type === 'directory') return;
  const [directory, name] = [target.replace(/[^/]*$/, ''), baseName(target)];
  let last = 0;
  for (const other of yield* tool.process.readdir(directory || '.'))
    if (other.startsWith(`${name}.~`))
      last = Math.max(last, Number(/^\.~(\d+)~$/.exec(other.slice(name.length))?.[1] ?? 0));
  const numbered = kind === 'numbered' || kind === 't' || (/^(existing|nil)$/.test(kind) && last > 0);
  const suffix = numbered ? `.~${last + 1}~` : (tool.get('S') ?? tool.process.env.get('SIMPLE_BACKUP_SUFFIX') ?? '~');
  yield* tool.process.rename(target, `${directory}${name}${suffix}`);
}

const COPY_LONG = {
  archive: 'a',
  'no-clobber': 'n',
  force: 'f',
  interactive: 'i',
  link: 'l',
  dereference: 'L',
  'no-dereference': 'P',
  parents: 'parents',
  preserve: 'preserve::',
  recursive: 'R',
  'symbolic-link': 's',
  'target-directory': 't:',
  'no-target-directory': 'T',
  update: 'u',
  verbose: 'v',
  backup: 'backup::',
  suffix: 'S:',
  'attributes-only': 'attributes',
  'remove-destination': 'f',
};

export const cp = tool(
  'cp',
  { short: 'abdfHilLnPpRrsS:t:TuvxZ', long: COPY_LONG, usage: 'cp [OPTION]... [-T] SOURCE DEST' },
  function* (tool) {
    const pairs = yield* destinations(tool);
    if (!pairs) return 1;
    for (const [source, target] of pairs) yield* copy(tool, source, target, true);
    return tool.status;
  },
);

function* copy(tool: Tool, source: string, target: string, operand: boolean): Task<boolean> {
  const { process } = tool;
  const recursive = tool.has('R', 'r', 'a');
  const follow = tool.has('L') || (!recursive && !tool.has('P', 'd')) || (operand && tool.has('H'));
  let stat: Stat;
  try {
    stat = yield* follow ? process.stat(source) : process.lstat(source);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot stat ${quoted(source)}: ${error.message}`);
    return false;
  }
  if (stat.type === 'directory' && !recursive) {
    yield* tool.complain(`-r not specified; omitting directory ${quoted(source)}`);
    return false;
  }
  const existing = yield* look(tool, target);
  if (existing && existing.dev === stat.dev && existing.ino === stat.ino) {
    yield* tool.complain(`${quoted(source)} and ${quoted(target)} are the same file`);
    return false;
  }
  if (existing && !(yield* mayReplace(tool, stat, existing, source, target))) return true;
  try {
    if (stat.type === 'directory') return yield* call(copyDirectory(tool, source, target, stat, existing));
    if (existing) yield* backUp(tool, target);
    if (existing && tool.has('f') && existing.type === 'file' && (yield* look(tool, target)))
      yield* ensureWritable(tool, target);
    if (stat.type === 'symlink') {
      if (yield* look(tool, target, false)) yield* process.unlink(target);
      yield* process.symlink(yield* process.readlink(source), target);
    } else if (stat.type === 'fifo') yield* process.mkfifo(target, stat.mode);
    else if (tool.has('l')) yield* process.link(source, target);
    else if (tool.has('s')) yield* process.symlink(source, target);
    else if (tool.has('attributes'))
      (yield* process.open(target, { write: true, create: true }, stat.mode & 0o777)).release();
    else if (!(yield* copyContent(tool, source, target, stat))) return false;
    yield* keep(tool, target, stat);
    if (tool.has('v')) yield* tool.print(`${quoted(source)} -> ${quoted(target)}\n`);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(
      `cannot create ${stat.type === 'symlink' ? 'symbolic link' : 'regular file'} ${quoted(target)}: ${error.message}`,
    );
    return false;
  }
}

function* mayReplace(tool: Tool, stat: Stat, existing: Stat, source: string, target: string): Task<boolean> {
  if (existing.type === 'directory' && stat.type !== 'directory') {
    yield* tool.complain(`cannot overwrite directory ${quoted(target)} with non-directory`);
    return false;
  }
  if (existing.type !== 'directory' && stat.type === 'directory') {
    yield* tool.complain(`cannot overwrite non-directory ${quoted(target)} with directory ${quoted(source)}`);
    return false;
  }
  if (existing.type === 'directory') return true;
  if (tool.has('n')) return false;
  if (tool.has('u') && existing.mtime >= stat.mtime) return false;
  if (tool.has('i')) return yield* confirm(tool, `overwrite ${quoted(target)}?`);
  return true;
}

function* ensureWritable(tool: Tool, target: string): Task<void> {
  try {
    yield* tool.process.access(target, { write: true });
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.process.unlink(target);
  }
}

/** Asks on stderr, reads the answer from stdin. */
export function* confirm(tool: Tool, question: string): Task<boolean> {
  yield* tool.process.error(`${tool.name}: ${question} `);
  let answer = '';
  for (;;) {
    const chunk = yield* tool.process.stdin.read(1);
    if (chunk.length === 0 || chunk[0] === 10) break;
    answer += String.fromCharCode(chunk[0]!);
  }
  return /^[yY]/.test(answer);
}

function* copyDirectory(
  tool: Tool,
  source: string,
  target: string,
  stat: Stat,
  existing: Stat | undefined,
): Task<boolean> {
  const { process } = tool;
  if (`${absolute(tool, target)}/`.startsWith(`${yield* process.realpath(source)}/`)) {
    yield* tool.complain(`cannot copy a directory, ${quoted(source)}, into itself, ${quoted(target)}`);
    return false;
  }
  if (!existing) {
    try {
      yield* process.mkdir(target, (stat.mode & 0o777) | 0o700);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot create directory ${quoted(target)}: ${error.message}`);
      return false;
    }
    if (tool.has('v')) yield* tool.print(`${quoted(source)} -> ${quoted(target)}\n`);
  }
  let well = true;
  const close = yield* process.anchor(target);
  try {
    yield* eachIn(process, source, function* (name) {
      if (!(yield* copy(tool, within(source, name), within(target, name), false))) well = false;
    });
  } finally {
    close();
  }
  if (!existing) yield* process.chmod(target, tool.has('a', 'p') ? stat.mode : stat.mode & ~process.umask);
  yield* keep(tool, target, stat);
  return well;
}

const absolute = (tool: Tool, path: string): string => (path.startsWith('/') ? path : within(tool.process.cwd, path));

function* copyContent(tool: Tool, source: string, target: string, stat: Stat): Task<boolean> {
  const { process } = tool;
  let input: OpenFile;
  try {
    input = yield* process.open(source, { read: true });
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot open ${quoted(source)} for reading: ${error.message}`);
    return false;
  }
  try {
    const output = yield* process.open(target, { write: true, create: true, truncate: true }, stat.mode & 0o777);
    try {
      for (;;) {
        const chunk = yield* input.read();
        if (chunk.length === 0) break;
        yield* process.spend(chunk.length / 1000);
        yield* output.write(chunk);
      }
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`error writing ${quoted(target)}: ${error.message}`);
      return false;
    } finally {
      output.release();
    }
    return true;
  } finally {
    input.release();
  }
}

/** -p and -a. */
function* keep(tool: Tool, target: string, stat: Stat): Task<void> {
  const what = tool.has('a', 'p')
    ? 'mode,ownership,timestamps'
    : tool.options.has('preserve')
      ? tool.get('preserve') || 'mode,ownership,timestamps'
      : '';
  if (what === '') return;
  const { process } = tool;
  const all = what.includes('all');
  if (all || what.includes('ownership')) {
    try {
      yield* process.chown(target, stat.uid, stat.gid, { follow: false });
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
  if (stat.type === 'symlink') return;
  if (all || what.includes('mode')) yield* process.chmod(target, stat.mode);
  if (all || what.includes('timestamps')) yield* process.utimes(target, stat.atime, stat.mtime);
}

export const mv = tool(
  'mv',
  {
    short: 'bfinS:t:TuvZ',
    long: {
      force: 'f',
      interactive: 'i',
      'no-clobber': 'n',
      'target-directory': 't:',
      'no-target-directory': 'T',
      update: 'u',
      verbose: 'v',
      backup: 'backup::',
      suffix: 'S:',
    },
    usage: 'mv [OPTION]... [-T] SOURCE DEST',
  },
  function* (tool) {
    const pairs = yield* destinations(tool);
    if (!pairs) return 1;
    for (const [source, target] of pairs) yield* move(tool, source, target);
    return tool.status;
  },
);

function* move(tool: Tool, source: string, target: string): Task<void> {
  const { process } = tool;
  const stat = yield* look(tool, source, false);
  if (!stat) {
    yield* tool.complain(`cannot stat ${quoted(source)}: No such file or directory`);
    return;
  }
  const existing = yield* look(tool, target, false);
  if (existing) {
    if (existing.dev === stat.dev && existing.ino === stat.ino) {
      yield* tool.complain(`${quoted(source)} and ${quoted(target)} are the same file`);
      return;
    }
    if (!(yield* mayReplace(tool, stat, existing, source, target))) return;
    yield* backUp(tool, target);
  }
  try {
    yield* process.rename(source, target);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code === 'EXDEV') {
      const before = tool.status;
      (tool.options.list as [string, string][]).push(['a', '']);
      if (yield* copy(tool, source, target, true)) yield* removeTree(tool, source);
      (tool.options.list as [string, string][]).pop();
      if (tool.status > before) return;
    } else if (error.code === 'EINVAL') {
      yield* tool.complain(`cannot move ${quoted(source)} to a subdirectory of itself, ${quoted(target)}`);
      return;
    } else {
      yield* tool.complain(`cannot move ${quoted(source)} to ${quoted(target)}: ${error.message}`);
      return;
    }
  }
  if (tool.has('v')) yield* tool.print(`renamed ${quoted(source)} -> ${quoted(target)}\n`);
}

function* removeTree(tool: Tool, path: string): Task<void> {
  const { process } = tool;
  if ((yield* process.lstat(path)).type === 'directory') {
    yield* eachIn(process, path, (name) => removeTree(tool, within(path, name)));
    yield* process.rmdir(path);
  } else yield* process.unlink(path);
}

export const rm = tool(
  'rm',
  {
    short: 'dfiIrRv',
    long: {
      dir: 'd',
      force: 'f',
      interactive: 'interactive::',
      'one-file-system': 'x',
      'no-preserve-root': 'no-preserve',
      'preserve-root': 'preserve::',
      recursive: 'r',
      verbose: 'v',
    },
    usage: 'rm [OPTION]... [FILE]...',
  },
  function* (tool) {
    const { operands } = tool;
    if (operands.length === 0) return tool.has('f') ? 0 : yield* tool.usage('missing operand');
    const recursive = tool.has('r', 'R');
    if (tool.has('I') && (operands.length > 3 || recursive)) {
      const what = `remove ${operands.length} argument${operands.length === 1 ? '' : 's'}${recursive ? ' recursively' : ''}?`;
      if (!(yield* confirm(tool, what))) return 0;
    }
    for (const operand of operands) {
      const last = baseName(operand);
      if (last === '.' || last === '..') {
        yield* tool.complain(`refusing to remove '.' or '..' directory: skipping ${quoted(operand)}`);
        continue;
      }
      if (recursive && !tool.has('no-preserve') && /^\/+$/.test(operand)) {
        yield* tool.process.error(
          "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n",
        );
        tool.status = 1;
        continue;
      }
      yield* remove(tool, operand, recursive);
    }
    return tool.status;
  },
);

function* remove(tool: Tool, path: string, recursive: boolean): Task<boolean> {
  const { process } = tool;
  let stat: Stat;
  try {
    stat = yield* process.lstat(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (!(tool.has('f') && (error.code === 'ENOENT' || error.code === 'ENOTDIR')))
      yield* tool.complain(`cannot remove ${quoted(path)}: ${error.message}`);
    return false;
  }
  yield* process.spend(5);
  const directory = stat.type === 'directory';
  if (directory && !recursive && !tool.has('d')) {
    yield* tool.complain(`cannot remove ${quoted(path)}: Is a directory`);
    return false;
  }
  const always = tool.has('i') || tool.get('interactive') === 'always';
  try {
    if (directory) {
      if (recursive) {
        const ask = always && (yield* process.readdir(path)).length > 0;
        if (ask && !(yield* confirm(tool, `descend into directory ${quoted(path)}?`))) return false;
        let well = true;
        yield* eachIn(process, path, function* (name) {
          if (!(yield* remove(tool, within(path, name), true))) well = false;
        });
        if (!well) return false;
      }
      if (always && !(yield* confirm(tool, `remove directory ${quoted(path)}?`))) return false;
      yield* process.rmdir(path);
      if (tool.has('v')) yield* tool.print(`removed directory ${quoted(path)}\n`);
      return true;
    }
    if (!tool.has('f') && (always || (yield* isProtected(tool, path, stat)))) {
      const kind =
        stat.type === 'symlink'
          ? 'symbolic link'
          : stat.type === 'fifo'
            ? 'fifo'
            : stat.size === 0
              ? 'regular empty file'
              : 'regular file';
      if (!(yield* confirm(tool, `remove ${always ? '' : 'write-protected '}${kind} ${quoted(path)}?`))) return false;
    }
    yield* process.unlink(path);
    if (tool.has('v')) yield* tool.print(`removed ${quoted(path)}\n`);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(`cannot remove ${quoted(path)}: ${error.message}`);
    return false;
  }
}

function* isProtected(tool: Tool, path: string, stat: Stat): Task<boolean> {
  if (stat.type === 'symlink' || !tool.process.stdin.tty) return false;
  try {
    yield* tool.process.access(path, { write: true });
    return false;
  } catch (error) {
    if (isErrno(error)) return true;
    throw error;
  }
}

export const install = tool(
  'install',
  {
    short: 'bcCdDg:m:o:pst:Tv',
    long: { directory: 'd', group: 'g:', mode: 'm:', owner: 'o:', 'target-directory': 't:', verbose: 'v' },
    usage: 'install [OPTION]... [-T] SOURCE DEST',
  },
  function* (tool) {
    const { process } = tool;
    const mode = applyMode(tool.get('m') ?? '755', 0, false, 0) ?? 0o755;
    const names = yield* readNames(process);
    const uid = tool.get('o') === undefined ? undefined : idOf(names.users, tool.get('o')!);
    const gid = tool.get('g') === undefined ? undefined : idOf(names.groups, tool.get('g')!);
    const settle = function* (path: string): Task<void> {
      yield* process.chmod(path, mode);
      if (uid !== undefined || gid !== undefined) yield* process.chown(path, uid, gid);
    };
    if (tool.has('d')) {
      for (const path of tool.operands) {
        yield* makeAll(tool, path);
        yield* settle(path);
      }
      return 0;
    }
    if (tool.has('D') && tool.operands.length === 2) {
      const parent = tool.operands[1]!.replace(/\/[^/]*$/, '');
      if (parent !== tool.operands[1]) yield* makeAll(tool, parent);
    }
    const pairs = yield* destinations(tool);
    if (!pairs) return 1;
    for (const [source, target] of pairs) {
      const stat = yield* look(tool, source);
      if (!stat) yield* tool.complain(`cannot stat ${quoted(source)}: No such file or directory`);
      else if (stat.type === 'directory') yield* tool.complain(`omitting directory ${quoted(source)}`);
      else if (yield* copyContent(tool, source, target, stat)) {
        yield* settle(target);
        if (tool.has('v')) yield* tool.print(`${quoted(source)} -> ${quoted(target)}\n`);
      }
    }
    return tool.status;
  },
);

function* makeAll(tool: Tool, path: string): Task<void> {
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const part = parts.slice(0, i).join('/');
    if (part === '' || (yield* look(tool, part))) continue;
    yield* tool.process.mkdir(part, 0o755);
  }
}
