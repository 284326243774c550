/** The kinds that the lab's API serves, with what its OpenAPI document says of them and their fields, short enough to be searched. */

import type { Schema } from '../../sandbox/api/resource.ts';
import { resources } from '../../sandbox/api/resources/index.ts';
import { json } from '../../sandbox/api/schema/generated/descriptions.ts';
import { definition, resolve } from '../../sandbox/api/schema/schemas.ts';
import type { Kind } from '../search/passages.ts';

const descriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(json);

/** The fields that every kind has say nothing of any. */
const COMMON: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);
/** These are taken apart; other fields stand for themselves. */
const OPENED: ReadonlySet<string> = new Set(['spec', 'status']);
const LONGEST = 240;

export function servedKinds(): Kind[] {
  const kinds = resources.flatMap(({ kind, group, version, name, shortNames = [], namespaced, schema }): Kind[] => {
    if (typeof schema !== 'string') return [];
    return [
      {
        kind,
        apiVersion: group ? `${group}/${version}` : version,
        resource: name,
        shortNames,
        namespaced,
        description: firstSentence(descriptions[schema]?.[''] ?? ''),
        fields: fieldsOf(schema, ''),
      },
    ];
  });
  return kinds.sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function fieldsOf(name: string, prefix: string): Kind['fields'] {
  return Object.entries(definition(name).properties ?? {}).flatMap(([field, property]): Kind['fields'] => {
    if (COMMON.has(field)) return [];
    const own: Kind['fields'][number] = [
      prefix + field,
      typeName(property),
      firstSentence(descriptions[name]?.[field] ?? ''),
    ];
    return OPENED.has(field) && property.ref ? fieldsOf(property.ref, `${field}.`) : [own];
  });
}

/** As `kubectl explain` writes it. */
function typeName(schema: Schema): string {
  if (schema.type === 'array' || schema.items) return `[]${schema.items ? typeName(schema.items) : 'Object'}`;
  if (schema.additionalProperties) return 'map';
  if (schema.ref) {
    const target = resolve(schema);
    return target.type && target.type !== 'object' ? target.type : schema.ref.slice(schema.ref.lastIndexOf('.') + 1);
  }
  return schema.type ?? 'Object';
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^[\s\S]*?[.!?](?=\s|$)/.exec(text) ?? [text];
  const line = sentence.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
