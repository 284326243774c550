/** YAML text to plain values, as sigs.k8s.io/yaml turns it to JSON: keys are strings, the last of two equal keys wins. */

import { quote } from '../text.ts';
import { AliasBudget, type Weight } from './aliases.ts';
import { floatKey, resolvePlain, resolveScalar } from './scalar.ts';
import { ConversionError, Scanner, type Token, YamlError } from './scanner.ts';

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const MERGE = Symbol('<<');

/** The first document of the text. */
export function parseYaml(text: string): Value {
  const parser = new Parser(new Scanner(text));
  return parser.document();
}

interface Anchor {
  /** Undefined while it is being read. */
  readonly value: Value | undefined;
  readonly weight: Weight;
}

class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Anchor>();
  readonly #budget = new AliasBudget();

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  document(): Value {
    let directives = false;
    while (this.#is('document-end')) this.#scanner.next();
    while (this.#is('directive')) {
      this.#scanner.next();
      directives = true;
    }
    if (this.#is('stream-end')) return null;
    if (this.#is('document-start')) this.#scanner.next();
    else if (directives) this.#fail('did not find expected <document start>');
    const value = this.#is('document-start', 'document-end', 'stream-end', 'directive')
      ? null
      : this.#node(true, false);
    if (!this.#is('document-start', 'document-end', 'stream-end')) this.#fail('did not find expected <document start>');
    return value;
  }

  #is(...types: Token['type'][]): boolean {
    return types.includes(this.#scanner.peek().type);
  }

  #fail(problem: string, token = this.#scanner.peek()): never {
    // Parser errors name the line before, counted from one (yaml.v2 decode.go, parser.fail).
    throw new YamlError(token.line > 0 ? `line ${token.line}: ${problem}` : problem);
  }

  #node(block: boolean, indentless: boolean): Value {
    let anchor: string | undefined;
    let tag = '';
    if (this.#is('alias')) {
      const token = this.#scanner.next();
      const anchored = this.#anchors.get(token.value);
      if (!anchored) throw new YamlError(`unknown anchor '${token.value}' referenced`);
      if (anchored.value === undefined) throw new YamlError(`anchor '${token.value}' value contains itself`);
      this.#budget.alias(anchored.weight);
      return anchored.value;
    }
    while (this.#is('anchor', 'tag')) {
      const token = this.#scanner.next();
      if (token.type === 'anchor') anchor = token.value;
      else tag = token.value;
    }
    const before = this.#budget.weight;
    if (anchor !== undefined) this.#anchors.set(anchor, { value: undefined, weight: before });
    const token = this.#scanner.peek();
    this.#budget.node(token.type === 'scalar' ? token.value.length : 0);
    const value = this.#content(block, indentless, tag, anchor !== undefined || tag !== '');
    if (anchor !== undefined) this.#anchors.set(anchor, { value, weight: this.#budget.weight.minus(before) });
    return value;
  }

  #content(block: boolean, indentless: boolean, tag: string, mayBeEmpty: boolean): Value {
    const token = this.#scanner.peek();
    switch (token.type) {
      case 'scalar':
        this.#scanner.next();
        return resolveScalar(token.value, token.plain, tag);
      case 'flow-sequence-start':
        return this.#flowSequence();
      case 'flow-mapping-start':
        return this.#flowMapping();
      case 'block-entry':
        if (indentless) return this.#indentlessSequence();
        break;
      case 'block-sequence-start':
        if (block) return this.#blockSequence();
        break;
      case 'block-mapping-start':
        if (block) return this.#blockMapping();
        break;
      default:
    }
    if (mayBeEmpty) return tag === '!!str' ? '' : null;
    this.#fail('did not find expected node content');
  }

  #blockSequence(): Value[] {
    this.#scanner.next();
    const items: Value[] = [];
    while (this.#is('block-entry')) {
      this.#scanner.next();
      items.push(this.#is('block-entry', 'block-end') ? null : this.#node(true, false));
    }
    if (!this.#is('block-end')) this.#fail("did not find expected '-' indicator");
    this.#scanner.next();
    return items;
  }

  #indentlessSequence(): Value[] {
    const items: Value[] = [];
    while (this.#is('block-entry')) {
      this.#scanner.next();
      items.push(this.#is('block-entry', 'key', 'value', 'block-end') ? null : this.#node(true, false));
    }
    return items;
  }

  #blockMapping(): Value {
    this.#scanner.next();
    const entries: [Key, Value][] = [];
    while (this.#is('key', 'value')) {
      let key: Key = null;
      if (this.#is('key')) {
        this.#scanner.next();
        key = this.#is('key', 'value', 'block-end') ? null : this.#keyOf(true);
      }
      let value: Value = null;
      if (this.#is('value')) {
        this.#scanner.next();
        if (!this.#is('key', 'value', 'block-end')) value = this.#node(true, true);
      }
      entries.push([key, value]);
    }
    if (!this.#is('block-end')) this.#fail('did not find expected key');
    this.#scanner.next();
    return build(entries);
  }

  #flowSequence(): Value[] {
    this.#scanner.next();
    const items: Value[] = [];
    while (!this.#is('flow-sequence-end')) {
      if (items.length > 0) {
        if (!this.#is('flow-entry')) this.#fail("did not find expected ',' or ']'");
        this.#scanner.next();
        if (this.#is('flow-sequence-end')) break;
      }
      items.push(this.#is('key') ? this.#singlePair() : this.#node(false, false));
    }
    this.#scanner.next();
    return items;
  }

  #singlePair(): Value {
    this.#scanner.next();
    const key = this.#is('value', 'flow-entry', 'flow-sequence-end') ? null : this.#keyOf(false);
    let value: Value = null;
    if (this.#is('value')) {
      this.#scanner.next();
      if (!this.#is('flow-entry', 'flow-sequence-end')) value = this.#node(false, false);
    }
    return build([[key, value]]);
  }

  #flowMapping(): Value {
    this.#scanner.next();
    const entries: [Key, Value][] = [];
    while (!this.#is('flow-mapping-end')) {
      if (entries.length > 0) {
        if (!this.#is('flow-entry')) this.#fail("did not find expected ',' or '}'");
        this.#scanner.next();
        if (this.#is('flow-mapping-end')) break;
      }
      let key: Key = null;
      let value: Value = null;
      const marked = this.#is('key');
      if (marked) this.#scanner.next();
      if (!marked || !this.#is('value', 'flow-entry', 'flow-mapping-end')) key = this.#keyOf(false);
      if (this.#is('value')) {
        this.#scanner.next();
        if (!this.#is('flow-entry', 'flow-mapping-end')) value = this.#node(false, false);
      }
      entries.push([key, value]);
    }
    this.#scanner.next();
    return build(entries);
  }

  #keyOf(block: boolean): Key {
    const token = this.#scanner.peek();
    if (token.type === 'scalar' && token.plain && token.value === '<<') {
      this.#scanner.next();
      return MERGE;
    }
    if (token.type === 'scalar' && token.plain) {
      const { tag, value } = resolvePlain(token.value);
      if (tag === 'float') {
        this.#scanner.next();
        this.#budget.node(token.value.length);
        return floatKey(value as number);
      }
    }
    const value = this.#node(block, block);
    if (value === null) return null;
    if (typeof value === 'object') throw new YamlError(`invalid map key: ${goSyntax(value)}`);
    return String(value);
  }
}

/** As `%#v` prints what yaml.v2 decoded. */
function goSyntax(value: Value): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value !== 'object') return typeof value === 'string' ? quote(value) : String(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${quote(key)}:${goSyntax(value[key]!)}`);
  return `map[interface {}]interface {}{${entries.join(', ')}}`;
}

/** Null is none that JSON has. */
type Key = string | typeof MERGE | null;

function build(entries: readonly (readonly [Key, Value])[]): { [key: string]: Value } {
  const out: { [key: string]: Value } = {};
  const owned = new Set(entries.map(([key]) => key));
  for (const [key, value] of entries) {
    if (key === null)
      throw new ConversionError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goSyntax(value)}`);
    if (key !== MERGE) set(out, key, value);
    else
      for (const source of Array.isArray(value) ? value : [value]) {
        if (source === null || typeof source !== 'object' || Array.isArray(source)) {
          throw new YamlError('map merge requires map or sequence of maps as the value');
        }
        for (const [k, v] of Object.entries(source)) if (!owned.has(k)) set(out, k, v);
      }
  }
  return out;
}

/** `__proto__` from a learner's file is a key like any other. */
function set(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
