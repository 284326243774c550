/** md5sum, sha1sum … sha512sum, cksum, sum. */

import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program } from '../../process.ts';
import { Crc } from '../format/crc.ts';
import { eachInput, LineReader, openInput } from '../io.ts';
import { quoted, quotedIfNeeded } from '../quote.ts';
import { type Tool, tool } from '../tool.ts';

interface Algorithm {
  readonly start: () => { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
  readonly digits: number;
  /** Bytes a microsecond: what the host manages, lest its work take longer than the time that passes for it. */
  readonly speed: number;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  md5: { start: md5.create, digits: 32, speed: 20 },
  sha1: { start: sha1.create, digits: 40, speed: 20 },
  sha224: { start: sha224.create, digits: 56, speed: 15 },
  sha256: { start: sha256.create, digits: 64, speed: 15 },
  sha384: { start: sha384.create, digits: 96, speed: 6 },
  sha512: { start: sha512.create, digits: 128, speed: 6 },
};

function* digestOf(tool: Tool, file: OpenFile, { start, speed }: Algorithm): Task<string> {
  const digest = start();
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return bytesToHex(digest.digest());
    yield* tool.process.spend(chunk.length / speed);
    digest.update(chunk);
  }
}

const LONG = {
  binary: 'b',
  check: 'c',
  text: 't',
  tag: 'tag',
  quiet: 'quiet',
  status: 'status',
  strict: 'strict',
  warn: 'w',
  zero: 'z',
  'ignore-missing': 'ignore',
};

const sum = (kind: string): Program =>
  tool(`${kind}sum`, { short: 'bctwz', long: LONG, usage: `${kind}sum [OPTION]... [FILE]...` }, function* (tool) {
    if (tool.has('c') && tool.has('tag'))
      return yield* tool.usage('the --tag option is meaningless when verifying checksums');
    for (const option of ['ignore', 'status', 'quiet', 'strict', 'w'])
      if (tool.has(option) && !tool.has('c'))
        return yield* tool.usage(
          `the --${{ ignore: 'ignore-missing', w: 'warn' }[option] ?? option} option is meaningful only when verifying checksums`,
        );
    const algorithm = ALGORITHMS[kind]!;
    if (tool.has('c')) return yield* new Verifier(tool, kind, algorithm).run();
    yield* print(tool, kind, algorithm, tool.has('tag'));
    return tool.status;
  });

function* print(tool: Tool, kind: string, algorithm: Algorithm, tagged: boolean): Task<void> {
  yield* eachInput(
    tool,
    function* (file, path) {
      const hex = yield* digestOf(tool, file, algorithm);
      const escaped = !tool.has('z') && /[\\\n\r]/.test(path);
      const shown = escaped ? path.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r') : path;
      const line = tagged ? `${kind.toUpperCase()} (${shown}) = ${hex}` : `${hex} ${tool.has('b') ? '*' : ' '}${shown}`;
      yield* tool.write((escaped ? '\\' : '') + line + (tool.has('z') ? '\0' : '\n'));
    },
    (path, words) => `${quotedIfNeeded(path)}: ${words}`,
  );
}

export const md5sum = sum('md5');
export const sha1sum = sum('sha1');
export const sha224sum = sum('sha224');
export const sha256sum = sum('sha256');
export const sha384sum = sum('sha384');
export const sha512sum = sum('sha512');

/** -c: lists of sums, each line compared with what the file says now. */
class Verifier {
  readonly #tool: Tool;
  readonly #kind: string;
  readonly #algorithm: Algorithm;
  #failed = false;

  constructor(tool: Tool, kind: string, algorithm: Algorithm) {
    this.#tool = tool;
    this.#kind = kind;
    this.#algorithm = algorithm;
  }

  *run(): Task<number> {
    const tool = this.#tool;
    for (const list of tool.operands.length > 0 ? tool.operands : ['-']) {
      let file: OpenFile;
      try {
        file = yield* openInput(tool.process, list);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${quotedIfNeeded(list)}: ${error.message}`);
        continue;
      }
      try {
        yield* this.#list(file, list === '-' ? "'standard input'" : quotedIfNeeded(list));
      } finally {
        file.release();
      }
    }
    return this.#failed ? 1 : tool.status;
  }

  *#list(file: OpenFile, name: string): Task<void> {
    const tool = this.#tool;
    const reader = new LineReader(tool.process, file);
    let [proper, improper, wrong, unread, matched, number] = [0, 0, 0, 0, 0, 0];
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) {
      number++;
      if (line === '' || line.startsWith('#')) continue;
      const entry = this.#parse(line);
      if (!entry) {
        improper++;
        if (tool.has('w'))
          yield* tool.process.error(
            `${tool.name}: ${name}: ${number}: improperly formatted ${this.#kind.toUpperCase()} checksum line\n`,
          );
        continue;
      }
      proper++;
      const hex = yield* this.#digest(entry.path);
      if (hex === 'missing' && tool.has('ignore')) continue;
      if (hex === undefined || hex === 'missing') {
        unread++;
        if (!tool.has('status')) yield* tool.write(`${quotedIfNewline(entry.path)}: FAILED open or read\n`);
      } else if (hex === entry.hex) {
        matched++;
        if (!tool.has('status') && !tool.has('quiet')) yield* tool.write(`${quotedIfNewline(entry.path)}: OK\n`);
      } else {
        wrong++;
        if (!tool.has('status')) yield* tool.write(`${quotedIfNewline(entry.path)}: FAILED\n`);
      }
    }
    if (proper === 0) {
      yield* tool.complain(`${name}: no properly formatted checksum lines found`);
      this.#failed = true;
      return;
    }
    if (!tool.has('status')) {
      const warn = (n: number, one: string, many: string) =>
        n === 0 ? undefined : tool.process.error(`${tool.name}: WARNING: ${n} ${n === 1 ? one : many}\n`);
      for (const task of [
        () => warn(improper, 'line is improperly formatted', 'lines are improperly formatted'),
        () => warn(unread, 'listed file could not be read', 'listed files could not be read'),
        () => warn(wrong, 'computed checksum did NOT match', 'computed checksums did NOT match'),
      ]) {
        const saying = task();
        if (saying) yield* saying;
      }
      if (tool.has('ignore') && matched === 0)
        yield* tool.process.error(`${tool.name}: ${name}: no file was verified\n`);
    }
    if (wrong > 0 || unread > 0 || (tool.has('ignore') && matched === 0) || (tool.has('strict') && improper > 0))
      this.#failed = true;
  }

