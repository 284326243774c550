/** Values as YAML in the style of sigs.k8s.io/yaml: sorted keys, indentless lists, Go-YAML v2's choice of quotes, folds after column 80. */

import { formatNumber } from '../../api/gofmt.ts';
import { byText } from '../text.ts';
import { resolvePlain } from './scalar.ts';

const WIDTH = 80;

type Style = 'plain' | 'single' | 'double' | 'literal';

/** The document, ending in a newline. `sorted` is off for types whose fields print in their Go order. */
export function printYaml(value: unknown, sorted = true): string {
  const out = new Emitter(sorted);
  out.root(value);
  return out.text;
}

class Emitter {
  text = '';
  #column = 0;
  readonly #sorted: boolean;

  constructor(sorted: boolean) {
    this.#sorted = sorted;
  }

  root(value: unknown): void {
    if (isMap(value) && this.#entries(value).length > 0) this.#mapping(value, 0, true);
    else if (Array.isArray(value) && value.length > 0) this.#sequence(value, 0, true);
    else {
      this.#leaf(value, 0);
      this.#newline();
    }
  }

  #entries(map: object): [string, unknown][] {
    const entries = Object.entries(map).filter(([, v]) => v !== undefined);
    return this.#sorted ? entries.sort(([a], [b]) => naturalOrder(a, b)) : entries;
  }

  #mapping(map: object, indent: number, atStart: boolean): void {
    let first = atStart;
    for (const [key, value] of this.#entries(map)) {
      if (!first) this.#indent(indent);
      first = false;
      this.#scalarText(key, indent, true);
      this.#write(':');
      this.#value(value, indent);
    }
  }

  /** What stands after `key:`. */
  #value(value: unknown, indent: number): void {
    if (isMap(value) && this.#entries(value).length > 0) {
      this.#newline();
      this.#mapping(value, indent + 2, this.#pad(indent + 2));
    } else if (Array.isArray(value) && value.length > 0) {
      this.#newline();
      this.#sequence(value, indent, this.#pad(indent));
    } else {
      this.#write(' ');
      this.#leaf(value, indent + 2);
      this.#newline();
    }
  }

  #sequence(items: readonly unknown[], indent: number, atStart: boolean): void {
    let first = atStart;
    for (const item of items) {
      if (!first) this.#indent(indent);
      first = false;
      this.#write('- ');
      if (isMap(item) && this.#entries(item).length > 0) this.#mapping(item, indent + 2, true);
      else if (Array.isArray(item) && item.length > 0) this.#sequence(item, indent + 2, true);
      else {
        this.#leaf(item, indent + 2);
        this.#newline();
      }
    }
  }

  #leaf(value: unknown, indent: number): void {
    if (typeof value === 'string') this.#scalarText(value, indent, false);
    else if (value === null || value === undefined) this.#write('null');
    else if (typeof value === 'number') this.#write(formatNumber(value));
    else if (Array.isArray(value)) this.#write('[]');
    else if (isMap(value)) this.#write('{}');
    else this.#write(String(value));
  }

  #scalarText(text: string, indent: number, key: boolean): void {
    const style = chooseStyle(text, key);
    if (style === 'plain') this.#folded(text, indent, key);
    else if (style === 'single') {
      this.#write("'");
      this.#folded(text.replaceAll("'", "''"), indent, key);
      this.#write("'");
    } else if (style === 'double') this.#double(text, indent, key);
    else this.#literal(text, indent);
  }

  /** Breaks at single spaces once past the width. */
  #folded(text: string, indent: number, key: boolean): void {
    if (key || this.#column + text.length <= WIDTH) {
      this.#write(text);
      return;
    }
    const chars = [...text];
    for (let i = 0; i < chars.length; i++) {
      const foldable =
        chars[i] === ' ' && i > 0 && i < chars.length - 1 && chars[i - 1] !== ' ' && chars[i + 1] !== ' ';
      if (foldable && this.#column > WIDTH) {
        this.#newline();
        this.#pad(indent);
      } else this.#write(chars[i]!);
    }
  }

  #double(text: string, indent: number, key: boolean): void {
    this.#write('"');
    const chars = [...text];
    let spaces = false;
    for (let i = 0; i < chars.length; i++) {
      const char = chars[i]!;
      const escaped = escapeOf(char);
      if (escaped !== undefined) {
        this.#write(escaped);
        spaces = false;
      } else if (char === ' ') {
        if (!key && !spaces && this.#column > WIDTH && i > 0 && i < chars.length - 1) {
          this.#newline();
          this.#pad(indent);
          if (chars[i + 1] === ' ') this.#write('\\');
        } else this.#write(' ');
        spaces = true;
      } else {
        this.#write(char);
        spaces = false;
      }
    }
    this.#write('"');
  }

  #literal(text: string, indent: number): void {
    const hint = /^[ \n]/.test(text) ? '2' : '';
    const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
    this.#write(`|${hint}${chomp}`);
    const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
    for (const line of lines) {
      this.#newline();
      if (line === '') continue;
      this.#pad(indent);
      this.#write(line);
    }
  }

  #write(text: string): void {
    this.text += text;
    this.#column += text.length;
  }

  #newline(): void {
    this.text += '\n';
    this.#column = 0;
  }

  #pad(indent: number): true {
    this.#write(' '.repeat(indent));
    return true;
  }

  #indent(indent: number): void {
    if (this.#column > 0) this.#newline();
    this.#pad(indent);
  }
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** encode.go's stringv, then emitterc.go's select_scalar_style. */
function chooseStyle(text: string, key: boolean): Style {
  const mustQuote = !['str', 'merge'].includes(resolvePlain(text).tag) || isBase60(text);
  let style: Style = text.includes('\n') ? 'literal' : mustQuote ? 'double' : 'plain';
  if (style === 'plain' && (needsQuotes(text) || text === '')) style = 'single';
  if (style === 'literal' && (key || /[ \t]\n| $/.test(text) || hasSpecial(text))) return 'double';
  if (style === 'single' && hasSpecial(text)) return 'double';
  return style;
}

