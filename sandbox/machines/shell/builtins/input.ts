/** read and mapfile. */

import { firstOf, type Task } from '../../../sim/task.ts';
import { decodeBytes, encodeBytes } from '../../byte-text.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile } from '../../process.ts';
import { isUtf8 } from '../expand/locale.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, fail, invalidOption } from './types.ts';

interface ReadOptions {
  raw: boolean;
  silent: boolean;
  prompt: string;
  delimiter: number;
  count: number | undefined;
  exact: boolean;
  timeout: number | undefined;
  array: string | undefined;
  descriptor: number;
}

const READ_USAGE =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';

export const read: Builtin = function* (shell, argv) {
  const options: ReadOptions = {
    raw: false,
    silent: false,
    prompt: '',
    delimiter: 10,
    count: undefined,
    exact: false,
    timeout: undefined,
    array: undefined,
    descriptor: 0,
  };
  const names: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (names.length > 0 || !/^-./.test(arg) || arg === '--') {
      if (arg !== '--') names.push(arg);
      continue;
    }
    for (let j = 1; j < arg.length; j++) {
      const letter = arg[j]!;
      if (letter === 'r') options.raw = true;
      else if (letter === 's') options.silent = true;
      else if (letter === 'e') continue;
      else if ('adinNptu'.includes(letter)) {
        const value = arg.slice(j + 1) || argv[++i];
        if (value === undefined && letter !== 'd')
          return yield* fail(shell, argv, `-${letter}: option requires an argument`, 2);
        const mistake = setOption(options, letter, value ?? '');
        if (mistake !== undefined) return yield* fail(shell, argv, mistake);
        break;
      } else return yield* invalidOption(shell, argv, `-${letter}`, READ_USAGE);
    }
  }
  for (const name of names) {
    if (!/^[A-Za-z_]\w*(\[.*\])?$/.test(name)) return yield* fail(shell, argv, `\`${name}': not a valid identifier`);
  }
  const file = shell.process.files.get(options.descriptor);
  if (!file) return yield* fail(shell, argv, `${options.descriptor}: invalid file descriptor: Bad file descriptor`);
  if (options.prompt !== '' && file.tty) yield* shell.write(2, options.prompt);
  const line = yield* take(shell, file, options);
  assignFields(shell, names, line, options);
  return line.status;
};

/** What is wrong with the value, if anything (builtins/read.def). */
function setOption(options: ReadOptions, letter: string, value: string): string | undefined {
  if (letter === 'a') options.array = value;
  else if (letter === 'd') options.delimiter = value === '' ? 0 : value.charCodeAt(0);
  else if (letter === 'p') options.prompt = value;
  else if (letter === 't') {
    if (!/^(\d+\.?\d*|\.\d+)$/.test(value)) return `${value}: invalid timeout specification`;
    options.timeout = Number(value);
  } else if (letter === 'u') {
    if (!isCount(value)) return `${value}: invalid file descriptor specification`;
    options.descriptor = Number(value);
  } else if (letter === 'n' || letter === 'N') {
    if (!isCount(value)) return `${value}: invalid number`;
    options.count = Number(value);
    options.exact = letter === 'N';
  }
  return undefined;
}

const isCount = (value: string): boolean => /^\s*\+?\d+\s*$/.test(value) && Number(value) < 2 ** 31;

interface Line {
  /** Characters, and for each whether a backslash stood before it. */
  readonly chars: string[];
  readonly escaped: boolean[];
  readonly status: number;
}

function* take(shell: Shell, file: OpenFile, options: ReadOptions): Task<Line> {
  const tty = file.tty;
  const modes = tty && { ...tty.modes };
  if (tty && options.silent) tty.modes = { ...tty.modes, echo: false };
  if (tty && options.count !== undefined) tty.modes = { ...tty.modes, canonical: false };
  try {
    return yield* takeBytes(shell, file, options);
  } finally {
    if (tty && modes) tty.modes = modes;
  }
}

function* takeBytes(shell: Shell, file: OpenFile, options: ReadOptions): Task<Line> {
  const bytes: number[] = [];
  const escapedBytes: boolean[] = [];
  const deadline = options.timeout === undefined ? undefined : shell.process.now() + options.timeout * 1000;
  let status = 0;
  let afterBackslash = false;
  let count = 0;
  while (options.count === undefined || count < options.count) {
    if (deadline !== undefined && file.readable) {
      const clock = shell.process.machine.clock;
      const { index } = yield* firstOf(file.readable, (resume) => {
        const timer = clock.at(deadline, resume);
        return () => timer.cancel();
      });
      if (index === 1) {
        status = 142;
        break;
      }
    }
    let chunk: Uint8Array;
    try {
      chunk = yield* file.read(1);
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
      yield* shell.step();
      continue;
    }
    if (chunk.length === 0) {
      status = 1;
      break;
    }
    const byte = chunk[0]!;
    if (afterBackslash) {
      afterBackslash = false;
      if (byte === 10) continue;
      bytes.push(byte);
      escapedBytes.push(true);
      count++;
      continue;
    }
    if (byte === options.delimiter && !options.exact) break;
    if (byte === 92 && !options.raw) {
      afterBackslash = true;
      continue;
    }
    if (byte === 0) continue;
    bytes.push(byte);
    escapedBytes.push(false);
    count++;
    if (options.count === undefined || byte < 0xc2 || !isUtf8(shell)) continue;
    // A character is counted when it is whole.
    for (let missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1; missing > 0; missing--) {
      const more = yield* file.read(1);
      if (more.length === 0) break;
      bytes.push(more[0]!);
      escapedBytes.push(false);
    }
  }
  return decode(bytes, escapedBytes, status);
}

