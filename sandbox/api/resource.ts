/**
 * One declaration per kind: everything REST, validation, defaulting, Tables, discovery and patches need to know of it.
 * The machinery never asks which kind it has.
 */

import type { User } from './authenticator/user.ts';
import type { Json, JsonObject, KubeObject } from './object.ts';

/** An error at a field path, as k8s.io/apimachinery/pkg/util/validation/field. */
export interface FieldError {
  readonly type:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError';
  /** `spec.containers[0].name`. */
  readonly field: string;
  /** Without the path, as in a cause: `Invalid value: "C_": a lowercase …`. */
  readonly detail: string;
}

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly format?: 'name';
  readonly description: string;
  /** 0 always shown, 1 with `-o wide`. */
  readonly priority: 0 | 1;
}

export interface TableContext {
  /** Virtual milliseconds: ages are told against it. */
  readonly now: number;
}

/** A property of a kind's schema, cut from Kubernetes' OpenAPI document at build time. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | true;
  readonly enum?: readonly string[];
  /** Name of a shared definition (`io.k8s.api.core.v1.PodSpec`). */
  readonly ref?: string;
  readonly intOrString?: boolean;
  readonly preserveUnknownFields?: boolean;
  readonly patchStrategy?: 'merge' | 'replace' | 'retainKeys' | 'merge,retainKeys';
  readonly patchMergeKey?: string;
  readonly listType?: 'atomic' | 'map' | 'set';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** The server writes it even when it is empty (no omitempty, or a struct by value). */
  readonly always?: boolean;
  /** An empty scalar is told from none (a Go pointer). */
  readonly pointer?: boolean;
  /** Go's name of its type where the schema does not tell, for decoding errors: `v1.ResourceList`. */
  readonly goType?: string;
  readonly description?: string;
  /** A root that decodes its objects itself: custom resources are no Go structs. */
  decode?(value: JsonObject): { readonly value: JsonObject; readonly unknown: readonly string[] };
}

/** What the strategies may ask of the world. */
export interface StrategyContext {
  readonly now: number;
  /** RFC 3339 in seconds. */
  readonly timestamp: string;
  /** Drawn from a stream of the resource's own. */
  uuid(resource: string): string;
  nameSuffix(resource: string): string;
  /** Reads another object, for admission (namespace, class, quota, service account …). */
  lookup(resource: string, namespace: string, name: string): KubeObject | undefined;
  list(resource: string, namespace: string): readonly KubeObject[];
  /** Every version of every kind that is served now. */
  served(): readonly Resource[];
  /** Allocates a cluster IP or node port; numbers are given back when the object goes. */
  allocate(what: 'clusterIP' | 'nodePort', wanted?: string): string;
}

/** The rules of one thing that is written: an object, or one of its subresources (apiserver pkg/registry/rest/create.go, update.go, delete.go). */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Fills what the API server fills on decoding (pkg/apis/GROUP/VERSION/defaults.go). Pure; returns the same value when nothing is missing. */
  defaults?(object: T): T;
  /** GetResetFields: what of the object sent its writer may own; all else is as it was. */
  resetFields?(object: T, before: T): T;
  /** Throws Forbidden where whoever asks may not write this one, though they may write the kind (pkg/registry/rbac's policy-based storage). */
  permit?(object: T, before: T | undefined, user: User, context: StrategyContext): void;
  /** Drops status, sets finalizers. */
  prepareForCreate?(object: T, context: StrategyContext): T;
  /** Keeps what an update may not touch. */
  prepareForUpdate?(object: T, before: T, context: StrategyContext): T;
  /** The machinery raises generation when `spec` changed – or annotations, as it says. */
  readonly generation?: boolean | 'with annotations';
  validate?(object: T, context: StrategyContext): readonly FieldError[];
  /** `validate` unless given. */
  validateUpdate?(object: T, before: T, context: StrategyContext): readonly FieldError[];
  /** `Warning:` headers for this write. */
  warnings?(object: T, before: T | undefined): readonly string[];
  /** Writes carry no time in managedFields. */
  readonly untimed?: boolean;
}

export interface Resource<T extends KubeObject = KubeObject> extends Strategy<T> {
  /** '' for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in the URL. */
  readonly name: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** In the order discovery lists them; all eight unless given. */
  readonly verbs?: readonly string[];
  /** Definition name of its schema: `io.k8s.api.core.v1.PersistentVolume`; or the schema itself, of a kind made at run time. */
  readonly schema: string | Schema;
  /** Of a kind made at run time: how OpenAPI publishes it. */
  readonly openApi?: { readonly name: string; readonly schema: object };
  /** Where its objects are kept; its name unless given. */
  readonly collection?: string;
  /** No Go type stands behind it: its lists' items keep their type, its patches do not merge strategically, what it lacks is not found. */
  readonly unstructured?: boolean;
  readonly subresources?: Readonly<Record<string, Subresource<T>>>;

  /** `deployments`, `name-is` rules of metadata.name; default DNS-1123 subdomain. */
  readonly nameRule?: 'subdomain' | 'label' | 'dns1035label' | 'path-segment';
  /** What whoever uses this version is warned of (APILifecycleDeprecated). */
  readonly deprecated?: string;

  /** An update must name the revision it is of (RESTUpdateStrategy.AllowUnconditionalUpdate false). */
  readonly conditionalUpdate?: boolean;

  /** Delete asks for grace (RESTGracefulDeleteStrategy). Undefined: none. */
  gracePeriod?(object: T): number;
  /** A deletion that is the kind's own: the object as it waits for somebody to complete it, or 'gone'; undefined is any other's deletion. Throws to refuse. */
  remove?(object: T, context: StrategyContext): T | 'gone' | undefined;
  /** ShouldDeleteDuringUpdate, once nothing in metadata holds a terminating object. */
  isComplete?(object: T): boolean;
  /** Deletion is answered with the object, not with a Status (genericregistry.Store.ReturnDeletedObject). */
  readonly returnDeletedObject?: boolean;

  /** What is different in each of the other versions in which it is served. */
  readonly otherVersions?: readonly (Partial<Resource> & Required<Pick<Resource, 'conversion'>>)[];
  /** Of another version of a kind that is stored otherwise (events.k8s.io, autoscaling/v1): to and from the stored one. */
  readonly conversion?: { fromStored(stored: KubeObject): KubeObject; toStored(object: KubeObject): KubeObject };

  /** Columns and their cells (pkg/printers/internalversion/printers.go); the Name column comes first, Age where upstream has it. */
  readonly columns: readonly Column[];
  row(object: T, context: TableContext): readonly Json[];
  /** Fields that a fieldSelector may name besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
}

/** Its strategy holds for what is sent to it; without methods it is only looked at or connected to. */
export interface Subresource<T extends KubeObject = KubeObject> extends Strategy<T> {
  /** Kind and version it speaks: `Scale` of autoscaling/v1; the parent's own for status. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  /** Of one that is another kind's view of its parent: it is read and written through that. */
  readonly view?: View<T>;
}

export interface View<T extends KubeObject = KubeObject> {
  readonly schema: string;
  readonly columns: readonly Column[];
  row(value: KubeObject, context: TableContext): readonly Json[];
  read(object: T): KubeObject;
  write(object: T, value: KubeObject): T;
  validate(value: KubeObject): readonly FieldError[];
}

/** The rules of a subresource, or with '' or a view those of the object itself. */
export function strategyOf(resource: Resource, subresource = ''): Strategy {
  const declared = resource.subresources?.[subresource];
  return declared && !declared.view ? declared : resource;
}
