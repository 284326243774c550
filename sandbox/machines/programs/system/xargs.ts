/** xargs(1): command lines made of what is read, several at once with -P (findutils xargs.c). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process } from '../../process.ts';
import { encode } from '../bytes.ts';
import { LineReader, openInput } from '../io.ts';
import { awaitChild, ForkError, startCommand } from '../run.ts';
import { type Tool, tool } from '../tool.ts';

export const xargs = tool(
  'xargs',
  {
    short: '+0a:d:E:I:i::L:l::n:P:prs:tx',
    long: {
      null: '0',
      'arg-file': 'a:',
      delimiter: 'd:',
      replace: 'I:',
      'max-lines': 'L:',
      'max-args': 'n:',
      'max-procs': 'P:',
      'no-run-if-empty': 'r',
      verbose: 't',
      interactive: 'p',
    },
    usage: 'xargs [OPTION]... COMMAND [INITIAL-ARGS]...',
    version: 'xargs (GNU findutils) 4.9.0',
  },
  function* (tool) {
    const numbers: Record<string, number> = {};
    for (const [letter, least] of [
      ['n', 1],
      ['L', 1],
      ['P', 0],
      ['s', 1],
    ] as const) {
      const text = tool.get(letter);
      if (text === undefined) continue;
      if (!/^\d+$/.test(text)) return yield* tool.usage(`invalid number "${text}" for -${letter} option`);
      if (Number(text) < least) return yield* tool.usage(`value ${text} for -${letter} option should be >= ${least}`);
      numbers[letter] = Number(text);
    }
    const given = tool.get('d');
    const delimiter = tool.has('0') ? '\0' : given === undefined ? undefined : delimiterOf(given);
    if (given !== undefined && delimiter === undefined) {
      yield* tool.complain(
        `Invalid input delimiter specification ${given}: the delimiter must be either a single character or an escape sequence starting with \\.`,
      );
      return 1;
    }
    const replace = tool.get('I') ?? (tool.has('i') ? tool.get('i') || '{}' : undefined);
    const lines = numbers.L ?? (tool.has('l') ? Number(tool.get('l') || 1) : undefined);
    const path = tool.get('a') ?? '-';
    let file: OpenFile;
    try {
      file = yield* openInput(tool.process, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* tool.complain(`Cannot open input file ‘${path}’: ${error.message}`);
      return 1;
    }
    const reader = new LineReader(tool.process, file, delimiter ?? '\n');
    const batches = new Batches(tool, reader, delimiter, replace !== undefined || lines !== undefined);
    try {
      return yield* new Runner(tool, numbers.P ?? 1).run(commandsOf(tool, batches, replace, lines, numbers));
    } catch (error) {
      if (!(error instanceof XargsError)) throw error;
      yield* tool.complain(error.message);
      return 1;
    } finally {
      reader.release();
    }
  },
);

class XargsError extends Error {}

function delimiterOf(text: string): string | undefined {
  if ([...text].length === 1) return text;
  const named = { '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\\\': '\\', '\\r': '\r', '\\v': '\v', '\\f': '\f' }[text];
  const code = /^\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3}))$/.exec(text);
  return named ?? (code ? String.fromCharCode(Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 8)) : undefined);
}

/** What a command line may take where -s says nothing: 128 KiB, as xargs has it. */
const LINE_LIMIT = 131_072;

type Next<T> = () => Task<T | undefined>;

/** The commands, each made when the one before has been started. */
function commandsOf(
  tool: Tool,
  batches: Batches,
  replace: string | undefined,
  lines: number | undefined,
  numbers: Readonly<Record<string, number>>,
): Next<string[]> {
  const base = tool.operands.length > 0 ? tool.operands : ['echo'];
  const sizeOf = (argv: readonly string[]) => argv.reduce((sum, word) => sum + encode(word).length + 1, 0);
  const limit = Math.min(numbers.s ?? LINE_LIMIT, LINE_LIMIT);
  if (replace !== undefined)
    return function* () {
      const items = yield* batches.next();
      return items && base.map((word) => word.replaceAll(replace, items.join(' ')));
    };
  let any = false;
  if (lines !== undefined)
    return function* () {
      const argv = [...base];
      for (let n = 0; n < lines; n++) {
        const items = yield* batches.next();
        if (!items) break;
        for (const item of items) argv.push(item);
        any = true;
      }
      if (sizeOf(argv) > limit) throw new XargsError('argument line too long');
      if (argv.length > base.length) return argv;
      const first = !any && !tool.has('r');
      any = true;
      return first ? argv : undefined;
    };
  const waiting: string[] = [];
  let at = 0;
  return function* () {
    const argv = [...base];
    let size = sizeOf(base);
    while (argv.length - base.length < (numbers.n ?? Number.POSITIVE_INFINITY)) {
      if (at >= waiting.length) {
        const items = yield* batches.next();
        if (!items) break;
        waiting.length = 0;
        at = 0;
        for (const item of items) waiting.push(item);
        continue;
      }
      const more = encode(waiting[at]!).length + 1;
      if (size + more > limit) {
        if (argv.length === base.length) throw new XargsError('argument line too long');
        if (numbers.n !== undefined && tool.has('x')) throw new XargsError('argument list too long');
        break;
      }
      size += more;
      argv.push(waiting[at++]!);
    }
    const empty = argv.length === base.length;
    const first = !any;
    any = true;
    return empty && (!first || tool.has('r')) ? undefined : argv;
  };
}

/** Keeps up to `parallel` commands running; the worst of their statuses is xargs' own. */
class Runner {
  readonly #tool: Tool;
  readonly #parallel: number;
  readonly #children: { readonly child: Process; readonly name: string }[] = [];
  #status = 0;
  #null: OpenFile | undefined;

