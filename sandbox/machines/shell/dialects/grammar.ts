/**
 * The grammar of dash, and of busybox's ash where that knows more: a text is read as dash's parser.c reads it, command by command.
 * What it refuses is told in its words; what bash would read otherwise is written so that bash's parser reads what dash means.
 */

export interface Flavour {
  /** busybox's ash: `function`, `[[`, `&>`, `$'…'`, `<(…)`. */
  readonly ash: boolean;
}

export interface PosixReading {
  /** The complete commands, in words that bash's parser takes for the same. */
  readonly text: string;
  /** What is wrong after them: the message without `Syntax error:`. */
  readonly problem: { readonly words: string; readonly line: number } | undefined;
  /** More lines could still make it right. */
  readonly incomplete: boolean;
}

type Kind = 'word' | 'redirection' | 'newline' | 'end of file' | 'operator' | 'keyword';

interface Token {
  readonly kind: Kind;
  /** The operator or word as it stands. */
  readonly text: string;
  readonly pos: number;
  readonly end: number;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  '! { } case do done elif else esac fi for if in then until while'.split(' '),
);
/** Those of bash that are plain words here. */
const BASH_KEYWORDS: ReadonlySet<string> = new Set(['[[', 'function', 'select', 'time', 'coproc']);
const ENDS_LIST: ReadonlySet<string> = new Set([
  ';;',
  ')',
  '`',
  'do',
  'done',
  'elif',
  'else',
  'esac',
  'fi',
  'then',
  '}',
]);
const SPECIAL: ReadonlySet<string> = new Set(
  '. : break continue eval exec exit export local readonly return set shift times trap unset'.split(' '),
);
const NAME = /^[A-Za-z_]\w*$/;

class Refusal extends Error {
  readonly atEnd: boolean;
  constructor(words: string, atEnd: boolean) {
    super(words);
    this.atEnd = atEnd;
  }
}

const readings = new Map<string, PosixReading>();

export function readPosix(source: string, flavour: Flavour): PosixReading {
  const key = `${flavour.ash}${source}`;
  let reading = readings.get(key);
  if (!reading) {
    if (readings.size > 2000) readings.clear();
    reading = new Reader(source, flavour).read();
    readings.set(key, reading);
  }
  return reading;
}

class Reader {
  readonly #source: string;
  readonly #flavour: Flavour;
  #at = 0;
  #token: Token = { kind: 'newline', text: '\n', pos: 0, end: 0 };
  #pushed = false;
  /** Whether the next token may be a keyword, and whether newlines before it are skipped. */
  #keywords = false;
  #skipNewlines = false;
  #documents: { delimiter: string; strip: boolean }[] = [];
  #openDocument = false;
  #edits: { pos: number; insert: string; remove: number }[] = [];

  constructor(source: string, flavour: Flavour) {
    this.#source = source;
    this.#flavour = flavour;
  }

