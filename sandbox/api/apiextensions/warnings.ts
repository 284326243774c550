/** What a definition is warned of (apiextensions-apiserver pkg/registry/customresourcedefinition/strategy.go). */

import { FORMATS } from './formats.ts';
import type { CustomResourceDefinition, JsonSchema } from './types.ts';
import { subschemas } from './walk.ts';

export function definitionWarnings(
  definition: CustomResourceDefinition,
  before: CustomResourceDefinition | undefined,
): readonly string[] {
  const known = new Set(before ? warningsOf(before) : []);
  return warningsOf(definition).filter((text) => !known.has(text));
}

const NUMBERS = ['int32', 'int64', 'float', 'double'];

function warningsOf({ spec }: CustomResourceDefinition): readonly string[] {
  const all = (spec.versions ?? []).flatMap(({ schema }) =>
    schema?.openAPIV3Schema ? [...subschemas(schema.openAPIV3Schema)] : [],
  );
  const formats = all.flatMap(({ format }) =>
    format && !FORMATS[format] && !NUMBERS.includes(format) ? [`unrecognized format ${JSON.stringify(format)}`] : [],
  );
  return [...new Set([...formats, ...all.flatMap(compoundSets).sort()])];
}

function compoundSets(schema: JsonSchema): readonly string[] {
  const type = schema.items?.type;
  if (schema['x-kubernetes-list-type'] !== 'set' || (type !== 'object' && type !== 'array')) return [];
  return [
    `x-kubernetes-list-type: set for items of type ${JSON.stringify(type)} is not supported by server-side apply or CEL validation rules`,
  ];
}
