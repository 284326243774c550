/** The text of a JSONPath template as nodes (client-go util/jsonpath/parser.go, node.go). */

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | {
      readonly type: 'slice';
      readonly start?: number;
      readonly end?: number;
      readonly step?: number;
      readonly single: boolean;
    }
  | { readonly type: 'union'; readonly nodes: readonly Node[][] }
  | {
      readonly type: 'filter';
      readonly left: readonly Node[];
      readonly operator: string;
      readonly right: readonly Node[];
    }
  | { readonly type: 'value'; readonly value: string | number | boolean }
  | { readonly type: 'unknown'; readonly name: string }
  | { readonly type: 'range' }
  | { readonly type: 'end' }
  | { readonly type: 'list'; readonly nodes: readonly Node[] };

export class JsonPathError extends Error {}

export class TemplateParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('{', this.#at);
      const literal = this.#text.slice(this.#at, open < 0 ? undefined : open);
      if (literal) nodes.push({ type: 'text', text: literal });
      if (open < 0) break;
      this.#at = open + 1;
      nodes.push({ type: 'list', nodes: this.#action() });
    }
    return nodes;
  }

  #action(): Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || c === '\n') throw new JsonPathError('unclosed action');
      if (c === '}') {
        this.#at++;
        return nodes;
      }
      if (c === ' ' || c === '@' || c === '$') this.#at++;
      else if (c === '[') nodes.push(this.#bracket());
      else if (c === '"' || c === "'") nodes.push({ type: 'text', text: this.#string(c) });
      else if (c === '.') this.#dot(nodes);
      else if (/[-+\d]/.test(c)) nodes.push({ type: 'value', value: this.#number() });
      else if (/[\p{L}\p{N}_]/u.test(c)) nodes.push(this.#identifier());
      else
        throw new JsonPathError(
          `unrecognized character in action: U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${c}'`,
        );
    }
  }

  #dot(nodes: Node[]): void {
    this.#at++;
    if (this.#text[this.#at] === '.') {
      this.#at++;
      nodes.push({ type: 'recursive' });
      if (/[\p{L}\p{N}_]/u.test(this.#text[this.#at] ?? '')) this.#field(nodes);
    } else if (this.#text[this.#at] !== '}' && this.#text[this.#at] !== ' ' && this.#text[this.#at] !== '[')
      this.#field(nodes);
  }

  #field(nodes: Node[]): void {
    let name = '';
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || ' \t\r\n.,[]$@{}'.includes(c)) break;
      if (c === '\\') {
        this.#at++;
        name += this.#text[this.#at] ?? '';
      } else name += c;
      this.#at++;
    }
    nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name });
  }

  #string(delimiter: string): string {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== delimiter) end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) throw new JsonPathError('unterminated quoted string');
    const raw = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return unescaped(raw);
  }

  #number(): number {
    const match = /^[-+]?\d*\.?\d*/.exec(this.#text.slice(this.#at))!;
    this.#at += match[0].length;
    const value = Number(match[0]);
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${match[0]}`);
    return value;
  }

  #identifier(): Node {
    const [word] = /^[^ \t\r\n.,[\]$@{}]+/.exec(this.#text.slice(this.#at))!;
    this.#at += word.length;
    if (word === 'range' || word === 'end') return { type: word };
    if (word === 'true' || word === 'false') return { type: 'value', value: word === 'true' };
    return { type: 'unknown', name: word };
  }

  /** Ends at the first `]`, whatever stands before it; only filters know quotes. */
  #bracket(): Node {
    if (this.#text.startsWith('[?(', this.#at)) return this.#filter();
    const end = this.#text.indexOf(']', this.#at);
    const line = this.#text.indexOf('\n', this.#at);
    if (end < 0 || (line >= 0 && line < end)) throw new JsonPathError('unterminated array');
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return parseBracket(inside);
  }

  /** At most one quoted string, at the right. */
  #filter(): Node {
    const begin = this.#at + 3;
    let quote = '';
    let closed = true;
    for (let at = begin; ; at++) {
      const c = this.#text[at];
      if (c === undefined || c === '\n') throw new JsonPathError('unterminated filter');
      if (c === '"' || c === "'") {
        if (quote === '') {
          quote = c;
          closed = false;
        } else if (c === quote && this.#text[at - 1] !== '\\') closed = true;
      } else if (c === ')' && closed) {
        if (this.#text[at + 1] !== ']') throw new JsonPathError('unclosed array expect ]');
        this.#at = at + 2;
        return parseFilter(this.#text.slice(begin, at));
      }
    }
  }
}

function unescaped(raw: string): string {
  return raw.replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
}

function parseBracket(text: string): Node {
  const parts = text.split(',');
  if (parts.length > 1)
    return { type: 'union', nodes: parts.map((part) => [parseBracket(part.replace(/^ +| +$/g, ''))]) };
  const quoted = /^'([^']*)'$/.exec(text);
  // A quoted key is a path of its own: dots in it must be escaped (parser.go, dictKeyRex).
  if (quoted) return { type: 'list', nodes: parseOperand(`.${quoted[1]}`) };
  const slice = /^(-?\d*)(?::(-?\d*))?(?::(-?\d*))?$/.exec(text === '*' ? ':' : text);
  if (!slice || text === '') throw new JsonPathError(`invalid array index ${text}`);
  const number = (part: string | undefined) => (part === undefined || part === '' ? undefined : Number(part));
  return {
    type: 'slice',
    start: number(slice[1]),
    end: number(slice[2]),
    step: number(slice[3]),
    single: slice[2] === undefined,
  };
}

function parseFilter(text: string): Node {
  const [, left = '', operator = '', right = ''] = /^([^!<>=]+)([!<>=]+)(.+?)$/s.exec(text) ?? [];
  if (!operator) return { type: 'filter', left: parseOperand(text), operator: 'exists', right: [] };
  return { type: 'filter', left: parseOperand(left), operator, right: parseOperand(right) };
}

function parseOperand(text: string): Node[] {
  const [list] = new TemplateParser(`{${text}}`).parse();
  return list?.type === 'list' ? [...list.nodes] : [];
}
