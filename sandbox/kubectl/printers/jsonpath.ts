/** kubectl's JSONPath templates: `{range .items[*]}{.metadata.name}{"\n"}{end}` (client-go util/jsonpath). */

import { quote } from '../text.ts';
import { formatGo, goSyntax } from './gofmt.ts';
import { compactJson } from './json.ts';

type Node =
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
  | { readonly type: 'range' }
  | { readonly type: 'end' }
  | { readonly type: 'list'; readonly nodes: readonly Node[] };

export class JsonPathError extends Error {}

export class JsonPath {
  readonly #nodes: readonly Node[];
  readonly #allowMissing: boolean;

  /** Throws JsonPathError. */
  constructor(template: string, allowMissing = false) {
    this.#nodes = new TemplateParser(template).parse();
    this.#allowMissing = allowMissing;
  }

  /** One list of values for each piece of the template. */
  find(root: unknown): unknown[][] {
    return new Evaluation(root, this.#allowMissing).run(this.#nodes);
  }

  /** The template filled in. */
  print(root: unknown): string {
    return this.find(root)
      .map((values) => values.map(valueText).join(' '))
      .join('');
  }
}

const valueText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? compactJson(value)
    : value === null || value === undefined
      ? ''
      : formatGo(value);

/** get.RelaxedJSONPathExpression: `x.y`, `.x.y`, `{x.y}` and `{.x.y}` all mean `{.x.y}`. */
export function relaxedJsonPath(expression: string): string {
  if (expression === '') return expression;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (!match) {
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return `{.${match[1] ?? match[2]}}`;
}

class TemplateParser {
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
    const [word] = /^[\p{L}\p{N}_]+/u.exec(this.#text.slice(this.#at))!;
    this.#at += word.length;
    if (word === 'range' || word === 'end') return { type: word };
    if (word === 'true' || word === 'false') return { type: 'value', value: word === 'true' };
    throw new JsonPathError(`unrecognized identifier ${word}`);
  }

  #bracket(): Node {
    let depth = 0;
    let inString = '';
    let end = this.#at;
    for (; ; end++) {
      const c = this.#text[end];
      if (c === undefined || c === '\n') throw new JsonPathError('unterminated array');
      if (inString) {
        if (c === '\\') end++;
        else if (c === inString) inString = '';
      } else if (c === '"' || c === "'") inString = c;
      else if (c === '[') depth++;
      else if (c === ']' && --depth === 0) break;
    }
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return parseBracket(inside);
  }
}

function unescaped(raw: string): string {
  return raw.replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
}

function parseBracket(text: string): Node {
  const filter = /^\?\((.*)\)$/s.exec(text);
  if (filter) return parseFilter(filter[1]!);
  const parts = splitUnion(text);
  if (parts.length > 1) return { type: 'union', nodes: parts.map((part) => [parseBracket(part.trim())]) };
  if (text === '*') return { type: 'wildcard' };
  const quoted = /^\s*(?:'([^']*)'|"([^"]*)")\s*$/.exec(text);
  // A quoted key is a path of its own: dots in it must be escaped (parser.go, dictKeyRex).
  if (quoted) return { type: 'list', nodes: parseOperand(`.${quoted[1] ?? quoted[2]!}`) };
  const slice = /^(-?\d*)(?::(-?\d*))?(?::(-?\d*))?$/.exec(text);
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

function splitUnion(text: string): string[] {
  const parts: string[] = [];
  let current = '';
  let inString = '';
  for (const c of text) {
    if (inString) inString = c === inString ? '' : inString;
    else if (c === "'" || c === '"') inString = c;
    if (c === ',' && !inString) {
      parts.push(current);
      current = '';
    } else current += c;
  }
  parts.push(current);
  return parts;
}

function parseFilter(text: string): Node {
  let inString = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (inString) inString = c === inString ? '' : inString;
    else if (c === '"' || c === "'") inString = c;
    else if ('=!<>'.includes(c)) {
      const operator = text[i + 1] === '=' ? `${c}=` : c;
      const left = parseOperand(text.slice(0, i).trim());
      return { type: 'filter', left, operator, right: parseOperand(text.slice(i + operator.length).trim()) };
    }
  }
  return { type: 'filter', left: parseOperand(text.trim()), operator: 'exists', right: [] };
}

function parseOperand(text: string): Node[] {
  const [list] = new TemplateParser(`{${text}}`).parse();
  return list?.type === 'list' ? [...list.nodes] : [];
}

class Evaluation {
  readonly #root: unknown;
  readonly #allowMissing: boolean;

  constructor(root: unknown, allowMissing: boolean) {
    this.#root = root;
    this.#allowMissing = allowMissing;
  }

  run(nodes: readonly Node[]): unknown[][] {
    const out: unknown[][] = [];
    this.#sequence(nodes, 0, [this.#root], out, false);
    return out;
  }

