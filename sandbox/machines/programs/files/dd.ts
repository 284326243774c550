/** dd(1): blocks in, blocks out, converted in between. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program } from '../../process.ts';
import { joined } from '../bytes.ts';
import { humanSize, parseCount } from '../format/size.ts';
import { quoted, quoteFor } from '../quote.ts';

const OPERANDS = [
  'if',
  'of',
  'bs',
  'ibs',
  'obs',
  'cbs',
  'count',
  'skip',
  'seek',
  'iseek',
  'oseek',
  'conv',
  'status',
  'iflag',
  'oflag',
];
const CONVERSIONS = [
  'ascii',
  'ebcdic',
  'ibm',
  'block',
  'unblock',
  'lcase',
  'ucase',
  'sparse',
  'swab',
  'sync',
  'excl',
  'nocreat',
  'notrunc',
  'noerror',
  'fdatasync',
  'fsync',
];
/** Without effect here: they say how the kernel reads and writes. */
const FLAGS = [
  'append',
  'direct',
  'directory',
  'dsync',
  'sync',
  'fullblock',
  'nonblock',
  'noatime',
  'nocache',
  'noctty',
  'nofollow',
  'count_bytes',
  'skip_bytes',
  'seek_bytes',
];
const LEVELS = ['none', 'noxfer', 'progress'];

class DdError extends Error {
  readonly hint: boolean;
  constructor(message: string, hint = false) {
    super(message);
    this.hint = hint;
  }
}

interface Settings {
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly ibs: number;
  readonly obs: number;
  readonly cbs: number;
  /** `bs` was given: what is read is written as it is. */
  readonly direct: boolean;
  /** In bytes. */
  readonly skip: number;
  readonly seek: number;
  /** Blocks or, with `countsBytes`, bytes. */
  readonly count: number;
  readonly countsBytes: boolean;
  readonly conversions: ReadonlySet<string>;
  readonly fullBlock: boolean;
  readonly append: boolean;
  readonly status: string | undefined;
}

export const dd: Program = function* (process, argv) {
  let settings: Settings;
  try {
    settings = settingsOf(argv.slice(1), (text) => quoteFor(process.env, text));
  } catch (error) {
    if (!(error instanceof DdError)) throw error;
    yield* process.error(`dd: ${error.message}\n${error.hint ? "Try 'dd --help' for more information.\n" : ''}`);
    return 1;
  }
  const opened: OpenFile[] = [];
  try {
    return yield* new Copier(process, settings, opened).run();
  } finally {
    for (const file of opened) file.release();
  }
};

