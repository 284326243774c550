/**
 * What the API server itself does with definitions: accepts their names, establishes and serves them, empties and forgets them
 * (apiextensions-apiserver pkg/controller/status, establish, finalizer, nonstructuralschema; pkg/apiserver/customresource_handler.go).
 */

import { contained } from '../../sim/faults.ts';
import { equal } from '../equality.ts';
import type { KubeObject } from '../object.ts';
import { remove } from '../registry/delete.ts';
import type { Registry } from '../registry/registry.ts';
import { mutate } from '../registry/update.ts';
import type { Collection } from '../store.ts';
import { collectionOf, customResources, storedResource } from './custom-resource.ts';
import { acceptedNames } from './naming.ts';
import type { CustomResourceDefinition, DefinitionCondition, DefinitionStatus } from './types.ts';
import { CLEANUP_FINALIZER, hasCondition, withCondition } from './types.ts';

/** How long a change takes through an informer and a queue, and until its objects can be served: then it is said to be established. */
const NOTICED = 3;
const SERVED = 15;
/** tearDown: requests that began before find their storage for so long; then watches end. */
const TORN_DOWN = 1_000;
/** Until the finalizer begins: what is deleted in one go with its definition is still found. */
const FINALIZING = 50;
/** The finalizer looks every five seconds whether all instances are gone. */
const POLL = 5_000;

export function serveDefinitions(registry: Registry): void {
  new Definitions(registry).start();
}

