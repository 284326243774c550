/** The one store behind the API: immutable objects under a single rising revision, with the recent past kept for watches (etcd and the watch cache in one). */

import type { Cause } from '../sim/cause.ts';
import { Clock } from '../sim/clock.ts';
import { contained } from '../sim/faults.ts';
import { failure } from './errors.ts';
import type { KubeObject } from './object.ts';
import { type Order, SortedObjects } from './sorted-objects.ts';
import { weigh } from './weight.ts';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly collection: Collection;
  /** The object as of this revision; of a deletion, its last state with the deletion's resourceVersion. */
  readonly object: KubeObject;
  /** What it replaced; undefined for ADDED. */
  readonly before: KubeObject | undefined;
  /** The write itself, as the cause of what follows from it. */
  readonly write: Cause;
}

export type StoreListener = (event: StoreEvent) => void;

/** Changes kept for watchers that come late; older ones are answered 410 Gone. */
const HISTORY = 20_000;
/** Or fewer, when they hold more than this together (bytes): a large object that is written again and again. */
const HISTORY_BYTES = 64 * 1024 * 1024;
const LEAST_HISTORY = 64;
/** etcd's --max-request-bytes. */
const LARGEST_OBJECT = 1.5 * 1024 * 1024;
/** As --quota-backend-bytes: 2 GiB in etcd, here what a browser's tab bears. */
export const STORAGE_QUOTA = 112 * 1024 * 1024;

export class Store {
  readonly #clock: Clock;
  #revision: number;
  /** What had been written before the watch cache began with its first list (cacher/watch_cache.go, listResourceVersion). */
  readonly #first: number;
  #collections = new Map<string, Collection>();
  #history: StoreEvent[] = [];
  /** What each of them added to memory, and all together. */
  #added: number[] = [];
  #addedBytes = 0;
  /** Of all objects as they are now. */
  #bytes = 0;
  /** The newest revision that is no longer in the history. */
  #compacted: number;
  #listeners: StoreListener[] = [];

  constructor(revision: number, clock = new Clock(0)) {
    this.#clock = clock;
    this.#revision = revision;
    this.#compacted = 0;
    this.#first = revision;
  }

  get revision(): number {
    return this.#revision;
  }

  get compacted(): number {
    return this.#compacted;
  }