function settingsOf(args: readonly string[], quote: (text: string) => string): Settings {
  const given = new Map<string, string>();
  const conversions = new Set<string>();
  const flags = { iflag: new Set<string>(), oflag: new Set<string>() };
  for (const arg of args) {
    const equals = arg.indexOf('=');
    const name = arg.slice(0, equals);
    const value = arg.slice(equals + 1);
    if (equals < 0 || !OPERANDS.includes(name)) throw new DdError(`unrecognized operand ${quote(arg)}`, true);
    const each = (known: readonly string[], what: string, into: Set<string>) => {
      for (const word of value.split(',')) {
        if (!known.includes(word)) throw new DdError(`invalid ${what}: ${quote(word)}`, true);
        into.add(word);
      }
    };
    if (name === 'conv') each(CONVERSIONS, 'conversion', conversions);
    else if (name === 'iflag') each(FLAGS, 'input flag', flags.iflag);
    else if (name === 'oflag') each(FLAGS, 'output flag', flags.oflag);
    else if (name === 'status' && !LEVELS.includes(value))
      throw new DdError(`invalid status level: ${quote(value)}`, true);
    else
      given.set(
        name.replace(/^([io])seek$/, (_, side: string) => (side === 'i' ? 'skip' : 'seek')),
        value,
      );
  }
  for (const [a, b] of [
    ['lcase', 'ucase'],
    ['block', 'unblock'],
    ['excl', 'nocreat'],
  ] as const)
    if (conversions.has(a) && conversions.has(b)) throw new DdError(`cannot combine ${a} and ${b}`);
  const number = (name: string, least: number): number | undefined => {
    const text = given.get(name);
    if (text === undefined) return undefined;
    let product = 1;
    for (const factor of text.split('x')) {
      const value = parseCount(factor.replace(/B$/, ''), { sizes: true });
      if (typeof value !== 'number') throw new DdError(`invalid number: ${quote(text)}${value.problem}`);
      product *= value;
    }
    if (product < least) throw new DdError(`invalid number: ${quote(text)}`);
    if (product >= 2 ** 63) throw new DdError(`invalid number: ${quote(text)}: Value too large for defined data type`);
    return product;
  };
  const inBytes = (name: string) =>
    /B$/.test(given.get(name) ?? '') && !/(?:[kKMGTPEZY]i?)B$/.test(given.get(name) ?? '');
  const bs = number('bs', 1);
  const ibs = bs ?? number('ibs', 1) ?? 512;
  const obs = bs ?? number('obs', 1) ?? 512;
  return {
    input: given.get('if'),
    output: given.get('of'),
    ibs,
    obs,
    cbs: number('cbs', 1) ?? 0,
    direct:
      bs !== undefined &&
      !['block', 'unblock', 'lcase', 'ucase', 'swab', 'ascii', 'ebcdic', 'ibm'].some((word) => conversions.has(word)),
    skip: (number('skip', 0) ?? 0) * (flags.iflag.has('skip_bytes') || inBytes('skip') ? 1 : ibs),
    seek: (number('seek', 0) ?? 0) * (flags.oflag.has('seek_bytes') || inBytes('seek') ? 1 : obs),
    count: number('count', 0) ?? Number.POSITIVE_INFINITY,
    countsBytes: flags.iflag.has('count_bytes') || inBytes('count'),
    conversions,
    fullBlock: flags.iflag.has('fullblock'),
    append: flags.oflag.has('append'),
    status: given.get('status'),
  };
}

const human = (bytes: number): string =>
  `${humanSize(bytes)
    .replace(/([KMGTPE])$/, ' $1iB')
    .replace(/^(\d+)$/, '$1 B')}`;

class Copier {
  readonly #process: Process;
  readonly #settings: Settings;
  readonly #opened: OpenFile[];
  readonly #in = { full: 0, partial: 0 };
  readonly #out = { full: 0, partial: 0 };
  #bytes = 0;
  #truncated = 0;
  /** What waits for the rest of an output block. */
  #pending: Uint8Array[] = [];
  #pendingSize = 0;
  /** A byte that waits to be swapped; the column within a conversion's record. */
  #odd: number | undefined;
  #column = 0;
  #blanks = 0;

  constructor(process: Process, settings: Settings, opened: OpenFile[]) {
    this.#process = process;
    this.#settings = settings;
    this.#opened = opened;
  }

