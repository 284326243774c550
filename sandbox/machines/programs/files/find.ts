/** find(1): its expression language, with -exec, -delete and -printf. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { FileType, Process, Program, Stat } from '../../process.ts';
import { byBytes } from '../../shell/expand/glob.ts';
import { Pattern } from '../../shell/expand/pattern.ts';
import { parseDate } from '../format/date-parse.ts';
import { applyMode, modeString } from '../format/mode.ts';
import { escapes } from '../format/printf.ts';
import { formatTime } from '../format/time.ts';
import { LineReader } from '../io.ts';
import { compileRegex, regexMistake } from '../regex/regex.ts';
import { ForkError, runCommand } from '../run.ts';
import { idOf, type Names, readNames } from '../users.ts';
import { eachIn } from './tree.ts';

interface Visit {
  readonly path: string;
  readonly name: string;
  readonly stat: Stat;
  readonly depth: number;
  /** The operand it was found under. */
  readonly start: string;
  prune: boolean;
}

type Test = (visit: Visit) => Task<boolean>;

class FindError extends Error {}

const REGEX_TYPES = [
  'findutils-default',
  'ed',
  'emacs',
  'gnu-awk',
  'grep',
  'posix-awk',
  'awk',
  'posix-basic',
  'posix-egrep',
  'egrep',
  'posix-extended',
  'posix-minimal-basic',
  'sed',
];

const TYPES: Readonly<Record<string, FileType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'char',
  b: 'block',
};

