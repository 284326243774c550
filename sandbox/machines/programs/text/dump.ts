/** od, xxd, hexdump, strings, base64, base32 and the checksums. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Program } from '../../process.ts';
import { crc32, md5, sha1, sha256, sha512 } from '../format/digest.ts';
import { parseSize } from '../format/size.ts';
import { decode, eachInput, readBytes, readInput, readInputText, splitLines } from '../io.ts';
import { quoted, type Tool, tool } from '../tool.ts';

function* gather(tool: Tool): Task<Uint8Array> {
  const chunks: number[] = [];
  yield* eachInput(tool, function* (file: OpenFile) {
    for (const byte of yield* readBytes(file)) chunks.push(byte);
  });
  return new Uint8Array(chunks);
}

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};
const NAMES_A = [
  'nul',
  'soh',
  'stx',
  'etx',
  'eot',
  'enq',
  'ack',
  'bel',
  'bs',
  'ht',
  'nl',
  'vt',
  'ff',
  'cr',
  'so',
  'si',
  'dle',
  'dc1',
  'dc2',
  'dc3',
  'dc4',
  'nak',
  'syn',
  'etb',
  'can',
  'em',
  'sub',
  'esc',
  'fs',
  'gs',
  'rs',
  'us',
  'sp',
];

interface Unit {
  readonly size: number;
  readonly width: number;
  readonly show: (bytes: Uint8Array) => string;
}

const little = (bytes: Uint8Array): bigint => bytes.reduceRight((n, b) => n * 256n + BigInt(b), 0n);

function unitOf(type: string): Unit | undefined {
  if (type === 'c')
    return {
      size: 1,
      width: 4,
      show: ([b]) => NAMED[b!] ?? (b! >= 32 && b! < 127 ? String.fromCharCode(b!) : b!.toString(8).padStart(3, '0')),
    };
  if (type === 'a')
    return {
      size: 1,
      width: 4,
      show: ([b]) => ((b! & 127) === 127 ? 'del' : (NAMES_A[b! & 127] ?? String.fromCharCode(b! & 127))),
    };
  const match = /^([xodu])(\d|C|S|I|L)?$/.exec(type);
  if (!match) return undefined;
  const size = { C: 1, S: 2, I: 4, L: 8 }[match[2] ?? 'I'] ?? Number(match[2] ?? 4);
  const bits = size * 8;
  if (match[1] === 'x')
    return {
      size,
      width: size * 2 + 1,
      show: (b) =>
        little(b)
          .toString(16)
          .padStart(size * 2, '0'),
    };
  if (match[1] === 'o') {
    const digits = Math.ceil(bits / 3);
    return { size, width: digits + 1, show: (b) => little(b).toString(8).padStart(digits, '0') };
  }
  const width = { 1: 4, 2: 6, 4: 11, 8: 21 }[size as 1 | 2 | 4 | 8];
  return {
    size,
    width: match[1] === 'd' && size === 1 ? 5 : match[1] === 'd' && size > 1 ? width + 1 : width,
    show: (b) => String(match[1] === 'd' ? BigInt.asIntN(bits, little(b)) : little(b)),
  };
}

export const od = tool(
  'od',
  {
    short: 'A:abcdfij:lN:osS:t:vw::x',
    long: {
      'address-radix': 'A:',
      format: 't:',
      'read-bytes': 'N:',
      'skip-bytes': 'j:',
      'output-duplicates': 'v',
      width: 'w::',
    },
    usage: 'od [OPTION]... [FILE]...',
  },
  function* (tool) {
    const types: string[] = [];
    for (const [name, value] of tool.options.list) {
      const short = { a: 'a', b: 'o1', c: 'c', d: 'u2', i: 'd4', l: 'd8', o: 'o2', s: 'd2', x: 'x2' }[name];
      if (short) types.push(short);
      else if (name === 't') types.push(...(value.match(/[acdoux][1248CSIL]?z?/g) ?? [value]));
    }
    const units: Unit[] = [];
    for (const type of types.length > 0 ? types : ['o2']) {
      const unit = unitOf(type.replace(/z$/, ''));
      if (!unit) {
        yield* tool.complain(`invalid character '${type[0]}' in type string ${quoted(type)}`);
        return 1;
      }
      units.push(unit);
    }
    const skip = parseSize(tool.get('j') ?? '0') ?? 0;
    const limit = tool.get('N') === undefined ? undefined : parseSize(tool.get('N')!);
    const all = yield* gather(tool);
    const bytes = all.subarray(skip, limit === undefined ? undefined : skip + limit);
    const perLine = Number(tool.get('w') || (tool.has('w') ? 32 : 16));
    const radix = tool.get('A') ?? 'o';
    const address = (n: number): string =>
      radix === 'n'
        ? ''
        : radix === 'x'
          ? n.toString(16).padStart(6, '0')
          : radix === 'd'
            ? String(n).padStart(7, '0')
            : n.toString(8).padStart(7, '0');
    const largest = Math.max(...units.map((u) => u.width / u.size));
    let last = '';
    let starred = false;
    let out = '';
    for (let at = 0; at < bytes.length; at += perLine) {
      const line = bytes.subarray(at, at + perLine);
      const key = line.join();
      if (key === last && !tool.has('v') && line.length === perLine && at + perLine < bytes.length + 1) {
        if (!starred) out += '*\n';
        starred = true;
        continue;
      }
      starred = false;
      last = key;
      units.forEach((unit, i) => {
        const width = Math.ceil(largest * unit.size);
        let row = i === 0 ? address(at + skip) : ' '.repeat(address(0).length);
        for (let j = 0; j < line.length; j += unit.size) {
          const piece = new Uint8Array(unit.size);
          piece.set(line.subarray(j, j + unit.size));
          row += unit.show(piece).padStart(width);
        }
        out += `${row}\n`;
      });
    }
    yield* tool.print(out + (radix === 'n' ? '' : `${address(skip + bytes.length)}\n`));
    return tool.status;
  },
);

export const hexdump = tool(
  'hexdump',
  { short: 'bcCdn:os:vxe:', usage: 'hexdump [options] <file>...', version: 'hexdump from util-linux 2.38.1' },
  function* (tool) {
    const skip = Number(tool.get('s') ?? 0);
    const bytes = (yield* gather(tool)).subarray(
      skip,
      tool.get('n') === undefined ? undefined : skip + Number(tool.get('n')),
    );
    const canonical = tool.has('C');
    let out = '';
    let last = '';
    let starred = false;
    for (let at = 0; at < bytes.length; at += 16) {
      const line = bytes.subarray(at, at + 16);
      if (line.join() === last && !tool.has('v') && line.length === 16) {
        if (!starred) out += '*\n';
        starred = true;
        continue;
      }
      starred = false;
      last = line.join();
      const hex = [...line].map((b) => b.toString(16).padStart(2, '0'));
      if (canonical) {
        const left = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
        out += `${(at + skip).toString(16).padStart(8, '0')}  ${left}  |${[...line].map(printable).join('')}|\n`;
      } else {
        const words = [];
        for (let j = 0; j < line.length; j += 2) words.push((hex[j + 1] ?? '00') + hex[j]!);
        out += `${`${(at + skip).toString(16).padStart(7, '0')} ${words.join(' ')}`.padEnd(47)}\n`;
      }
    }
    if (bytes.length > 0) out += `${(skip + bytes.length).toString(16).padStart(canonical ? 8 : 7, '0')}\n`;
    yield* tool.print(out);
    return tool.status;
  },
);

const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');

export const xxd = tool(
  'xxd',
  {
    short: 'abc:eg:il:prs:u',
    long: { plain: 'p', reverse: 'r' },
    usage: 'xxd [options] [infile [outfile]]',
    version: 'xxd 2022-01-14 by Juergen Weigert et al.',
  },
  function* (tool) {
    let input: Uint8Array;
    try {
      input = yield* readInput(tool.process, tool.operands[0] ?? '-');
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`${tool.operands[0]}: ${error.message}`);
      return 2;
    }
    if (tool.has('r')) {
      const hex = splitLines(decode(input))
        .map((l) => (tool.has('p') ? l : l.replace(/^[^:]*:\s?/, '').replace(/ {2}.*$/, '')))
        .join('')
        .replace(/\s/g, '');
      yield* tool.process.stdout.write(new Uint8Array((hex.match(/../g) ?? []).map((h) => Number.parseInt(h, 16))));
      return 0;
    }
    const from = Number(tool.get('s') ?? 0);
    const bytes = input.subarray(from, tool.get('l') === undefined ? undefined : from + Number(tool.get('l')));
    const digits = (b: number) => (tool.has('u') ? b.toString(16).toUpperCase() : b.toString(16)).padStart(2, '0');
    if (tool.has('p')) {
      const columns = Number(tool.get('c') ?? 30);
      for (let at = 0; at < bytes.length; at += columns)
        yield* tool.print(`${[...bytes.subarray(at, at + columns)].map(digits).join('')}\n`);
      return 0;
    }
    const columns = Number(tool.get('c') ?? 16);
    const group = Number(tool.get('g') ?? 2) || columns;
    const width = columns * 2 + Math.ceil(columns / group) - 1;
    for (let at = 0; at < bytes.length; at += columns) {
      const line = [...bytes.subarray(at, at + columns)];
      const hex = line.map((b, i) => digits(b) + ((i + 1) % group === 0 && i + 1 < columns ? ' ' : '')).join('');
      yield* tool.print(
        `${(from + at).toString(16).padStart(8, '0')}: ${hex.trimEnd().padEnd(width)}  ${line.map(printable).join('')}\n`,
      );
    }
    return 0;
  },
);

export const strings = tool(
  'strings',
  {
    short: 'an:t:',
    long: { bytes: 'n:', radix: 't:' },
    usage: 'strings [option(s)] [file(s)]',
    version: 'GNU strings (GNU Binutils for Debian) 2.40',
  },
  function* (tool) {
    const least = Number(tool.get('n') ?? 4);
    const text = [...(yield* gather(tool))].map((b) => String.fromCharCode(b)).join('');
    for (const match of text.matchAll(/[\t\x20-\x7e]+/g))
      if (match[0].length >= least) yield* tool.print(`${match[0]}\n`);
    return tool.status;
  },
);

const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const B32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base 2^bits of RFC 4648. */
export function toBase(bytes: Uint8Array, alphabet: string, bits: number): string {
  let out = '';
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      out += alphabet[(buffer >> held) & ((1 << bits) - 1)];
    }
  }
  if (held > 0) out += alphabet[(buffer << (bits - held)) & ((1 << bits) - 1)];
  const block = bits === 6 ? 4 : 8;
  return out + '='.repeat((block - (out.length % block)) % block);
}

