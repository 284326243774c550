/**
 * What controllers, scheduler and kubelets see of the API: synchronous calls on the one store, and informers.
 * The same rules apply as over HTTP (strategies, validation, admission, conflicts); no JSON is made on the way.
 */

import type { KubeObject, ObjectMeta } from './object.ts';
import type { Resource } from './resource.ts';
import type { Order } from './sorted-objects.ts';
import type { ResourceName, Resources } from './types.ts';

/** What a caller may leave out when creating. */
export type Draft<T> = Omit<T, 'metadata' | 'apiVersion' | 'kind'> & {
  readonly metadata: Partial<ObjectMeta>;
};

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** Namespaced resources take their namespace; cluster-scoped ones take ''. Failures throw StatusError (404, 409, 422 …). */
export interface Client {
  get<R extends ResourceName>(resource: R, namespace: string, name: string): Resources[R] | undefined;
  /** All objects of a namespace ('' for all namespaces), by name. */
  list<R extends ResourceName>(resource: R, namespace: string): readonly Resources[R][];
  create<R extends ResourceName>(resource: R, namespace: string, object: Draft<Resources[R]>): Resources[R];
  /** Replaces spec and metadata, or what the subresource is of; the object's resourceVersion must still be current (else 409 Conflict). */
  update<R extends ResourceName>(resource: R, object: Resources[R], subresource?: string): Resources[R];
  /** Replaces the status (and only it). Writes nothing when nothing changed. */
  updateStatus<R extends ResourceName>(resource: R, object: Resources[R]): Resources[R];
  /** Re-reads and retries on conflict; returns undefined if the object is gone, the object itself if `change` returns it unchanged. */
  mutate<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    change: (object: Resources[R]) => Resources[R],
    subresource?: 'status',
  ): Resources[R] | undefined;
  /** Server-side delete with finalizers, grace and propagation; undefined if it was not there. */
  delete<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    options?: DeleteOptions,
  ): Resources[R] | undefined;
  /** POST pods/binding: sets spec.nodeName and the PodScheduled condition (pkg/registry/core/pod/storage). */
  bind(namespace: string, pod: string, node: string): void;
  /** What a subresource shows of an object; undefined without the object. A built-in resource without that subresource throws StatusError 404. */
  view(resource: ResourceName, namespace: string, name: string, subresource: string): KubeObject | undefined;
  /** What discovery lists now: each stored resource once. */
  served(): readonly ServedResource[];
  informer<R extends ResourceName>(resource: R): Informer<Resources[R]>;
  /** The same store seen by another: the field manager of its writes, and the component that makes them where many share a manager. */
  as(manager: string, component?: string): Client;
}

export interface ServedResource {
  readonly name: ResourceName;
  /** What it is asked for by: of a custom resource, with its group. */
  readonly collection: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** As its OpenAPI document describes it. */
  readonly schema: Resource['schema'];
  readonly openApi?: Resource['openApi'];
}

export interface InformerHandler<T> {
  added?(object: T): void;
  /** Only called when the object really changed. */
  updated?(before: T, after: T): void;
  deleted?(last: T): void;
}

/**
 * The store's objects of one resource, always current, with indexes kept as objects change. Handlers are called on the
 * clock shortly after the write (as over a watch), in resourceVersion order; a new handler first gets an `added` for each object there is.
 */
export interface Informer<T> {
  get(namespace: string, name: string): T | undefined;
  list(namespace?: string): Iterable<T>;
  /**
   * Declares an index; `keys` are computed once per object version. Declaring the same name again reuses it.
   * With an `order`, what stands under one key is kept in it.
   */
  index(name: string, keys: (object: T) => readonly string[], order?: Order<T>): (key: string) => Iterable<T>;
  handle(handler: InformerHandler<T>): void;
}
