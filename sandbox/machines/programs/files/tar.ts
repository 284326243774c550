/** tar: archives made, listed and unpacked (GNU tar 1.34), plain or through gzip. */

import { archiveEnd, type Member, memberBlocks, members, membersEnd } from '../../../sim/tar.ts';
import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program, Stat } from '../../process.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { modeString } from '../format/mode.ts';
import { openInput, readBytes } from '../io.ts';
import { type Tool, tool } from '../tool.ts';
import { readNames } from '../users.ts';
import { gunzip, gzip } from './gzip.ts';
import { eachIn } from './tree.ts';

const FATAL = 2;
const TRY = "Try 'tar --help' or 'tar --usage' for more information.";

/** Ends the program after its message. */
class Fatal extends Error {}

const gnuTar = tool(
  'tar',
  {
    short: 'crtxf:C:vmpzjJkOhPX:',
    long: {
      create: 'c',
      append: 'r',
      list: 't',
      extract: 'x',
      get: 'x',
      file: 'f:',
      directory: 'C:',
      verbose: 'v',
      touch: 'm',
      'preserve-permissions': 'p',
      'same-permissions': 'p',
      'no-same-permissions': 'no-p',
      'no-same-owner': 'no-owner',
      'same-owner': 'owner',
      'keep-old-files': 'k',
      'to-stdout': 'O',
      gzip: 'z',
      bzip2: 'j',
      xz: 'J',
      dereference: 'h',
      'absolute-names': 'P',
      exclude: 'exclude:',
      'exclude-from': 'X:',
      'strip-components': 'strip:',
      wildcards: 'wildcards',
    },
    usage: 'tar [OPTION...] [FILE]...',
    about:
      "GNU 'tar' saves many files together into a single tape or disk archive, and can restore individual files from the archive.",
    usageStatus: 64,
    usageHint: TRY,
    version: 'tar (GNU tar) 1.34',
  },
  function* (tool) {
    const modes = ['c', 'r', 't', 'x'].filter((mode) => tool.has(mode));
    if (modes.length !== 1) {
      yield* tool.complain(
        modes.length === 0
          ? `You must specify one of the '-Acdtrux', '--delete' or '--test-label' options`
          : `You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option`,
        FATAL,
      );
      yield* tool.process.error(`${TRY}\n`);
      return FATAL;
    }
    const appending = modes[0] === 'r';
    const refused = !appending
      ? undefined
      : tool.has('z', 'j', 'J')
        ? 'Cannot update compressed archives'
        : (tool.get('f') ?? '-') === '-'
          ? "Options '-Aru' are incompatible with '-f -'"
          : undefined;
    if (refused !== undefined) {
      yield* tool.complain(refused, FATAL);
      yield* tool.process.error(`${TRY}\n`);
      return FATAL;
    }
    try {
      yield* compressed(tool);
      if (modes[0] === 'c') {
        if (tool.operands.length === 0) {
          yield* tool.complain('Cowardly refusing to create an empty archive', FATAL);
          yield* tool.process.error(`${TRY}\n`);
          return FATAL;
        }
        yield* create(tool);
      } else if (appending) yield* create(tool);
      else yield* read(tool, modes[0] === 'x');
      if (tool.status > 0) yield* tool.complain('Exiting with failure status due to previous errors', FATAL);
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      if (error.message !== '') yield* tool.complain(error.message, FATAL);
      yield* tool.complain('Error is not recoverable: exiting now', FATAL);
    }
    return tool.status;
  },
);

/** The first word may be letters without their dash, each value then a word of its own: `tar cf a.tar b`. */
export const tar: Program = function* (process, argv) {
  const [name = 'tar', letters = '', ...rest] = argv;
  if (letters === '' || letters.startsWith('-')) return yield* gnuTar(process, argv);
  const words = [...letters].flatMap((letter) =>
    ['f', 'C'].includes(letter) ? [`-${letter}`, rest.shift() ?? ''] : [`-${letter}`],
  );
  return yield* gnuTar(process, [name, ...words, ...rest]);
};

/** bzip2 and xz are not installed on the machines. */
function* compressed(tool: Tool): Task<void> {
  const name = tool.has('j') ? 'bzip2' : tool.has('J') ? 'xz' : undefined;
  if (!name) return;
  yield* tool.process.error(`tar (child): ${name}: Cannot exec: No such file or directory\n`);
  yield* tool.process.error('tar (child): Error is not recoverable: exiting now\n');
  throw new Fatal('Child returned status 2');
}

function forked(process: Process, program: Program, argv: readonly string[], files: Map<number, OpenFile>): Process {
  try {
    return process.fork(program, argv, { files });
  } catch (error) {
    if (isErrno(error)) throw new Fatal(`child process: Cannot fork: ${error.message}`);
    throw error;
  }
}

/** A pipe to `gzip`, whose output is `out`; `end` waits for it. */
function throughGzip(process: Process, out: OpenFile): { file: OpenFile; end(): Task<void> } {
  const { read, write } = process.pipe();
  const files = new Map(process.files).set(0, read).set(1, out);
  const child = forked(process, gzip, ['gzip'], files);
  read.release();
  return {
    file: write,
    *end() {
      write.release();
      yield* process.wait(child.pid);
    },
  };
}