  /** The oldest revision from which a watch can tell everything. */
  get watchableFrom(): number {
    return Math.max(this.#first, this.#compacted);
  }

  collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (!collection) {
      collection = new Collection(name);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  get collections(): Iterable<Collection> {
    return this.#collections.values();
  }

  /** Called with every change, at once and in order. */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Writes an object under the next revision and returns it as stored; `note` learns of it before any listener. `by` is who writes. */
  put(collection: Collection, object: KubeObject, by: string, note?: (stored: KubeObject) => void): KubeObject {
    const before = collection.get(object.metadata.namespace ?? '', object.metadata.name);
    const { total, fresh } = weigh(object);
    this.#admit(total, before);
    const stored = withRevision(object, ++this.#revision);
    note?.(stored);
    collection.set(stored);
    this.#bytes += total - (before ? weigh(before).total : 0);
    const type = before ? 'MODIFIED' : 'ADDED';
    const write = this.#write(type, collection, stored, by);
    collection.written(stored, write);
    this.#publish(fresh, { type, revision: this.#revision, collection, object: stored, before, write });
    return stored;
  }

  /** Removes an object; returns its last state under the revision of its removal. */
  remove(
    collection: Collection,
    object: KubeObject,
    by: string,
    note?: (last: KubeObject, before: KubeObject) => void,
  ): KubeObject {
    const before = collection.get(object.metadata.namespace ?? '', object.metadata.name);
    if (!before) return object;
    const last = withRevision(object, ++this.#revision);
    note?.(last, before);
    collection.delete(before);
    this.#bytes -= weigh(before).total;
    const write = this.#write('DELETED', collection, last, by);
    this.#publish(0, { type: 'DELETED', revision: this.#revision, collection, object: last, before, write });
    return last;
  }

  /** The changes after `revision`, oldest first; undefined if some of them are forgotten. */
  since(revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#history.slice(this.#firstAfter(revision));
  }

  /** A collection's objects as they were at `revision`; undefined if that is forgotten. */
  at(collection: Collection, namespace: string, revision: number): readonly KubeObject[] | undefined {
    const events = this.since(revision);
    if (!events) return undefined;
    const objects = new Map(collection.list(namespace).map((object) => [keyOf(object), object]));
    for (const event of events.toReversed()) {
      if (event.collection !== collection) continue;
      if (namespace && event.object.metadata.namespace !== namespace) continue;
      if (event.before) objects.set(keyOf(event.object), event.before);
      else objects.delete(keyOf(event.object));
    }
    return [...objects.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** All changes that are remembered, oldest first. */
  get history(): readonly StoreEvent[] {
    return this.#history;
  }

  #write(verb: StoreEvent['type'], collection: Collection, { metadata }: KubeObject, by: string): Cause {
    const { namespace = '', name } = metadata;
    return this.#clock.because({
      type: 'write',
      verb,
      resource: collection.name,
      namespace,
      name,
      revision: this.#revision,
      by,
    });
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#history[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** etcd's own refusals, which are no API errors: they go through as they are. What is there may change and go, but nothing comes. */
  #admit(bytes: number, before: KubeObject | undefined): void {
    if (bytes > LARGEST_OBJECT) throw failure(500, '', 'etcdserver: request is too large');
    if (!before && this.#bytes + bytes > STORAGE_QUOTA)
      throw failure(500, '', 'etcdserver: mvcc: database space exceeded');
  }

  #publish(added: number, event: StoreEvent): void {
    this.#history.push(event);
    this.#added.push(added);
    this.#addedBytes += added;
    if (this.#history.length >= HISTORY * 2) this.#compact(HISTORY);
    else if (this.#addedBytes > HISTORY_BYTES && this.#history.length > LEAST_HISTORY)
      this.#compact(this.#history.length >> 1);
    for (const listener of this.#listeners)
      contained(`watch ${event.type} ${event.collection.name} ${keyOf(event.object)}`, () => listener(event));
  }

  /** Forgets the oldest changes. */
  #compact(count: number): void {
    this.#compacted = this.#history[count - 1]!.revision;
    this.#history = this.#history.slice(count);
    for (const added of this.#added.slice(0, count)) this.#addedBytes -= added;
    this.#added = this.#added.slice(count);
  }
}

/** All objects of one resource, by namespace and name, with the indexes that informers declared. */
export class Collection {
  readonly name: string;
  #namespaces = new Map<string, NamespaceObjects>();
  #size = 0;
  #order: readonly string[] | undefined;
  #indexes = new Map<string, Index>();

  constructor(name: string) {
    this.name = name;
  }

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.objects.get(name);
  }

  /** The last write of an object that there is. */
  lastWrite(namespace: string, name: string): Cause | undefined {
    return this.#namespaces.get(namespace)?.writes.get(name);
  }

  /** For the store only. */
  written({ metadata: { namespace = '', name } }: KubeObject, write: Cause): void {
    this.#namespaces.get(namespace)!.writes.set(name, write);
  }

  /** The objects of a namespace, or with '' of all, in the order of etcd's keys: `a-b/x` before `a/x`. */
  list(namespace: string): readonly KubeObject[] {
    if (namespace) return this.#namespaces.get(namespace)?.sorted() ?? [];
    if (!this.#order) this.#order = [...this.#namespaces.keys()].sort((a, b) => (`${a}/` < `${b}/` ? -1 : 1));
    if (this.#order.length === 1) return this.#namespaces.get(this.#order[0]!)!.sorted();
    return this.#order.flatMap((each) => this.#namespaces.get(each)!.sorted());
  }

  /** The same objects in no particular order, without sorting. */
  *all(namespace: string): Iterable<KubeObject> {
    if (namespace) {
      yield* this.#namespaces.get(namespace)?.objects.values() ?? [];
      return;
    }
    for (const each of this.#namespaces.values()) yield* each.objects.values();
  }

  index(name: string, keys: (object: KubeObject) => readonly string[], order?: Order): Index {
    let index = this.#indexes.get(name);
    if (!index) {
      index = new Index(keys, order);
      for (const object of this.all('')) index.set(object);
      this.#indexes.set(name, index);
    }
    return index;
  }

  /** For the store only. */
  set(object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    let objects = this.#namespaces.get(namespace);
    if (!objects) {
      objects = new NamespaceObjects();
      this.#namespaces.set(namespace, objects);
      this.#order = undefined;
    }
    if (!objects.objects.has(name)) this.#size++;
    objects.set(name, object);
    if (this.#indexes.size === 0) return;
    const id = keyOf(object);
    for (const index of this.#indexes.values()) index.set(object, id);
  }

  /** For the store only. */
  delete(object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    const objects = this.#namespaces.get(namespace);
    if (!objects?.objects.has(name)) return;
    objects.delete(name);
    this.#size--;
    if (objects.objects.size === 0) {
      this.#namespaces.delete(namespace);
      this.#order = undefined;
    }
    for (const index of this.#indexes.values()) index.delete(object);
  }
}

/** One namespace's objects, sorted only when somebody lists them. */
class NamespaceObjects {
  readonly objects = new Map<string, KubeObject>();
  readonly writes = new Map<string, Cause>();
  #names: readonly string[] | undefined;
  #sorted: readonly KubeObject[] | undefined;

  set(name: string, object: KubeObject): void {
    if (!this.objects.has(name)) this.#names = undefined;
    this.objects.set(name, object);
    this.#sorted = undefined;
  }

  delete(name: string): void {
    this.objects.delete(name);
    this.writes.delete(name);
    this.#names = undefined;
    this.#sorted = undefined;
  }

  sorted(): readonly KubeObject[] {
    if (!this.#sorted) {
      this.#names ??= [...this.objects.keys()].sort();
      this.#sorted = this.#names.map((name) => this.objects.get(name)!);
    }
    return this.#sorted;
  }
}

/** Objects by computed keys, kept as they change; under each key in the order given, else in that of their arrival. */
export class Index {
  readonly #keys: (object: KubeObject) => readonly string[];
  readonly #order: Order | undefined;
  #keysOf = new Map<string, readonly string[]>();
  #byKey = new Map<string, Map<string, KubeObject> | SortedObjects>();

  constructor(keys: (object: KubeObject) => readonly string[], order?: Order) {
    this.#keys = keys;
    this.#order = order;
  }

  get(key: string): Iterable<KubeObject> {
    return this.#byKey.get(key)?.values() ?? [];
  }

  set(object: KubeObject, id = keyOf(object)): void {
    const keys = this.#keys(object);
    const old = this.#keysOf.get(id);
    if (old) for (const key of old) if (!keys.includes(key)) this.#drop(key, id);
    if (keys.length > 0) this.#keysOf.set(id, keys);
    else if (old) this.#keysOf.delete(id);
    for (const key of keys) {
      let entries = this.#byKey.get(key);
      if (!entries) {
        entries = this.#order ? new SortedObjects(this.#order) : new Map<string, KubeObject>();
        this.#byKey.set(key, entries);
      }
      entries.set(id, object);
    }
  }

  delete(object: KubeObject): void {
    const id = keyOf(object);
    for (const key of this.#keysOf.get(id) ?? []) this.#drop(key, id);
    this.#keysOf.delete(id);
  }

  #drop(key: string, id: string): void {
    const entries = this.#byKey.get(key);
    entries?.delete(id);
    if (entries?.size === 0) this.#byKey.delete(key);
  }
}

/** `namespace/name`, or the name alone of what has no namespace. */
export const keyOf = ({ metadata }: KubeObject): string =>
  metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;

const withRevision = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});
