/** gzip, gunzip and zcat (gzip 1.12), streaming. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program, Stat } from '../../process.ts';
import { Compressor, Decompressor, GzipError, INPUT_PIECE, uint32 } from '../format/gzip.ts';
import { type Tool, tool } from '../tool.ts';
import { eachIn } from './tree.ts';

const OUTPUT_PIECE = 65_536;
/** Microseconds a byte, about what a node's processor needs. */
const COST = { compress: 0.03, decompress: 0.006 };

/** Compresses all of `from` into `to`; the sizes read and written. */
export function* compress(
  process: Process,
  from: OpenFile,
  to: OpenFile,
  header: { level: number; name?: string | undefined; mtime?: number | undefined },
): Task<{ before: number; after: number }> {
  const compressor = new Compressor(header);
  let before = 0;
  let after = 0;
  for (;;) {
    const chunk = yield* from.read(OUTPUT_PIECE);
    before += chunk.length;
    yield* process.spend(chunk.length * COST.compress);
    for (const piece of compressor.push(chunk, chunk.length === 0)) {
      after += piece.length;
      yield* to.write(piece);
    }
    if (chunk.length === 0) return { before, after };
  }
}

/** Decompresses all of `from` into `to` (or nowhere). Throws GzipError. */
export function* decompress(
  process: Process,
  from: OpenFile,
  to: OpenFile | undefined,
): Task<{ before: number; after: number }> {
  const decompressor = new Decompressor();
  let before = 0;
  let after = 0;
  for (;;) {
    const chunk = yield* from.read(OUTPUT_PIECE);
    before += chunk.length;
    for (let at = 0; at < Math.max(1, chunk.length); at += INPUT_PIECE) {
      let failure: GzipError | undefined;
      let pieces: Uint8Array[];
      try {
        pieces = decompressor.push(chunk.subarray(at, at + INPUT_PIECE), chunk.length === 0);
      } catch (error) {
        if (!(error instanceof GzipError)) throw error;
        failure = error;
        pieces = decompressor.taken();
      }
      for (const piece of pieces) {
        after += piece.length;
        yield* process.spend(piece.length * COST.decompress);
        if (to) yield* to.write(piece);
      }
      if (failure) throw failure;
    }
    if (chunk.length === 0) return { before, after };
  }
}

const SHORT = 'acdfhklLnNqrS:tvV123456789';
const LONG = {
  ascii: 'a',
  stdout: 'c',
  'to-stdout': 'c',
  decompress: 'd',
  uncompress: 'd',
  force: 'f',
  keep: 'k',
  list: 'l',
  license: 'L',
  'no-name': 'n',
  name: 'N',
  quiet: 'q',
  silent: 'q',
  recursive: 'r',
  suffix: 'S:',
  test: 't',
  verbose: 'v',
  fast: '1',
  best: '9',
};

const named = (name: string, ...implied: string[]): Program =>
  tool(
    'gzip',
    {
      short: SHORT,
      long: LONG,
      usage: `${name} [OPTION]... [FILE]...`,
      about: 'Compress or uncompress FILEs (by default, compress FILES in-place).',
      usageHint: "Try `gzip --help' for more information.",
      version: `${name === 'zcat' ? 'zcat (gzip)' : name} 1.12`,
    },
    function* (self) {
      const run = new Run(self, new Set(implied));
      for (const operand of self.operands.length > 0 ? self.operands : ['-']) yield* run.one(operand);
      yield* run.totals();
      return run.status;
    },
  );

export const gzip = named('gzip');
export const gunzip = named('gunzip', 'd');
export const zcat = named('zcat', 'd', 'c');

class Run {
  status = 0;
  readonly #self: Tool;
  readonly #implied: ReadonlySet<string>;
  #listed = { count: 0, before: 0, after: 0 };

  constructor(self: Tool, implied: ReadonlySet<string>) {
    this.#self = self;
    this.#implied = implied;
  }

  #has(...letters: string[]): boolean {
    return letters.some((letter) => this.#self.has(letter) || this.#implied.has(letter));
  }