export const find: Program = function* (process, argv) {
  const search = new Search(process, yield* readNames(process));
  try {
    return yield* search.run(argv.slice(1));
  } catch (error) {
    if (error instanceof ForkError) {
      yield* process.error(`find: cannot fork: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof FindError)) throw error;
    yield* process.error(`find: ${error.message}\n`);
    return 1;
  }
};

class Search {
  readonly #process: Process;
  readonly #names: Names;
  #args: string[] = [];
  #at = 0;
  #minDepth = 0;
  #maxDepth = Number.POSITIVE_INFINITY;
  #depthFirst = false;
  #follow = false;
  #oneDevice = false;
  #acts = false;
  #status = 0;
  #quit = false;
  readonly #pending: (() => Task<void>)[] = [];
  #dayStart = false;
  #extended = false;

  constructor(process: Process, names: Names) {
    this.#process = process;
    this.#names = names;
  }

  *run(args: string[]): Task<number> {
    let first = 0;
    while (/^-[HLP]$/.test(args[first] ?? '')) this.#follow = args[first++] === '-L';
    const starts: string[] = [];
    while (first < args.length && !/^[-(!]/.test(args[first]!)) starts.push(args[first++]!);
    this.#args = args.slice(first);
    let test: Test =
      this.#args.length === 0
        ? function* () {
            return true;
          }
        : this.#or();
    if (this.#at < this.#args.length) {
      const extra = this.#args[this.#at]!;
      throw new FindError(extra === ')' ? "you have too many ')'" : `paths must precede expression: \`${extra}'`);
    }
    if (!this.#acts) {
      const only = test;
      const process = this.#process;
      test = function* (visit) {
        if (yield* only(visit)) yield* process.print(`${visit.path}\n`);
        return true;
      };
    }
    for (const start of starts.length > 0 ? starts : ['.']) {
      if (this.#quit) break;
      yield* this.#walk(start, start, 0, test, undefined);
    }
    for (const finish of this.#pending) yield* finish();
    return this.#status;
  }

  /** What a link leads to; the link itself where that is nothing or a circle (fts_build, FTS_SLNONE). */
  *#followed(path: string): Task<Stat> {
    try {
      return yield* this.#process.stat(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) throw error;
      return yield* this.#process.lstat(path);
    }
  }

  *#walk(path: string, start: string, depth: number, test: Test, device: number | undefined): Task<void> {
    let stat: Stat;
    try {
      stat = yield* this.#follow ? this.#followed(path) : this.#process.lstat(path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#complain(`‘${path}’: ${error.message}`);
      return;
    }
    yield* this.#process.spend(10);
    const name =
      path
        .replace(/(?<=.)\/+$/, '')
        .split('/')
        .at(-1) || '/';
    const visit: Visit = { path, name, stat, depth, start, prune: false };
    const tested = depth >= this.#minDepth;
    if (tested && !this.#depthFirst) yield* test(visit);
    const enters =
      stat.type === 'directory' &&
      !visit.prune &&
      depth < this.#maxDepth &&
      !(this.#oneDevice && device !== undefined && device !== stat.dev);
    if (enters && !this.#quit) {
      try {
        const prefix = path.replace(/\/$/, '');
        const search = this;
        yield* eachIn(
          this.#process,
          path,
          function* (child) {
            if (!search.#quit) yield* search.#walk(`${prefix}/${child}`, start, depth + 1, test, stat.dev);
          },
          (names) => names.sort(byBytes),
        );
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* this.#complain(`‘${path}’: ${error.message}`);
      }
    }
    if (tested && this.#depthFirst && !this.#quit) yield* test(visit);
  }

  *#complain(message: string): Task<void> {
    this.#status = 1;
    const ascii = (this.#process.env.get('LC_ALL') ?? this.#process.env.get('LANG')) === 'C';
    yield* this.#process.error(`find: ${ascii ? message.replace(/[‘’]/g, "'") : message}\n`);
  }

  // Expression

  #or(): Test {
    let left = this.#and();
    for (;;) {
      const token = this.#args[this.#at];
      if (token === ',') {
        this.#at++;
        const [first, second] = [left, this.#and()];
        left = function* (v) {
          yield* first(v);
          return yield* second(v);
        };
        continue;
      }
      if (token !== '-o' && token !== '-or') return left;
      this.#at++;
      const [first, second] = [left, this.#and()];
      left = function* (v) {
        return (yield* first(v)) || (yield* second(v));
      };
    }
  }

  #and(): Test {
    let left = this.#not();
    for (;;) {
      const token = this.#args[this.#at];
      if (token === undefined || token === '-o' || token === '-or' || token === ')' || token === ',') return left;
      if (token === '-a' || token === '-and') this.#at++;
      const [first, second] = [left, this.#not()];
      left = function* (v) {
        return (yield* first(v)) && (yield* second(v));
      };
    }
  }

  #not(): Test {
    const token = this.#args[this.#at];
    if (token === '!' || token === '-not') {
      this.#at++;
      const inner = this.#not();
      return function* (v) {
        return !(yield* inner(v));
      };
    }
    if (token === '(') {
      this.#at++;
      const inner = this.#or();
      if (this.#args[this.#at++] !== ')')
        throw new FindError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inner;
    }
    if (token === undefined)
      throw new FindError('invalid expression; you have used a binary operator with nothing after it.');
    this.#at++;
    return this.#primary(token);
  }

  /** -newerXY: a file's time of one kind against another file's, or against a time (t). */
  #newer(kind: string, reference: string, value: string): Test {
    const key = `${kind}time` as 'mtime' | 'atime' | 'ctime';
    const process = this.#process;
    let time: number | undefined;
    if (reference === 't') {
      time = parseDate(value, process.now());
      if (time === undefined) throw new FindError(`I cannot figure out how to interpret ‘${value}’ as a date or time`);
    }
    return function* (v) {
      time ??= (yield* process.stat(value))[`${reference}time` as typeof key];
      return v.stat[key] > time;
    };
  }

  #value(option: string): string {
    const value = this.#args[this.#at++];
    if (value === undefined) throw new FindError(`missing argument to \`${option}'`);
    return value;
  }

  #primary(token: string): Test {
    const newer = /^-newer([acm])([acmt])$/.exec(token);
    if (newer) return this.#newer(newer[1]!, newer[2]!, this.#value(token));
    const simple = (fn: (v: Visit) => boolean): Test =>
      function* (v) {
        return fn(v);
      };
    const process = this.#process;
    const finder = this;
    switch (token) {
      case '-name':
      case '-iname': {
        const pattern = new Pattern(this.#value(token), { extglob: false, ignoreCase: token === '-iname' });
        return simple((v) => pattern.matches(v.name));
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = new Pattern(this.#value(token), { extglob: false, ignoreCase: token === '-ipath' });
        return simple((v) => pattern.matches(v.path));
      }
      case '-regex':
      case '-iregex': {
        const source = this.#value(token);
        const syntax = { extended: this.#extended, ignoreCase: token === '-iregex' };
        const mistake = regexMistake(source, syntax);
        if (mistake) throw new FindError(`failed to compile regular expression '${source}': ${mistake}`);
        const regex = compileRegex(source, syntax);
        return simple((v) => {
          const m = regex.exec(v.path);
          return m?.index === 0 && m.end === v.path.length;
        });
      }
      case '-type':
      case '-xtype': {
        const types = this.#value(token)
          .split(',')
          .map((letter) => {
            const type = TYPES[letter];
            if (!type) throw new FindError(`Unknown argument to ${token}: ${letter}`);
            return type;
          });
        if (token === '-type') return simple((v) => types.includes(v.stat.type));
        // The other side of what -L decides: where links are followed the link, else what it leads to (find(1)).
        return function* (v) {
          const follow = finder.#follow;
          const stat = yield* follow ? process.lstat(v.path) : finder.#followed(v.path);
          return types.includes(stat.type);
        };
      }
      case '-size': {
        const value = this.#value(token);
        const match = /^([-+]?)(\d+)([bcwkMG]?)$/.exec(value);
        if (!match)
          throw new FindError(
            /^[-+]?\d*[^\dbcwkMG]$/.test(value)
              ? `invalid -size type \`${value.at(-1)}'`
              : `invalid argument \`${value}' to \`-size'`,
          );
        const unit = { b: 512, '': 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[3]!]!;
        return simple((v) => compare(match[1]!, Math.ceil(v.stat.size / unit), Number(match[2])));
      }
      case '-mtime':
      case '-atime':
      case '-ctime':
      case '-mmin':
      case '-amin':
      case '-cmin': {
        const match = this.#number(token);
        const key = `${token[1]}time` as 'mtime' | 'atime' | 'ctime';
        const unit = token.endsWith('min') ? 60_000 : 86_400_000;
        // With -daystart, days are counted from the end of today.
        const now = this.#dayStart ? Math.ceil((process.now() + 1) / 86_400_000) * 86_400_000 : process.now();
        return simple((v) =>
          compare(
            match.sign,
            (token.endsWith('min') ? Math.ceil : Math.floor)((now - v.stat[key]) / unit),
            match.value,
          ),
        );
      }
      case '-newer':
      case '-anewer':
      case '-cnewer':
        return this.#newer(token === '-newer' ? 'm' : token[1]!, 'm', this.#value(token));
      case '-samefile': {
        const file = this.#value(token);
        let wanted: Stat | undefined;
        return function* (v) {
          wanted ??= yield* process.stat(file);
          return v.stat.dev === wanted.dev && v.stat.ino === wanted.ino;
        };
      }
      case '-lname':
      case '-ilname': {
        const pattern = new Pattern(this.#value(token), { extglob: false, ignoreCase: token === '-ilname' });
        return function* (v) {
          return v.stat.type === 'symlink' && pattern.matches(yield* process.readlink(v.path));
        };
      }
      case '-nouser':
        return simple((v) => !this.#names.users.has(v.stat.uid));
      case '-nogroup':
        return simple((v) => !this.#names.groups.has(v.stat.gid));
      case '-daystart':
        this.#dayStart = true;
        return simple(() => true);
      case '-regextype': {
        const type = this.#value(token);
        if (!REGEX_TYPES.includes(type))
          throw new FindError(
            `Unknown regular expression type ‘${type}’; valid types are ${REGEX_TYPES.map((name) => `‘${name}’`).join(', ')}.`,
          );
        this.#extended = /egrep|extended|awk/.test(type);
        return simple(() => true);
      }
      case '-empty':
        return function* (v) {
          if (v.stat.type === 'file') return v.stat.size === 0;
          return v.stat.type === 'directory' && (yield* process.readdir(v.path)).length === 0;
        };
      case '-perm': {
        const value = this.#value(token);
        const kind = /^[-/]/.test(value) ? value[0]! : '';
        const mode = applyMode(value.slice(kind.length), 0, false, 0);
        if (mode === undefined) throw new FindError(`invalid mode ‘${value}’`);
        return simple((v) =>
          kind === '-'
            ? (v.stat.mode & mode) === mode
            : kind === '/'
              ? mode === 0 || (v.stat.mode & mode) !== 0
              : v.stat.mode === mode,
        );
      }
      case '-user':
      case '-group': {
        const value = this.#value(token);
        const id = idOf(token === '-user' ? this.#names.users : this.#names.groups, value);
        if (id === undefined) throw new FindError(`‘${value}’ is not the name of a known ${token.slice(1)}`);
        return simple((v) => (token === '-user' ? v.stat.uid : v.stat.gid) === id);
      }
      case '-uid':
      case '-gid':
      case '-links':
      case '-inum': {
        const { sign, value } = this.#number(token);
        const key = ({ '-uid': 'uid', '-gid': 'gid', '-links': 'nlink', '-inum': 'ino' } as const)[token];
        return simple((v) => compare(sign, v.stat[key], value));
      }
      case '-readable':
      case '-writable':
      case '-executable':
        return function* (v) {
          try {
            yield* process.access(
              v.path,
              token === '-readable' ? { read: true } : token === '-writable' ? { write: true } : { execute: true },
            );
            return true;
          } catch (error) {
            if (isErrno(error)) return false;
            throw error;
          }
        };
      case '-maxdepth':
        this.#maxDepth = this.#number(token).value;
        return simple(() => true);
      case '-mindepth':
        this.#minDepth = this.#number(token).value;
        return simple(() => true);
      case '-depth':
        this.#depthFirst = true;
        return simple(() => true);
      case '-xdev':
      case '-mount':
        this.#oneDevice = true;
        return simple(() => true);
      case '-follow':
        this.#follow = true;
        return simple(() => true);
      case '-true':
        return simple(() => true);
      case '-false':
        return simple(() => false);
      default:
        return this.#action(token);
    }
  }

  #number(option: string): { sign: string; value: number } {
    const value = this.#value(option);
    const match = /^([-+]?)(\d+)$/.exec(value);
    if (!match)
      throw new FindError(
        /depth$/.test(option)
          ? `Expected a positive decimal integer argument to ${option}, but got ‘${value}’`
          : `invalid argument \`${value}' to \`${option}'`,
      );
    return { sign: match[1]!, value: Number(match[2]) };
  }

  #action(token: string): Test {
    const process = this.#process;
    if (token === '-prune') {
      return function* (v) {
        v.prune = true;
        return true;
      };
    }
    this.#acts = true;
    switch (token) {
      case '-print':
      case '-print0':
        return function* (v) {
          yield* process.print(v.path + (token === '-print0' ? '\0' : '\n'));
          return true;
        };
      case '-ls': {
        const names = this.#names;
        return function* (v) {
          const s = v.stat;
          const row = [
            String(s.ino).padStart(9),
            String(Math.ceil(s.blocks / 2)).padStart(6),
            modeString(s),
            String(s.nlink).padStart(3),
            (names.users.get(s.uid) ?? String(s.uid)).padEnd(8),
            (names.groups.get(s.gid) ?? String(s.gid)).padEnd(8),
            String(s.size).padStart(8),
            formatTime('%b %e %H:%M', s.mtime),
            v.path,
          ];
          yield* process.print(`${row.join(' ')}\n`);
          return true;
        };
      }
      case '-printf': {
        const format = this.#value(token);
        return (v) => this.#printf(format, v);
      }
      case '-delete': {
        this.#depthFirst = true;
        const search = this;
        return function* (v) {
          try {
            if (v.path === '.') return true;
            yield* v.stat.type === 'directory' ? process.rmdir(v.path) : process.unlink(v.path);
            return true;
          } catch (error) {
            if (!isErrno(error)) throw error;
            yield* search.#complain(`cannot delete ‘${v.path}’: ${error.message}`);
            return false;
          }
        };
      }
      case '-quit': {
        const search = this;
        return function* () {
          search.#quit = true;
          return true;
        };
      }
      case '-exec':
      case '-execdir':
      case '-ok':
        return this.#exec(token);
      default:
        throw new FindError(`unknown predicate \`${token}'`);
    }
  }

  /** Asks as -ok does: `< echo ... ./a > ? `. */
  *#agreed(command: string, path: string): Task<boolean> {
    yield* this.#process.error(`< ${command} ... ${path} > ? `);
    const reader = new LineReader(this.#process, this.#process.stdin, '\n');
    return /^[yY]/.test((yield* reader.next()) ?? '');
  }

  #exec(token: string): Test {
    const command: string[] = [];
    for (;;) {
      const arg = this.#args[this.#at++];
      if (arg === undefined) throw new FindError(`missing argument to \`${token}'`);
      if (arg === ';') break;
      if (arg === '+' && command.at(-1) === '{}') {
        command.pop();
        const collected: string[] = [];
        this.#pending.push(() => this.#runMany(command, collected));
        return function* (v) {
          collected.push(v.path);
          return true;
        };
      }
      command.push(arg);
    }
    const process = this.#process;
    const agreed = token === '-ok' ? (path: string) => this.#agreed(command[0]!, path) : undefined;
    return function* (v) {
      if (agreed && !(yield* agreed(v.path))) return false;
      const argv = command.map((c) => c.replaceAll('{}', v.path));
      return (yield* runCommand(process, argv, 'find: ')) === 0;
    };
  }

  *#runMany(command: readonly string[], paths: readonly string[]): Task<void> {
    if (paths.length === 0) return;
    if ((yield* runCommand(this.#process, [...command, ...paths], 'find: ')) !== 0) this.#status = 1;
  }

  *#printf(format: string, v: Visit): Task<boolean> {
    const s = v.stat;
    const target = s.type === 'symlink' ? yield* this.#process.readlink(v.path) : '';
    const values: Readonly<Record<string, () => string>> = {
      p: () => v.path,
      f: () => v.name,
      h: () => (v.path.includes('/') ? v.path.slice(0, v.path.lastIndexOf('/')) : '.'),
      P: () => v.path.slice(v.start.length).replace(/^\//, ''),
      H: () => v.start,
      s: () => String(s.size),
      k: () => String(Math.ceil(s.blocks / 2)),
      b: () => String(s.blocks),
      m: () => s.mode.toString(8),
      M: () => modeString(s),
      u: () => this.#names.users.get(s.uid) ?? String(s.uid),
      g: () => this.#names.groups.get(s.gid) ?? String(s.gid),
      U: () => String(s.uid),
      G: () => String(s.gid),
      n: () => String(s.nlink),
      i: () => String(s.ino),
      d: () => String(v.depth),
      l: () => target,
      y: () => Object.keys(TYPES).find((k) => TYPES[k] === s.type) ?? '?',
      t: () => formatTime('%a %b %e %H:%M:%S.%N0 %Y', s.mtime),
    };
    const decoded = escapes(format)[0];
    const text = decoded.replace(
      /%(-?\d*)(?:T(.)|([a-zA-Z%]))/g,
      (whole, width: string, time: string | undefined, letter: string) => {
        if (letter === '%') return '%';
        const value =
          time !== undefined
            ? time === '@'
              ? (s.mtime / 1000).toFixed(10)
              : formatTime(`%${time}`, s.mtime)
            : values[letter]?.();
        if (value === undefined) return whole;
        return width.startsWith('-') ? value.padEnd(Number(width.slice(1))) : value.padStart(Number(width));
      },
    );
    yield* this.#process.print(text);
    return true;
  }
}

const compare = (sign: string, actual: number, wanted: number): boolean =>
  sign === '+' ? actual > wanted : sign === '-' ? actual < wanted : actual === wanted;
