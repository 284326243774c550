/** One served version of a CustomResourceDefinition as a Resource: the same declaration that a built-in kind has (apiextensions-apiserver pkg/apiserver/customresource_handler.go, pkg/registry/customresource). */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import { failure, forbidden } from '../errors.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { validateMetadataUpdate } from '../registry/metadata.ts';
import type { FieldError, Resource, Subresource } from '../resource.ts';
import type { Scale } from '../resources/subresources.ts';
import { scaleTable } from '../resources/subresources.ts';
import { invalid } from '../resources/validation/errors.ts';
import { decode } from '../schema/decode.ts';
import { withDefaults } from './defaulting.ts';
import { embeddedErrors } from './embedded.ts';
import { finalizerWarnings } from './finalizers.ts';
import { listTypeErrors } from './list-types.ts';
import { definitionName, openApiSchema } from './openapi.ts';
import { columnsOf, rowOf, selectable } from './printing.ts';
import { prune } from './pruning.ts';
import { ruleErrors } from './rules.ts';
import { rootSchema } from './schema.ts';
import type { CustomResourceDefinition, DefinitionVersion, JsonSchema, ScaleSubresource } from './types.ts';
import { hasCondition } from './types.ts';
import { schemaErrors } from './validate.ts';
import { compareVersions } from './versions.ts';
import { subschemas } from './walk.ts';

/** In the order of customresource_handler.go. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const READ_WRITE = ['get', 'patch', 'update'];
const METADATA = {
  type: 'object',
  properties: { metadata: { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
} as const;

type Custom = KubeObject & JsonObject;

/** The collection of a definition's objects. */
export const collectionOf = ({ spec }: CustomResourceDefinition): string => `${spec.names.plural}.${spec.group}`;

/** The served versions, the one that is stored first. */
export function customResources(definition: CustomResourceDefinition): readonly Resource[] {
  const storage = definition.spec.versions.find(({ storage }) => storage);
  const served = definition.spec.versions.filter((version) => version.served);
  return served
    .toSorted((a, b) => Number(b === storage) - Number(a === storage))
    .map((version, _, [stored]) => customResource(definition, version, stored!));
}

/** What its instances are kept by, served or not. */
export function storedResource(definition: CustomResourceDefinition): Resource {
  const storage = definition.spec.versions.find(({ storage }) => storage)!;
  return customResource(definition, storage, storage);
}

function customResource(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  stored: DefinitionVersion,
): Resource {
  const { spec, status } = definition;
  const names = status?.acceptedNames ?? spec.names;
  const schema = version.schema?.openAPIV3Schema;
  const apiVersion = `${spec.group}/${version.name}`;
  const rules = new CustomRules(spec.names.kind, apiVersion, version, schema);
  const seen = (stored: KubeObject): Custom => {
    if (stored.apiVersion !== apiVersion) convertible(definition, stored);
    return rules.seen(stored as Custom);
  };
  const terminating = hasCondition(definition, 'Terminating') || definition.metadata.deletionTimestamp !== undefined;
  const resource: Resource<Custom> = {
    group: spec.group,
    version: version.name,
    kind: spec.names.kind,
    name: spec.names.plural,
    singular: names.singular ?? spec.names.kind.toLowerCase(),
    ...(names.shortNames?.length && { shortNames: names.shortNames }),
    ...(names.categories?.length && { categories: names.categories }),
    namespaced: spec.scope === 'Namespaced',
    verbs: VERBS,
    unstructured: true,
    collection: collectionOf(definition),
    schema: { ...rootSchema(schema), decode: (value) => rules.decode(value) },
    openApi: {
      name: definitionName(spec.group, version.name, spec.names.kind),
      schema: openApiSchema(schema),
    },
    subresources: rules.subresources(),
    ...(version.deprecated && { deprecated: deprecation(definition, version) }),
    conditionalUpdate: true,
    defaults: (object) => rules.defaulted(object),
    prepareForCreate: (object) => {
      if (terminating)
        throw forbidden(
          { group: spec.group, name: spec.names.plural },
          object.metadata.name,
          'create not allowed while custom resource definition is terminating',
        );
      return rules.created(object);
    },
    prepareForUpdate: (object, before) => rules.updated(object, before),
    validate: (object) => rules.errors(object),
    // The machinery and the strategy both look at the metadata.
    validateUpdate: (object, before) => [
      ...validateMetadataUpdate({ unstructured: true }, object, before),
      ...rules.errors(object, seen(before)),
    ],
    warnings: (object, before) => finalizerWarnings(object, before),
    conversion: {
      fromStored: seen,
      toStored: (object) => ({ ...object, apiVersion: `${spec.group}/${stored.name}` }),
    },
    columns: columnsOf(version.additionalPrinterColumns),
    row: (object, { now }) => rowOf(version.additionalPrinterColumns, seen(object), now),
    selectableFields: selectable(version.selectableFields, seen),
  };
  return resource as unknown as Resource;
}

