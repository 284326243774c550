/** A version's schema as OpenAPI publishes it (apiextensions-apiserver pkg/controller/openapi/builder/builder.go, pkg/apiserver/schema/unfold.go). */

import type { JsonSchema } from './types.ts';

const META = { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
const CONVENTIONS = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

const TYPE_FIELDS = {
  apiVersion: {
    type: 'string',
    description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${CONVENTIONS}#resources`,
  },
  kind: {
    type: 'string',
    description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
  },
  metadata: { description: `Standard object's metadata. More info: ${CONVENTIONS}#metadata`, allOf: [META] },
};

const EMBEDDED_FIELDS = {
  apiVersion: {
    type: 'string',
    description: `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`,
  },
  kind: {
    type: 'string',
    description: `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
  },
  metadata: TYPE_FIELDS.metadata,
};

/** `com.example.stable.v1.CronTab` (gvkToModelName). */
export const definitionName = (group: string, version: string, kind: string): string =>
  [...group.split('.').reverse(), version, kind].join('.');

/** Without a schema nothing but the type is told, so that clients let everything pass. */
export function openApiSchema(schema: JsonSchema | undefined): object {
  if (!schema) return { type: 'object' };
  const { properties, ...rest } = published(schema) as { properties?: object };
  return { ...rest, properties: { ...properties, ...TYPE_FIELDS } };
}

function published(schema: JsonSchema): object {
  const { properties, additionalProperties, items, ...rest } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'];
  const inner =
    properties && Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, published(each)]));
  return {
    ...rest,
    ...(schema['x-kubernetes-int-or-string'] && !schema.anyOf && { anyOf: [{ type: 'integer' }, { type: 'string' }] }),
    ...((inner || embedded) && { properties: { ...inner, ...(embedded && EMBEDDED_FIELDS) } }),
    ...(embedded && { required: [...new Set([...(schema.required ?? []), 'kind', 'apiVersion'])] }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? published(additionalProperties) : additionalProperties,
    }),
    ...(items && { items: published(items) }),
  };
}
