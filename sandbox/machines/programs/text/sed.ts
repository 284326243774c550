/** sed(1) (GNU sed 4.9): scripts read into commands, then run over the lines. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process, Program } from '../../process.ts';
import { OptionError, type Options, parseOptions } from '../getopt.ts';
import { LineReader, Output, openInput } from '../io.ts';
import { matchingCost, type Regex } from '../regex/regex.ts';
import { type Address, parseSed, type SedCommand, SedError } from './sed-parse.ts';

const SPEC = {
  short: 'bEe:f:i::l:nrsuz',
  long: {
    quiet: 'n',
    silent: 'n',
    expression: 'e:',
    file: 'f:',
    'in-place': 'i::',
    'regexp-extended': 'E',
    separate: 's',
    unbuffered: 'u',
    'null-data': 'z',
    help: 'help',
    version: 'version',
    posix: 'posix',
    debug: 'debug',
  },
};

/** Microseconds of CPU time that a command takes for each character of the pattern space, and `y` beside. */
const COPYING = 1 / 2_000;
const TRANSLITERATING = 1 / 50;
/** Characters that `y` works on between two looks at its signals. */
const PART = 65_536;

/** As sed 4.9 prints it. */
const USAGE = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
                 suppress automatic printing of pattern space
      --debug
                 annotate program execution
  -e script, --expression=script
                 add the script to the commands to be executed
  -f script-file, --file=script-file
                 add the contents of script-file to the commands to be executed
  --follow-symlinks
                 follow symlinks when processing in place
  -i[SUFFIX], --in-place[=SUFFIX]
                 edit files in place (makes backup if SUFFIX supplied)
  -l N, --line-length=N
                 specify the desired line-wrap length for the \`l' command
  --posix
                 disable all GNU extensions.
  -E, -r, --regexp-extended
                 use extended regular expressions in the script
                 (for portability use POSIX -E).
  -s, --separate
                 consider files as separate rather than as a single,
                 continuous long stream.
      --sandbox
                 operate in sandbox mode (disable e/r/w commands).
  -u, --unbuffered
                 load minimal amounts of data from the input files and flush
                 the output buffers more often
  -z, --null-data
                 separate lines by NUL characters
      --help     display this help and exit
      --version  output version information and exit

If no -e, --expression, -f, or --file option is given, then the first
non-option argument is taken as the sed script to interpret.  All
remaining arguments are names of input files; if no input files are
specified, then the standard input is read.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
`;

export const sed: Program = function* (process, argv) {
  let options: Options;
  try {
    options = parseOptions(argv.slice(1), SPEC);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* process.error(`sed: ${error.message}\n${USAGE}`);
    return 1;
  }
  if (options.has('version')) {
    yield* process.print('sed (GNU sed) 4.9\n');
    return 0;
  }
  const operands = [...options.operands];
  const scripts: string[] = [];
  for (const [name, value] of options.list) {
    if (name === 'e') scripts.push(value);
    else if (name === 'f') {
      try {
        scripts.push((yield* process.readText(value)).replace(/\n$/, ''));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* process.error(`sed: couldn't open file ${value}: ${error.message}\n`);
        return 1;
      }
    }
  }
  if (scripts.length === 0) {
    const script = operands.shift();
    if (script === undefined || options.has('help')) {
      yield* options.has('help') ? process.print(USAGE) : process.error(USAGE);
      return options.has('help') ? 0 : 1;
    }
    scripts.push(script);
  }
  if (options.has('i') && operands.length === 0) {
    yield* process.error('sed: no input files\n');
    return 4;
  }
  try {
    const commands = parseSed(scripts.join('\n'), options.has('E') || options.has('r'));
    const first = /^#n(\n|$)/.test(scripts[0]!);
    return yield* new Editor(process, commands, options, first).run(operands.length > 0 ? operands : ['-']);
  } catch (error) {
    if (error instanceof SedFailure) {
      yield* process.error(`sed: ${error.message}\n`);
      return error.status;
    }
    if (!(error instanceof SedError)) throw error;
    yield* process.error(`sed: -e expression #1, ${error.message}\n`);
    return 1;
  }
};