  /** Evaluates from `at` on; inside a range, stops at its `{end}` and returns where. */
  #sequence(
    nodes: readonly Node[],
    at: number,
    current: readonly unknown[],
    out: unknown[][],
    inRange: boolean,
  ): number {
    for (let i = at; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (node.type === 'list' && node.nodes[0]?.type === 'range') {
        const items = this.#path(node.nodes.slice(1), current);
        let next = this.#skipRange(nodes, i + 1);
        for (const item of items) next = this.#sequence(nodes, i + 1, [item], out, true);
        i = next;
      } else if (node.type === 'list' && node.nodes[0]?.type === 'end') {
        if (!inRange) throw new JsonPathError('not in range, nothing to end');
        return i;
      } else out.push(node.type === 'text' ? [node.text] : node.type === 'list' ? this.#path(node.nodes, current) : []);
    }
    return nodes.length;
  }

  #skipRange(nodes: readonly Node[], at: number): number {
    let depth = 1;
    for (let i = at; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (node.type !== 'list') continue;
      if (node.nodes[0]?.type === 'range') depth++;
      else if (node.nodes[0]?.type === 'end' && --depth === 0) return i;
    }
    return nodes.length;
  }

  #path(nodes: readonly Node[], from: readonly unknown[]): unknown[] {
    let values: unknown[] = [...from];
    for (const node of nodes) values = this.#step(node, values);
    return values;
  }

  #step(node: Node, values: readonly unknown[]): unknown[] {
    switch (node.type) {
      case 'text':
        return [node.text];
      case 'value':
        return [node.value];
      case 'field':
        return this.#field(node.name, values);
      case 'wildcard':
        return values.flatMap(children);
      case 'recursive':
        return values.flatMap(descendants);
      case 'slice':
        return values.flatMap((value) => this.#slice(node, value));
      case 'union':
        return node.nodes.flatMap((list) => this.#path(list, values));
      case 'filter':
        return values.flatMap((value) =>
          (Array.isArray(value) ? value : children(value)).filter((item) => this.#matches(node, item)),
        );
      case 'list':
        return this.#path(node.nodes, values);
      default:
        return [...values];
    }
  }

  #field(name: string, values: readonly unknown[]): unknown[] {
    if (values.length === 0) return [];
    const found: unknown[] = [];
    for (const value of values) {
      if (isMap(value) && Object.hasOwn(value, name)) found.push((value as Record<string, unknown>)[name]);
    }
    if (found.length === 0 && !this.#allowMissing) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  #slice(node: Node & { type: 'slice' }, value: unknown): unknown[] {
    if (value === null || value === undefined) return [];
    if (!Array.isArray(value)) {
      if (this.#allowMissing) return [];
      throw new JsonPathError(`${formatGo(value)} is not array or slice`);
    }
    const { length } = value;
    if (node.single) {
      const index = node.start! < 0 ? length + node.start! : node.start!;
      if (index < 0 || index >= length)
        throw new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
      return [value[index]];
    }
    const clamp = (n: number) => Math.min(Math.max(n < 0 ? n + length : n, 0), length);
    const out: unknown[] = [];
    const step = node.step || 1;
    if (step < 0) throw new JsonPathError('step must be > 0');
    for (let i = clamp(node.start ?? 0); i < clamp(node.end ?? length); i += step) out.push(value[i]);
    return out;
  }

  #matches(node: Node & { type: 'filter' }, item: unknown): boolean {
    const lenient = new Evaluation(this.#root, true);
    const left = lenient.#path(node.left, [item]);
    if (node.operator === 'exists') return left.length > 0;
    const right = lenient.#path(node.right, [item]);
    if (left.length === 0 || right.length === 0) return false;
    if (left.length > 1 || right.length > 1) throw new JsonPathError('can only compare one element at a time');
    return compare(node.operator, left[0], right[0]);
  }
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isMap(value)) return [];
  const keys = Object.keys(value).sort();
  return keys.map((key) => (value as Record<string, unknown>)[key]);
}

const descendants = (value: unknown): unknown[] => [
  value,
  ...children(value)
    .filter((v) => typeof v === 'object' && v !== null)
    .flatMap(descendants),
];

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (typeof left === 'object' || typeof right === 'object') return false;
  const [a, b] = typeof left === 'number' && typeof right === 'number' ? [left, right] : [String(left), String(right)];
  const table: Readonly<Record<string, boolean>> = {
    '==': a === b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
  };
  const result = table[operator];
  if (result === undefined) throw new JsonPathError(`unrecognized filter operator ${operator}`);
  return result;
}

/** What `-o jsonpath` says of a broken template. */
export function parseJsonPath(template: string, allowMissing: boolean): JsonPath {
  try {
    return new JsonPath(template, allowMissing);
  } catch (error) {
    if (error instanceof JsonPathError) throw new Error(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
}

/** What `-o jsonpath` says when the object does not fit the template (cli-runtime pkg/printers/jsonpath.go). */
export const pathError = (template: string, object: unknown, error: unknown): Error =>
  new Error(
    `error executing jsonpath ${quote(template)}: Error executing template: ${(error as Error).message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
  );
