/** A manifest's documents: JSON or YAML, split at `---` lines (apimachinery pkg/util/yaml/decoder.go). */

import { nestsTooDeep, TOO_DEEP } from '../../api/nesting.ts';
import { jsonProblem } from './json.ts';
import { parseYaml, type Value } from './parser.ts';
import { ConversionError, YamlError } from './scanner.ts';

/** Decodes one after the other, so that what stands before a broken document is still seen. */
export function* documents(text: string): Generator<Value, void> {
  let rest = text;
  if (/^\s*\{/.test(text)) {
    rest = yield* jsonDocuments(text);
    if (rest === '') return;
  }
  // What looks like JSON and is neither is complained about as JSON (YAMLOrJSONDecoder).
  const problem = /^\s*\{/.test(rest) ? jsonProblem(text, text.length - rest.length) : undefined;
  for (const chunk of splitYaml(rest)) {
    try {
      yield fromYaml(chunk);
    } catch (error) {
      throw problem === undefined ? error : new Error(problem);
    }
  }
}

/** Go-YAML's complaint as `error converting YAML to JSON: yaml: …`; that of the conversion itself without `yaml: `. */
export function fromYaml(text: string): Value {
  if (/^\s*\{/.test(text) && nestsTooDeep(text)) throw new Error(`json: ${TOO_DEEP}`);
  try {
    return /^\s*\{/.test(text) && isJson(text) ? (JSON.parse(text) as Value) : parseYaml(text);
  } catch (error) {
    if (error instanceof ConversionError) throw new Error(`error converting YAML to JSON: ${error.message}`);
    if (error instanceof YamlError) throw new Error(`error converting YAML to JSON: yaml: ${error.message}`);
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON objects one after the other; returns what is not JSON and must be read as YAML. */
function* jsonDocuments(text: string): Generator<Value, string> {
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) return '';
    const end = text[at] === '{' ? endOfObject(text, at) : -1;
    if (nestsTooDeep(end < 0 ? text.slice(at) : text.slice(at, end))) throw new Error(`json: ${TOO_DEEP}`);
    if (end < 0 || !isJson(text.slice(at, end))) return text.slice(at);
    yield JSON.parse(text.slice(at, end)) as Value;
    at = end;
  }
}

function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1;
  }
  return -1;
}

/** YAMLReader.Read: a separator line ends a document that has begun. */
function* splitYaml(text: string): Generator<string, void> {
  let buffer = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (line.startsWith('---')) {
      const after = line.slice(3).trim();
      if (after !== '' && !after.startsWith('#')) throw new Error(`invalid Yaml document separator: ${after}`);
      if (buffer !== '') {
        yield buffer;
        buffer = '';
        continue;
      }
    }
    buffer += line;
  }
  if (buffer !== '') yield buffer;
}