  get #suffix(): string {
    return this.#self.get('S') ?? '.gz';
  }

  get #level(): number {
    return Number(this.#self.options.list.findLast(([name]) => /^[1-9]$/.test(name))?.[0] ?? 6);
  }

  /** An error is 1 and stays; a warning is 2 if nothing worse was. */
  *#tell(message: string, status: number): Task<void> {
    if (status === 1) this.status = 1;
    else if (this.status === 0) this.status = 2;
    if (status === 1 || !this.#has('q')) yield* this.#self.process.error(message);
  }

  *one(operand: string): Task<void> {
    const { process } = this.#self;
    if (operand === '-') return yield* this.#standardInput();
    const expands = this.#has('d', 't', 'l');
    let path = operand;
    let stat: Stat;
    try {
      stat = yield* this.#statWith(path, expands);
      if (expands && stat.type !== 'directory' && !(yield* exists(process, path))) path += this.#suffix;
    } catch (error) {
      if (!isErrno(error)) throw error;
      const missing = expands && !/\.(gz|z|tgz)$/i.test(path) ? `${path}${this.#suffix}` : path;
      return yield* this.#tell(`gzip: ${missing}: ${error.message}\n`, 1);
    }
    if (stat.type === 'directory') {
      if (!this.#has('r')) return yield* this.#tell(`gzip: ${path} is a directory -- ignored\n`, 2);
      return yield* eachIn(process, path, (name) => this.one(`${path.replace(/\/$/, '')}/${name}`));
    }
    if (stat.type !== 'file' && !this.#has('c')) {
      return yield* this.#tell(`gzip: ${path} is not a directory or a regular file - ignored\n`, 2);
    }
    if (!this.#has('c', 'f') && (yield* process.lstat(path)).type === 'symlink') {
      return yield* this.#tell(`gzip: ${path}: Too many levels of symbolic links\n`, 1);
    }
    if (this.#has('l')) return yield* this.#list(path, stat);
    if (expands) return yield* this.#expand(path, stat);
    return yield* this.#shrink(path, stat);
  }

  *#statWith(path: string, expands: boolean): Task<Stat> {
    const { process } = this.#self;
    try {
      return yield* process.stat(path);
    } catch (error) {
      if (!expands || !isErrno(error, 'ENOENT') || path.endsWith(this.#suffix)) throw error;
      return yield* process.stat(path + this.#suffix);
    }
  }

  *#standardInput(): Task<void> {
    const { process } = this.#self;
    if (this.#has('l')) {
      const data: number[] = [];
      let named = 0;
      let size = 0;
      for (let chunk = yield* process.stdin.read(); chunk.length > 0; chunk = yield* process.stdin.read()) {
        if (size === 0) named = nameLength(chunk);
        size += chunk.length;
        data.splice(0, Math.max(0, data.length - 8), ...data.slice(-8), ...chunk.subarray(-8));
      }
      return yield* this.#listLine('stdout', size, uint32(Uint8Array.from(data.slice(-4)), 0), '', 0, named);
    }
    if (!this.#has('d', 't')) {
      yield* compress(process, process.stdin, process.stdout, { level: this.#level });
      return;
    }
    yield* this.#guarded('stdin', function* (has) {
      yield* decompress(process, process.stdin, has ? undefined : process.stdout);
    });
  }

  /** Runs a decompression; what is wrong with the data is told. True if it went well, or well enough. */
  *#guarded(path: string, body: (testing: boolean) => Task<void>): Task<boolean> {
    try {
      yield* body(this.#has('t'));
      return true;
    } catch (error) {
      if (error instanceof GzipError) {
        yield* this.#tell(`\ngzip: ${path}: ${error.message}\n`, error.status);
        return error.status === 2;
      }
      if (!isErrno(error) || error.code === 'EPIPE') throw error;
      yield* this.#tell(`gzip: ${path}: ${error.message}\n`, 1);
      return false;
    }
  }

  *#shrink(path: string, stat: Stat): Task<void> {
    const { process } = this.#self;
    const suffix = /\.(gz|tgz|taz|z)$/i.exec(path)?.[0];
    if (suffix !== undefined && !this.#has('f')) {
      return yield* this.#tell(`gzip: ${path} already has ${suffix} suffix -- unchanged\n`, 0);
    }
    const name = this.#has('n') ? undefined : path.split('/').at(-1);
    const header = { level: this.#level, name, mtime: this.#has('n') ? undefined : stat.mtime };
    yield* this.#convert(
      path,
      `${path}${this.#suffix}`,
      stat,
      (from, to) => compress(process, from, to!, header),
      false,
    );
  }

  *#expand(path: string, stat: Stat): Task<void> {
    const { process } = this.#self;
    const known = /\.tgz$|\.taz$/i.test(path)
      ? path.replace(/\.t[ga]z$/i, '.tar')
      : path.replace(/\.(gz|z)$|-(gz|z)$/i, '');
    const plain = path.endsWith(this.#suffix) ? path.slice(0, -this.#suffix.length) : known;
    if (plain === path && !this.#has('c', 't')) {
      return yield* this.#tell(`gzip: ${path}: unknown suffix -- ignored\n`, 2);
    }
    yield* this.#convert(path, plain, stat, (from, to) => decompress(process, from, to), true);
  }

  *#convert(
    path: string,
    target: string,
    stat: Stat,
    body: (from: OpenFile, to: OpenFile | undefined) => Task<{ before: number; after: number }>,
    expands: boolean,
  ): Task<void> {
    const { process } = this.#self;
    const run = this;
    const toFile = !this.#has('c', 't');
    if (toFile && !this.#has('f') && (yield* exists(process, target))) {
      return yield* this.#tell(`gzip: ${target} already exists;\tnot overwritten\n`, 2);
    }
    yield* this.#guarded(path, function* (testing) {
      const from = yield* process.open(path, { read: true });
      let to: OpenFile | undefined;
      let sizes: { before: number; after: number };
      let failure: unknown;
      try {
        to = toFile
          ? yield* process.open(target, { write: true, create: true, truncate: true }, stat.mode & 0o777)
          : undefined;
        sizes = yield* body(from, to ?? (testing ? undefined : process.stdout));
      } catch (error) {
        if (toFile && to && !(error instanceof GzipError && error.status === 2)) yield* process.unlink(target);
        if (!(error instanceof GzipError && error.status === 2)) throw error;
        failure = error;
        sizes = { before: 0, after: 0 };
      } finally {
        to?.release();
        from.release();
      }
      if (toFile) {
        yield* process.chown(target, stat.uid, stat.gid);
        yield* process.utimes(target, stat.atime, stat.mtime);
        if (!run.#has('k')) yield* process.unlink(path);
      }
      if (run.#has('v')) {
        const overhead =
          TRAILER_AND_HEADER + (run.#has('n') ? 0 : target.split('/').at(-1)!.replace(/\.gz$/, '').length + 1);
        const [packed, plain] = expands ? [sizes.before, sizes.after] : [sizes.after, sizes.before];
        const done = run.#has('k') ? 'created' : 'replaced with';
        const outcome = testing ? ' OK' : `${ratio(packed, plain, overhead)}${toFile ? ` -- ${done} ${target}` : ''}`;
        yield* process.error(`${path}:\t${outcome}\n`);
      }
      if (failure) throw failure;
    });
  }

  *#list(path: string, stat: Stat): Task<void> {
    const { process } = this.#self;
    const run = this;
    yield* this.#guarded(path, function* () {
      const file = yield* process.open(path, { read: true });
      try {
        const head = yield* file.read(512);
        if (head[0] !== 0x1f || head[1] !== 0x8b) throw new GzipError('not in gzip format');
        file.seek?.(Math.max(0, stat.size - 8));
        const tail = yield* file.read(8);
        const crc = uint32(tail, 0).toString(16).padStart(8, '0');
        const mtime = uint32(head, 4) * 1000 || stat.mtime;
        yield* run.#listLine(path.replace(/\.gz$/, ''), stat.size, uint32(tail, 4), crc, mtime, nameLength(head));
      } finally {
        file.release();
      }
    });
  }

  *#listLine(name: string, packed: number, plain: number, crc: string, mtime: number, named = 0): Task<void> {
    const verbose = this.#has('v') && crc !== '';
    const { process } = this.#self;
    if (this.#listed.count++ === 0 && !this.#has('q')) {
      const first = verbose ? 'method  crc     date  time  ' : '';
      yield* process.print(`${first}         compressed        uncompressed  ratio uncompressed_name\n`);
    }
    this.#listed.before += packed;
    this.#listed.after += plain;
    const date = new Date(mtime);
    const when = `${date.toUTCString().slice(8, 11)} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 16)}`;
    yield* process.print(
      `${verbose ? `defla ${crc} ${when} ` : ''}${columns(packed, plain, TRAILER_AND_HEADER + named)} ${name}\n`,
    );
  }

  *totals(): Task<void> {
    if (this.#listed.count < 2 || this.#has('q')) return;
    const before = this.#has('v') ? ' '.repeat(28) : '';
    yield* this.#self.process.print(`${before}${columns(this.#listed.before, this.#listed.after, 0)} (totals)\n`);
  }
}

/** Bytes of the name in a header, its NUL among them. */
const nameLength = (head: Uint8Array): number => ((head[3] ?? 0) & 8 ? head.indexOf(0, 10) - 9 : 0);

const columns = (packed: number, plain: number, overhead: number): string =>
  `${String(packed).padStart(19)} ${String(plain).padStart(19)} ${ratio(packed, plain, overhead)}`;

/** What compression saved; header and trailer do not count, as in display_ratio. */
const ratio = (packed: number, plain: number, overhead: number): string =>
  `${(plain === 0 ? 0 : (100 * (plain - (packed - overhead))) / plain).toFixed(1).padStart(5)}%`;
/** A header without a name, and a trailer. */
const TRAILER_AND_HEADER = 18;

function* exists(process: Process, path: string): Task<boolean> {
  try {
    yield* process.lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}