/** What ends it with a message and a status, outside the script's text. */
class SedFailure extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The script at work. */
class Editor {
  readonly #process: Process;
  readonly #commands: readonly SedCommand[];
  readonly #quiet: boolean;
  readonly #inPlace: string | undefined;
  readonly #separate: boolean;
  /** What ends a line. */
  readonly #end: string;
  readonly #labels = new Map<string, number>();
  readonly #active = new Map<SedCommand, number>();
  /** What `w` writes to. */
  readonly #writers = new Map<string, { readonly file: OpenFile; readonly out: Output }>();
  /** The new file of -i, until it takes the old one's place. */
  #edited: { readonly file: OpenFile; readonly out: Output; readonly path: string } | undefined;
  #held = 0;
  #out: Output;
  #inputs: string[] = [];
  #reader: LineReader | undefined;
  #path = '';
  #ahead: string | undefined;
  #aheadTerminated = true;
  #lookedAhead = false;
  #pattern = '';
  #hold = '';
  #line = 0;
  #terminated = true;
  #appended: (() => Task<string>)[] = [];
  #substituted = false;
  #last: Regex | undefined;
  #status = 0;

  constructor(process: Process, commands: readonly SedCommand[], options: Options, quiet: boolean) {
    this.#process = process;
    this.#commands = commands;
    this.#quiet = quiet || options.has('n');
    this.#inPlace = options.get('i');
    this.#separate = options.has('s') || this.#inPlace !== undefined;
    this.#end = options.has('z') ? '\0' : '\n';
    this.#out = new Output(process.stdout);
    commands.forEach((command, i) => {
      if (command.name === ':') this.#labels.set(command.text, i);
    });
    for (const { name, text } of commands)
      if ('btT'.includes(name) && text !== '' && !this.#labels.has(text))
        throw new SedFailure(`can't find label for jump to \`${text}'`, 4);
  }

  *run(inputs: readonly string[]): Task<number> {
    this.#inputs = [...inputs];
    try {
      yield* this.#openWriters();
      while (yield* this.#next()) {
        const done = yield* this.#cycle();
        if (done) break;
      }
      yield* this.#finishFile();
      yield* this.#out.flush();
      for (const { out } of this.#writers.values()) yield* out.flush();
      return this.#status;
    } catch (error) {
      if (isErrno(error, 'ENOMEM')) {
        yield* this.#out.flush();
        yield* this.#process.error('sed: memory exhausted\n');
        return 4;
      }
      if (!isErrno(error)) throw error;
      yield* this.#process.error(`sed: couldn't write to output: ${error.message}\n`);
      return 4;
    } finally {
      this.#reader?.release();
      for (const { file } of this.#writers.values()) file.release();
      if (this.#edited) this.#edited.file.release();
    }
  }

  /** Files to write are emptied before the first line is read. */
  *#openWriters(): Task<void> {
    for (const command of this.#commands) {
      const path = command.name === 'w' ? command.text : command.file;
      if (path === undefined || path === '/dev/stdout' || path === '/dev/stderr' || this.#writers.has(path)) continue;
      try {
        const file = yield* this.#process.open(path, { write: true, create: true, truncate: true });
        this.#writers.set(path, { file, out: new Output(file) });
      } catch (error) {
        if (!isErrno(error)) throw error;
        throw new SedFailure(`couldn't open file ${path}: ${error.message}`, 4);
      }
    }
  }

  /** What the pattern and the hold space take, counted as memory where they grow. */
  #measure(): void {
    const size = this.#pattern.length + this.#hold.length;
    if (size < 65_536 && this.#held === 0) return;
    this.#process.hold(size - this.#held);
    this.#held = size;
  }

  // Input

  *#advance(): Task<string | undefined> {
    for (;;) {
      if (!this.#reader) {
        const path = this.#inputs.shift();
        if (path === undefined) return undefined;
        try {
          this.#reader = new LineReader(this.#process, yield* openInput(this.#process, path), this.#end);
          this.#path = path;
          if (this.#separate) this.#line = 0;
        } catch (error) {
          if (!isErrno(error)) throw error;
          yield* this.#out.flush();
          const words =
            error.code === 'EISDIR'
              ? `couldn't edit ${path}: not a regular file`
              : `can't read ${path}: ${error.message}`;
          yield* this.#process.error(
            error.code === 'EISDIR' && this.#inPlace === undefined
              ? `sed: couldn't read ${path}: Is a directory\n`.replace("couldn't read", 'read error on')
              : `sed: ${words}\n`,
          );
          this.#status = error.code === 'EISDIR' ? 4 : 2;
          continue;
        }
      }
      const line = yield* this.#reader.next();
      if (line !== undefined) {
        this.#aheadTerminated = this.#reader.terminated;
        return line;
      }
      this.#reader.release();
      this.#reader = undefined;
      if (this.#inPlace !== undefined) {
        this.#fileEnded = true;
        return undefined;
      }
    }
  }

  #fileEnded = false;

  *#peek(): Task<string | undefined> {
    if (!this.#lookedAhead) {
      this.#ahead = yield* this.#advance();
      this.#lookedAhead = true;
    }
    return this.#ahead;
  }

  *#isLast(): Task<boolean> {
    return (yield* this.#peek()) === undefined;
  }

  /** Takes the next line into the pattern space. */
  *#next(append = false): Task<boolean> {
    let line = yield* this.#peek();
    this.#lookedAhead = false;
    while (line === undefined && this.#fileEnded) {
      this.#fileEnded = false;
      yield* this.#finishFile();
      this.#line = 0;
      line = yield* this.#advance();
    }
    if (line === undefined) return false;
    this.#terminated = this.#aheadTerminated;
    this.#pattern = append ? `${this.#pattern}${this.#end}${line}` : line;
    this.#line++;
    yield* this.#process.spend(8 + line.length / 50);
    return true;
  }

  *#finishFile(): Task<void> {
    if (this.#inPlace === undefined || this.#path === '') return;
    const stat = yield* this.#process.stat(this.#path);
    // GNU sed writes a new file and renames it: the inode changes, the mode stays.
    const { path: temporary, file, out } = yield* this.#editing();
    yield* this.#copyRest(out);
    yield* out.flush();
    file.release();
    this.#edited = undefined;
    yield* this.#process.chmod(temporary, stat.mode);
    if (this.#inPlace !== '') yield* this.#process.rename(this.#path, this.#backup());
    yield* this.#process.rename(temporary, this.#path);
    this.#path = '';
  }

  #backup(): string {
    const suffix = this.#inPlace!;
    const [directory, name] = [this.#path.replace(/[^/]*$/, ''), this.#path.split('/').at(-1)!];
    const backup = suffix.includes('*') ? suffix.replaceAll('*', name) : name + suffix;
    return backup.includes('/') ? backup : directory + backup;
  }

  /** The new file beside the old one, made at the first need. */
  *#editing(): Task<{ readonly file: OpenFile; readonly out: Output; readonly path: string }> {
    if (!this.#edited) {
      const path = `${this.#path.replace(/[^/]*$/, '')}sed${this.#process.random.hex(6)}`;
      const file = yield* this.#process.open(path, { write: true, create: true, exclusive: true }, 0o600);
      this.#edited = { file, out: new Output(file), path };
    }
    return this.#edited;
  }

  /** After `q`, the rest of a file that is edited in place stays as it is (GNU sed, dump_append). */
  *#copyRest(out: Output): Task<void> {
    const reader = this.#reader;
    if (!reader) return;
    if (this.#lookedAhead && this.#ahead !== undefined)
      yield* out.write(this.#ahead + (this.#aheadTerminated ? this.#end : ''));
    for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next())
      yield* out.write(line + (reader.terminated ? this.#end : ''));
  }

  *#write(text: string): Task<void> {
    yield* (this.#inPlace === undefined ? this.#out : (yield* this.#editing()).out).write(text);
  }

  *#printPattern(): Task<void> {
    yield* this.#write(this.#pattern + (this.#terminated ? this.#end : ''));
  }

  // Running

  /** One line through the script; true if sed quits. */
  *#cycle(): Task<boolean> {
    let ended: 'quit' | 'delete' | undefined;
    let quiet = false;
    restart: for (;;) {
      ended = undefined;
      for (let i = 0; i < this.#commands.length; i++) {
        const command = this.#commands[i]!;
        this.#measure();
        yield* this.#process.spend(8 + matchingCost() + this.#pattern.length * COPYING);
        if (!(yield* this.#selected(command))) {
          if (command.name === '{') i = command.end!;
          continue;
        }
        const effect = yield* this.#execute(command);
        if (effect === undefined) continue;
        if (typeof effect === 'number') {
          i = effect;
          continue;
        }
        if (effect === 'restart') {
          yield* this.#flushAppended();
          continue restart;
        }
        if (effect === 'quit-silently') quiet = true;
        ended = effect === 'delete' || effect === 'end' ? (effect === 'delete' ? 'delete' : undefined) : 'quit';
        break;
      }
      break;
    }
    if (ended !== 'delete' && !quiet && !this.#quiet) yield* this.#printPattern();
    yield* this.#flushAppended();
    this.#substituted = false;
    return ended === 'quit';
  }

  *#flushAppended(): Task<void> {
    for (const make of this.#appended) yield* this.#write(yield* make());
    this.#appended = [];
  }

  *#selected(command: SedCommand): Task<boolean> {
    const { first, second, negated } = command;
    let inside: boolean;
    if (!first) inside = true;
    else if (!second) inside = yield* this.#at(first);
    else inside = yield* this.#range(command, first, second);
    return inside !== negated;
  }

  *#range(command: SedCommand, first: Address, second: Address): Task<boolean> {
    const end = this.#active.get(command);
    if (end !== undefined) {
      const over =
        second.type === 'regex'
          ? yield* this.#at(second)
          : second.type === 'last'
            ? yield* this.#isLast()
            : this.#line >= end;
      if (over) this.#active.delete(command);
      if (second.type === 'line' && this.#line > end) return false;
      return true;
    }
    const begins = first.type === 'zero' ? this.#line === 1 && !this.#zeroUsed.has(command) : yield* this.#at(first);
    if (first.type === 'zero' && begins) {
      this.#zeroUsed.add(command);
      if (!(yield* this.#at(second))) this.#active.set(command, Number.POSITIVE_INFINITY);
      return true;
    }
    if (!begins) return false;
    const last = this.#endOf(second);
    if (last === undefined || last > this.#line) this.#active.set(command, last ?? Number.POSITIVE_INFINITY);
    return true;
  }

  readonly #zeroUsed = new Set<SedCommand>();

  #endOf(second: Address): number | undefined {
    if (second.type === 'line') return second.line;
    if (second.type === 'plus') return this.#line + second.line;
    if (second.type === 'multiple') return Math.ceil(this.#line / second.line) * second.line;
    return undefined;
  }

  *#at(address: Address): Task<boolean> {
    switch (address.type) {
      case 'line':
        return this.#line === address.line;
      case 'step':
        return address.step === 0
          ? this.#line === address.line
          : this.#line >= address.line && (this.#line - address.line) % address.step === 0;
      case 'last':
        return yield* this.#isLast();
      case 'regex':
        return this.#regex(address.regex).test(this.#pattern);
      default:
        return false;
    }
  }

  /** The empty expression is the one used last. */
  #regex(regex: Regex | undefined): Regex {
    if (regex) this.#last = regex;
    if (!this.#last) throw new SedError('char 0: no previous regular expression');
    return this.#last;
  }

  *#execute(command: SedCommand): Task<number | 'delete' | 'end' | 'quit' | 'quit-silently' | 'restart' | undefined> {
    switch (command.name) {
      case '{':
      case '}':
      case ':':
        return undefined;
      case '=':
        yield* this.#write(`${this.#line}\n`);
        return undefined;
      case 'a':
        this.#appended.push(function* () {
          return `${command.text}\n`;
        });
        return undefined;
      case 'i':
        yield* this.#write(`${command.text}\n`);
        return undefined;
      case 'c':
        if (!command.second || command.negated || !this.#active.has(command)) yield* this.#write(`${command.text}\n`);
        return 'delete';
      case 'd':
        return 'delete';
      case 'D': {
        const at = this.#pattern.indexOf('\n');
        if (at < 0) return 'delete';
        this.#pattern = this.#pattern.slice(at + 1);
        return 'restart';
      }
      case 'g':
        this.#pattern = this.#hold;
        return undefined;
      case 'G':
        this.#pattern += `\n${this.#hold}`;
        return undefined;
      case 'h':
        this.#hold = this.#pattern;
        return undefined;
      case 'H':
        this.#hold += `\n${this.#pattern}`;
        return undefined;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        return undefined;
      case 'l':
        yield* this.#write(`${unambiguous(this.#pattern)}\n`);
        return undefined;
      case 'n':
        if (yield* this.#isLast()) return 'quit';
        if (!this.#quiet) yield* this.#printPattern();
        yield* this.#flushAppended();
        yield* this.#next();
        return undefined;
      case 'N':
        if (yield* this.#isLast()) return 'quit';
        yield* this.#flushAppended();
        yield* this.#next(true);
        return undefined;
      case 'p':
        yield* this.#write(`${this.#pattern}\n`);
        return undefined;
      case 'P':
        yield* this.#write(`${this.#pattern.split('\n', 1)[0]}\n`);
        return undefined;
      case 'q':
        // A file that could not be read counts for more (sed.c).
        if (this.#status === 0) this.#status = command.number ?? 0;
        return 'quit';
      case 'Q':
        if (this.#status === 0) this.#status = command.number ?? 0;
        return 'quit-silently';
      case 'r': {
        const process = this.#process;
        this.#appended.push(function* () {
          try {
            return yield* process.readText(command.text);
          } catch (error) {
            if (isErrno(error)) return '';
            throw error;
          }
        });
        return undefined;
      }
      case 'w':
        yield* this.#toFile(command.text, `${this.#pattern}\n`);
        return undefined;
      case 'y':
        this.#pattern = yield* this.#transliterated(command.map!);
        return undefined;
      case 's':
        return yield* this.#substitute(command);
      case 'b':
        return this.#jump(command.text);
      case 't':
        if (!this.#substituted) return undefined;
        this.#substituted = false;
        return this.#jump(command.text);
      case 'T':
        if (this.#substituted) {
          this.#substituted = false;
          return undefined;
        }
        return this.#jump(command.text);
      case 'z':
        this.#pattern = '';
        return undefined;
      case 'F':
        yield* this.#write(`${this.#path}\n`);
        return undefined;
      default:
        return undefined;
    }
  }

  #jump(label: string): number | 'end' {
    if (label === '') return 'end';
    const at = this.#labels.get(label);
    return at ?? 'end';
  }

  *#toFile(path: string, text: string): Task<void> {
    if (path === '/dev/stdout') yield* this.#out.write(text);
    else if (path === '/dev/stderr') yield* this.#process.error(text);
    else yield* this.#writers.get(path)!.out.write(text);
  }

  /** Its parts, so that a key is heard meanwhile. */
  *#transliterated(map: ReadonlyMap<string, string>): Task<string> {
    const text = this.#pattern;
    const mapped = new RegExp(
      `[${[...map.keys()].map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join('')}]`,
      'gu',
    );
    let out = '';
    for (let at = 0; at < text.length; ) {
      let end = Math.min(at + PART, text.length);
      // A character that takes two places is not cut.
      if (text.codePointAt(end - 1)! > 0xffff) end++;
      yield* this.#process.spend((end - at) * TRANSLITERATING);
      out += text.slice(at, end).replace(mapped, (c) => map.get(c)!);
      at = end;
    }
    return out;
  }

  *#substitute(command: SedCommand): Task<undefined> {
    const regex = this.#regex(command.regex);
    const text = this.#pattern;
    const replacement = command.replacement!;
    let out = '';
    let at = 0;
    let count = 0;
    let from = 0;
    let done = false;
    let lastEnd = -1;
    while (from <= text.length) {
      const match = regex.exec(text, from, { notBol: false });
      if (!match) break;
      // An empty match right after the last one does not count.
      if (match.end === match.index && match.index === lastEnd) {
        from++;
        continue;
      }
      count++;
      if (count >= (command.number ?? 1)) {
        out += text.slice(at, match.index) + replacement(match.groups);
        at = match.end;
        done = true;
        if (!command.global) break;
      }
      lastEnd = match.end;
      from = match.end === match.index ? match.end + 1 : match.end;
    }
    if (!done) return undefined;
    this.#pattern = out + text.slice(at);
    this.#substituted = true;
    if (command.print) yield* this.#write(`${this.#pattern}\n`);
    if (command.file !== undefined) yield* this.#toFile(command.file, `${this.#pattern}\n`);
    return undefined;
  }
}

const unambiguous = (text: string): string =>
  `${text.replace(/[\\\x00-\x1f\x7f]/g, (c) => ({ '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' })[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}$`;