function decode(bytes: number[], escapedBytes: boolean[], status: number): Line {
  const chars = [...decodeBytes(new Uint8Array(bytes))];
  const escaped: boolean[] = [];
  let at = 0;
  for (const char of chars) {
    escaped.push(escapedBytes[at] ?? false);
    at += char.length === 1 && char < '\x80' ? 1 : encodeBytes(char).length;
  }
  return { chars, escaped, status };
}

function assignFields(shell: Shell, names: readonly string[], line: Line, options: ReadOptions): void {
  const { variables } = shell;
  if (options.exact || (names.length === 0 && options.array === undefined)) {
    const text = line.chars.join('');
    variables.set(names[0] ?? 'REPLY', text);
    for (const name of names.slice(1)) variables.set(name, '');
    return;
  }
  if (options.array !== undefined) {
    const fields = splitFields(line, shell.ifs, Number.POSITIVE_INFINITY);
    variables.setArray(
      options.array,
      fields.map((value) => ({ value })),
    );
    return;
  }
  const fields = splitFields(line, shell.ifs, names.length);
  names.forEach((name, i) => {
    const element = /^(\w+)\[(.*)\]$/s.exec(name);
    if (element) variables.setElement(element[1]!, element[2]!, fields[i] ?? '');
    else variables.set(name, fields[i] ?? '');
  });
}

/** Fields of a line; the last of `limit` takes the rest of it. */
function splitFields(line: Line, ifs: string, limit: number): string[] {
  const { chars, escaped } = line;
  const separator = (i: number) => i < chars.length && !escaped[i] && ifs.includes(chars[i]!);
  const blank = (i: number) => separator(i) && ' \t\n'.includes(chars[i]!);
  const fields: string[] = [];
  let i = 0;
  while (blank(i)) i++;
  while (i < chars.length) {
    if (fields.length === limit - 1) {
      fields.push(lastField(chars, i, separator, blank));
      break;
    }
    let end = i;
    while (end < chars.length && !separator(end)) end++;
    fields.push(chars.slice(i, end).join(''));
    i = end;
    while (blank(i)) i++;
    if (separator(i)) {
      i++;
      while (blank(i)) i++;
    }
  }
  return fields;
}

/** The rest of the line without trailing blanks; if one field is all there is, without its separator. */
function lastField(
  chars: readonly string[],
  from: number,
  separator: (i: number) => boolean,
  blank: (i: number) => boolean,
): string {
  let end = chars.length;
  while (end > from && blank(end - 1)) end--;
  let only = from;
  while (only < end && !separator(only)) only++;
  if (only === end - 1) end--;
  return chars.slice(from, end).join('');
}

export const mapfile: Builtin = function* (shell, argv) {
  let strip = false;
  let limit = Number.POSITIVE_INFINITY;
  let skip = 0;
  let origin: number | undefined;
  let delimiter = 10;
  let descriptor = 0;
  let name = 'MAPFILE';
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === '-t') strip = true;
    else if (/^-[dnOsuCc]/.test(arg)) {
      const value = arg.slice(2) || argv[++i] || '';
      if (arg[1] === 'd') delimiter = value === '' ? 0 : value.charCodeAt(0);
      else if ('nsOu'.includes(arg[1]!) && !isCount(value)) {
        const what = { n: 'line count', s: 'line count', O: 'array origin', u: 'file descriptor specification' };
        return yield* fail(shell, argv, `${value}: invalid ${what[arg[1] as 'n']}`);
      } else if (arg[1] === 'n') limit = Number(value) || Number.POSITIVE_INFINITY;
      else if (arg[1] === 's') skip = Number(value);
      else if (arg[1] === 'O') origin = Number(value);
      else if (arg[1] === 'u') descriptor = Number(value);
    } else if (/^-./.test(arg)) {
      return yield* invalidOption(
        shell,
        argv,
        arg.slice(0, 2),
        `${argv[0]} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]`,
      );
    } else name = arg;
  }
  const file = shell.process.files.get(descriptor);
  if (!file) return yield* fail(shell, argv, `${descriptor}: invalid file descriptor: Bad file descriptor`);
  const lines: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    const end = bytes.indexOf(0);
    lines.push(decodeBytes(Uint8Array.from(end < 0 ? bytes : bytes.slice(0, end))));
    bytes = [];
  };
  while (lines.length < limit + skip) {
    const chunk = yield* file.read(1);
    if (chunk.length === 0) break;
    if (chunk[0] !== delimiter || !strip) bytes.push(chunk[0]!);
    if (chunk[0] === delimiter) flush();
  }
  if (bytes.length > 0) flush();
  const values = lines
    .slice(skip)
    .map((value, i) => ({ value, key: origin === undefined ? undefined : String(origin + i) }));
  shell.variables.setArray(
    name,
    values.map(({ value, key }) => (key === undefined ? { value } : { value, key })),
    origin !== undefined,
  );
  return 0;
};
