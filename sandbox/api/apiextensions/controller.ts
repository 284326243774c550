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
import { collectionOf, customResources } from './custom-resource.ts';
import { acceptedNames } from './naming.ts';
import type { CustomResourceDefinition, DefinitionCondition, DefinitionStatus } from './types.ts';
import { CLEANUP_FINALIZER, hasCondition, withCondition } from './types.ts';

/** How long a change takes through an informer and a queue, and from then until its objects are served. */
const NOTICED = 3;
const SERVED = 40;
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
    const { name } = definition.metadata;
    if (!equal(definition.spec.names, definition.status?.acceptedNames))
      this.#later(NOTICED, name, () => this.#name(name));
    if (hasCondition(definition, 'NamesAccepted') && !hasCondition(definition, 'Established'))
      this.#later(NOTICED, name, () => this.#establish(name));
    if (hasCondition(definition, 'Established')) {
      if (!before || !hasCondition(before, 'Established'))
        this.#later(SERVED, name, () => this.#serve(this.#get(name)));
      else if (!isServedAlike(before, definition)) this.#serve(definition);
      if (before && hasCondition(before, 'Established') && !isStoredAlike(before, definition))
        this.#tearDown(definition);
    }
    if (definition.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp)
      this.#later(FINALIZING, name, () => this.#beginDeletion(name));
  }

  #later(delay: number, name: string, act: () => void): void {
    this.#registry.clock.after(delay, () => contained(`customresourcedefinition ${name}`, act));
  }

  #get(name: string): CustomResourceDefinition | undefined {
    return this.#collection.get('', name) as CustomResourceDefinition | undefined;
  }

  /** Writes the status, if the definition is still there. */
  #write(name: string, change: (definition: CustomResourceDefinition) => DefinitionStatus): void {
    const endpoint = this.#registry.get('customresourcedefinitions');
    const change_ = (object: KubeObject): KubeObject => {
      const definition = object as CustomResourceDefinition;
      return { ...definition, status: change(definition) } as KubeObject;
    };
    mutate(this.#registry, endpoint, '', name, change_, { manager: 'kube-apiserver', subresource: 'status' });
  }

  #condition(status: DefinitionStatus | undefined, condition: DefinitionCondition): DefinitionStatus {
    return withCondition(status, condition, this.#registry.context.timestamp);
  }

  #name(name: string): void {
    const definition = this.#get(name);
    if (!definition) return;
    const others = (this.#collection.list('') as readonly CustomResourceDefinition[]).filter(
      (each) => each !== definition,
    );
    const { names, namesAccepted } = acceptedNames(definition, others);
    this.#write(name, ({ status }) => {
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

  #establish(name: string): void {
    const definition = this.#get(name);
    if (!definition || !hasCondition(definition, 'NamesAccepted')) return;
    this.#write(name, ({ status }) =>
      this.#condition(status, {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      }),
    );
  }

  #serve(definition: CustomResourceDefinition | undefined): void {
    if (!definition) return;
    this.#registry.withdraw(collectionOf(definition));
    this.#registry.serve(customResources(definition));
  }

  #tearDown(definition: CustomResourceDefinition): void {
    const watchers = this.#registry.watchers.of(collectionOf(definition));
    this.#later(TORN_DOWN, definition.metadata.name, () => {
      for (const end of watchers) end();
    });
  }

  /** A name that is free again may be another's. */
  #forget(definition: CustomResourceDefinition): void {
    this.#tearDown(definition);
    this.#registry.withdraw(collectionOf(definition));
    for (const { metadata, spec, status } of this.#collection.list('') as readonly CustomResourceDefinition[])
      if (spec.group === definition.spec.group && !equal(spec.names, status?.acceptedNames))
        this.#later(NOTICED, metadata.name, () => this.#name(metadata.name));
  }

  #beginDeletion(name: string): void {
    const definition = this.#get(name);
    if (!definition?.metadata.finalizers?.includes(CLEANUP_FINALIZER)) return;
    this.#write(name, ({ status }) =>
      this.#condition(status, {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      }),
    );
    const endpoint = this.#registry.find(collectionOf(definition));
    if (endpoint)
      for (const { metadata } of endpoint.collection.list(''))
        remove(this.#registry, endpoint, metadata.namespace ?? '', metadata.name);
    this.#finish(name);
  }

  #finish(name: string): void {
    const definition = this.#get(name);
    if (!definition) return;
    if (this.#registry.store.collection(collectionOf(definition)).size > 0) {
      this.#registry.clock.after(POLL, () => contained(`customresourcedefinition ${name}`, () => this.#finish(name)), {
        background: true,
      });
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
    mutate(this.#registry, endpoint, '', name, released, { manager: 'kube-apiserver', subresource: 'status' });
  }
}

const isStoredAlike = (a: CustomResourceDefinition, b: CustomResourceDefinition): boolean =>
  (a.spec === b.spec || equal(a.spec, b.spec)) && equal(a.status?.acceptedNames, b.status?.acceptedNames);

/** Whether the same is served for both: their conditions do not matter, but whether they are going does. */
const isServedAlike = (a: CustomResourceDefinition, b: CustomResourceDefinition): boolean =>
  isStoredAlike(a, b) &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  hasCondition(a, 'Terminating') === hasCondition(b, 'Terminating');
