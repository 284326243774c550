/** The text of `kubectl explain` (kubectl pkg/explain/v2/templates/plaintext.tmpl). */

import { own } from '../../sim/own.ts';
import { byText } from '../text.ts';
import { type OpenApiDocument, type OpenApiSchema, resolved, typeOf, valueSchema } from './document.ts';
import { indent, wordWrap } from './wordwrap.ts';

const WIDTH = 78;
/** How many values of an enumeration a list of fields shows. */
const SHOWN_VALUES = 4;

export class Explanation {
  readonly #document: OpenApiDocument;
  readonly #recursive: boolean;

  constructor(document: OpenApiDocument, recursive: boolean) {
    this.#document = document;
    this.#recursive = recursive;
  }

  /** Of the field that the path leads to from this schema; empty if there is none. */
  of(schema: OpenApiSchema, path: readonly string[], seen: ReadonlySet<string> = new Set()): string {
    const target = resolved(schema, this.#document);
    if (path.length === 0) return this.#whole(target);
    if (schema.$ref && seen.has(schema.$ref)) return '';
    const next = schema.$ref ? new Set([...seen, schema.$ref]) : seen;
    const [name = '', ...rest] = path;
    const property = target.properties && own(target.properties, name);
    if (property) return (rest.length === 0 ? this.#title(name, property) : '') + this.of(property, rest);
    const inner = target.items ?? valueSchema(target);
    if (inner) return this.of(inner, path, next);
    for (const alternative of target.allOf ?? []) {
      const text = this.of(alternative, path, next);
      if (text) return text;
    }
    return '';
  }

  #title(name: string, schema: OpenApiSchema): string {
    const values = schema.enum ? `ENUM:${schema.enum.map((value) => `\n    ${shown(value)}`).join('')}` : '';
    return `FIELD: ${name} <${typeOf(schema, this.#document)}>\n${values}\n\n`;
  }

  #whole(schema: OpenApiSchema): string {
    const description = this.#description(schema) || '<empty>';
    const fields = this.#fields(schema, 1, new Set());
    return `DESCRIPTION:\n${indent(4, wordWrap(description, WIDTH - 2))}\n${documents(schema)}${fields && `FIELDS:\n${fields}`}`;
  }

  /** Its own, and those of the schemas it is made of. */
  #description(schema: OpenApiSchema): string {
    const target = resolved(schema, this.#document);
    const parts = [...(target.allOf ?? []), target.items, valueSchema(target)].filter((part) => part !== undefined);
    return (
      (target.description ? `${target.description}\n` : '') + parts.map((part) => this.#description(part)).join('')
    );
  }

  #fields(schema: OpenApiSchema, level: number, seen: ReadonlySet<string>): string {
    if (schema.$ref && seen.has(schema.$ref)) return '';
    const next = schema.$ref ? new Set([...seen, schema.$ref]) : seen;
    const target = resolved(schema, this.#document);
    let text = '';
    for (const name of Object.keys(target.properties ?? {}).sort(byText)) {
      text += this.#field(name, target, level);
      if (this.#recursive) text += this.#fields(target.properties![name]!, level + 1, next);
    }
    for (const part of [...(target.allOf ?? []), target.items, valueSchema(target)])
      if (part) text += this.#fields(part, level, next);
    return text;
  }

  #field(name: string, parent: OpenApiSchema, level: number): string {
    const schema = parent.properties![name]!;
    const margin = level * 2;
    const required = parent.required?.includes(name) ? ' -required-' : '';
    const line = `${' '.repeat(margin)}${name}\t<${typeOf(schema, this.#document)}>${required}${enumeration(schema, margin)}\n`;
    if (this.#recursive) return line;
    const description = wordWrap(schema.description || '<no description>', WIDTH - margin);
    return `${line}${indent(margin + 2, description)}\n${fieldDocuments(schema, margin)}\n`;
  }
}

const shown = (value: unknown): string => (value === '' ? '""' : String(value));

function enumeration(schema: OpenApiSchema, margin: number): string {
  if (!schema.enum) return '';
  const values = schema.enum.slice(0, SHOWN_VALUES).map(shown).join(', ');
  return `\n${' '.repeat(margin)}enum: ${values}${schema.enum.length > SHOWN_VALUES ? ', ....' : ''}`;
}

function documents({ externalDocs }: OpenApiSchema): string {
  if (!externalDocs) return '';
  const { description, url } = externalDocs;
  const text = description ? `${indent(4, wordWrap(description, WIDTH - 2))}\n` : '';
  return `\nEXTERNAL DOCS:\n${text}${url ? `${indent(4, `URL: ${url}`)}\n` : ''}`;
}

function fieldDocuments({ externalDocs }: OpenApiSchema, margin: number): string {
  if (!externalDocs) return '';
  const { description, url } = externalDocs;
  const text = description ? `${indent(margin + 4, wordWrap(description, WIDTH - 2 - margin))}\n` : '';
  return `\n${indent(margin + 2, 'EXTERNAL DOCS:')}\n${text}${url ? `${indent(margin + 4, `URL: ${url}`)}\n` : ''}`;
}