  read(): PosixReading {
    let unit = 0;
    try {
      for (;;) {
        unit = this.#at;
        this.#pushed = false;
        this.#keywords = false;
        const first = this.#next();
        if (first.kind === 'end of file') break;
        if (first.kind === 'newline') {
          this.#readDocuments();
          continue;
        }
        this.#pushed = true;
        this.#list(1);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const line = lineOf(this.#source, this.#at);
      return { text: this.#written(unit), problem: { words: error.message, line }, incomplete: error.atEnd };
    }
    const trailing = /(^|[^\\])(\\\\)*\\\n?$/.test(this.#source) && !/#[^\n]*\n?$/.test(this.#source);
    return { text: this.#written(this.#source.length), problem: undefined, incomplete: this.#openDocument || trailing };
  }

  /** The source up to `end` with the edits made. */
  #written(end: number): string {
    let out = '';
    let from = 0;
    for (const { pos, insert, remove } of this.#edits.sort((a, b) => a.pos - b.pos)) {
      if (pos >= end && !(pos === end && insert.endsWith('}'))) break;
      out += this.#source.slice(from, pos) + insert;
      from = pos + remove;
    }
    return out + this.#source.slice(from, end);
  }

  #insert(pos: number, insert: string, remove = 0): void {
    if (!this.#edits.some((e) => e.pos === pos && e.insert === insert)) this.#edits.push({ pos, insert, remove });
  }

  // Grammar: the functions of parser.c, by their names

  /** `mode` 1: a line; 0: a list that must not be empty; 2: one that may be. */
  #list(mode: 0 | 1 | 2): void {
    const line = mode === 1;
    let begun = mode === 2;
    for (;;) {
      const first = this.#next(true, !line);
      if (first.kind === 'newline') {
        this.#readDocuments();
        return;
      }
      if (first.kind === 'end of file') {
        this.#endOfList();
        return;
      }
      this.#pushed = true;
      if (begun && !line && ENDS_LIST.has(first.text) && first.kind !== 'word') return;
      begun = true;
      this.#andOr();
      const separator = this.#next();
      if (separator.kind === 'end of file') {
        this.#endOfList();
        return;
      }
      if (separator.kind === 'newline') this.#pushed = true;
      else if (separator.text !== ';' && separator.text !== '&') {
        if (line) this.#unexpected();
        this.#pushed = true;
        return;
      }
    }
  }

  #endOfList(): void {
    this.#readDocuments();
    this.#pushed = true;
  }

  #andOr(): void {
    this.#pipeline();
    for (;;) {
      const { text, kind } = this.#next();
      if (kind !== 'operator' || (text !== '&&' && text !== '||')) {
        this.#pushed = true;
        return;
      }
      this.#keywords = true;
      this.#skipNewlines = true;
      this.#pipeline();
    }
  }