/** What `gzip -d` makes of a file; it says itself what is wrong with it. */
function* throughGunzip(tool: Tool, file: OpenFile): Task<Uint8Array> {
  const { process } = tool;
  const { read, write } = process.pipe();
  const child = forked(process, gunzip, ['gzip', '-d'], new Map(process.files).set(0, file).set(1, write));
  write.release();
  const data = yield* readBytes(process, read);
  read.release();
  const status = yield* process.wait(child.pid);
  const code = 'code' in status ? status.code : 1;
  if (code !== 0) {
    yield* tool.complain(`Child returned status ${code}`, FATAL);
    throw new Fatal('');
  }
  return data;
}

function* create(tool: Tool): Task<void> {
  const { process } = tool;
  const to = tool.get('f') ?? '-';
  const appending = tool.has('r');
  const target =
    to === '-'
      ? process.stdout
      : yield* reaching(to, () =>
          process.open(to, { read: appending, write: true, create: true, truncate: !appending }, 0o666),
        );
  const gzipped = tool.has('z') ? throughGzip(process, target) : undefined;
  const out = gzipped?.file ?? target;
  const names = yield* readNames(process);
  const stripped = { told: false };
  const excluded = yield* exclusions(tool);
  let written = 0;
  if (appending) {
    const archive = yield* readBytes(process, target);
    if (archive[0] === 0x1f && archive[1] === 0x8b) throw new Fatal('Cannot update compressed archives');
    written = membersEnd(archive);
    target.seek?.(written);
  }
  yield* enter(tool);
  for (const operand of tool.operands) yield* add(operand);
  yield* out.write(archiveEnd(written));
  if (gzipped) yield* gzipped.end();
  if (target !== process.stdout) target.release();

  function* add(path: string): Task<void> {
    if (excluded(path)) return;
    let stat: Stat;
    try {
      stat = yield* tool.has('h') ? process.stat(path) : process.lstat(path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: Cannot stat: ${error.message}`, FATAL);
      return;
    }
    const type = stat.type;
    if (type !== 'file' && type !== 'directory' && type !== 'symlink') {
      yield* tool.complain(`${path}: ${type} ignored`, 0);
      return;
    }
    const plain = path.replace(/\/+$/, '') || '/';
    let name = type === 'directory' ? (plain === '/' ? '/' : `${plain}/`) : plain;
    if (name.startsWith('/') && !tool.has('P')) {
      name = name.replace(/^\/+/, '') || './';
      if (!stripped.told) yield* process.error("tar: Removing leading `/' from member names\n");
      stripped.told = true;
    }
    let data: Uint8Array = new Uint8Array();
    try {
      if (type === 'file') data = yield* process.readFile(path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${path}: Cannot open: ${error.message}`, FATAL);
      return;
    }
    const blocks = memberBlocks({
      name,
      type,
      mode: stat.mode & 0o7777,
      uid: stat.uid,
      gid: stat.gid,
      user: names.users.get(stat.uid) ?? '',
      group: names.groups.get(stat.gid) ?? '',
      mtime: stat.mtime,
      target: type === 'symlink' ? yield* process.readlink(path) : '',
      data,
    });
    if (tool.has('v')) yield* target === process.stdout ? process.error(`${path}\n`) : tool.print(`${name}\n`);
    yield* out.write(blocks);
    written += blocks.length;
    if (type !== 'directory') return;
    yield* eachIn(process, path, (child) => add(`${plain === '/' ? '' : plain}/${child}`));
  }
}

function* read(tool: Tool, extracting: boolean): Task<void> {
  const from = tool.get('f') ?? '-';
  const file = yield* reaching(from, () => openInput(tool.process, from));
  let archive: Uint8Array;
  try {
    // A file that can be read again is looked at first, so that `tar xf a.tgz` needs no -z.
    const magic = from === '-' ? [] : yield* file.read(2);
    file.seek?.(0);
    const gzipped = tool.has('z') || (magic[0] === 0x1f && magic[1] === 0x8b);
    archive = yield* gzipped ? throughGunzip(tool, file) : readBytes(tool.process, file);
  } finally {
    file.release();
  }
  yield* enter(tool);
  const wanted = tool.operands.map((operand) => ({ operand: operand.replace(/\/+$/, ''), found: false }));
  const directories: Member[] = [];
  const excluded = yield* exclusions(tool);
  const strip = Number(tool.get('strip') ?? 0) || 0;
  for (const member of members(archive)) {
    if (!member) {
      yield* tool.complain('This does not look like a tar archive', FATAL);
      break;
    }
    const plain = member.name.replace(/\/+$/, '');
    if (excluded(plain)) continue;
    const asked = wanted.filter(
      ({ operand }) =>
        plain === operand ||
        plain.startsWith(`${operand}/`) ||
        (tool.has('wildcards') && new Pattern(operand).matches(plain)),
    );
    for (const each of asked) each.found = true;
    if (wanted.length > 0 && asked.length === 0) continue;
    if (!extracting) yield* tool.print(tool.has('v') ? listed(member) : `${member.name}\n`);
    else {
      if (tool.has('v')) yield* tool.has('O') ? tool.process.error(`${member.name}\n`) : tool.print(`${member.name}\n`);
      const name = plain.split('/').slice(strip).join('/');
      if (name === '') continue;
      const placed = strip === 0 ? member : { ...member, name };
      yield* extract(tool, placed);
      if (member.type === 'directory') directories.push(placed);
    }
  }
  // Times of directories last: filling them changed them.
  if (!tool.has('m') && !tool.has('O'))
    for (const { name, mtime } of directories.reverse()) yield* tool.process.utimes(inside(name), mtime, mtime);
  for (const { operand, found } of wanted) if (!found) yield* tool.complain(`${operand}: Not found in archive`, FATAL);
}

/** --exclude and -X: a pattern matches a whole path or, after a slash, its end; `*` goes over slashes (tar(1)). */
function* exclusions(tool: Tool): Task<(path: string) => boolean> {
  const sources = [...tool.options.all('exclude')];
  for (const file of tool.options.all('X'))
    for (const line of (yield* tool.process.readText(file)).split('\n')) if (line !== '') sources.push(line);
  const patterns = sources.map((source) => new Pattern(source.replace(/(.)\/+$/, '$1')));
  return (path) => {
    if (patterns.length === 0) return false;
    const parts = path.replace(/(.)\/+$/, '$1').split('/');
    return parts.some((_, i) => {
      const end = parts.slice(i).join('/');
      return patterns.some((pattern) => pattern.matches(end));
    });
  };
}

const inside = (name: string): string => name.replace(/^\/+/, '') || '.';

function* extract(tool: Tool, member: Member): Task<void> {
  const { process } = tool;
  const path = inside(member.name).replace(/(.)\/+$/, '$1');
  if (path.split('/').includes('..')) {
    yield* tool.complain(`${member.name}: Member name contains '..'`, FATAL);
    return;
  }
  if (tool.has('O')) {
    if (member.type === 'file') yield* process.stdout.write(member.data);
    return;
  }
  try {
    yield* parents(tool, path);
    if (member.type === 'directory') {
      if ((yield* typeOf(tool, path)) !== 'directory') yield* process.mkdir(path, member.mode);
    } else {
      if (!tool.has('k') && (yield* typeOf(tool, path))) yield* process.unlink(path);
      if (member.type === 'symlink') yield* process.symlink(member.target, path);
      else if (member.type === 'link') yield* process.link(inside(member.target), path);
      else {
        const file = yield* process.open(path, { write: true, create: true, exclusive: true }, member.mode & 0o777);
        yield* file.write(member.data);
        file.release();
      }
    }
    if (member.type === 'link') return;
    const owner = process.uid === 0 && !tool.has('no-owner');
    if (owner) yield* process.chown(path, member.uid, member.gid, { follow: false });
    if (member.type === 'symlink') return;
    const exact = tool.has('p') || (process.uid === 0 && !tool.has('no-p'));
    yield* process.chmod(path, exact ? member.mode : member.mode & ~process.umask);
    if (!tool.has('m')) yield* process.utimes(path, member.mtime, member.mtime);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const doing = {
      file: 'Cannot open',
      directory: 'Cannot mkdir',
      symlink: 'Cannot create symlink',
      link: 'Cannot hard link',
    };
    yield* tool.complain(`${path}: ${doing[member.type]}: ${error.message}`, FATAL);
  }
}

function* parents(tool: Tool, path: string): Task<void> {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (parent === '' || (yield* typeOf(tool, parent))) return;
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i++) {
    const folder = parts.slice(0, i).join('/');
    if (folder !== '' && !(yield* typeOf(tool, folder))) yield* tool.process.mkdir(folder, 0o777);
  }
}

function* typeOf(tool: Tool, path: string): Task<Stat['type'] | undefined> {
  try {
    return (yield* tool.process.lstat(path)).type;
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

/** As `ls -l`, with owner, group and size in nineteen columns. */
function listed({ name, type, mode, user, group, uid, gid, mtime, target, data }: Member): string {
  const stat = { type: type === 'link' ? ('file' as const) : type, mode };
  const owner = `${user || uid}/${group || gid}`;
  const size = String(data.length).padStart(Math.max(1, 18 - owner.length));
  const time = new Date(mtime).toISOString().slice(0, 16).replace('T', ' ');
  const arrow = type === 'symlink' ? ` -> ${target}` : type === 'link' ? ` link to ${target}` : '';
  return `${modeString(stat)} ${owner} ${size} ${time} ${name}${arrow}\n`;
}

function* enter(tool: Tool): Task<void> {
  const folder = tool.get('C');
  if (folder !== undefined) yield* reaching(folder, () => tool.process.chdir(folder));
}

function* reaching<T>(path: string, act: () => Task<T>): Task<T> {
  try {
    return yield* act();
  } catch (error) {
    if (isErrno(error)) throw new Fatal(`${path}: Cannot open: ${error.message}`);
    throw error;
  }
}
