/** file, dd, fallocate, split, diff's small sister cmp, factor, numfmt. */

import type { Task } from '../../../sim/task.ts';
import { Errno, isErrno } from '../../errno.ts';
import type { OpenFile, Program, Stat } from '../../process.ts';
import { humanSize, parseSize } from '../format/size.ts';
import { decode, readInput, readInputText } from '../io.ts';
import { quoted, tool } from '../tool.ts';

export const file = tool(
  'file',
  {
    short: 'bhiLsz',
    long: { brief: 'b', mime: 'i', dereference: 'L' },
    usage: 'file [-bcCdEhikLlNnprsSvzZ0] [file ...]',
    version: 'file-5.44',
  },
  function* (tool) {
    if (tool.operands.length === 0) {
      yield* tool.process.error(
        'Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n       file -C [-m <magicfiles>]\n       file [--help]\n',
      );
      return 1;
    }
    const width = Math.max(...tool.operands.map((o) => o.length));
    for (const path of tool.operands) {
      const label = tool.has('b') ? '' : `${path}:`.padEnd(width + 2);
      let kind: string;
      try {
        const stat = yield* tool.has('L') ? tool.process.stat(path) : tool.process.lstat(path);
        if (stat.type === 'symlink') {
          const target = yield* tool.process.readlink(path);
          let broken = false;
          try {
            yield* tool.process.stat(path);
          } catch (error) {
            if (!isErrno(error)) throw error;
            broken = true;
          }
          kind = `${broken ? 'broken ' : ''}symbolic link to ${target}`;
        } else kind = stat.type === 'file' ? contentKind(yield* tool.process.readFile(path)) : specialKind(stat);
      } catch (error) {
        if (!isErrno(error)) throw error;
        kind = `cannot open \`${path}' (${error.message})`;
      }
      yield* tool.print(`${label}${kind}\n`);
    }
    return 0;
  },
);

const specialKind = (stat: Stat): string => {
  if (stat.type === 'directory') return `${stat.mode & 0o1000 ? 'sticky, ' : ''}directory`;
  if (stat.type === 'fifo') return 'fifo (named pipe)';
  if (stat.type === 'socket') return 'socket';
  return `${stat.type === 'char' ? 'character' : 'block'} special (${stat.rdev?.join('/')})`;
};

