/** file(1) and fallocate(1). */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { Errno, isErrno } from '../../errno.ts';
import type { OpenFile, Process, Stat } from '../../process.ts';
import { decode } from '../bytes.ts';
import { parseSize } from '../format/size.ts';
import { tool } from '../tool.ts';

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
    const width = tool.operands.reduce((most, operand) => Math.max(most, operand.length), 0);
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
        } else kind = stat.type === 'file' ? contentKind(yield* beginning(tool.process, path)) : specialKind(stat);
      } catch (error) {
        if (!isErrno(error)) throw error;
        kind = `cannot open \`${path}' (${error.message})`;
      }
      yield* tool.print(`${label}${kind}\n`);
    }
    return 0;
  },
);

/** file(1) looks at the first megabyte. */
function* beginning(process: Process, path: string): Task<Uint8Array> {
  const file: OpenFile = yield* process.open(path, { read: true });
  try {
    return yield* file.read(2 ** 20);
  } finally {
    file.release();
  }
}

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
  const encoding = /[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
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
    return `${own(shown, name) ?? `a ${interpreter[0].slice(2).trim()}`} script, ${encoding} executable${endings}`;
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
      yield* tool.complain(tool.has('l') ? 'invalid length value specified' : 'no length argument specified');
      return 1;
    }
    if (tool.has('l') && length! <= 0) {
      yield* tool.complain('invalid length value specified');
      return 1;
    }
    if (offset === undefined || offset < 0) {
      yield* tool.complain('invalid offset value specified');
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
