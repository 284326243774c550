/** Reads sed scripts. */

import { joinBytes, rawByte } from '../../byte-text.ts';
import { compileRegex, type Regex, RegexError } from '../regex/regex.ts';

export type Address =
  | { type: 'zero' }
  | { type: 'line'; line: number }
  | { type: 'step'; line: number; step: number }
  | { type: 'last' }
  | { type: 'regex'; regex: Regex | undefined }
  | { type: 'plus'; line: number }
  | { type: 'multiple'; line: number };

export interface SedCommand {
  readonly name: string;
  readonly first: Address | undefined;
  readonly second: Address | undefined;
  readonly negated: boolean;
  text: string;
  /** Of `{`: the index of its `}`. */
  end?: number;
  regex?: Regex | undefined;
  replacement?: (groups: readonly (string | undefined)[]) => string;
  map?: ReadonlyMap<string, string>;
  global?: boolean;
  print?: boolean;
  number?: number | undefined;
  file?: string;
}

/** `char N: …` */
export class SedError extends Error {}

export const parseSed = (script: string, extended: boolean): SedCommand[] => new Parser(script, extended).run();

class Parser {
  readonly #script: string;
  readonly #extended: boolean;
  #at = 0;

  constructor(script: string, extended: boolean) {
    this.#script = script;
    this.#extended = extended;
  }

