/** kubectl's JSONPath templates: `{range .items[*]}{.metadata.name}{"\n"}{end}` (client-go util/jsonpath). */

import { formatGo } from '../gofmt.ts';
import { JsonPathError, type Node, TemplateParser } from './parser.ts';

/** How many values a template may come by on its way. */
const MOST_VALUES = 1_000_000;

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

  /** The template filled in; `json` writes maps and lists. */
  print(root: unknown, json: (value: object) => string): string {
    return this.find(root)
      .map((values) => values.map((value) => valueText(value, json)).join(' '))
      .join('');
  }
}

/** One value as PrintResults writes it. */
export const valueText = (value: unknown, json: (value: object) => string): string =>
  typeof value === 'object' && value !== null
    ? json(value)
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

class Evaluation {
  #spent = 0;
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
        for (const item of items) {
          this.#spend(1);
          next = this.#sequence(nodes, i + 1, [item], out, true);
        }
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
        return this.#each(values, children);
      case 'recursive':
        return this.#each(values, descendants);
      case 'slice':
        return values.flatMap((value) => this.#slice(node, value));
      case 'union':
        return this.#each(node.nodes, (list) => this.#path(list, values));
      case 'filter':
        return values.flatMap((value) => this.#filter(node, value));
      case 'list':
        return this.#path(node.nodes, values);
      case 'unknown':
        throw new JsonPathError(`unrecognized identifier ${node.name}`);
      default:
        return [...values];
    }
  }

  #each<T>(values: readonly T[], of: (value: T) => readonly unknown[]): unknown[] {
    const out: unknown[] = [];
    for (const value of values) {
      const found = of(value);
      this.#spend(found.length);
      for (const one of found) out.push(one);
    }
    return out;
  }

  /** A descent into descents is exponential: the real kubectl would take all memory there is. */
  #spend(values: number): void {
    this.#spent += values;
    if (this.#spent > MOST_VALUES) throw new JsonPathError('runtime: out of memory');
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
    if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
    const { length } = value;
    let start = node.start ?? 0;
    if (start < 0) start += length;
    let end = node.single ? (node.start ?? 0) + 1 : (node.end ?? length);
    if (end < 0 || (end === 0 && node.single)) end += length;
    if (start === end) return [];
    const outOfBounds = (index: number) =>
      new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
    if (start >= length || start < 0) throw outOfBounds(start);
    if (end > length || end < 0) throw outOfBounds(end - 1);
    if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
    if (node.step !== undefined && node.step <= 0) throw new JsonPathError('step must be > 0');
    return value.slice(start, end).filter((_, i) => i % (node.step ?? 1) === 0);
  }

  #filter(node: Node & { type: 'filter' }, value: unknown): unknown[] {
    if (!Array.isArray(value))
      throw new JsonPathError(`${formatGo(value)} is not array or slice and cannot be filtered`);
    return value.filter((item) => this.#matches(node, item));
  }

  #matches(node: Node & { type: 'filter' }, item: unknown): boolean {
    const lenient = new Evaluation(this.#root, true);
    if (node.operator === 'exists') {
      try {
        return lenient.#path(node.left, [item]).length > 0;
      } catch (error) {
        // What failed leaves what it failed on, and that is something.
        if (error instanceof JsonPathError) return true;
        throw error;
      }
    }
    const left = lenient.#path(node.left, [item]);
    if (left.length === 0) return false;
    if (left.length > 1) throw new JsonPathError('can only compare one element at a time');
    const right = lenient.#path(node.right, [item]);
    if (right.length === 0) return false;
    if (right.length > 1) throw new JsonPathError('can only compare one element at a time');
    return compare(node.operator, left[0], right[0]);
  }
}

/** reflect.Value.Type of unmarshalled JSON. */
function goType(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
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
