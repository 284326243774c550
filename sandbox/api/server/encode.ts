/** Objects as JSON: type first, metadata in Go's order with its managedFields, each version of an object written once. */

import type { FieldHistory } from '../fields/history.ts';
import type { Json, KubeObject, ManagedFieldsEntry, ObjectMeta } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';
import { sortedKeys } from '../sorted-keys.ts';

export class Encoder {
  readonly #fields: FieldHistory;
  readonly #texts = new WeakMap<KubeObject, string>();
  readonly #metadata = new WeakMap<KubeObject, string>();

  constructor(fields: FieldHistory) {
    this.#fields = fields;
  }

  /** The whole object, in the endpoint's version. */
  object(endpoint: Endpoint, stored: KubeObject): string {
    const { resource } = endpoint;
    if (resource.unstructured) return this.#untyped(resource, stored);
    if (!resource.conversion) return this.#typed(stored, stored);
    return this.#typed(resource.conversion.fromStored(stored), stored);
  }

  /** As an item of a typed list: without kind and apiVersion. */
  item(endpoint: Endpoint, stored: KubeObject): string {
    const text = this.object(endpoint, stored);
    if (endpoint.resource.unstructured) return text;
    return `{${text.slice(text.indexOf('"metadata":'))}`;
  }

  partial(stored: KubeObject, groupVersion: string): string {
    return `{"kind":"PartialObjectMetadata","apiVersion":"${groupVersion}","metadata":${this.metadata(stored)}}`;
  }

  /** The same as a value; its metadata is put together when somebody looks at it. */
  partialValue(stored: KubeObject, groupVersion: string): object {
    const fields = this.#fields;
    return {
      kind: 'PartialObjectMetadata',
      apiVersion: groupVersion,
      get metadata() {
        return withFields(stored.metadata, fields.of(stored));
      },
    };
  }

  metadata(stored: KubeObject): string {
    let text = this.#metadata.get(stored);
    if (text === undefined) {
      text = JSON.stringify(withFields(stored.metadata, this.#fields.of(stored)));
      this.#metadata.set(stored, text);
    }
    return text;
  }

  /** Maps all the way, with sorted keys. */
  #untyped({ conversion }: Resource, stored: KubeObject): string {
    const seen = conversion ? conversion.fromStored(stored) : stored;
    let text = this.#texts.get(seen);
    if (text === undefined) {
      const metadata = withFields(stored.metadata, this.#fields.of(stored));
      text = JSON.stringify(sortedKeys({ ...seen, metadata } as unknown as Json));
      this.#texts.set(seen, text);
    }
    return text;
  }

  #typed(object: KubeObject, stored: KubeObject): string {
    const known = object === stored ? this.#texts.get(stored) : undefined;
    if (known !== undefined) return known;
    const { kind, apiVersion, metadata: _metadata, ...rest } = object;
    const body = JSON.stringify(rest);
    const head = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${this.metadata(stored)}`;
    const text = body === '{}' ? `${head}}` : `${head},${body.slice(1)}`;
    if (object === stored) this.#texts.set(stored, text);
    return text;
  }
}

/** The fields of ObjectMeta in the order of its Go struct; the server leaves out what is empty. */
function withFields(metadata: ObjectMeta, fields: readonly ManagedFieldsEntry[]): object {
  return {
    name: metadata.name || undefined,
    generateName: metadata.generateName || undefined,
    namespace: metadata.namespace || undefined,
    uid: metadata.uid || undefined,
    resourceVersion: metadata.resourceVersion || undefined,
    generation: metadata.generation || undefined,
    creationTimestamp: metadata.creationTimestamp || undefined,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    labels: filled(metadata.labels),
    annotations: filled(metadata.annotations),
    ownerReferences: metadata.ownerReferences?.length ? metadata.ownerReferences : undefined,
    finalizers: metadata.finalizers?.length ? metadata.finalizers : undefined,
    managedFields: fields.length > 0 ? fields.map(inOrder) : undefined,
  };
}

/** A field set is written in the order of its elements (structured-merge-diff fieldpath/serialize.go). */
const inOrder = (entry: ManagedFieldsEntry): ManagedFieldsEntry => ({
  ...entry,
  fieldsV1: sortedKeys(entry.fieldsV1 as unknown as Json) as unknown as object,
});

function filled(map: Readonly<Record<string, string>> | undefined): object | undefined {
  for (const _key in map) return map;
  return undefined;
}
