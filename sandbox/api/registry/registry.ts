/** The generic registry: which resources are served, their collections, and what strategies may ask of the world (apiserver pkg/registry/generic/registry). */

import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { Admission } from '../admission/chain.ts';
import type { Plugin } from '../admission/plugin.ts';
import { Allocators } from '../allocators.ts';
import type { User } from '../authenticator/user.ts';
import type { FieldHistory } from '../fields/history.ts';
import type { KubeObject, ManagedFieldsEntry } from '../object.ts';
import type { Resource, StrategyContext } from '../resource.ts';
import type { Collection, Store } from '../store.ts';
import { timestamp } from '../time.ts';
import { Watchers } from './watchers.ts';

/** Who writes, and how. */
export interface WriteOptions {
  /** Field manager. */
  readonly manager: string;
  /** Who writes; the component of that name unless given. */
  readonly user?: User;
  /** The component that writes, where many share a field manager; the manager unless given. */
  readonly by?: string | undefined;
  readonly dryRun?: boolean;
  readonly subresource?: string;
  /** Receives the texts of `Warning:` headers. */
  readonly warn?: (text: string) => void;
  /** The group/version the writer speaks, for managedFields; the resource's own unless given. */
  readonly apiVersion?: string;
  /** The entries that server-side apply worked out. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** A resource as served: its declaration bound to its collection. Versions of one kind share the collection. */
export interface Endpoint {
  readonly resource: Resource;
  readonly apiVersion: string;
  readonly collection: Collection;
  /** The version in which the collection stores. */
  readonly stored: Resource;
}

export class Registry {
  readonly clock: Clock;
  readonly random: Random;
  readonly watchTimeouts: Random;
  readonly store: Store;
  readonly fields: FieldHistory;
  #endpoints: readonly Endpoint[] = [];
  #aside: Random | undefined;
  readonly context: StrategyContext;
  readonly admission: Admission;
  readonly watchers = new Watchers();
  readonly #byName = new Map<string, Endpoint>();
  readonly #byPath = new Map<string, Endpoint>();
  readonly #byKind = new Map<string, Endpoint>();

  constructor(options: {
    clock: Clock;
    random: Random;
    store: Store;
    fields: FieldHistory;
    resources: readonly Resource[];
    plugins?: readonly Plugin[];
  }) {
    this.clock = options.clock;
    this.random = options.random;
    this.watchTimeouts = options.random.fork('watch-timeouts');
    this.store = options.store;
    this.fields = options.fields;
    this.serve(options.resources);
    this.context = this.#strategyContext();
    this.admission = new Admission(this.context, options.plugins);
  }

  /** What is answered meanwhile draws from a stream of its own: nothing made later is another for it (dry runs from outside the world). */
  leavingChance<T>(work: () => T): T {
    this.#aside = this.random.fork('aside');
    try {
      return work();
    } finally {
      this.#aside = undefined;
    }
  }

  /** What is served now; another value when that changes. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  serve(resources: readonly Resource[]): void {
    this.#endpoints = [...this.#endpoints, ...resources.map((resource) => this.#serve(resource))];
  }

  /** Serves a collection no longer. */
  withdraw(collection: string): void {
    const gone = this.#endpoints.filter((endpoint) => endpoint.collection.name === collection);
    for (const { resource, apiVersion } of gone) {
      this.#byPath.delete(`${resource.group}/${resource.version}/${resource.name}`);
      this.#byKind.delete(`${apiVersion}/${resource.kind}`);
    }
    this.#byName.delete(collection);
    this.#endpoints = this.#endpoints.filter((endpoint) => !gone.includes(endpoint));
  }

  /** The endpoint of the version that is stored, by plural name (of a custom resource: with its group). */
  get(name: string): Endpoint {
    const endpoint = this.#byName.get(name);
    if (!endpoint) throw new Error(`no resource ${name} is served`);
    return endpoint;
  }

  at(group: string, version: string, name: string): Endpoint | undefined {
    return this.#byPath.get(`${group}/${version}/${name}`);
  }

  /** By apiVersion and kind, as owner references and bodies name them. */
  ofKind(apiVersion: string, kind: string): Endpoint | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** As it is or would be served. */
  endpointOf(resource: Resource): Endpoint {
    const name = resource.collection ?? resource.name;
    return {
      resource,
      apiVersion: resource.group ? `${resource.group}/${resource.version}` : resource.version,
      collection: this.store.collection(name),
      stored: this.#byName.get(name)?.resource ?? resource,
    };
  }

  #serve(resource: Resource): Endpoint {
    const endpoint = this.endpointOf(resource);
    const { name } = endpoint.collection;
    if (!this.#byName.has(name)) this.#byName.set(name, endpoint);
    this.#byPath.set(`${resource.group}/${resource.version}/${resource.name}`, endpoint);
    this.#byKind.set(`${endpoint.apiVersion}/${resource.kind}`, endpoint);
    return endpoint;
  }

  #strategyContext(): StrategyContext {
    const { clock, random, store } = this;
    const addresses = random.fork('allocators');
    const between = (low: number, high: number) => (this.#aside ?? addresses).between(low, high);
    const allocators = new Allocators(store, { between });
    const streams = new Map<string, Random>();
    const stream = (resource: string): Random => {
      if (this.#aside) return this.#aside;
      const known = streams.get(resource) ?? random.fork(resource);
      streams.set(resource, known);
      return known;
    };
    return {
      get now() {
        return clock.now;
      },
      get timestamp() {
        return timestamp(clock.now);
      },
      uuid: (resource) => stream(resource).uuid(),
      nameSuffix: (resource) => stream(resource).nameSuffix(),
      lookup: (resource, namespace, name): KubeObject | undefined => store.collection(resource).get(namespace, name),
      list: (resource, namespace) => store.collection(resource).list(namespace),
      served: () => this.#endpoints.map(({ resource }) => resource),
      allocate: (what, wanted) => allocators.allocate(what, wanted),
    };
  }
}