  #parse(text: string): { hex: string; path: string } | undefined {
    const escaped = text.startsWith('\\');
    const line = escaped ? text.slice(1) : text;
    const tagged = /^([A-Z0-9-]+) ?\((.*)\) ?= ?([\da-fA-F]+)$/.exec(line);
    const plain = /^([\da-fA-F]+) [ *]?(.+)$/.exec(line);
    const [hex, path] =
      tagged && tagged[1] === this.#kind.toUpperCase() ? [tagged[3]!, tagged[2]!] : plain ? [plain[1]!, plain[2]!] : [];
    if (hex === undefined || hex.length !== this.#algorithm.digits) return undefined;
    return {
      hex: hex.toLowerCase(),
      path: escaped ? path!.replace(/\\([\\nr])/g, (_, c: string) => ({ n: '\n', r: '\r' })[c] ?? c) : path!,
    };
  }

  *#digest(path: string): Task<string | undefined> {
    const tool = this.#tool;
    let file: OpenFile | undefined;
    try {
      file = yield* openInput(tool.process, path);
      return yield* digestOf(tool, file, this.#algorithm);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code === 'ENOENT' && tool.has('ignore')) return 'missing';
      yield* tool.process.error(`${tool.name}: ${quotedIfNeeded(path)}: ${error.message}\n`);
      return undefined;
    } finally {
      file?.release();
    }
  }
}

const quotedIfNewline = (path: string): string => (/[\n\r]/.test(path) ? quoted(path) : path);

const NAMES = ['bsd', 'sysv', 'crc', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'blake2b', 'sm3'];

export const cksum = tool(
  'cksum',
  {
    short: 'a:cbtwz',
    long: { ...LONG, algorithm: 'a:', untagged: 'untagged' },
    usage: 'cksum [OPTION]... [FILE]...',
  },
  function* (tool) {
    const kind = tool.get('a') ?? 'crc';
    if (!NAMES.includes(kind))
      return yield* tool.usage(
        `invalid argument ${tool.quote(kind)} for ${tool.quote('--algorithm')}\nValid arguments are:\n${NAMES.map((name) => `  - ${tool.quote(name)}`).join('\n')}`,
      );
    const algorithm = own(ALGORITHMS, kind);
    if (algorithm && tool.has('c')) return yield* new Verifier(tool, kind, algorithm).run();
    if (algorithm) yield* print(tool, kind, algorithm, !tool.has('untagged'));
    else if (kind === 'bsd' || kind === 'sysv') yield* printSums(tool, kind === 'sysv');
    else if (kind === 'crc')
      yield* eachInput(
        tool,
        function* (file, path) {
          const crc = new Crc();
          for (;;) {
            const chunk = yield* file.read();
            if (chunk.length === 0) break;
            yield* tool.process.spend(chunk.length / 200);
            crc.update(chunk);
          }
          yield* tool.write(`${crc.finish()} ${crc.length}${tool.operands.length > 0 ? ` ${path}` : ''}\n`);
        },
        (path, words) => `${quotedIfNeeded(path)}: ${words}`,
      );
    else return yield* tool.usage(`the ${kind} algorithm is not supported`);
    return tool.status;
  },
);

export const sumProgram = tool(
  'sum',
  { short: 'rs', long: { sysv: 's' }, usage: 'sum [OPTION]... [FILE]...' },
  function* (tool) {
    yield* printSums(tool, tool.options.list.findLast(([name]) => name === 'r' || name === 's')?.[0] === 's');
    return tool.status;
  },
);

/** The 16-bit sums of BSD (blocks of 1024 bytes) and System V (of 512). */
function* printSums(tool: Tool, sysv: boolean): Task<void> {
  yield* eachInput(
    tool,
    function* (file, path) {
      let value = 0;
      let size = 0;
      for (;;) {
        const chunk = yield* file.read();
        if (chunk.length === 0) break;
        yield* tool.process.spend(chunk.length / 200);
        size += chunk.length;
        for (const byte of chunk)
          value = sysv ? (value + byte) >>> 0 : ((value >> 1) + ((value & 1) << 15) + byte) & 0xffff;
      }
      const folded = (value & 0xffff) + (value >>> 16);
      const name = tool.operands.length > 0 ? ` ${path}` : '';
      yield* tool.write(
        sysv
          ? `${(folded & 0xffff) + (folded >>> 16)} ${Math.ceil(size / 512)}${name}\n`
          : `${String(value).padStart(5, '0')} ${String(Math.ceil(size / 1024)).padStart(5)}${name}\n`,
      );
    },
    (path, words) => `${quotedIfNeeded(path)}: ${words}`,
  );
}
