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
    definitions: Object.assign({}, ...all.map(({ components }) => downgraded(components.schemas))) as object,
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

/** References point elsewhere; a reference with something beside it needs no `allOf`, and "one of" does not exist. */
function downgraded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(downgraded);
  if (typeof value !== 'object' || value === null) return value;
  const { allOf, oneOf, ...rest } = value as { allOf?: readonly [Json]; oneOf?: unknown } & Json;
  const out = Object.fromEntries(
    Object.entries(rest).map(([name, inner]) => [name, name === '$ref' ? target(inner) : downgraded(inner)]),
  );
  if (allOf) return { ...out, $ref: target(allOf[0].$ref) };
  return oneOf ? { ...out, type: 'string' } : out;
}

const target = (ref: unknown): string => String(ref).replace('#/components/schemas/', '#/definitions/');
