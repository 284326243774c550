/** /etc/exports: its grammar, letter by letter, and the complaints exportfs(8) has about it (nfs-utils support/nfs/{exports,xio}.c). */

import { type ExportOptions, INITIAL, OptionError, parseOptions } from './options.ts';

/** One client of one exported directory. */
export interface Export {
  readonly path: string;
  /** `*`, `192.168.120.0/24`, `node01`, `*.example.com`, `@group`; `*` where the file names none. */
  readonly client: string;
  readonly options: ExportOptions;
}

export interface Complaint {
  /** A line for stderr, without `exportfs: `; it may hold more lines. */
  readonly text: string;
  /** Errors make exportfs end with 1, warnings do not. */
  readonly error: boolean;
}

const PATH_SIZE = 1025;
const EXPORT_SIZE = 512;

const decoder = new TextDecoder();

/**
 * The entries in the order of the file, and complaints where they arise. A syntax error ends the file: getexportent() returns NULL,
 * and what follows is not read.
 */
export function* readExports(text: string, file: string): Generator<Export | Complaint> {
  const input = new Characters(text);
  let path = '';
  let first = true;
  let base: ExportOptions = INITIAL;
  let hasOptions = false;
  let hasSubtree = false;
  for (;;) {
    let word: string | 'none' | 'broken' = first ? 'none' : getExport(input);
    if (word === 'none') {
      input.skip(' \t\n');
      const token = input.token(PATH_SIZE);
      if (token.status !== 'word') return;
      path = token.text;
      first = false;
      base = INITIAL;
      hasOptions = false;
      hasSubtree = false;
      word = getExport(input);
    }
    if (word !== 'broken' && word.startsWith('-')) {
      try {
        base = parseOptions(word.slice(1), base, file, input.line);
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        yield { text: error.message, error: true };
        return;
      }
      hasOptions = true;
      hasSubtree = choosesSubtreeCheck(word.slice(1));
      word = getExport(input);
    }
    if (word === 'broken') {
      yield { text: `command line:${input.line}: syntax error`, error: true };
      yield { text: 'expected client(options...)', error: true };
      return;
    }
    const own = word === 'none' ? '' : word;
    const open = own.indexOf('(');
    let host = own;
    let list: string | undefined;
    if (open >= 0) {
      if (open === 0) {
        yield { text: `No host name given with ${path} ${own}, suggest *${own} to avoid warning`, error: false };
        host = '*';
      } else host = own.slice(0, open);
      const close = own.indexOf(')', open + 1);
      if (close !== own.length - 1) {
        yield { text: `${file}:${input.line}: syntax error: bad option list`, error: true };
        return;
      }
      list = own.slice(open + 1, close);
    } else if (!hasOptions) {
      yield { text: `No options for ${path} ${own}: suggest ${own}(sync) to avoid warning`, error: false };
    }
    try {
      const options = parseOptions(list, base, file, input.line);
      if (!hasSubtree && !choosesSubtreeCheck(list ?? '')) {
        yield {
          text: `${file} [${input.line}]: Neither 'subtree_check' or 'no_subtree_check' specified for export "${host}:${path}".
  Assuming default behaviour ('no_subtree_check').
  NOTE: this default has changed since nfs-utils version 1.0.x
`,
          error: false,
        };
      }
      yield { path, client: host, options };
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      yield { text: error.message, error: true };
      return;
    }
  }
}

/** The next client of the line: `none` at its end, `broken` where it is longer than the buffer. */
function getExport(input: Characters): string | 'none' | 'broken' {
  input.skip(' \t');
  const token = input.token(EXPORT_SIZE);
  return token.status === 'word' ? token.text : token.status;
}

const choosesSubtreeCheck = (text: string): boolean =>
  text.split(',').some((word) => /^[ \t]*(?:no_)?subtree_check$/.test(word));

const EOF = -1;
const [TAB, NEWLINE, SPACE, QUOTE, HASH, BACKSLASH] = [9, 10, 32, 34, 35, 92];

const isSpace = (c: number): boolean => c === SPACE || (c >= TAB && c <= 13);
const isOctal = (c: number | undefined): boolean => c !== undefined && c >= 48 && c < 56;

type Token = { readonly status: 'word'; readonly text: string } | { readonly status: 'none' | 'broken' };

/** xio.c. Lines are counted as it counts them: those of comments are not. */
class Characters {
  readonly #bytes: Uint8Array;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
  }

  /** Skips those characters and comments. */
  skip(which: string): void {
    let c = this.#get();
    for (; c !== EOF; c = this.#get()) {
      if (c === HASH) c = this.#skipComment();
      if (c !== 0 && !which.includes(String.fromCharCode(c))) break;
    }
    this.#unget(c);
  }

  /** Up to white space; quotes keep it, `\040` stands for a byte. */
  token(size: number): Token {
    const token: number[] = [];
    let c = 0;
    let quoted = false;
    while (token.length < size) {
      c = this.#get();
      if (c === EOF || (!quoted && (c === 0 || isSpace(c)))) break;
      if (c === QUOTE) {
        quoted = !quoted;
        continue;
      }
      token.push(c);
      const [slash, a, b, d] = token.slice(-4);
      if (token.length >= 4 && slash === BACKSLASH && isOctal(a) && isOctal(b) && isOctal(d)) {
        const value = (a! - 48) * 64 + (b! - 48) * 8 + (d! - 48);
        c = value;
        if (value < 256) token.splice(-4, 4, value);
      }
    }
    if (c === NEWLINE) this.#unget(c);
    if (token.length === 0) return { status: 'none' };
    if (token.length >= size) return { status: 'broken' };
    const end = token.indexOf(0);
    return { status: 'word', text: decoder.decode(Uint8Array.from(end < 0 ? token : token.slice(0, end))) };
  }

  #raw(): number {
    return this.#at < this.#bytes.length ? this.#bytes[this.#at++]! : EOF;
  }

  /** A backslash at the end of a line joins the next one, less its indentation. */
  #get(): number {
    const c = this.#raw();
    if (c === BACKSLASH) {
      if (this.#bytes[this.#at] !== NEWLINE) return BACKSLASH;
      this.#at++;
      this.line++;
      while (this.#bytes[this.#at] === SPACE || this.#bytes[this.#at] === TAB) this.#at++;
      return SPACE;
    }
    if (c === NEWLINE) this.line++;
    return c;
  }

  #unget(c: number): void {
    if (c === EOF) return;
    this.#at--;
    if (c === NEWLINE) this.line--;
  }

  #skipComment(): number {
    for (let c = this.#raw(); ; c = this.#raw()) if (c === EOF || c === NEWLINE) return c;
  }
}
