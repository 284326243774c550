/**
 * What is wrong with a text that is not bash's language, as bash's own parser finds it (parse.y): the token that cannot stand where it
 * does, the quotation that does not end, or the end that comes too early. The syntax tree comes from unbash; this only judges.
 */

import { type Lexed, Lexer, SyntaxProblem } from './lexer.ts';

export { SyntaxProblem } from './lexer.ts';

/** Words that mean something else where a command begins. */
const RESERVED = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'case',
  'esac',
  'for',
  'select',
  'while',
  'until',
  'do',
  'done',
  'function',
  'time',
  '{',
  '}',
  '!',
  '[[',
  'coproc',
]);
/** Of those, the ones with which a command can begin. */
const OPENING = new Set(['if', 'case', 'for', 'select', 'while', 'until', 'function', '{', '[[', 'coproc']);
const REDIRECTIONS = new Set(['<', '>', '>>', '<<', '<<-', '<<<', '<&', '>&', '<>', '>|', '&>', '&>>']);

/** The first problem of `source`, with where the line that holds it begins; undefined if there is none. */
export function firstProblem(source: string): { problem: SyntaxProblem; unit: number } | undefined {
  const reader = new GrammarReader(
    new Lexer(source, (lexer) => {
      const inner = new GrammarReader(lexer);
      inner.begin();
      inner.commandSubstitution();
    }),
  );
  try {
    reader.begin();
    reader.program();
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { problem: error, unit: reader.unit };
  }
}

class GrammarReader {
  /** Where the line of commands began that is being read. */
  unit = 0;
  readonly #lexer: Lexer;
  #token: Lexed = { kind: 'end', text: '', pos: 0, line: 1 };

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** Reads the first token. */
  begin(): void {
    this.#advance();
  }