/** Undefined if a character is not of the alphabet. */
export function fromBase(text: string, alphabet: string, bits: number): Uint8Array | undefined {
  const out: number[] = [];
  let buffer = 0;
  let held = 0;
  for (const char of text.replace(/=+$/, '')) {
    const value = alphabet.indexOf(char);
    if (value < 0) return undefined;
    buffer = ((buffer << bits) | value) & 0xffffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      out.push((buffer >> held) & 255);
    }
  }
  return new Uint8Array(out);
}

const baseProgram = (name: string, alphabet: string, bits: number): Program =>
  tool(
    name,
    { short: 'diw:', long: { decode: 'd', 'ignore-garbage': 'i', wrap: 'w:' }, usage: `${name} [OPTION]... [FILE]` },
    function* (tool) {
      let input: Uint8Array;
      const path = tool.operands[0] ?? '-';
      try {
        input = yield* readInput(tool.process, path);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${path}: ${error.message}`);
        return 1;
      }
      if (tool.has('d')) {
        const text = decode(input).replace(tool.has('i') ? new RegExp(`[^${alphabet}=]`, 'g') : /\n/g, '');
        const valid = /^[^=]*/.exec(text)![0];
        const bytes = fromBase(text, alphabet, bits);
        const good =
          bytes ??
          fromBase(
            [...valid]
              .slice(
                0,
                [...valid].findIndex((c) => !alphabet.includes(c)),
              )
              .join(''),
            alphabet,
            bits,
          )!;
        yield* tool.process.stdout.write(good);
        if (bytes) return 0;
        yield* tool.complain('invalid input');
        return 1;
      }
      const wrap = Number(tool.get('w') ?? 76);
      const text = toBase(input, alphabet, bits);
      if (wrap === 0) yield* tool.print(text);
      else for (let at = 0; at < text.length; at += wrap) yield* tool.print(`${text.slice(at, at + wrap)}\n`);
      return 0;
    },
  );

export const base64 = baseProgram('base64', B64, 6);
export const base32 = baseProgram('base32', B32, 5);

const sum = (name: string, digest: (bytes: Uint8Array) => string): Program =>
  tool(
    name,
    {
      short: 'bctwz',
      long: {
        binary: 'b',
        check: 'c',
        text: 't',
        tag: 'tag',
        quiet: 'quiet',
        status: 'status',
        'ignore-missing': 'ignore',
      },
      usage: `${name} [OPTION]... [FILE]...`,
    },
    function* (tool) {
      if (tool.has('c')) return yield* verify(tool, name, digest);
      yield* eachInput(tool, function* (file, path) {
        const bytes = yield* readBytes(file);
        yield* tool.process.spend(bytes.length / 100);
        const hex = digest(bytes);
        if (tool.has('tag')) yield* tool.print(`${name.replace('sum', '').toUpperCase()} (${path}) = ${hex}\n`);
        else yield* tool.print(`${hex} ${tool.has('b') ? '*' : ' '}${path}\n`);
      });
      return tool.status;
    },
  );

function* verify(tool: Tool, name: string, digest: (bytes: Uint8Array) => string): Task<number> {
  let wrong = 0;
  let unread = 0;
  for (const list of tool.operands.length > 0 ? tool.operands : ['-']) {
    for (const line of splitLines(yield* readInputText(tool.process, list))) {
      const match = /^([0-9a-f]+) [ *](.*)$/.exec(line);
      if (!match) continue;
      try {
        const good = digest(yield* readInput(tool.process, match[2]!)) === match[1];
        if (!good) wrong++;
        if (!tool.has('status') && !(good && tool.has('quiet')))
          yield* tool.print(`${match[2]}: ${good ? 'OK' : 'FAILED'}\n`);
      } catch (error) {
        if (!isErrno(error)) throw error;
        unread++;
        yield* tool.complain(`${match[2]}: ${error.message}`);
        yield* tool.print(`${match[2]}: FAILED open or read\n`);
      }
    }
  }
  const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);
  if (unread > 0)
    yield* tool.process.error(
      `${name}: WARNING: ${unread} listed ${plural(unread, 'file', 'files')} could not be read\n`,
    );
  if (wrong > 0)
    yield* tool.process.error(
      `${name}: WARNING: ${wrong} computed ${plural(wrong, 'checksum', 'checksums')} did NOT match\n`,
    );
  return wrong + unread > 0 ? 1 : 0;
}

export const md5sum = sum('md5sum', md5);
export const sha1sum = sum('sha1sum', sha1);
export const sha256sum = sum('sha256sum', sha256);
export const sha512sum = sum('sha512sum', sha512);

export const cksum = tool('cksum', { short: 'a:', usage: 'cksum [OPTION]... [FILE]...' }, function* (tool) {
  yield* eachInput(tool, function* (file, path) {
    const bytes = yield* readBytes(file);
    yield* tool.print(`${crc32(bytes)} ${bytes.length}${tool.operands.length > 0 ? ` ${path}` : ''}\n`);
  });
  return tool.status;
});
