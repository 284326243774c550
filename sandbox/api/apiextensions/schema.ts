/** A version's JSON schema as the machinery's own: for decoding, for who owns which field, for server-side apply (managedfields/typeconverter.go). */

import type { Schema } from '../resource.ts';
import type { JsonSchema } from './types.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The root has a type and metadata whatever the definition says. */
export function rootSchema(schema: JsonSchema | undefined): Schema {
  const root = schema ? converted(schema) : { preserveUnknownFields: true as const };
  return {
    ...root,
    properties: {
      ...root.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { ref: META },
    },
  };
}

function converted(schema: JsonSchema): Schema {
  const { properties, additionalProperties, items } = schema;
  const listType = schema['x-kubernetes-list-type'] as Schema['listType'] | undefined;
  const mapType = schema['x-kubernetes-map-type'] as Schema['mapType'] | undefined;
  const embedded = schema['x-kubernetes-embedded-resource'] && {
    apiVersion: { type: 'string' as const },
    kind: { type: 'string' as const },
    metadata: { ref: META },
  };
  const inner =
    properties && Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, converted(each)]));
  return {
    ...(schema.type && !schema['x-kubernetes-int-or-string'] && { type: schema.type as NonNullable<Schema['type']> }),
    ...((inner || embedded) && { properties: { ...inner, ...embedded } }),
    ...(additionalProperties && {
      additionalProperties: additionalProperties === true ? true : converted(additionalProperties),
    }),
    ...(items && { items: converted(items) }),
    ...(listType && { listType }),
    ...(schema['x-kubernetes-list-map-keys'] && { listMapKeys: schema['x-kubernetes-list-map-keys'] }),
    ...(mapType && { mapType }),
    ...(schema['x-kubernetes-int-or-string'] && { intOrString: true }),
    ...(schema['x-kubernetes-preserve-unknown-fields'] && { preserveUnknownFields: true }),
  };
}