  constructor(tool: Tool, parallel: number) {
    this.#tool = tool;
    this.#parallel = parallel === 0 ? Number.POSITIVE_INFINITY : parallel;
  }

  *run(next: Next<string[]>): Task<number> {
    try {
      return yield* this.#all(next);
    } finally {
      this.#null?.release();
    }
  }

  *#all(next: Next<string[]>): Task<number> {
    try {
      for (let argv = yield* next(); argv; argv = yield* next()) {
        while (this.#children.length >= this.#parallel) {
          const stop = yield* this.#reap();
          if (stop !== undefined) return stop;
        }
        if (this.#tool.has('p')) {
          if (!(yield* this.#agreed(argv))) continue;
        } else if (this.#tool.has('t')) yield* this.#tool.process.error(`${argv.join(' ')}\n`);
        const started = yield* this.#start(argv);
        if ('status' in started) return started.status;
        this.#children.push({ child: started.child, name: argv[0]! });
        // One at a time: what it says decides whether there is a next one.
        if (this.#parallel === 1) {
          const stop = yield* this.#reap();
          if (stop !== undefined) return stop;
        }
      }
    } catch (error) {
      if (!(error instanceof XargsError)) throw error;
      yield* this.#tool.complain(error.message);
      this.#status = 1;
    }
    while (this.#children.length > 0) {
      const stop = yield* this.#reap();
      if (stop !== undefined) return stop;
    }
    return this.#status;
  }

  /** -p: whoever sits at the terminal is asked of each command; what is read is the items'. */
  *#agreed(argv: readonly string[]): Task<boolean> {
    const { process } = this.#tool;
    yield* process.error(argv.join(' '));
    let terminal: OpenFile;
    try {
      terminal = yield* process.open('/dev/tty', { read: true });
    } catch (error) {
      if (!isErrno(error)) throw error;
      throw new XargsError(`failed to open /dev/tty for reading: ${error.message}`);
    }
    yield* process.error('?...');
    const reader = new LineReader(process, terminal);
    try {
      return /^[yY]/.test((yield* reader.next()) ?? '');
    } finally {
      reader.release();
    }
  }

  /** Where there is no process more, one of xargs' own may end and make room. */
  *#start(argv: readonly string[]): Task<{ child: Process } | { status: number }> {
    for (;;) {
      try {
        return yield* startCommand(this.#tool.process, argv, 'xargs: ', { files: yield* this.#files() });
      } catch (error) {
        if (!(error instanceof ForkError)) throw error;
        if (this.#children.length === 0) {
          yield* this.#tool.complain(`cannot fork: ${error.message}`);
          return { status: 1 };
        }
        const stop = yield* this.#reap();
        if (stop !== undefined) return { status: stop };
      }
    }
  }

  /** Commands read nothing of what xargs reads. */
  *#files(): Task<Map<number, OpenFile>> {
    this.#null ??= yield* this.#tool.process.open('/dev/null', { read: true });
    return new Map(this.#tool.process.files).set(0, this.#null);
  }

  *#reap(): Task<number | undefined> {
    const { child, name } = this.#children.shift()!;
    const code = yield* awaitChild(this.#tool.process, child);
    if (code === 255) {
      yield* this.#tool.complain(`${name}: exited with status 255; aborting`);
      return 124;
    }
    if (code > 128) {
      yield* this.#tool.complain(`${name}: terminated by signal ${code - 128}`);
      return 125;
    }
    if (code !== 0 && this.#status === 0) this.#status = 123;
    return undefined;
  }
}

/** Items as they are read, grouped by the line they stand on. */
class Batches {
  readonly #tool: Tool;
  readonly #reader: LineReader;
  readonly #delimiter: string | undefined;
  /** An item is a whole line (-I). */
  readonly #whole: boolean;
  readonly #end: string | undefined;
  #ended = false;

  constructor(tool: Tool, reader: LineReader, delimiter: string | undefined, whole: boolean) {
    this.#tool = tool;
    this.#reader = reader;
    this.#delimiter = delimiter;
    this.#whole = whole && !tool.has('L', 'l');
    this.#end = delimiter === undefined ? tool.get('E') : undefined;
  }

  *next(): Task<string[] | undefined> {
    for (;;) {
      if (this.#ended) return undefined;
      let line = yield* this.#reader.next();
      if (line === undefined) return undefined;
      yield* this.#tool.process.spend(1 + line.length / 200);
      if (this.#delimiter !== undefined) return [line];
      // A backslash before a newline takes it into the item.
      while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) {
        const more = yield* this.#reader.next();
        if (more === undefined) break;
        line += `\n${more}`;
      }
      const items = this.#split(line);
      const stop = this.#end === undefined || this.#end === '' ? -1 : items.indexOf(this.#end);
      if (stop >= 0) {
        this.#ended = true;
        items.length = stop;
      }
      if (items.length > 0) return items;
    }
  }

  #split(line: string): string[] {
    const items: string[] = [];
    let item: string | undefined;
    let quote = '';
    for (let i = 0; i < line.length; i++) {
      const c = line[i]!;
      if (quote !== '') {
        if (c === quote) quote = '';
        else item = (item ?? '') + c;
      } else if (c === '\\') item = (item ?? '') + (line[++i] ?? '');
      else if (c === "'" || c === '"') {
        quote = c;
        item ??= '';
      } else if ((c === ' ' || c === '\t') && !(this.#whole && item !== undefined)) {
        if (item !== undefined) items.push(item);
        item = undefined;
      } else item = (item ?? '') + c;
    }
    if (quote !== '')
      throw new XargsError(
        `unmatched ${quote === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option`,
      );
    if (item !== undefined) items.push(item);
    return items;
  }
}