  program(): void {
    for (;;) {
      this.#newlines();
      this.unit = this.#token.pos;
      if (this.#token.kind === 'end') return;
      this.#list([]);
      if (!this.#atLineEnd()) this.#unexpected();
    }
  }

  /** The inside of `$(…)` up to its `)`. */
  commandSubstitution(): void {
    this.#newlines();
    this.#ended();
    if (!this.#isOperator(')')) this.#compoundList([')'], true);
    this.#ended();
    if (!this.#isOperator(')')) this.#unexpected();
  }

  #ended(): void {
    if (this.#token.kind !== 'end') return;
    throw new SyntaxProblem({ kind: 'matching', delimiter: ')', line: this.#lexer.lastLine });
  }

  #advance(): void {
    this.#token = this.#lexer.next();
  }

  #unexpected(): never {
    const { kind, text, line } = this.#token;
    if (kind === 'end') throw new SyntaxProblem({ kind: 'end', line: this.#lexer.lastLine });
    throw new SyntaxProblem({ kind: 'token', token: kind === 'newline' ? 'newline' : text, line });
  }

  #isOperator(text: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === text;
  }

  #isWord(text: string): boolean {
    return this.#token.kind === 'word' && this.#token.text === text;
  }

  #atLineEnd(): boolean {
    return this.#token.kind === 'newline' || this.#token.kind === 'end';
  }

  #newlines(): void {
    while (this.#token.kind === 'newline') this.#advance();
  }

  #expectWord(text: string): void {
    if (!this.#isWord(text)) this.#unexpected();
    this.#advance();
  }

  /** Commands of one line. */
  #list(until: readonly string[]): void {
    for (;;) {
      this.#andOr();
      if (!this.#isOperator(';') && !this.#isOperator('&')) return;
      this.#advance();
      if (this.#token.kind === 'newline' || this.#token.kind === 'end' || this.#ends(until)) return;
    }
  }

  #ends(until: readonly string[]): boolean {
    return (this.#token.kind === 'word' || this.#token.kind === 'operator') && until.includes(this.#token.text);
  }

  /** Commands of several lines, up to one of the words or operators that may follow them; at least one unless `empty`. */
  #compoundList(until: readonly string[], empty = false): void {
    this.#newlines();
    if (this.#ends(until)) {
      if (empty) return;
      this.#unexpected();
    }
    for (;;) {
      this.#list(until);
      if (this.#ends(until)) return;
      if (this.#token.kind !== 'newline') {
        if (until.includes(')') && (this.#token as Lexed).kind === 'end') return;
        this.#unexpected();
      }
      this.#newlines();
      if (this.#ends(until)) return;
      // Who asked for the `)` says what is missing.
      if (until.includes(')') && (this.#token as Lexed).kind === 'end') return;
    }
  }

  #andOr(): void {
    this.#pipeline();
    while (this.#isOperator('&&') || this.#isOperator('||')) {
      this.#advance();
      this.#newlines();
      this.#pipeline();
    }
  }

  #pipeline(): void {
    let prefixed = false;
    while (this.#isWord('!') || this.#isWord('time')) {
      const time = this.#token.text === 'time';
      prefixed = true;
      this.#advance();
      if (time && this.#isWord('-p')) this.#advance();
      if (time && this.#isWord('--')) this.#advance();
    }
    if (prefixed && (this.#token.kind === 'newline' || this.#token.kind === 'end' || this.#isOperator(';'))) return;
    this.#command();
    while (this.#isOperator('|') || this.#isOperator('|&')) {
      this.#advance();
      this.#newlines();
      while (this.#isWord('!') || this.#isWord('time')) this.#advance();
      this.#command();
    }
  }

  #command(): void {
    const { kind, text } = this.#token;
    if (kind === 'word' && RESERVED.has(text)) {
      if (!OPENING.has(text)) this.#unexpected();
      this.#compound(text);
      if (text !== 'function' && text !== 'coproc') this.#redirections();
      return;
    }
    if (this.#isOperator('(')) {
      this.#subshell();
      this.#redirections();
      return;
    }
    this.#simple();
  }

  #compound(word: string): void {
    switch (word) {
      case 'if':
        this.#if();
        return;
      case 'while':
      case 'until':
        this.#advance();
        this.#compoundList(['do']);
        this.#body();
        return;
      case 'for':
      case 'select':
        this.#for();
        return;
      case 'case':
        this.#case();
        return;
      case '{':
        this.#advance();
        this.#compoundList(['}']);
        this.#advance();
        return;
      case '[[':
        this.#lexer.conditional();
        this.#advance();
        return;
      case 'function':
        this.#advance();
        if (this.#token.kind !== 'word') this.#unexpected();
        this.#advance();
        if (this.#isOperator('(')) {
          this.#advance();
          if (!this.#isOperator(')')) this.#unexpected();
          this.#advance();
        }
        this.#functionBody();
        return;
      default:
        this.#coproc();
    }
  }

  #coproc(): void {
    this.#advance();
    if (this.#token.kind === 'word' && !RESERVED.has(this.#token.text)) {
      this.#advance();
      if (this.#isOperator('(') || (this.#token.kind === 'word' && OPENING.has(this.#token.text))) this.#command();
      else this.#arguments();
      return;
    }
    this.#command();
  }

  #if(): void {
    this.#advance();
    this.#compoundList(['then']);
    for (;;) {
      this.#expectWord('then');
      this.#compoundList(['elif', 'else', 'fi']);
      if (this.#isWord('elif')) {
        this.#advance();
        this.#compoundList(['then']);
        continue;
      }
      if (this.#isWord('else')) {
        this.#advance();
        this.#compoundList(['fi']);
      }
      this.#expectWord('fi');
      return;
    }
  }

  #body(): void {
    if (this.#isWord('{')) {
      this.#advance();
      this.#compoundList(['}']);
      this.#advance();
      return;
    }
    this.#expectWord('do');
    this.#compoundList(['done']);
    this.#expectWord('done');
  }

  #for(): void {
    this.#advance();
    if (this.#isOperator('(')) {
      if (!this.#lexer.arithmetic(this.#token)) this.#unexpected();
      this.#advance();
      if (this.#isOperator(';')) this.#advance();
      this.#newlines();
      this.#body();
      return;
    }
    if (this.#token.kind !== 'word') this.#unexpected();
    this.#advance();
    const separated = this.#isOperator(';');
    if (separated) this.#advance();
    this.#newlines();
    if (!separated && this.#isWord('in')) {
      this.#advance();
      while (this.#token.kind === 'word') this.#advance();
      if (!this.#isOperator(';') && this.#token.kind !== 'newline') this.#unexpected();
      this.#advance();
      this.#newlines();
    }
    if (!this.#isWord('do') && !this.#isWord('{')) this.#unexpected();
    this.#body();
  }

  #case(): void {
    this.#advance();
    if (this.#token.kind !== 'word') this.#unexpected();
    this.#advance();
    this.#newlines();
    this.#expectWord('in');
    for (;;) {
      this.#newlines();
      if (this.#isWord('esac')) {
        this.#advance();
        return;
      }
      if (this.#isOperator('(')) this.#advance();
      if (this.#token.kind !== 'word') this.#unexpected();
      this.#advance();
      while (this.#isOperator('|')) {
        this.#advance();
        if (this.#token.kind !== 'word') this.#unexpected();
        this.#advance();
      }
      if (!this.#isOperator(')')) this.#unexpected();
      this.#advance();
      this.#compoundList([';;', ';&', ';;&', 'esac'], true);
      if (!this.#isWord('esac')) this.#advance();
    }
  }

  #subshell(): void {
    const open = this.#token;
    if (this.#lexer.arithmetic(open)) {
      this.#advance();
      return;
    }
    this.#advance();
    this.#compoundList([')']);
    if (!this.#isOperator(')')) this.#unexpected();
    this.#advance();
  }

  #functionBody(): void {
    this.#newlines();
    if (this.#isOperator('(') || (this.#token.kind === 'word' && OPENING.has(this.#token.text))) {
      this.#command();
      return;
    }
    this.#unexpected();
  }

  #needsWord(): void {
    if (this.#token.kind !== 'word') this.#unexpected();
  }

  #redirections(): void {
    while (this.#redirection());
  }

  #redirection(): boolean {
    if (this.#token.kind !== 'operator' || !REDIRECTIONS.has(this.#token.text)) return false;
    const operator = this.#token.text;
    this.#advance();
    this.#needsWord();
    if (operator === '<<' || operator === '<<-') this.#lexer.hereDocument(this.#token.text, operator === '<<-');
    this.#advance();
    return true;
  }

  #simple(): void {
    let redirected = false;
    while (this.#redirection()) redirected = true;
    if (this.#token.kind !== 'word') {
      if (redirected) return;
      this.#unexpected();
    }
    this.#advance();
    if (this.#isOperator('(')) {
      this.#advance();
      if (!this.#isOperator(')')) this.#unexpected();
      this.#advance();
      this.#functionBody();
      return;
    }
    this.#arguments();
  }

  #arguments(): void {
    for (;;) {
      if (this.#token.kind === 'word') this.#advance();
      else if (!this.#redirection()) return;
    }
  }
}
