/** All schemas within one, itself first (apiextensions-apiserver pkg/apis/apiextensions/validation, SchemaHas). */

import type { JsonSchema } from './types.ts';

export function* subschemas(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  const { items, not, additionalProperties } = schema;
  const inner = [
    items,
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    not,
    ...Object.values(schema.properties ?? {}),
    typeof additionalProperties === 'object' ? additionalProperties : undefined,
  ];
  for (const each of inner) if (each) yield* subschemas(each);
}