  #pipeline(): void {
    const first = this.#next();
    if (first.kind === 'keyword' && first.text === '!') this.#keywords = true;
    else this.#pushed = true;
    this.#command();
    while (this.#next().text === '|' && this.#token.kind === 'operator') {
      this.#keywords = true;
      this.#skipNewlines = true;
      this.#command();
    }
    this.#pushed = true;
  }

  #command(): void {
    const token = this.#next();
    if (token.kind === 'word' || token.kind === 'redirection') {
      this.#pushed = true;
      this.#simple();
      return;
    }
    switch (token.kind === 'keyword' || token.text === '(' ? token.text : '') {
      case 'if':
        this.#condition();
        while (this.#next(true).text === 'elif' && this.#token.kind === 'keyword') this.#condition();
        if (this.#token.text === 'else' && this.#token.kind === 'keyword') this.#list(0);
        else this.#pushed = true;
        this.#expect('fi');
        break;
      case 'while':
      case 'until':
        this.#list(0);
        this.#expect('do');
        this.#list(0);
        this.#expect('done');
        break;
      case 'for':
        this.#forLoop();
        break;
      case 'case':
        this.#cases();
        break;
      case '(':
        if (this.#source[token.end] === '(') this.#insert(token.end, ' ');
        this.#list(0);
        this.#expect(')');
        break;
      case '{':
        this.#list(0);
        this.#expect('}');
        break;
      default:
        this.#unexpected();
    }
    this.#keywords = true;
    while (this.#next().kind === 'redirection') this.#target();
    this.#pushed = true;
  }

  #condition(): void {
    this.#list(0);
    this.#expect('then');
    this.#list(0);
  }

  #forLoop(): void {
    const name = this.#next();
    if (name.kind !== 'word' || !NAME.test(name.text)) this.#refuse('Bad for loop variable');
    const word = this.#next(true, true);
    if (word.kind === 'keyword' && word.text === 'in') {
      while (this.#next().kind === 'word');
      if (this.#token.kind !== 'newline' && this.#token.text !== ';') this.#unexpected();
    } else if (word.text !== ';') this.#pushed = true;
    this.#next(true, true);
    this.#pushed = true;
    this.#expect('do');
    this.#list(0);
    this.#expect('done');
  }

  #cases(): void {
    if (this.#next().kind !== 'word') this.#unexpected('word');
    this.#next(true, true);
    this.#pushed = true;
    this.#expect('in');
    for (;;) {
      this.#next(true, true);
      if (this.#is('keyword', 'esac')) return;
      if (this.#is('operator', '(')) this.#next();
      for (this.#next(); this.#is('operator', '|'); this.#next()) this.#next();
      if (!this.#is('operator', ')')) this.#unexpected(')');
      this.#list(2);
      this.#next(true, true);
      if (this.#is('keyword', 'esac')) return;
      if (!this.#is('operator', ';;')) this.#unexpected(';;');
    }
  }

  #is(kind: Kind, text: string): boolean {
    return this.#token.kind === kind && this.#token.text === text;
  }

  #simple(): void {
    let words = 0;
    let others = 0;
    let name: Token | undefined;
    let begin = -1;
    for (;;) {
      const token = this.#next();
      if (begin < 0) begin = token.pos;
      if (token.kind === 'word') {
        if (!name && /^[A-Za-z_]\w*=/.test(token.text)) others++;
        else {
          this.#plainWord(token, name === undefined);
          name ??= token;
          words++;
        }
        if (this.#flavour.ash && name === token && token.text === 'function') {
          this.#ashFunction();
          return;
        }
      } else if (token.kind === 'redirection') {
        others++;
        this.#target();
      } else if (this.#flavour.ash && name?.text === '[[' && (token.text === '&&' || token.text === '||')) {
        words++;
      } else if (token.text === '(' && token.kind === 'operator' && words === 1 && others === 0 && name) {
        if (this.#next().text !== ')') this.#unexpected(')');
        if (!NAME.test(name.text) || SPECIAL.has(name.text)) this.#refuse('Bad function name');
        this.#body();
        return;
      } else {
        this.#pushed = true;
        return;
      }
    }
  }

  /** A function's body may be any command; bash's parser wants a compound one. */
  #body(): void {
    const first = this.#next(true, true);
    this.#pushed = true;
    const simple = first.kind === 'word' || first.kind === 'redirection';
    if (simple) this.#insert(first.pos, '{ ');
    this.#command();
    if (simple) this.#insert(this.#token.pos, '; }');
  }

  #ashFunction(): void {
    const name = this.#next();
    if (name.kind !== 'word') this.#unexpected('word');
    if (this.#next().text === '(') {
      if (this.#next().text !== ')') this.#unexpected(')');
    } else this.#pushed = true;
    this.#body();
  }

  /** A word that bash would take for more than a word. */
  #plainWord({ text, pos, end }: Token, first: boolean): void {
    const known = this.#flavour.ash && (text === '[[' || text === 'function');
    if (first && BASH_KEYWORDS.has(text) && !known) this.#insert(pos, '\\');
    const assignment = /^[A-Za-z_]\w*(?=\+=|\[[^\]]*\]\+?=)/.exec(text);
    if (assignment) this.#insert(pos + assignment[0].length, '\\');
    if (/^\{\w+\}$/.test(text) && /[<>]/.test(this.#source[end] ?? '')) this.#insert(pos, '\\');
    if (/^\d\d+$/.test(text) && /[<>]/.test(this.#source[end] ?? '')) this.#insert(end, ' ');
  }

  /** What a redirection leads to. */
  #target(): void {
    const operator = this.#token.text;
    const word = this.#next();
    if (word.kind !== 'word') this.#unexpected();
    if (operator.startsWith('<<')) {
      const delimiter = word.text.replace(/\\(.)|["']/g, '$1');
      this.#documents.push({ delimiter, strip: operator === '<<-' });
    } else if (operator.endsWith('&') && !/^(\d|-$)|[$`]/.test(word.text)) {
      if (!this.#flavour.ash || operator !== '>&') this.#refuse('Bad fd number');
    }
  }

  #expect(text: string): void {
    const token = this.#next(true);
    if (token.text !== text || token.kind === 'word') this.#unexpected(text);
  }

  #unexpected(expecting?: string): never {
    const { kind, text } = this.#token;
    const name = kind === 'operator' || kind === 'keyword' ? `"${text}"` : kind;
    const after = expecting === undefined ? '' : ` (expecting ${expecting === 'word' ? expecting : `"${expecting}"`})`;
    throw new Refusal(`${name} unexpected${after}`, kind === 'end of file');
  }

  #refuse(words: string, atEnd = false): never {
    throw new Refusal(words, atEnd);
  }

  // Tokens

  #next(keywords = false, skipNewlines = false): Token {
    const mayBeKeyword = keywords || this.#keywords;
    const skip = skipNewlines || this.#skipNewlines;
    this.#keywords = false;
    this.#skipNewlines = false;
    let token = this.#pushed ? this.#token : this.#scan();
    this.#pushed = false;
    while (skip && token.kind === 'newline') {
      this.#readDocuments();
      token = this.#scan();
    }
    if (token.kind === 'word' && mayBeKeyword && KEYWORDS.has(token.text)) token = { ...token, kind: 'keyword' };
    this.#token = token;
    return token;
  }

  #scan(): Token {
    const source = this.#source;
    for (;;) {
      const c = source[this.#at];
      if (c === ' ' || c === '\t') this.#at++;
      else if (c === '\\' && source[this.#at + 1] === '\n') this.#at += 2;
      else if (c === '#') while (this.#at < source.length && source[this.#at] !== '\n') this.#at++;
      else break;
    }
    const pos = this.#at;
    const make = (kind: Kind, length: number): Token => {
      this.#at = pos + length;
      return { kind, text: source.slice(pos, pos + length), pos, end: pos + length };
    };
    if (pos >= source.length) return make('end of file', 0);
    if (source[pos] === '\n') return make('newline', 1);
    const rest = source.slice(pos, pos + 5);
    if (this.#flavour.ash && /^[<>]\(/.test(rest)) return this.#word(pos);
    if (this.#flavour.ash && rest.startsWith('&>')) return make('redirection', rest.startsWith('&>>') ? 3 : 2);
    const redirection = /^\d?(<<-|<<|<&|<>|<|>>|>&|>\||>)/.exec(rest);
    if (redirection) return make('redirection', redirection[0].length);
    if (rest.startsWith('&>')) this.#insert(pos + 1, ' ');
    const operator = /^(&&|\|\||;;|[;&|()])/.exec(rest);
    if (operator) return make('operator', operator[0].length);
    return this.#word(pos);
  }

  #word(pos: number): Token {
    const source = this.#source;
    while (this.#at < source.length) {
      const c = source[this.#at]!;
      if (this.#flavour.ash && (c === '<' || c === '>') && source[this.#at + 1] === '(' && this.#at === pos) {
        this.#at += 2;
        this.#substitution();
      } else if (' \t\n;&|()<>'.includes(c)) break;
      else this.#piece(c, false);
    }
    return { kind: 'word', text: source.slice(pos, this.#at), pos, end: this.#at };
  }

  /** One character, quoted text or expansion. */
  #piece(c: string, quoted: boolean): void {
    // `[^a]` is no negation in dash, but a set with `^` in it.
    const negates = c === '[' && !quoted && this.#source[this.#at + 1] === '^';
    if (negates && !this.#flavour.ash) this.#insert(this.#at + 1, '\\');
    if (c === '\\') this.#at = Math.min(this.#at + 2, this.#source.length);
    else if (c === "'" && !quoted) this.#singleQuoted();
    else if (c === '"') this.#doubleQuoted();
    else if (c === '`') this.#backquoted();
    else if (c === '$') this.#dollar(quoted);
    else this.#at++;
  }

  #singleQuoted(): void {
    const close = this.#source.indexOf("'", this.#at + 1);
    if (close < 0) this.#endless('Unterminated quoted string');
    this.#at = close + 1;
  }

  #doubleQuoted(): void {
    this.#at++;
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined) this.#endless('Unterminated quoted string');
      if (c === '"') break;
      this.#piece(c, true);
    }
    this.#at++;
  }

  #endless(words: string): never {
    this.#at = this.#source.length;
    this.#refuse(words, true);
  }

  #backquoted(): void {
    const begin = this.#at;
    let end = begin + 1;
    while (this.#source[end] !== '`') {
      if (end >= this.#source.length) this.#endless('EOF in backquote substitution');
      end += this.#source[end] === '\\' ? 2 : 1;
    }
    const inner = this.#source.slice(begin + 1, end);
    const reader = new Reader(inner.replace(/\\([$`\\])/g, '$1'), this.#flavour);
    const { problem, text } = reader.read();
    if (problem) this.#refuse(problem.words);
    if (reader.#edits.length > 0) this.#insert(begin + 1, text.replace(/[\\`]/g, '\\$&'), inner.length);
    this.#at = end + 1;
  }

  #dollar(quoted: boolean): void {
    const source = this.#source;
    const pos = this.#at;
    const next = source[pos + 1];
    this.#at++;
    if (next === '(') {
      this.#at++;
      if (source[this.#at] === '(') this.#arithmetic();
      else this.#substitution();
    } else if (next === '{') {
      this.#at++;
      this.#parameter(quoted);
    } else if (next === "'" && !quoted && this.#flavour.ash) {
      this.#at++;
      while (source[this.#at] !== "'") {
        if (this.#at >= source.length) this.#endless('Unterminated quoted string');
        this.#at += source[this.#at] === '\\' ? 2 : 1;
      }
      this.#at++;
    } else if (next === '[' || (!quoted && (next === "'" || next === '"'))) this.#insert(pos, '\\');
    else if (next !== undefined && /[$?!#*@-]/.test(next)) this.#at++;
  }

  /** The inside of `$(…)`: commands up to the parenthesis. */
  #substitution(): void {
    const saved = { token: this.#token, pushed: this.#pushed, keywords: this.#keywords, skip: this.#skipNewlines };
    const documents = this.#documents;
    this.#documents = [];
    this.#pushed = false;
    this.#list(2);
    const token = this.#next(true);
    if (token.text !== ')' || token.kind !== 'operator') this.#unexpected(')');
    this.#documents = documents;
    ({ token: this.#token, pushed: this.#pushed, keywords: this.#keywords, skip: this.#skipNewlines } = saved);
  }

  #arithmetic(): void {
    const begin = this.#at;
    this.#at++;
    let depth = 0;
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined) this.#endless("Missing '))'");
      if (c === '(') depth++;
      if (c === ')') {
        if (depth === 0) {
          if (this.#source[this.#at + 1] === ')') break;
          // Not arithmetic after all, but a subshell in a substitution.
          this.#at = begin;
          this.#insert(begin, ' ');
          this.#substitution();
          return;
        }
        depth--;
      }
      if (c === '(' || c === ')') this.#at++;
      else this.#piece(c, true);
    }
    this.#at += 2;
  }

  #parameter(quoted: boolean): void {
    for (;;) {
      const c = this.#source[this.#at];
      if (c === undefined) this.#endless("Missing '}'");
      if (c === '}') break;
      this.#piece(c, quoted);
    }
    this.#at++;
  }

  // Here-documents: their text stands after the line

  #readDocuments(): void {
    for (const { delimiter, strip } of this.#documents.splice(0)) {
      for (;;) {
        if (this.#at >= this.#source.length) {
          this.#openDocument = true;
          break;
        }
        const newline = this.#source.indexOf('\n', this.#at);
        const end = newline < 0 ? this.#source.length : newline;
        const line = this.#source.slice(this.#at, end);
        this.#at = Math.min(end + 1, this.#source.length);
        if ((strip ? line.replace(/^\t+/, '') : line) === delimiter) break;
      }
    }
  }
}

function lineOf(source: string, at: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) line++;
  return line;
}
