/** The API as components inside the control plane and on the nodes see it: synchronous calls, the same rules as over HTTP. */

import { component } from './authenticator/user.ts';
import type { Client, DeleteOptions, Draft, Informer, ServedResource } from './client.ts';
import { failure } from './errors.ts';
import type { Informers } from './informer.ts';
import type { KubeObject } from './object.ts';
import { StatusError } from './object.ts';
import { create } from './registry/create.ts';
import { remove } from './registry/delete.ts';
import type { Registry } from './registry/registry.ts';
import { mutate, update } from './registry/update.ts';
import { bindToNode } from './storage/pod-binding.ts';
import type { ResourceName, Resources } from './types.ts';

export class LocalClient implements Client {
  readonly #registry: Registry;
  readonly #informers: Informers;
  readonly #manager: string;
  readonly #component: string;

  constructor(registry: Registry, informers: Informers, manager: string, component = manager) {
    this.#registry = registry;
    this.#informers = informers;
    this.#manager = manager;
    this.#component = component;
  }

  get<R extends ResourceName>(resource: R, namespace: string, name: string): Resources[R] | undefined {
    return this.#registry.get(resource).collection.get(namespace, name) as Resources[R] | undefined;
  }

  list<R extends ResourceName>(resource: R, namespace: string): readonly Resources[R][] {
    return this.#registry.get(resource).collection.list(namespace) as readonly Resources[R][];
  }

  view(resource: ResourceName, namespace: string, name: string, subresource: string): KubeObject | undefined {
    const { resource: served, collection } = this.#registry.get(resource);
    const view = served.subresources?.[subresource]?.view;
    // Custom resources are served by one handler, which looks no further than the name.
    if (!view && served.unstructured) return undefined;
    if (!view) throw failure(404, 'NotFound', 'the server could not find the requested resource');
    const object = collection.get(namespace, name);
    return object && view.read(object);
  }

  served(): readonly ServedResource[] {
    return this.#registry.endpoints
      .filter(({ resource, stored }) => resource === stored)
      .map(({ resource: { name, group, version, kind, namespaced, schema, openApi }, collection }) => ({
        name: name as ResourceName,
        collection: collection.name as ResourceName,
        group,
        version,
        kind,
        namespaced,
        schema,
        ...(openApi && { openApi }),
      }));
  }

  create<R extends ResourceName>(resource: R, namespace: string, object: Draft<Resources[R]>): Resources[R] {
    const endpoint = this.#registry.get(resource);
    const given = { apiVersion: endpoint.apiVersion, kind: endpoint.resource.kind, ...object } as unknown as KubeObject;
    return create(this.#registry, endpoint, namespace, given, this.#writer) as Resources[R];
  }

  update<R extends ResourceName>(resource: R, object: Resources[R], subresource?: string): Resources[R] {
    return update(this.#registry, this.#registry.get(resource), object, {
      ...this.#writer,
      ...(subresource && { subresource }),
    }) as Resources[R];
  }

  updateStatus<R extends ResourceName>(resource: R, object: Resources[R]): Resources[R] {
    return update(this.#registry, this.#registry.get(resource), object, {
      ...this.#writer,
      subresource: 'status',
    }) as Resources[R];
  }

  mutate<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    change: (object: Resources[R]) => Resources[R],
    subresource?: 'status',
  ): Resources[R] | undefined {
    const endpoint = this.#registry.get(resource);
    return mutate(this.#registry, endpoint, namespace, name, change as unknown as (object: KubeObject) => KubeObject, {
      ...this.#writer,
      ...(subresource && { subresource }),
    }) as Resources[R] | undefined;
  }

  delete<R extends ResourceName>(
    resource: R,
    namespace: string,
    name: string,
    options: DeleteOptions = {},
  ): Resources[R] | undefined {
    try {
      const user = component(this.#manager);
      const deletion = remove(this.#registry, this.#registry.get(resource), namespace, name, {
        ...options,
        user,
        by: this.#component,
      });
      return deletion.object as Resources[R];
    } catch (error) {
      if (error instanceof StatusError && error.status.reason === 'NotFound') return undefined;
      throw error;
    }
  }

  bind(namespace: string, pod: string, node: string): void {
    bindToNode(this.#registry, namespace, pod, node, this.#writer);
  }

  informer<R extends ResourceName>(resource: R): Informer<Resources[R]> {
    return this.#informers.of(this.#registry.get(resource).collection) as unknown as Informer<Resources[R]>;
  }

  as(manager: string, component?: string): Client {
    return new LocalClient(this.#registry, this.#informers, manager, component);
  }

  get #writer() {
    return { manager: this.#manager, by: this.#component };
  }
}