const isBase60 = (text: string): boolean => /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);

const hasSpecial = (text: string): boolean => /[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]|[\t\r\ufeff]/u.test(text);

/** What may not stand unquoted in a block (yaml_emitter_analyze_scalar). */
const needsQuotes = (text: string): boolean =>
  /^(---|\.\.\.)/.test(text) ||
  /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
  /^[?:-](\s|$)/.test(text) ||
  /:(\s|$)|\s#/.test(text) ||
  /^\s|\s$/.test(text) ||
  /\n/.test(text) ||
  hasSpecial(text);

const NAMED: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escapeOf(char: string): string | undefined {
  const named = NAMED[char];
  if (named !== undefined) return char === '\xa0' ? undefined : named;
  if (!hasSpecial(char)) return undefined;
  const code = char.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    : `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** Keys sort with numbers inside them by value (yaml.v2 sorter.go). */
function naturalOrder(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] === y[i]) continue;
    const letterA = /\p{L}/u.test(x[i]!);
    const letterB = /\p{L}/u.test(y[i]!);
    if (letterA && letterB) return byText(x[i]!, y[i]!);
    if (letterA || letterB) return letterA ? 1 : -1;
    const [lengthA, valueA] = digitsAt(x, i);
    const [lengthB, valueB] = digitsAt(y, i);
    if (valueA !== valueB) return valueA - valueB;
    if (lengthA !== lengthB) return lengthA - lengthB;
    return byText(x[i]!, y[i]!);
  }
  return x.length - y.length;
}

function digitsAt(chars: readonly string[], from: number): [length: number, value: number] {
  let i = from;
  let value = 0;
  while (i < chars.length && /\d/.test(chars[i]!)) value = value * 10 + Number(chars[i++]);
  return [i - from, value];
}