  *run(): Task<number> {
    const { ibs, obs, skip, seek, status } = this.#settings;
    const input = yield* this.#openInput();
    if (!input) return 1;
    const output = yield* this.#openOutput();
    if (!output) return 1;
    const started = this.#process.now();
    try {
      this.#process.hold(ibs + (ibs === obs ? 0 : obs));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#process.error(`dd: memory exhausted by input buffer of size ${ibs} bytes (${human(ibs)})\n`);
      return 1;
    }
    if (skip > 0 && !(yield* this.#skip(input, skip)))
      yield* this.#process.error(
        `dd: ${this.#settings.input ?? "'standard input'"}: cannot skip to specified offset\n`,
      );
    if (seek > 0 && !this.#settings.append) {
      if (output.seek) output.seek((this.#settings.output === undefined ? (output.tell?.() ?? 0) : 0) + seek);
      else yield* this.#pad(output, seek);
    }
    const code = yield* this.#copy(input, output);
    if (status === 'none') return code;
    yield* this.#report((this.#process.now() - started) / 1000);
    return code;
  }

  *#openInput(): Task<OpenFile | undefined> {
    const path = this.#settings.input;
    return path === undefined ? this.#process.stdin : yield* this.#open(path, { read: true });
  }

  *#openOutput(): Task<OpenFile | undefined> {
    const { output: path, conversions, seek, append } = this.#settings;
    if (path === undefined) return this.#process.stdout;
    const file = yield* this.#open(path, {
      write: true,
      create: !conversions.has('nocreat'),
      exclusive: conversions.has('excl'),
      truncate: !conversions.has('notrunc') && seek === 0,
      append,
    });
    if (!file || seek === 0 || conversions.has('notrunc')) return file;
    const stat = yield* file.stat();
    if (stat.type === 'file' && file.truncate) {
      try {
        yield* file.truncate(seek);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* this.#process.error(
          `dd: failed to truncate to ${seek} bytes in output file ${quoted(path)}: ${error.message}\n`,
        );
        return undefined;
      }
    }
    return file;
  }

  *#open(path: string, flags: Parameters<Process['open']>[1]): Task<OpenFile | undefined> {
    try {
      const file = yield* this.#process.open(path, flags);
      this.#opened.push(file);
      return file;
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#process.error(`dd: failed to open ${quoted(path)}: ${error.message}\n`);
      return undefined;
    }
  }

  /** False where the input ends before. */
  *#skip(input: OpenFile, bytes: number): Task<boolean> {
    if (input.seek && input.tell) {
      const stat = yield* input.stat();
      if (stat.type === 'file') {
        const to = input.tell() + bytes;
        input.seek(to);
        return to <= stat.size;
      }
    }
    for (let left = bytes; left > 0; ) {
      const chunk = yield* input.read(Math.min(left, 65_536));
      if (chunk.length === 0) return false;
      left -= chunk.length;
    }
    return true;
  }

  *#pad(output: OpenFile, bytes: number): Task<void> {
    for (let left = bytes; left > 0; left -= 65_536) yield* output.write(new Uint8Array(Math.min(left, 65_536)));
  }

  *#copy(input: OpenFile, output: OpenFile): Task<number> {
    const { ibs, count, countsBytes, conversions, direct } = this.#settings;
    let code = 0;
    let left = countsBytes ? count : Number.POSITIVE_INFINITY;
    try {
      while (countsBytes ? left > 0 : this.#in.full + this.#in.partial < count) {
        let block: Uint8Array;
        try {
          block = yield* this.#read(input, Math.min(ibs, left));
        } catch (error) {
          if (!isErrno(error)) throw error;
          yield* this.#process.error(
            `dd: error reading ${quoted(this.#settings.input ?? 'standard input')}: ${error.message}\n`,
          );
          code = 1;
          break;
        }
        if (block.length === 0) break;
        left -= block.length;
        // A disk of the lab writes some 200 MB a second.
        yield* this.#process.spend(1 + block.length / 200);
        if (block.length === ibs) this.#in.full++;
        else this.#in.partial++;
        if (conversions.has('sync') && block.length < ibs) {
          const filled = new Uint8Array(ibs).fill(conversions.has('block') || conversions.has('unblock') ? 32 : 0);
          filled.set(block);
          block = filled;
        }
        if (direct) yield* this.#put(output, block, ibs);
        else yield* this.#collect(output, this.#convert(block));
      }
      yield* this.#collect(output, this.#last());
      if (this.#pendingSize > 0) yield* this.#put(output, joined(this.#pending), this.#settings.obs);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#process.error(
        `dd: error writing ${quoted(this.#settings.output ?? 'standard output')}: ${error.message}\n`,
      );
      code = 1;
    }
    return code;
  }

  *#read(input: OpenFile, size: number): Task<Uint8Array> {
    const first = yield* input.read(size);
    if (!this.#settings.fullBlock && (yield* input.stat()).type !== 'file') return first;
    const parts = [first];
    let have = first.length;
    while (have < size && parts.at(-1)!.length > 0) {
      const part = yield* input.read(size - have);
      parts.push(part);
      have += part.length;
    }
    return joined(parts, have);
  }

  *#collect(output: OpenFile, bytes: Uint8Array): Task<void> {
    const { obs } = this.#settings;
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#pendingSize += bytes.length;
    if (this.#pendingSize < obs) return;
    const all = joined(this.#pending, this.#pendingSize);
    let at = 0;
    for (; at + obs <= all.length; at += obs) yield* this.#put(output, all.subarray(at, at + obs), obs);
    this.#pending = at < all.length ? [all.subarray(at)] : [];
    this.#pendingSize = all.length - at;
  }

  *#put(output: OpenFile, block: Uint8Array, size: number): Task<void> {
    const sparse =
      this.#settings.conversions.has('sparse') && output.seek && output.tell && block.every((byte) => byte === 0);
    if (sparse) output.seek!(output.tell!() + block.length);
    else yield* output.write(block);
    this.#bytes += block.length;
    if (block.length === size) this.#out.full++;
    else this.#out.partial++;
  }

  #convert(block: Uint8Array): Uint8Array {
    const { conversions, cbs } = this.#settings;
    let bytes = block;
    if (conversions.has('swab')) bytes = this.#swapped(bytes);
    if (conversions.has('lcase')) bytes = bytes.map((b) => (b >= 65 && b <= 90 ? b + 32 : b));
    if (conversions.has('ucase')) bytes = bytes.map((b) => (b >= 97 && b <= 122 ? b - 32 : b));
    if (cbs > 0 && conversions.has('block')) return this.#toRecords(bytes);
    return cbs > 0 && conversions.has('unblock') ? this.#toLines(bytes) : bytes;
  }

  #swapped(bytes: Uint8Array): Uint8Array {
    const all = this.#odd === undefined ? bytes : joined([Uint8Array.of(this.#odd), bytes]);
    const even = all.length - (all.length % 2);
    const out = new Uint8Array(even);
    for (let i = 0; i < even; i += 2) {
      out[i] = all[i + 1]!;
      out[i + 1] = all[i]!;
    }
    this.#odd = even < all.length ? all[even] : undefined;
    return out;
  }

  /** Lines to records of `cbs` bytes, filled with blanks, cut where they are longer. */
  #toRecords(bytes: Uint8Array): Uint8Array {
    const { cbs } = this.#settings;
    const out: number[] = [];
    for (const byte of bytes) {
      if (byte === 10) {
        for (; this.#column < cbs; this.#column++) out.push(32);
        this.#column = 0;
        continue;
      }
      if (this.#column === cbs) this.#truncated++;
      else if (this.#column < cbs) out.push(byte);
      this.#column++;
    }
    return Uint8Array.from(out);
  }

  /** Records to lines without the blanks at their ends. */
  #toLines(bytes: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of bytes) {
      if (this.#column === this.#settings.cbs) {
        out.push(10);
        this.#column = 0;
        this.#blanks = 0;
      }
      this.#column++;
      if (byte === 32) this.#blanks++;
      else {
        for (; this.#blanks > 0; this.#blanks--) out.push(32);
        out.push(byte);
      }
    }
    return Uint8Array.from(out);
  }

  #last(): Uint8Array {
    const { conversions, cbs } = this.#settings;
    const out: number[] = this.#odd === undefined ? [] : [this.#odd];
    if (cbs > 0 && this.#column > 0 && conversions.has('block'))
      for (; this.#column < cbs; this.#column++) out.push(32);
    if (cbs > 0 && this.#column > 0 && conversions.has('unblock')) out.push(10);
    return Uint8Array.from(out);
  }

  *#report(elapsed: number): Task<void> {
    const { full, partial } = this.#in;
    yield* this.#process.error(`${full}+${partial} records in\n${this.#out.full}+${this.#out.partial} records out\n`);
    if (this.#truncated > 0)
      yield* this.#process.error(`${this.#truncated} truncated record${this.#truncated === 1 ? '' : 's'}\n`);
    if (this.#settings.status === 'noxfer') return;
    const bytes = this.#bytes;
    const seconds = Math.max(0.00001, elapsed);
    const rate = bytes / seconds;
    const speed =
      rate >= 1e9
        ? `${(rate / 1e9).toFixed(1)} GB/s`
        : rate >= 1e6
          ? `${(rate / 1e6).toFixed(rate >= 1e7 ? 0 : 1)} MB/s`
          : `${(rate / 1e3).toFixed(rate >= 1e4 ? 0 : 1)} kB/s`;
    const decimal = bytes >= 1000 ? `${humanSize(bytes, 1000).replace(/([kMGT])$/, ' $1')}B` : '';
    const binary = bytes >= 1024 ? `${humanSize(bytes).replace(/([KMGT])$/, ' $1')}iB` : '';
    const sizes =
      decimal === ''
        ? `${bytes} byte${bytes === 1 ? '' : 's'}`
        : `${bytes} bytes (${decimal}${binary === '' ? '' : `, ${binary}`})`;
    yield* this.#process.error(`${sizes} copied, ${Number(seconds.toPrecision(6))} s, ${speed}\n`);
  }
}