function contentKind(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty';
  if (bytes[0] === 0x7f && bytes[1] === 0x45)
    return 'ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip compressed data';
  const head = bytes.subarray(0, 65536);
  if (head.includes(0)) return 'data';
  const text = decode(head);
  const encoding = text.includes('\ufffd')
    ? 'ISO-8859 text'
    : /[\x80-\uffff]/.test(text)
      ? 'Unicode text, UTF-8 text'
      : 'ASCII text';
  const endings =
    (text.includes('\r\n') ? ', with CRLF line terminators' : '') +
    (text.includes('\n') ? '' : ', with no line terminators');
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  if (interpreter) {
    const name = (interpreter[1]!.endsWith('/env') ? interpreter[2] : interpreter[1])!.split('/').at(-1)!;
    const shown: Readonly<Record<string, string>> = {
      bash: 'Bourne-Again shell',
      sh: 'POSIX shell',
      dash: 'POSIX shell',
      perl: 'Perl',
      python3: 'Python',
    };
    return `${shown[name] ?? `a ${interpreter[0].slice(2).trim()}`} script, ${encoding} executable${endings}`;
  }
  if (/^\s*[{[]/.test(text)) {
    try {
      JSON.parse(decode(bytes));
      return 'JSON text data';
    } catch {
      // Only looks like it.
    }
  }
  return encoding + endings;
}

export const dd: Program = function* (process, argv) {
  const options = new Map<string, string>();
  for (const arg of argv.slice(1)) {
    const match = /^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag)=(.*)$/.exec(arg);
    if (!match) {
      yield* process.error(`dd: unrecognized operand ${quoted(arg)}\nTry 'dd --help' for more information.\n`);
      return 1;
    }
    options.set(match[1]!, match[2]!);
  }
  const size = (name: string, fallback: number): number => {
    const text = options.get(name);
    return text === undefined ? fallback : (parseSize(text) ?? Number.NaN);
  };
  const block = size('bs', size('ibs', 512));
  const count = size('count', Number.POSITIVE_INFINITY);
  for (const name of ['bs', 'ibs', 'obs', 'count', 'skip', 'seek']) {
    if (Number.isNaN(size(name, 0))) {
      yield* process.error(`dd: invalid number: ${quoted(options.get(name)!)}\n`);
      return 1;
    }
  }
  const opened: OpenFile[] = [];
  const open = function* (name: string, flags: Parameters<typeof process.open>[1]): Task<OpenFile | undefined> {
    try {
      const found = yield* process.open(options.get(name)!, flags);
      opened.push(found);
      return found;
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* process.error(`dd: failed to open ${quoted(options.get(name)!)}: ${error.message}\n`);
      return undefined;
    }
  };
  const convert = options.get('conv') ?? '';
  const input = options.has('if') ? yield* open('if', { read: true }) : process.stdin;
  if (!input) return 1;
  const output = options.has('of')
    ? yield* open('of', { write: true, create: true, truncate: !convert.includes('notrunc') && !options.has('seek') })
    : process.stdout;
  if (!output) return 1;
  const started = process.now();
  let status = 0;
  let [full, partial, bytes] = [0, 0, 0];
  for (let skip = size('skip', 0); skip > 0; skip--) yield* readBlock(input, block);
  if (options.has('seek')) output.seek?.(size('seek', 0) * size('bs', size('obs', 512)));
  try {
    while (full + partial < count) {
      const data = yield* readBlock(input, block);
      if (data.length === 0) break;
      // A disk of the lab writes some 200 MB a second.
      yield* process.spend(data.length / 200);
      yield* output.write(data);
      bytes += data.length;
      if (data.length === block) full++;
      else partial++;
    }
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* process.error(`dd: error writing ${quoted(options.get('of') ?? 'standard output')}: ${error.message}\n`);
    status = 1;
  }
  for (const one of opened) one.release();
  if (options.get('status') === 'none') return status;
  yield* process.error(`${full}+${partial} records in\n${full}+${partial} records out\n`);
  if (options.get('status') === 'noxfer') return status;
  const seconds = Math.max(0.00001, (process.now() - started) / 1000);
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
  yield* process.error(`${sizes} copied, ${Number(seconds.toPrecision(6))} s, ${speed}\n`);
  return status;
};

function* readBlock(input: OpenFile, size: number): Task<Uint8Array> {
  const chunk = yield* input.read(size);
  return chunk;
}

export const fallocate = tool(
  'fallocate',
  {
    short: 'dl:no:px',
    long: { length: 'l:', offset: 'o:', 'keep-size': 'n' },
    usage: 'fallocate [options] <filename>',
    version: 'fallocate from util-linux 2.38.1',
  },
  function* (tool) {
    const path = tool.operands[0];
    if (path === undefined) return yield* tool.usage('no filename specified');
    const punch = tool.has('p');
    const length = parseSize(tool.get('l') ?? '');
    const offset = parseSize(tool.get('o') ?? '0');
    if (tool.has('l') ? length === undefined : !tool.has('d')) {
      yield* tool.complain(tool.has('l') ? 'failed to parse length' : 'no length argument specified');
      return 1;
    }
    if (tool.has('l') && length! <= 0) {
      yield* tool.complain('invalid length value specified');
      return 1;
    }
    if (offset === undefined || offset < 0) {
      yield* tool.complain(offset === undefined ? 'failed to parse offset' : 'invalid offset value specified');
      return 1;
    }
    let file: OpenFile;
    try {
      // Only to allocate is the file made (util-linux, sys-utils/fallocate.c).
      file = yield* tool.process.open(path, { read: true, write: true, create: !punch && !tool.has('d') });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot open ${path}: ${error.message}`);
      return 1;
    }
    try {
      if (tool.has('d')) return 0;
      if (!file.allocate) throw new Errno('ENODEV');
      yield* file.allocate(offset, length!, { keepSize: punch || tool.has('n'), punch });
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(
        error.code === 'ENOTSUP' && (punch || tool.has('n'))
          ? 'fallocate failed: keep size mode is unsupported'
          : `fallocate failed: ${error.message}`,
      );
      return 1;
    } finally {
      file.release();
    }
    return 0;
  },
);

export const split = tool(
  'split',
  {
    short: 'a:b:dl:n:',
    long: { 'suffix-length': 'a:', bytes: 'b:', 'numeric-suffixes': 'd', lines: 'l:' },
    usage: 'split [OPTION]... [FILE [PREFIX]]',
  },
  function* (tool) {
    let bytes: Uint8Array;
    try {
      bytes = yield* readInput(tool.process, tool.operands[0] ?? '-');
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`cannot open ${quoted(tool.operands[0]!)} for reading: ${error.message}`);
      return 1;
    }
    const pieces: Uint8Array[] = [];
    const size = parseSize(tool.get('b') ?? '');
    if (size !== undefined) for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    else {
      const lines = Number(tool.get('l') ?? 1000);
      let from = 0;
      let seen = 0;
      bytes.forEach((b, i) => {
        if (b === 10 && ++seen % lines === 0) {
          pieces.push(bytes.subarray(from, i + 1));
          from = i + 1;
        }
      });
      if (from < bytes.length) pieces.push(bytes.subarray(from));
    }
    const width = Number(tool.get('a') ?? 2);
    for (const [i, piece] of pieces.entries()) {
      let suffix = '';
      for (let n = i, d = 0; d < width; d++, n = Math.floor(n / (tool.has('d') ? 10 : 26)))
        suffix = (tool.has('d') ? String(n % 10) : String.fromCharCode(97 + (n % 26))) + suffix;
      yield* tool.process.writeFile(`${tool.operands[1] ?? 'x'}${suffix}`, piece);
    }
    return 0;
  },
);

export const cmp = tool(
  'cmp',
  {
    short: 'bi:ln:s',
    long: { quiet: 's', silent: 's', verbose: 'l' },
    usage: 'cmp [OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]',
    usageStatus: 2,
    version: 'cmp (GNU diffutils) 3.8',
  },
  function* (tool) {
    const [left, right = '-'] = tool.operands;
    if (left === undefined) return yield* tool.usage(`missing operand after 'cmp'`, 2);
    const contents: Uint8Array[] = [];
    for (const path of [left, right]) {
      try {
        contents.push(yield* readInput(tool.process, path));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* tool.complain(`${path}: ${error.message}`, 2);
        return 2;
      }
    }
    const [a, b] = contents as [Uint8Array, Uint8Array];
    let line = 1;
    const shorter = Math.min(a.length, b.length);
    let differs = false;
    for (let i = 0; i < shorter; i++) {
      if (a[i] !== b[i]) {
        if (tool.has('l')) {
          yield* tool.print(
            `${String(i + 1).padStart(String(Math.max(a.length, b.length)).length)} ${a[i]!.toString(8).padStart(3)} ${b[i]!.toString(8).padStart(3)}\n`,
          );
          differs = true;
          continue;
        }
        if (!tool.has('s')) yield* tool.print(`${left} ${right} differ: byte ${i + 1}, line ${line}\n`);
        return 1;
      }
      if (a[i] === 10) line++;
    }
    if (a.length === b.length) return differs ? 1 : 0;
    const short = a.length < b.length ? left : right;
    if (!tool.has('s')) {
      const where =
        shorter === 0
          ? `which is empty`
          : `after byte ${shorter}, ${(a.length < b.length ? a : b)[shorter - 1] === 10 ? `line ${line - 1}` : `in line ${line}`}`;
      yield* tool.process.error(`cmp: EOF on ${short} ${where}\n`);
    }
    return 1;
  },
);

export const factor = tool('factor', { short: '', usage: 'factor [NUMBER]...' }, function* (tool) {
  const numbers =
    tool.operands.length > 0
      ? tool.operands
      : (yield* readInputText(tool.process, '-')).split(/\s+/).filter((w) => w !== '');
  for (const text of numbers) {
    if (!/^\d{1,15}$/.test(text)) {
      yield* tool.complain(`${quoted(text)} is not a valid positive integer`);
      continue;
    }
    let n = Number(text);
    const factors: number[] = [];
    for (let d = 2; d * d <= n; d++) {
      if ((d & 1023) === 0) yield* tool.process.spend(5);
      while (n % d === 0) {
        factors.push(d);
        n /= d;
      }
    }
    if (n > 1) factors.push(n);
    yield* tool.print(`${Number(text)}:${factors.map((f) => ` ${f}`).join('')}\n`);
  }
  return tool.status;
});

export const numfmt = tool(
  'numfmt',
  {
    short: 'd:',
    long: { from: 'from:', to: 'to:', suffix: 'suffix:', padding: 'padding:', field: 'field:' },
    usage: 'numfmt [OPTION]... [NUMBER]...',
  },
  function* (tool) {
    const numbers =
      tool.operands.length > 0 ? tool.operands : (yield* readInputText(tool.process, '-')).trim().split('\n');
    for (const text of numbers) {
      const match = /^\s*(-?\d+(?:\.\d+)?)([KMGTPE]?)(i?)\s*$/.exec(text);
      const from = tool.get('from');
      if (!match || (match[2] !== '' && from === undefined)) {
        yield* tool.complain(
          match
            ? `rejecting suffix in input: ${quoted(text)} (consider using --from)`
            : `invalid number: ${quoted(text)}`,
          2,
        );
        return 2;
      }
      const base = from === 'si' || (from === 'auto' && match[3] === '') ? 1000 : 1024;
      const value = Number(match[1]) * base ** ' KMGTPE'.indexOf(match[2] === '' ? ' ' : match[2]!);
      const to = tool.get('to');
      let shown = String(value);
      if (to === 'iec' || to === 'iec-i') shown = humanSize(value) + (to === 'iec-i' && value >= 1024 ? 'i' : '');
      else if (to === 'si') shown = humanSize(value, 1000).replace('k', 'K');
      yield* tool.print(`${(shown + (tool.get('suffix') ?? '')).padStart(Number(tool.get('padding') ?? 0))}\n`);
    }
    return tool.status;
  },
);