  run(): SedCommand[] {
    const commands: SedCommand[] = [];
    const open: number[] = [];
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.#script.length) break;
      if (this.#script[this.#at] === '#') {
        this.#line();
        continue;
      }
      const command = this.#command();
      const index = commands.push(command) - 1;
      if (command.name === '{') open.push(index);
      if (command.name === '}') {
        const start = open.pop();
        if (start === undefined) this.#fail("unexpected `}'");
        commands[start]!.end = index;
      }
    }
    if (open.length > 0) throw new SedError("char 0: unmatched `{'");
    return commands;
  }

  #fail(message: string): never {
    throw new SedError(`char ${this.#at}: ${message}`);
  }

  #skip(pattern: RegExp): void {
    while (this.#at < this.#script.length && pattern.test(this.#script[this.#at]!)) this.#at++;
  }

  #line(): string {
    const end = this.#script.indexOf('\n', this.#at);
    const text = this.#script.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#script.length : end + 1;
    return text;
  }

  #command(): SedCommand {
    const first = this.#address();
    let second: Address | undefined;
    this.#skip(/[ \t]/);
    if (first && this.#script[this.#at] === ',') {
      this.#at++;
      this.#skip(/[ \t]/);
      second = this.#address(true);
      if (!second) this.#fail("unexpected `,'");
    }
    if (first?.type === 'zero' && second?.type !== 'regex') this.#fail('invalid usage of line address 0');
    this.#skip(/[ \t]/);
    let negated = false;
    while (this.#script[this.#at] === '!') {
      negated = true;
      this.#at++;
      this.#skip(/[ \t]/);
    }
    const name = this.#script[this.#at++];
    if (name === undefined) this.#fail('missing command');
    const command: SedCommand = { name, first, second, negated, text: '' };
    this.#arguments(command);
    return command;
  }

  #address(second = false): Address | undefined {
    const rest = this.#script.slice(this.#at);
    const number = /^(\d+)(?:~(\d+))?/.exec(rest);
    if (number) {
      this.#at += number[0].length;
      if (number[2] !== undefined) return { type: 'step', line: Number(number[1]), step: Number(number[2]) };
      return number[1] === '0' && !second ? { type: 'zero' } : { type: 'line', line: Number(number[1]) };
    }
    const offset = second ? /^([+~])(\d+)/.exec(rest) : null;
    if (offset) {
      this.#at += offset[0].length;
      return { type: offset[1] === '+' ? 'plus' : 'multiple', line: Number(offset[2]) };
    }
    if (rest[0] === '$') {
      this.#at++;
      return { type: 'last' };
    }
    if (rest[0] !== '/' && rest[0] !== '\\') return undefined;
    if (rest[0] === '\\') this.#at++;
    const delimiter = this.#script[this.#at++]!;
    const source = this.#until(delimiter, 'unterminated address regex', true);
    const flags = /^[IM]*/.exec(this.#script.slice(this.#at))![0];
    this.#at += flags.length;
    return { type: 'regex', regex: this.#regex(source, flags.includes('I'), flags.includes('M')) };
  }

  /** Up to an unescaped delimiter; inside brackets it does not count. */
  #until(delimiter: string, complaint: string, regex: boolean): string {
    let out = '';
    let bracket = false;
    for (; this.#at < this.#script.length; this.#at++) {
      const c = this.#script[this.#at]!;
      if (c === '\\' && !bracket) {
        const next = this.#script[++this.#at];
        if (next === undefined) break;
        if (next === delimiter && delimiter !== '\\')
          out += regex && /[.[\]{}()*+?^$|]/.test(delimiter) ? `\\${next}` : regex || next !== '&' ? next : `\\${next}`;
        else out += c + next;
        continue;
      }
      if (regex && c === '[' && !bracket) {
        bracket = true;
        out += c;
        if (this.#script[this.#at + 1] === '^') out += this.#script[++this.#at]!;
        if (this.#script[this.#at + 1] === ']') out += this.#script[++this.#at]!;
        continue;
      }
      if (bracket && c === '[' && /[:.=]/.test(this.#script[this.#at + 1] ?? '')) {
        const close = this.#script.indexOf(`${this.#script[this.#at + 1]}]`, this.#at + 2);
        if (close > 0) {
          out += this.#script.slice(this.#at, close + 2);
          this.#at = close + 1;
          continue;
        }
      }
      if (bracket && c === ']') bracket = false;
      else if (c === delimiter && !bracket) {
        this.#at++;
        return out;
      } else if (c === '\n' && regex && !bracket && complaint.includes('address')) break;
      out += c;
    }
    this.#at = this.#script.length;
    this.#fail(complaint);
  }

  #regex(source: string, ignoreCase: boolean, multiline: boolean): Regex | undefined {
    if (source === '') return undefined;
    try {
      return compileRegex(numberedEscapes(unescapeNewline(source)), {
        extended: this.#extended,
        ignoreCase,
        newline: multiline,
      });
    } catch (error) {
      if (error instanceof RegexError) this.#fail(error.message);
      throw error;
    }
  }

  #arguments(command: SedCommand): void {
    switch (command.name) {
      case '{':
        return;
      case '}':
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
      case 'F':
        if (command.name === '}' && command.first) this.#fail("} doesn't want any addresses");
        this.#end();
        return;
      case 'l':
      case 'q':
      case 'Q': {
        this.#skip(/[ \t]/);
        const number = /^\d+/.exec(this.#script.slice(this.#at))?.[0];
        if (number) {
          this.#at += number.length;
          command.number = Number(number);
        }
        this.#end();
        return;
      }
      case ':':
        this.#skip(/[ \t]/);
        command.text = this.#word(/[\n;]/);
        if (command.text === '') this.#fail('":" lacks a label');
        return;
      case 'b':
      case 't':
      case 'T':
        this.#skip(/[ \t]/);
        command.text = this.#word(/[\n;}]/).trim();
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        this.#skip(/[ \t]/);
        command.text = this.#line();
        if (command.text === '') this.#fail('missing filename in r/R/w/W commands');
        return;
      case 'a':
      case 'i':
      case 'c':
        command.text = this.#textArgument();
        return;
      case 's':
        this.#substitution(command);
        return;
      case 'y':
        this.#transliteration(command);
        return;
      default:
        this.#fail(`unknown command: \`${command.name}'`);
    }
  }

  #end(): void {
    this.#skip(/[ \t]/);
    const c = this.#script[this.#at];
    if (c === undefined || c === '}' || c === '#') return;
    this.#at++;
    if (c !== ';' && c !== '\n') this.#fail('extra characters after command');
  }

  #word(stop: RegExp): string {
    const from = this.#at;
    while (this.#at < this.#script.length && !stop.test(this.#script[this.#at]!)) this.#at++;
    return this.#script.slice(from, this.#at);
  }

  /** `a\` and a newline, or GNU's one-line form; continued by backslashes. */
  #textArgument(): string {
    this.#skip(/[ \t]/);
    if (this.#script[this.#at] === '\\') {
      this.#at++;
      const blank = /^[ \t]*\n/.exec(this.#script.slice(this.#at));
      if (blank) this.#at += blank[0].length;
    }
    if (this.#at >= this.#script.length) this.#fail("expected \\ after `a', `c' or `i'");
    let text = '';
    while (this.#at < this.#script.length) {
      const c = this.#script[this.#at++]!;
      if (c === '\n') break;
      if (c === '\\' && this.#at < this.#script.length) {
        const next = this.#script[this.#at++]!;
        text += next === 't' ? '\t' : next;
      } else text += c;
    }
    return text;
  }

  #substitution(command: SedCommand): void {
    const delimiter = this.#script[this.#at++];
    if (delimiter === undefined || delimiter === '\n' || delimiter === '\\') this.#fail("unterminated `s' command");
    const source = this.#until(delimiter, "unterminated `s' command", true);
    const replacement = this.#until(delimiter, "unterminated `s' command", false);
    let ignoreCase = false;
    let multiline = false;
    flags: for (;;) {
      const c = this.#script[this.#at];
      if (c !== undefined && /\d/.test(c)) {
        const digits = /^\d+/.exec(this.#script.slice(this.#at))![0];
        this.#at += digits.length;
        if (Number(digits) === 0) this.#fail("number option to `s' command may not be zero");
        command.number = Number(digits);
        continue;
      }
      switch (c) {
        case 'g':
          command.global = true;
          break;
        case 'p':
          command.print = true;
          break;
        case 'i':
        case 'I':
          ignoreCase = true;
          break;
        case 'm':
        case 'M':
          multiline = true;
          break;
        case 'w':
          this.#at++;
          this.#skip(/[ \t]/);
          command.file = this.#line();
          break flags;
        default:
          if (c === undefined || c === '\n' || c === ';' || c === '}' || c === '#' || c === ' ' || c === '\t')
            break flags;
          this.#at++;
          this.#fail("unknown option to `s'");
      }
      this.#at++;
    }
    command.regex = this.#regex(source, ignoreCase, multiline);
    const groups = command.regex?.groups;
    command.replacement = compileReplacement(numberedEscapes(replacement, /[&\\]/), (group) => {
      if (groups !== undefined && group > groups) this.#fail(`invalid reference \\${group} on \`s' command's RHS`);
    });
    if (command.file === undefined) this.#end();
  }

  #transliteration(command: SedCommand): void {
    const delimiter = this.#script[this.#at++];
    if (delimiter === undefined) this.#fail("unterminated `y' command");
    const take = () => [
      ...this.#until(delimiter, "unterminated `y' command", false).replace(
        /\\([\\nt])/g,
        (_, c: string) => ({ '\\': '\\', n: '\n', t: '\t' })[c]!,
      ),
    ];
    const [from, to] = [take(), take()];
    if (from.length !== to.length) this.#fail("strings for `y' command are different lengths");
    command.map = new Map(from.map((c, i) => [c, to[i]!]));
    this.#end();
  }
}

