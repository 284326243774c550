/** KYAML: YAML in flow style, every string quoted, lines folded (sigs.k8s.io/yaml/kyaml). */

import { byText } from '../text.ts';

/** Without the `---` before it; ends in a newline. */
export const printKyaml = (value: unknown, sorted = true): string => `${render(value, 0, sorted)}\n`;

const pad = (level: number): string => '  '.repeat(level);

function render(value: unknown, level: number, sorted: boolean): string {
  if (Array.isArray(value)) return sequence(value, level, sorted);
  if (typeof value === 'string') return text(value, level + 1);
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  if (sorted) entries.sort(([a], [b]) => byText(a, b));
  if (entries.length === 0) return '{}';
  const lines = entries.map(([k, v]) => `${pad(level + 1)}${key(k)}: ${render(v, level + 1, sorted)},\n`);
  return `{\n${lines.join('')}${pad(level)}}`;
}

function sequence(items: readonly unknown[], level: number, sorted: boolean): string {
  if (items.length === 0) return '[]';
  if (items.every((item) => typeof item === 'object' && item !== null))
    return `[${items.map((item) => render(item, level, sorted)).join(', ')}]`;
  return `[\n${items.map((item) => `${pad(level + 1)}${render(item, level + 1, sorted)},\n`).join('')}${pad(level)}]`;
}

/** A string of several lines stands line by line, indented by one space more. */
function text(value: string, level: number): string {
  if (!value.includes('\n')) return `"${escaped(value)}"`;
  const lines = value.split(/(?<=\n)/).map((line) => {
    const lead = /^[^\S\n]/.test(line) ? '\\' : ' ';
    return `${pad(level)}${lead}${escaped(line)}\\\n`;
  });
  return `"\\\n${lines.join('')}${pad(level)}"`;
}

const key = (name: string): string => (needsQuotes(name) ? `"${escaped(name)}"` : name);

function needsQuotes(name: string): boolean {
  return !/^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u.test(name) || guessedWrong(name);
}

/** What some YAML parser would not take for a string. */
function guessedWrong(name: string): boolean {
  if (/^(null|~|true|false|t|f|1|0|y|yes|on|n|no|off|[+-]?\.inf|\.nan)$/i.test(name)) return true;
  const plain = name.replaceAll('_', '');
  if (/^[+-]?(0b[01]+|0o?[0-7]+|0x[\da-f]+|\d+)$/i.test(plain)) return true;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) || /^[+-]?(inf|infinity|nan)$/i.test(plain)) return true;
  if (/^[+-]?[1-9][\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/.test(name)) return true;
  return /^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d*)?(Z|[+-]\d\d:\d\d)?)?$/.test(name);
}

const NAMED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\v': '\\v',
  '\0': '\\0',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(value: string): string {
  let out = '';
  for (const char of value) {
    const code = char.codePointAt(0)!;
    if (NAMED[char] !== undefined) out += NAMED[char];
    else if (char === '\t') out += char;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) out += char;
    else
      out += code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return out;
}
