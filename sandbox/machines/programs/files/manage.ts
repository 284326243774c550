/** mkdir, rmdir, touch, ln, chmod, chown, chgrp, unlink, link, truncate, mktemp. */

import type { Task } from '../../../sim/task.ts';
import { Errno, isErrno } from '../../errno.ts';
import type { Stat } from '../../process.ts';
import { parseDate } from '../format/date-parse.ts';
import { applyMode, modeString } from '../format/mode.ts';
import { parseSize } from '../format/size.ts';
import { attempt, quoted, type Tool, tool } from '../tool.ts';
import { idOf, readNames } from '../users.ts';
import { eachIn } from './tree.ts';

const missing = (tool: Tool): Task<number> => tool.usage('missing operand');

export const mkdir = tool(
  'mkdir',
  { short: 'm:pvZ', long: { mode: 'm:', parents: 'p', verbose: 'v' }, usage: 'mkdir [OPTION]... DIRECTORY...' },
  function* (tool) {
    if (tool.operands.length === 0) return yield* missing(tool);
    const { process } = tool;
    const spec = tool.get('m');
    const mode = spec === undefined ? undefined : applyMode(spec, 0o777, false, process.umask);
    if (spec !== undefined && mode === undefined) {
      yield* tool.complain(`invalid mode ${tool.quote(spec)}`);
      return 1;
    }
    for (const operand of tool.operands) {
      const failed = (words: string) => `cannot create directory ${tool.quote(operand)}: ${words}`;
      yield* attempt(tool, failed, function* () {
        if (tool.has('p')) yield* makeParents(tool, operand);
        else {
          yield* process.mkdir(operand);
          yield* report(tool, operand);
        }
        if (mode !== undefined) yield* process.chmod(operand, mode);
      });
    }
    return tool.status;
  },
);

function* report(tool: Tool, path: string): Task<void> {
  if (tool.has('v')) yield* tool.print(`${tool.name}: created directory ${quoted(path)}\n`);
}

function* makeParents(tool: Tool, path: string): Task<void> {
  const parts = path.split('/');
  // Each directory is entered before the next is made, so that a path may be longer than PATH_MAX (mkancesdirs.c).
  let leave = () => {};
  try {
    let part = '';
    for (const [i, name] of parts.entries()) {
      part += i === 0 ? name : `/${name}`;
      if (name === '') continue;
      try {
        yield* tool.process.mkdir(part);
        yield* report(tool, part);
      } catch (error) {
        if (!isErrno(error)) throw error;
        const existing = yield* statOf(tool, part);
        if (existing && existing.type !== 'directory' && i < parts.length - 1) throw new Errno('ENOTDIR');
        if (existing?.type !== 'directory') throw error;
      }
      if (i === parts.length - 1) break;
      const up = leave;
      leave = yield* tool.process.anchor(part);
      up();
    }
  } finally {
    leave();
  }
}