/** GNU's `\xHH`, `\oNNN`, `\dNNN`: the byte as if it stood there, those of `literal` without their meaning (sed/compile.c, normalize_text). */
const numberedEscapes = (source: string, literal = /$^/): string =>
  joinBytes(
    source.replace(
      /\\(?:x([0-9A-Fa-f]{1,2})|o([0-7]{1,3})|d(\d{1,3})|([\s\S]))/g,
      (whole, hex?: string, octal?: string, decimal?: string) => {
        const digits = hex ?? octal ?? decimal;
        if (digits === undefined) return whole;
        const code = Number.parseInt(digits, hex ? 16 : octal ? 8 : 10) & 255;
        const char = rawByte(code);
        return literal.test(char) ? `\\${char}` : char;
      },
    ),
  );

const unescapeNewline = (source: string): string => source.replace(/\\\\|\\n/g, (m) => (m === '\\n' ? '\n' : m));

type Piece = string | number | { change: string };

/** `&`, `\1`, `\n`, `\U…\E` of a replacement. */
function compileReplacement(
  source: string,
  check: (group: number) => void,
): (groups: readonly (string | undefined)[]) => string {
  const pieces: Piece[] = [];
  let literal = '';
  const push = (piece: Piece): void => {
    if (literal !== '') pieces.push(literal);
    literal = '';
    pieces.push(piece);
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === '&') push(0);
    else if (c === '\\' && i + 1 < source.length) {
      const next = source[++i]!;
      if (/\d/.test(next)) {
        check(Number(next));
        push(Number(next));
      } else if ('ULluE'.includes(next)) push({ change: next });
      else literal += next === 'n' ? '\n' : next === 't' ? '\t' : next;
    } else literal += c;
  }
  if (literal !== '') pieces.push(literal);
  return (groups) => {
    let out = '';
    let mode = '';
    let once = '';
    for (const piece of pieces) {
      if (typeof piece === 'object') {
        if (piece.change === 'l' || piece.change === 'u') once = piece.change;
        else mode = piece.change === 'E' ? '' : piece.change;
        continue;
      }
      let text = typeof piece === 'number' ? (groups[piece] ?? '') : piece;
      if (mode === 'U') text = text.toUpperCase();
      else if (mode === 'L') text = text.toLowerCase();
      if (once !== '' && text !== '') {
        text = (once === 'u' ? text[0]!.toUpperCase() : text[0]!.toLowerCase()) + text.slice(1);
        once = '';
      }
      out += text;
    }
    return out;
  };
}
