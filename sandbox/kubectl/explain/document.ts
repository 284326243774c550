/** An OpenAPI v3 document as the server gives it, and how its references are followed. */

export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly 'x-kubernetes-group-version-kind'?: readonly Gvk[];
}

export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface OpenApiDocument {
  readonly paths?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly 'x-kubernetes-group-version-kind'?: Gvk } | undefined>> | undefined
    >
  >;
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

/** The schema referred to, or the schema itself. */
export function resolved(schema: OpenApiSchema, document: OpenApiDocument): OpenApiSchema {
  if (!schema.$ref) return schema;
  return document.components?.schemas?.[referredName(schema.$ref)] ?? schema;
}

const referredName = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

/** The schema of a map's values, if it says one. */
export const valueSchema = ({ additionalProperties }: OpenApiSchema): OpenApiSchema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** `string`, `Object`, `[]Container`, `map[string]string`. */
export function typeOf(schema: OpenApiSchema, document: OpenApiDocument): string {
  if (schema.items) return `[]${typeOf(schema.items, document)}`;
  const value = valueSchema(schema);
  if (value) return `map[string]${typeOf(value, document)}`;
  if (schema.allOf?.length === 1 && !schema.properties) return typeOf(schema.allOf[0]!, document);
  if (!schema.$ref) return schema.type === 'object' ? 'Object' : schema.type || 'Object';
  const target = resolved(schema, document);
  if (target !== schema && target.type && target.type !== 'object') return target.type;
  return referredName(schema.$ref).split('.').at(-1) || 'Object';
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The kind that the paths of a resource serve. */
export function kindOf(
  { paths }: OpenApiDocument,
  gvr: { readonly group: string; readonly version: string; readonly resource: string },
): Gvk | undefined {
  const root = gvr.group ? `/apis/${gvr.group}/${gvr.version}` : `/api/${gvr.version}`;
  let found: Gvk | undefined;
  for (const scope of [root, `${root}/namespaces/{namespace}`]) {
    for (const path of [`${scope}/${gvr.resource}`, `${scope}/${gvr.resource}/{name}`]) {
      const operation = METHODS.map((method) => paths?.[path]?.[method]).find(
        (each) => each?.['x-kubernetes-group-version-kind'],
      );
      found ??= operation?.['x-kubernetes-group-version-kind'];
    }
  }
  return found;
}

export function schemaOfKind(
  { components }: OpenApiDocument,
  { group, version, kind }: Gvk,
): OpenApiSchema | undefined {
  return Object.values(components?.schemas ?? {}).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    ),
  );
}