function* statOf(tool: Tool, path: string, follow = true): Task<Stat | undefined> {
  try {
    return yield* follow ? tool.process.stat(path) : tool.process.lstat(path);
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

export const rmdir = tool(
  'rmdir',
  {
    short: 'pv',
    long: { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' },
    usage: 'rmdir [OPTION]... DIRECTORY...',
  },
  function* (tool) {
    if (tool.operands.length === 0) return yield* missing(tool);
    for (const operand of tool.operands) {
      const chain = [operand];
      if (tool.has('p'))
        for (let at = operand.lastIndexOf('/'); at > 0; at = operand.lastIndexOf('/', at - 1))
          chain.push(operand.slice(0, at));
      for (const path of chain) {
        if (tool.has('v')) yield* tool.print(`rmdir: removing directory, ${quoted(path)}\n`);
        try {
          yield* tool.process.rmdir(path);
        } catch (error) {
          if (!isErrno(error)) throw error;
          if (!(tool.has('ignore') && error.code === 'ENOTEMPTY'))
            yield* tool.complain(`failed to remove ${quoted(path)}: ${error.message}`);
          break;
        }
      }
    }
    return tool.status;
  },
);

export const touch = tool(
  'touch',
  {
    short: 'acd:fhmr:t:',
    long: { 'no-create': 'c', date: 'd:', 'no-dereference': 'h', reference: 'r:', time: 'time:' },
    usage: 'touch [OPTION]... FILE...',
  },
  function* (tool) {
    if (tool.operands.length === 0) return yield* tool.usage('missing file operand');
    const { process } = tool;
    let atime: number | undefined = process.now();
    let mtime: number | undefined = atime;
    const reference = tool.get('r');
    if (reference !== undefined) {
      const stat = yield* statOf(tool, reference);
      if (!stat) {
        yield* tool.complain(`failed to get attributes of ${quoted(reference)}: No such file or directory`);
        return 1;
      }
      atime = stat.atime;
      mtime = stat.mtime;
    }
    const text = tool.get('d') ?? stampText(tool.get('t'), process.now());
    if (text !== undefined) {
      const parsed = parseDate(text, process.now());
      if (parsed === undefined) {
        yield* tool.complain(`invalid date format ${tool.quote(tool.get('d') ?? tool.get('t') ?? '')}`);
        return 1;
      }
      atime = parsed;
      mtime = parsed;
    }
    const which = tool.get('time');
    if (tool.has('a') || which === 'atime' || which === 'access') mtime = tool.has('m') ? mtime : undefined;
    else if (tool.has('m') || which === 'mtime' || which === 'modify') atime = undefined;
    for (const operand of tool.operands) {
      yield* attempt(
        tool,
        (words) => `cannot touch ${quoted(operand)}: ${words}`,
        function* () {
          if (!(yield* statOf(tool, operand)) && !tool.has('h')) {
            if (tool.has('c')) return;
            (yield* process.open(operand, { write: true, create: true })).release();
          }
          yield* process.utimes(operand, atime, mtime, { follow: !tool.has('h') });
        },
      );
    }
    return tool.status;
  },
);

/** `[[CC]YY]MMDDhhmm[.ss]` */
function stampText(stamp: string | undefined, now: number): string | undefined {
  if (stamp === undefined) return undefined;
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(stamp);
  if (!match) return stamp === '' ? 'invalid' : `invalid ${stamp}`;
  const [, century, short, month, day, hour, minute, second] = match;
  let year = String(new Date(now).getUTCFullYear());
  if (century !== undefined && short !== undefined) year = century + short;
  else if (century !== undefined) year = (Number(century) < 69 ? '20' : '19') + century;
  return `${year}-${month}-${day} ${hour}:${minute}:${second ?? '00'}`;
}

export const ln = tool(
  'ln',
  {
    short: 'bfinrsTt:v',
    long: {
      force: 'f',
      interactive: 'i',
      'no-dereference': 'n',
      relative: 'r',
      symbolic: 's',
      'no-target-directory': 'T',
      'target-directory': 't:',
      verbose: 'v',
    },
    usage: 'ln [OPTION]... [-T] TARGET LINK_NAME',
  },
  function* (tool) {
    const { process, operands } = tool;
    if (operands.length === 0) return yield* tool.usage('missing file operand');
    let directory = tool.get('t');
    let targets = operands;
    let single: string | undefined;
    if (directory === undefined) {
      const last = operands.at(-1)!;
      const stat = operands.length > 1 ? yield* statOf(tool, last, !tool.has('n')) : undefined;
      if (operands.length === 1) directory = '.';
      else if (stat?.type === 'directory' && !tool.has('T')) {
        directory = last;
        targets = operands.slice(0, -1);
      } else if (operands.length > 2) {
        yield* tool.complain(`target ${quoted(last)}${stat ? ' is not a directory' : ': No such file or directory'}`);
        return 1;
      } else {
        single = last;
        targets = operands.slice(0, 1);
      }
    }
    for (const target of targets) {
      const path =
        single ??
        `${directory === '.' && operands.length === 1 ? '.' : directory!.replace(/\/$/, '')}/${target.replace(/\/+$/, '').split('/').at(-1)}`;
      const shown = path;
      const kind = tool.has('s') ? 'symbolic link' : 'hard link';
      const failed = (words: string) =>
        tool.has('s') || words === 'File exists'
          ? `failed to create ${kind} ${quoted(shown)}: ${words}`
          : `failed to access ${quoted(target)}: ${words}`;
      yield* attempt(tool, failed, function* () {
        if (!tool.has('s')) {
          const stat = yield* process.lstat(target);
          if (stat.type === 'directory') {
            yield* tool.complain(`${target}: hard link not allowed for directory`);
            return;
          }
        }
        if (tool.has('f') && (yield* statOf(tool, path, false))) yield* process.unlink(path);
        const value = tool.has('s') && tool.has('r') ? yield* relativeTo(tool, target, path) : target;
        if (tool.has('s')) yield* process.symlink(value, path);
        else yield* process.link(target, path);
        if (tool.has('v')) yield* tool.print(`${quoted(path)} ${tool.has('s') ? '->' : '=>'} ${quoted(value)}\n`);
      });
    }
    return tool.status;
  },
);

function* relativeTo(tool: Tool, target: string, link: string): Task<string> {
  const absolute = (path: string) =>
    (path.startsWith('/') ? path : `${tool.process.cwd}/${path}`).split('/').filter((p) => p !== '' && p !== '.');
  const from = absolute(link).slice(0, -1);
  const to = absolute(target);
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/') || '.';
}

/** Visits a path, and with -R everything below it. */
function* walk(tool: Tool, path: string, visit: (path: string) => Task<void>): Task<void> {
  yield* visit(path);
  if (!tool.has('R') || (yield* statOf(tool, path, false))?.type !== 'directory') return;
  const failed = (words: string) => `cannot read directory ${quoted(path)}: ${words}`;
  const prefix = path.replace(/\/$/, '');
  yield* attempt(tool, failed, () => eachIn(tool.process, path, (name) => walk(tool, `${prefix}/${name}`, visit)));
}

const CHANGE_LONG = {
  recursive: 'R',
  verbose: 'v',
  changes: 'c',
  silent: 'f',
  quiet: 'f',
  reference: 'reference:',
  'no-dereference': 'h',
  'preserve-root': 'preserve',
  'no-preserve-root': 'preserve',
};

export const chmod = tool(
  'chmod',
  // A mode such as -w looks like options: they are told apart before.
  { short: '+cfRvrwxXstugoa', long: CHANGE_LONG, usage: 'chmod [OPTION]... MODE[,MODE]... FILE...' },
  function* (tool) {
    const { process } = tool;
    const operands = [...tool.operands];
    const lettered = tool.options.list
      .filter(([n]) => 'rwxXstugoa'.includes(n))
      .map(([n]) => n)
      .join('');
    const reference = tool.get('reference');
    const spec = lettered !== '' ? `-${lettered}` : reference === undefined ? operands.shift() : '';
    while (operands[0]?.match(/^-[Rvcf]+$/))
      for (const letter of operands.shift()!.slice(1)) (tool.options.list as [string, string][]).push([letter, '']);
    if (spec === undefined) return yield* missing(tool);
    if (operands.length === 0) return yield* tool.usage(`missing operand after ${tool.quote(spec)}`);
    const fixed = reference === undefined ? undefined : (yield* statOf(tool, reference))?.mode;
    if (reference === undefined && applyMode(spec, 0, false, 0) === undefined)
      return yield* tool.usage(`invalid mode: ${tool.quote(spec)}`);
    for (const operand of operands) {
      if (!(yield* statOf(tool, operand, false))) {
        yield* tool.complain(`cannot access ${quoted(operand)}: No such file or directory`);
        continue;
      }
      yield* walk(tool, operand, function* (path) {
        yield* attempt(
          tool,
          (words) => `changing permissions of ${quoted(path)}: ${words}`,
          function* () {
            if (path !== operand && (yield* process.lstat(path)).type === 'symlink') return;
            const stat = yield* process.stat(path);
            const mode = fixed ?? applyMode(spec, stat.mode, stat.type === 'directory', process.umask)!;
            yield* process.chmod(path, mode);
            const text = (m: number) =>
              `${m.toString(8).padStart(4, '0')} (${modeString({ type: stat.type, mode: m }).slice(1)})`;
            if (mode !== stat.mode && tool.has('v', 'c')) {
              yield* tool.print(`mode of ${quoted(path)} changed from ${text(stat.mode)} to ${text(mode)}\n`);
            } else if (tool.has('v')) yield* tool.print(`mode of ${quoted(path)} retained as ${text(mode)}\n`);
          },
        );
      });
    }
    return tool.status;
  },
);

const owner = (name: 'chown' | 'chgrp') =>
  tool(
    name,
    {
      short: 'cfhHLPRv',
      long: { ...CHANGE_LONG, dereference: 'dereference', from: 'from:' },
      usage: `${name} [OPTION]... ${name === 'chown' ? '[OWNER][:[GROUP]]' : 'GROUP'} FILE...`,
    },
    function* (tool) {
      const { process } = tool;
      const operands = [...tool.operands];
      const reference = tool.get('reference');
      const spec = reference === undefined ? operands.shift() : '';
      if (spec === undefined) return yield* missing(tool);
      if (operands.length === 0) return yield* tool.usage(`missing operand after ${tool.quote(spec)}`);
      const names = yield* readNames(process);
      let uid: number | undefined;
      let gid: number | undefined;
      if (reference !== undefined) {
        const stat = yield* process.stat(reference);
        [uid, gid] = [name === 'chown' ? stat.uid : undefined, stat.gid];
      } else {
        const [user, group] =
          name === 'chgrp' ? ['', spec] : spec.includes(':') ? spec.split(':') : spec.split(/\.(?=[^.]*$)/);
        uid = user ? idOf(names.users, user) : undefined;
        gid = group ? idOf(names.groups, group) : undefined;
        if (user && uid === undefined) {
          yield* tool.complain(`invalid user: ${tool.quote(spec)}`);
          return 1;
        }
        if (group && gid === undefined) {
          yield* tool.complain(`invalid group: ${tool.quote(spec)}`);
          return 1;
        }
      }
      for (const operand of operands) {
        if (!(yield* statOf(tool, operand, false))) {
          yield* tool.complain(`cannot access ${quoted(operand)}: No such file or directory`);
          continue;
        }
        yield* walk(tool, operand, function* (path) {
          const what = name === 'chgrp' || uid === undefined ? 'group' : 'ownership';
          yield* attempt(
            tool,
            (words) => `changing ${what} of ${quoted(path)}: ${words}`,
            () => process.chown(path, uid, gid, { follow: !tool.has('h') && path === operand }),
          );
        });
      }
      return tool.status;
    },
  );

export const chown = owner('chown');
export const chgrp = owner('chgrp');

export const truncate = tool(
  'truncate',
  { short: 'cor:s:', long: { 'no-create': 'c', reference: 'r:', size: 's:' }, usage: 'truncate OPTION... FILE...' },
  function* (tool) {
    const { process } = tool;
    const size = tool.get('s');
    const reference = tool.get('r');
    if (size === undefined && reference === undefined)
      return yield* tool.usage(`you must specify either ${tool.quote('--size')} or ${tool.quote('--reference')}`);
    if (tool.operands.length === 0) return yield* tool.usage('missing file operand');
    const amount =
      size === undefined ? (yield* process.stat(reference!)).size : parseSize(size.replace(/^[-+<>/%]/, ''));
    if (amount === undefined || amount >= 2 ** 63) {
      yield* tool.complain(
        `Invalid number: ${tool.quote(size!)}${amount === undefined ? '' : ': Value too large for defined data type'}`,
      );
      return 1;
    }
    const sign = size && /^[-+<>/%]/.test(size) ? size[0] : '';
    if ((sign === '/' || sign === '%') && amount === 0) {
      yield* tool.complain('division by zero');
      return 1;
    }
    for (const operand of tool.operands) {
      yield* attempt(
        tool,
        (words) => `cannot open ${quoted(operand)} for writing: ${words}`,
        function* () {
          if (tool.has('c') && !(yield* statOf(tool, operand))) return;
          const file = yield* process.open(operand, { write: true, create: true });
          const now = (yield* file.stat()).size;
          file.release();
          const next =
            sign === '+'
              ? now + amount
              : sign === '-'
                ? now - amount
                : sign === '<'
                  ? Math.min(now, amount)
                  : sign === '>'
                    ? Math.max(now, amount)
                    : sign === '/'
                      ? Math.floor(now / amount) * amount
                      : sign === '%'
                        ? Math.ceil(now / amount) * amount
                        : amount;
          yield* process.truncate(operand, Math.max(0, next));
        },
      );
    }
    return tool.status;
  },
);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const mktemp = tool(
  'mktemp',
  {
    short: 'dp:qtu',
    long: { directory: 'd', 'dry-run': 'u', quiet: 'q', tmpdir: 'p::', suffix: 'suffix:' },
    usage: 'mktemp [OPTION]... [TEMPLATE]',
  },
  function* (tool) {
    const { process } = tool;
    const base = tool.get('p') || process.env.get('TMPDIR') || '/tmp';
    let template = tool.operands[0] ?? 'tmp.XXXXXXXXXX';
    if (tool.operands.length === 0 || tool.has('p', 't')) template = `${base}/${template}`;
    const suffix = tool.get('suffix') ?? '';
    const match = /^(.*?)(X{3,})([^X/]*)$/s.exec(template);
    if (!match) {
      yield* tool.complain(`too few X's in template ${tool.quote(template)}`);
      return 1;
    }
    for (let tries = 0; ; tries++) {
      const random = Array.from(match[2]!, () => process.random.pick([...LETTERS])).join('');
      const path = match[1]! + random + match[3]! + suffix;
      try {
        if (tool.has('u')) {
          // Only the name is wanted.
        } else if (tool.has('d')) yield* process.mkdir(path, 0o700);
        else (yield* process.open(path, { write: true, create: true, exclusive: true }, 0o600)).release();
        yield* tool.print(`${path}\n`);
        return 0;
      } catch (error) {
        if (!isErrno(error)) throw error;
        if (error.code === 'EEXIST' && tries < 100) continue;
        yield* tool.complain(
          `failed to create ${tool.has('d') ? 'directory' : 'file'} via template ${tool.quote(template)}: ${error.message}`,
        );
        return 1;
      }
    }
  },
);

export const mkfifo = tool(
  'mkfifo',
  { short: 'm:', long: { mode: 'm:' }, usage: 'mkfifo [OPTION]... NAME...' },
  function* (tool) {
    if (tool.operands.length === 0) return yield* missing(tool);
    for (const operand of tool.operands) {
      yield* attempt(
        tool,
        (words) => `cannot create fifo ${quoted(operand)}: ${words}`,
        () => tool.process.mkfifo(operand),
      );
    }
    return tool.status;
  },
);