/** Nothing here answers a conversion's webhook: its Service is not there, or nobody listens (conversion/webhook_converter.go). */
function convertible({ spec }: CustomResourceDefinition, { apiVersion, kind }: KubeObject): void {
  if (spec.conversion?.strategy !== 'Webhook') return;
  const { service, url } = spec.conversion.webhook?.clientConfig ?? {};
  const address = service
    ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? ''}`
    : (url ?? '');
  const why = service ? `service ${JSON.stringify(service.name)} not found` : 'context deadline exceeded';
  const failed = `conversion webhook for ${apiVersion}, Kind=${kind} failed`;
  throw failure(500, '', `${failed}: Post "${address}?timeout=30s": ${why}`);
}

/** warningsForVersion: the text given, or what to use instead. */
function deprecation({ spec }: CustomResourceDefinition, { name, deprecationWarning }: DefinitionVersion): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const { group, names } = spec;
  const better = spec.versions
    .filter((version) => version.served && !version.deprecated && compareVersions(version.name, name) > 0)
    .sort((a, b) => compareVersions(b.name, a.name))[0];
  const says = `${group}/${name} ${names.kind} is deprecated`;
  return better ? `${says}; use ${group}/${better.name} ${names.kind}` : says;
}

class CustomRules {
  readonly #kind: string;
  readonly #apiVersion: string;
  readonly #version: DefinitionVersion;
  readonly #schema: JsonSchema | undefined;
  readonly #hasRules: boolean;
  readonly #seen = new WeakMap<KubeObject, Custom>();

  constructor(kind: string, apiVersion: string, version: DefinitionVersion, schema: JsonSchema | undefined) {
    this.#kind = kind;
    this.#apiVersion = apiVersion;
    this.#version = version;
    this.#schema = schema;
    this.#hasRules =
      schema !== undefined && [...subschemas(schema)].some((each) => each['x-kubernetes-validations'] !== undefined);
  }

  /** schemaCoercingDecoder: metadata as every object's, the rest as the schema knows it. */
  decode(value: JsonObject): { readonly value: JsonObject; readonly unknown: readonly string[] } {
    const { metadata, ...rest } = value;
    const meta = decode(metadata === undefined ? {} : { metadata }, METADATA);
    const pruned = this.#schema ? prune(rest as Json, this.#schema) : { value: rest as Json, unknown: [] };
    return { value: { ...(pruned.value as JsonObject), ...meta.value }, unknown: [...meta.unknown, ...pruned.unknown] };
  }

  /** As this version shows what is stored. */
  seen(stored: Custom): Custom {
    let known = this.#seen.get(stored);
    if (!known) {
      const typed = (
        stored.apiVersion === this.#apiVersion ? stored : { ...stored, apiVersion: this.#apiVersion }
      ) as Custom;
      known = this.defaulted(this.#schema ? (prune(typed as Json, this.#schema).value as unknown as Custom) : typed);
      this.#seen.set(stored, known);
    }
    return known;
  }

  defaulted(object: Custom): Custom {
    const { metadata, ...rest } = object;
    const filled = withDefaults(rest as unknown as Json, this.#schema);
    return filled === (rest as unknown) ? object : ({ ...(filled as object), metadata } as Custom);
  }

  get #statusApart(): boolean {
    return this.#version.subresources?.status !== undefined;
  }

  created(object: Custom): Custom {
    const { status, ...rest } = object;
    const kept = this.#statusApart ? (rest as unknown as Custom) : object;
    return { ...kept, metadata: { ...object.metadata, generation: 1 } } as Custom;
  }

  /** Whatever changes besides the metadata raises the generation. */
  updated(object: Custom, before: Custom): Custom {
    const { status: _, ...rest } = object;
    const kept = this.#statusApart
      ? ({ ...rest, ...(before.status !== undefined && { status: before.status }) } as unknown as Custom)
      : object;
    return this.#raised(kept, before);
  }

  #raised(object: Custom, before: Custom): Custom {
    const content = ({ metadata: _metadata, apiVersion: _version, ...rest }: Custom) => rest;
    if (equal(content(object), content(this.seen(before)))) return object;
    return { ...object, metadata: { ...object.metadata, generation: (before.metadata.generation ?? 0) + 1 } } as Custom;
  }

  errors(object: Custom, before?: Custom): readonly FieldError[] {
    const type = this.#typeErrors(object);
    if (type.length > 0) return type;
    const value = withoutMetadata(object);
    const old = before && withoutMetadata(before);
    const schema = this.#schema ?? {};
    const errors = [
      ...schemaErrors(value, schema, '', before && { value: old }),
      ...this.#scaleErrors(object),
      ...embeddedErrors(value, schema),
      ...(old === undefined || [...listTypeErrors(old, schema)].length === 0 ? listTypeErrors(value, schema) : []),
    ];
    return [...errors, ...this.#rules(object, before, errors)];
  }

  #rules(object: Custom, before: Custom | undefined, errors: readonly FieldError[]): readonly FieldError[] {
    if (!this.#hasRules) return [];
    if (errors.some(({ type }) => BLOCKING.has(type))) return [UNCHECKED];
    const [value, old] = [object as unknown as Json, before as unknown as Json | undefined];
    return [...ruleErrors(this.#schema, { path: '', value, old, root: true })];
  }

  #typeErrors({ kind, apiVersion }: Custom): readonly FieldError[] {
    return [
      ...(kind === this.#kind ? [] : [invalid('kind', kind, `must be ${this.#kind}`)]),
      ...(apiVersion === this.#apiVersion ? [] : [invalid('apiVersion', apiVersion, `must be ${this.#apiVersion}`)]),
    ];
  }

  /** ValidateScaleSpec and ValidateScaleStatus. */
  #scaleErrors(object: Custom): readonly FieldError[] {
    const scale = this.#version.subresources?.scale;
    if (!scale) return [];
    return [
      ...replicaErrors(object, scale.specReplicasPath),
      ...replicaErrors(object, scale.statusReplicasPath),
      ...(scale.labelSelectorPath ? accessErrors(object, scale.labelSelectorPath, 'string') : []),
    ];
  }

  subresources(): Readonly<Record<string, Subresource<Custom>>> {
    const { status, scale } = this.#version.subresources ?? {};
    return {
      ...(status && { status: this.#status() }),
      ...(scale && { scale: this.#scale(scale) }),
    };
  }

  #status(): Subresource<Custom> {
    return {
      kind: this.#kind,
      verbs: READ_WRITE,
      resetFields: ({ status }, before) => {
        const { status: _, ...rest } = this.seen(before);
        return { ...rest, ...(status !== undefined && { status }) } as Custom;
      },
      validateUpdate: (object, stored) => {
        const before = this.seen(stored);
        const schema = this.#schema?.properties?.status;
        const { status } = object;
        const errors =
          status === undefined || !schema ? [] : schemaErrors(status, schema, 'status', { value: before.status });
        return [...errors, ...this.#rules(object, before, errors)];
      },
    };
  }

  #scale(paths: ScaleSubresource): Subresource<Custom> {
    return {
      kind: 'Scale',
      group: 'autoscaling',
      version: 'v1',
      verbs: READ_WRITE,
      untimed: true,
      view: {
        schema: 'io.k8s.api.autoscaling.v1.Scale',
        ...scaleTable,
        read: (stored) => scaleOf(this.seen(stored), paths),
        write: (stored, value) =>
          withField(this.seen(stored), partsOf(paths.specReplicasPath), (value as Scale).spec?.replicas ?? 0) as Custom,
        validate: (value) => {
          const replicas = (value as Scale).spec?.replicas ?? 0;
          return replicas < 0 ? [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
        },
      },
    };
  }
}

const withoutMetadata = ({ metadata: _, ...rest }: Custom): Json => rest as unknown as Json;

/** hasBlockingErr. */
const BLOCKING: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const UNCHECKED = invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

const partsOf = (path: string): readonly string[] => path.replace(/^\./, '').split('.');

function fieldAt(object: unknown, parts: readonly string[]): unknown {
  return parts.reduce<unknown>(
    (value, part) => (isJsonObject(value as Json | undefined) ? own(value as JsonObject, part) : undefined),
    object,
  );
}

function withField(object: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = own(object as Record<string, unknown>, name);
  return { ...object, [name]: rest.length === 0 ? value : withField((inner ?? {}) as object, rest, value) };
}

function scaleOf(object: Custom, paths: ScaleSubresource): Scale {
  const number = (path: string) => (fieldAt(object, partsOf(path)) as number | undefined) ?? 0;
  const replicas = number(paths.specReplicasPath);
  if (fieldAt(object, partsOf(paths.specReplicasPath)) === undefined)
    throw failure(
      500,
      'InternalError',
      `Internal error occurred: the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`,
    );
  const selector = paths.labelSelectorPath && (fieldAt(object, partsOf(paths.labelSelectorPath)) as string | undefined);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: number(paths.statusReplicasPath), ...(selector && { selector }) },
  };
}

const MAX_INT32 = 2 ** 31 - 1;

function replicaErrors(object: Custom, path: string): readonly FieldError[] {
  const wrong = accessErrors(object, path, 'int64');
  if (wrong.length > 0) return wrong;
  const replicas = (fieldAt(object, partsOf(path)) as number | undefined) ?? 0;
  if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')];
  return replicas > MAX_INT32 ? [invalid(path, replicas, `should be less than or equal to ${MAX_INT32}`)] : [];
}

/** unstructured.NestedInt64 and NestedString. */
function accessErrors(object: Custom, path: string, wanted: 'int64' | 'string'): readonly FieldError[] {
  const value = fieldAt(object, partsOf(path));
  const goType =
    typeof value === 'number'
      ? Number.isInteger(value)
        ? 'int64'
        : 'float64'
      : typeof value === 'boolean'
        ? 'bool'
        : Array.isArray(value)
          ? '[]interface {}'
          : typeof value === 'object'
            ? 'map[string]interface {}'
            : typeof value;
  if (value === undefined || value === null || goType === wanted) return [];
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const why = `${path} accessor error: ${shown} is of the type ${goType}, expected ${wanted}`;
  return [invalid(path, wanted === 'int64' ? 0 : '', why)];
}
