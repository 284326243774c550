/** The text of a Go template as pieces to execute (text/template/parse). */

import { FUNCTIONS } from './funcs.ts';

export interface Action {
  readonly type: 'action';
  readonly words: readonly Token[];
}
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | Action
  | {
      readonly type: 'block';
      readonly kind: 'if' | 'range' | 'with';
      readonly condition: readonly Token[];
      readonly body: readonly Piece[];
      readonly otherwise: readonly Piece[];
    };

export interface Token {
  readonly type: 'field' | 'string' | 'number' | 'word' | 'variable' | '|' | '(' | ')' | ',' | ':=' | '=';
  readonly text: string;
}

export class TemplateParser {
  readonly #parts: { text: string; code: boolean }[] = [];
  #at = 0;

  constructor(source: string) {
    let rest = source;
    for (;;) {
      const open = rest.indexOf('{{');
      if (open < 0) break;
      const close = endOfAction(rest, open + 2);
      if (close < 0)
        throw new Error(isUnterminated(rest.slice(open + 2)) ? 'unterminated quoted string' : 'unclosed action');
      let before = rest.slice(0, open);
      let code = rest.slice(open + 2, close);
      rest = rest.slice(close + 2);
      if (/^-\s/.test(code)) {
        before = before.trimEnd();
        code = code.slice(1);
      }
      if (/\s-$/.test(code)) {
        code = code.slice(0, -1);
        rest = rest.trimStart();
      }
      if (before) this.#parts.push({ text: before, code: false });
      if (!/^\s*\/\*.*\*\/\s*$/s.test(code)) this.#parts.push({ text: code.trim(), code: true });
    }
    if (rest) this.#parts.push({ text: rest, code: false });
  }

  parse(): Piece[] {
    const [pieces, end] = this.#list();
    if (end) throw new Error(`unexpected {{${end}}}`);
    checkNames(pieces, new Set(['$']));
    return pieces;
  }

  #list(): [pieces: Piece[], end: string] {
    const pieces: Piece[] = [];
    while (this.#at < this.#parts.length) {
      const { text, code } = this.#parts[this.#at++]!;
      if (!code) {
        pieces.push({ type: 'text', text });
        continue;
      }
      const [, keyword = ''] = /^(\w+)\b/.exec(text) ?? [];
      if (keyword === 'end' || keyword === 'else') return [pieces, text];
      if (keyword === 'if' || keyword === 'range' || keyword === 'with')
        pieces.push(this.#block(keyword, text.slice(keyword.length)));
      else {
        if (text === '') throw new Error('missing value for command');
        pieces.push({ type: 'action', words: tokens(text) });
      }
    }
    return [pieces, ''];
  }

  #block(kind: 'if' | 'range' | 'with', condition: string): Piece {
    if (condition.trim() === '') throw new Error(`missing value for ${kind}`);
    const [body, end] = this.#list();
    let otherwise: Piece[] = [];
    let closed = end;
    if (/^else\s+(if|with)\b/.test(end)) {
      const [, inner] = /^else\s+(if|with)\b/.exec(end)!;
      return {
        type: 'block',
        kind,
        condition: tokens(condition),
        body,
        otherwise: [this.#block(inner as 'if' | 'with', end.replace(/^else\s+\w+/, ''))],
      };
    }
    if (end === 'else') [otherwise, closed] = this.#list();
    if (closed !== 'end') throw new Error('unexpected EOF');
    return { type: 'block', kind, condition: tokens(condition), body, otherwise };
  }
}

/** Functions and variables must be known before anything runs (text/template/parse). */
function checkNames(pieces: readonly Piece[], variables: ReadonlySet<string>): void {
  const known = new Set(variables);
  for (const piece of pieces) {
    if (piece.type === 'text') continue;
    const words = piece.type === 'action' ? piece.words : piece.condition;
    const inner = piece.type === 'action' ? known : new Set(known);
    const declares = words.findIndex(({ type }) => type === ':=');
    words.forEach(({ type, text }, i) => {
      if (type === 'word' && !text.startsWith('.') && !Object.hasOwn(FUNCTIONS, text) && !KEYWORDS.has(text))
        throw new Error(`function ${JSON.stringify(text)} not defined`);
      if (type !== 'variable') return;
      const [name = ''] = text.split('.');
      if (i < declares) inner.add(name);
      else if (!inner.has(name)) throw new Error(`undefined variable ${JSON.stringify(name)}`);
    });
    if (piece.type !== 'block') continue;
    checkNames(piece.body, inner);
    checkNames(piece.otherwise, inner);
  }
}

const KEYWORDS = new Set(['true', 'false', 'nil', 'break', 'continue']);

const isUnterminated = (text: string): boolean => {
  const code = text.split('\n')[0]!.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '');
  return /["`]/.test(code);
};

function endOfAction(text: string, from: number): number {
  let inString = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (inString) {
      if (c === '\\' && inString === '"') i++;
      else if (c === inString) inString = '';
    } else if (c === '"' || c === '`') inString = c;
    else if (c === '}' && text[i + 1] === '}') return i;
  }
  return -1;
}

function tokens(text: string): Token[] {
  const out: Token[] = [];
  let rest = text.trim();
  while (rest) {
    const match =
      /^"(?:[^"\\]|\\.)*"|^`[^`]*`|^:=|^[|(),=]|^-?\d[\w.]*|^\$\w*(?:\.\w+)*|^\.(?:[\p{L}_][\p{L}\p{N}_]*)?(?:\.[\p{L}_][\p{L}\p{N}_]*)*|^[\p{L}_]\w*/u.exec(
        rest,
      );
    if (!match || match[0] === '') throw new Error(`unexpected ${JSON.stringify(rest[0])} in operand`);
    const [word] = match;
    rest = rest.slice(word.length);
    const spaced = /^\s/.test(rest);
    rest = rest.trimStart();
    out.push(tokenOf(word));
    // `(index .a 0).name`: a field right after a bracket belongs to it.
    if (word === ')' && !spaced && rest.startsWith('.')) out.push({ type: 'word', text: '.chain' });
  }
  return out;
}

function tokenOf(word: string): Token {
  if (word.startsWith('"')) return { type: 'string', text: JSON.parse(word.replace(/\\'/g, "'")) as string };
  if (word.startsWith('`')) return { type: 'string', text: word.slice(1, -1) };
  if (['|', '(', ')', ',', ':=', '='].includes(word)) return { type: word as Token['type'], text: word };
  if (word.startsWith('$')) return { type: 'variable', text: word };
  if (word.startsWith('.')) return { type: 'field', text: word };
  if (/^-?\d/.test(word)) return { type: 'number', text: word };
  return { type: 'word', text: word };
}