class Definitions {
  readonly #registry: Registry;
  readonly #collection: Collection;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#collection = registry.store.collection('customresourcedefinitions');
  }

  start(): void {
    this.#registry.store.subscribe(({ type, collection, object, before }) => {
      if (collection !== this.#collection) return;
      const definition = object as CustomResourceDefinition;
      if (type === 'DELETED') this.#forget(definition);
      else this.#changed(definition, before as CustomResourceDefinition | undefined);
    });
  }

  #changed(definition: CustomResourceDefinition, before: CustomResourceDefinition | undefined): void {
    if (!equal(definition.spec.names, definition.status?.acceptedNames))
      this.#later(NOTICED, definition, (now) => this.#name(now));
    if (hasCondition(definition, 'Established')) {
      const established = before !== undefined && hasCondition(before, 'Established');
      if (!established || !isServedAlike(before, definition)) this.#serve(definition);
      if (established && !isStoredAlike(before, definition)) this.#tearDown(definition);
    } else if (hasCondition(definition, 'NamesAccepted'))
      this.#later(SERVED, definition, (now) => this.#establish(now));
    if (definition.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp)
      this.#later(FINALIZING, definition, (now) => this.#beginDeletion(now));
  }

  /** Unless it is gone by then, or another of its name has taken its place. */
  #later(
    delay: number,
    { metadata }: CustomResourceDefinition,
    act: (now: CustomResourceDefinition) => void,
    options?: { readonly background: boolean },
  ): void {
    const again = () => {
      const now = this.#get(metadata.name);
      if (now?.metadata.uid === metadata.uid) act(now!);
    };
    this.#after(delay, metadata.name, again, options);
  }

  #after(delay: number, name: string, act: () => void, options?: { readonly background: boolean }): void {
    this.#registry.clock.after(delay, () => contained(`customresourcedefinition ${name}`, act), options);
  }

  #get(name: string): CustomResourceDefinition | undefined {
    return this.#collection.get('', name) as CustomResourceDefinition | undefined;
  }

  /** Writes the status, if the definition is still there. */
  #write(name: string, change: (definition: CustomResourceDefinition) => DefinitionStatus): void {
    const endpoint = this.#registry.get('customresourcedefinitions');
    const changed = (object: KubeObject): KubeObject => {
      const definition = object as CustomResourceDefinition;
      return { ...definition, status: change(definition) } as KubeObject;
    };
    mutate(this.#registry, endpoint, '', name, changed, { manager: 'kube-apiserver', subresource: 'status' });
  }

  #condition(status: DefinitionStatus | undefined, condition: DefinitionCondition): DefinitionStatus {
    return withCondition(status, condition, this.#registry.context.timestamp);
  }

  #name(definition: CustomResourceDefinition): void {
    const others = (this.#collection.list('') as readonly CustomResourceDefinition[]).filter(
      (each) => each !== definition,
    );
    const { names, namesAccepted } = acceptedNames(definition, others);
    this.#write(definition.metadata.name, ({ status }) => {
      const named = this.#condition({ ...status, acceptedNames: names }, namesAccepted);
      if (named.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True')) return named;
      if (namesAccepted.status !== 'True' && named.conditions?.some(({ type }) => type === 'Established')) return named;
      return this.#condition(named, {
        type: 'Established',
        status: 'False',
        ...(namesAccepted.status === 'True'
          ? { reason: 'Installing', message: 'the initial names have been accepted' }
          : { reason: 'NotAccepted', message: 'not all names are accepted' }),
      });
    });
  }

  #establish(definition: CustomResourceDefinition): void {
    if (!hasCondition(definition, 'NamesAccepted') || hasCondition(definition, 'Established')) return;
    this.#write(definition.metadata.name, ({ status }) =>
      this.#condition(status, {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      }),
    );
  }

  #serve(definition: CustomResourceDefinition): void {
    this.#registry.withdraw(collectionOf(definition));
    this.#registry.serve(customResources(definition));
  }

  #tearDown(definition: CustomResourceDefinition): void {
    const watchers = this.#registry.watchers.of(collectionOf(definition));
    this.#after(TORN_DOWN, definition.metadata.name, () => {
      for (const end of watchers) end();
    });
  }

  /** A name that is free again may be another's. */
  #forget(definition: CustomResourceDefinition): void {
    this.#tearDown(definition);
    this.#registry.withdraw(collectionOf(definition));
    for (const other of this.#collection.list('') as readonly CustomResourceDefinition[])
      if (other.spec.group === definition.spec.group && !equal(other.spec.names, other.status?.acceptedNames))
        this.#later(NOTICED, other, (now) => this.#name(now));
  }

  #beginDeletion(definition: CustomResourceDefinition): void {
    if (!definition.metadata.finalizers?.includes(CLEANUP_FINALIZER)) return;
    this.#write(definition.metadata.name, ({ status }) =>
      this.#condition(status, {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      }),
    );
    // Its instances are there whichever of its versions are served.
    const endpoint = this.#registry.endpointOf(storedResource(definition));
    for (const { metadata } of endpoint.collection.list(''))
      remove(this.#registry, endpoint, metadata.namespace ?? '', metadata.name);
    this.#finish(definition);
  }

  #finish(definition: CustomResourceDefinition): void {
    if (this.#registry.store.collection(collectionOf(definition)).size > 0) {
      this.#later(POLL, definition, (now) => this.#finish(now), { background: true });
      return;
    }
    const condition = hasCondition(definition, 'Established')
      ? { reason: 'InstanceDeletionCompleted', message: 'removed all instances' }
      : { reason: 'NeverEstablished', message: 'resource was never established' };
    const endpoint = this.#registry.get('customresourcedefinitions');
    const released = (object: KubeObject): KubeObject => {
      const { metadata, ...rest } = object as CustomResourceDefinition;
      const finalizers = metadata.finalizers?.filter((each) => each !== CLEANUP_FINALIZER) ?? [];
      const status = this.#condition(rest.status, { type: 'Terminating', status: 'False', ...condition });
      return { ...rest, metadata: { ...metadata, finalizers }, status } as KubeObject;
    };
    mutate(this.#registry, endpoint, '', definition.metadata.name, released, {
      manager: 'kube-apiserver',
      subresource: 'status',
    });
  }
}

const isStoredAlike = (a: CustomResourceDefinition, b: CustomResourceDefinition): boolean =>
  (a.spec === b.spec || equal(a.spec, b.spec)) && equal(a.status?.acceptedNames, b.status?.acceptedNames);

/** Whether the same is served for both: their conditions do not matter, but whether they are going does. */
const isServedAlike = (a: CustomResourceDefinition, b: CustomResourceDefinition): boolean =>
  isStoredAlike(a, b) &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  hasCondition(a, 'Terminating') === hasCondition(b, 'Terminating');
