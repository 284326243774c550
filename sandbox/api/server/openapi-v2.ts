/** /openapi/v2: the same schemas as a Swagger 2.0 document, which kubectl falls back to for versions that /openapi/v3 does not name. */

type Json = Readonly<Record<string, unknown>>;

interface V3Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Json };
}

/** One document of all groups' OpenAPI v3 documents. */
export function swagger(documents: readonly object[], version: string): object {
  const all = documents as readonly V3Document[];
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: Object.assign({}, ...all.map(({ paths }) => Object.fromEntries(Object.entries(paths).map(path)))) as object,
    definitions: Object.assign({}, ...all.map(({ components }) => eachDowngraded(components.schemas))) as object,
  };
}

const path = ([name, operations]: [string, Readonly<Record<string, Json>>]) => [
  name,
  Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [method, { ...operation, ...queryParameters(operation) }]),
  ),
];

/** Version 2 has a parameter's type beside its name, version 3 in a schema. */
const queryParameters = ({ parameters }: Json) =>
  parameters === undefined
    ? {}
    : {
        parameters: (parameters as { name: string; in: string; schema: Json }[]).map(({ schema, ...parameter }) => ({
          ...parameter,
          ...schema,
        })),
      };

/**
 * References point elsewhere; a reference with something beside it needs no `allOf`; other alternatives do not exist, and what
 * keeps unknown fields tells none, so that clients let them pass (apiextensions pkg/controller/openapi/v2/conversion.go).
 */
function downgraded(given: unknown): Json {
  const { allOf, oneOf, anyOf: _any, not: _not, nullable: _null, default: _default, ...rest } = given as Json;
  const { properties, items, additionalProperties, $ref, type, ...plain } = rest;
  const reference = $ref ?? (allOf as readonly Json[] | undefined)?.[0]?.$ref;
  const open = rest['x-kubernetes-preserve-unknown-fields'] === true;
  const untyped = rest['x-kubernetes-int-or-string'] === true;
  return {
    ...plain,
    ...(type !== undefined && !untyped ? { type } : oneOf !== undefined && { type: 'string' }),
    ...(reference !== undefined && { $ref: target(reference) }),
    ...(properties !== undefined && !open && { properties: eachDowngraded(properties) }),
    ...(items !== undefined && { items: downgraded(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: downgraded(additionalProperties) }),
  };
}

const eachDowngraded = (schemas: unknown): Json =>
  Object.fromEntries(Object.entries(schemas as Json).map(([name, schema]) => [name, downgraded(schema)]));

const target = (ref: unknown): string => String(ref).replace('#/components/schemas/', '#/definitions/');
