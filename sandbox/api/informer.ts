/** Informers: the store's objects with indexes, and their changes told on the clock a moment after the write. */

import type { Clock } from '../sim/clock.ts';
import { contained } from '../sim/faults.ts';
import type { Informer, InformerHandler } from './client.ts';
import type { KubeObject } from './object.ts';
import { type Collection, keyOf, type Store, type StoreEvent } from './store.ts';

/** How long a change takes to reach a watcher. */
const LATENCY = 1;

type Handler = InformerHandler<KubeObject>;

interface Subscription {
  readonly handler: Handler;
  /** Changes up to here were in the initial list. */
  readonly since: number;
}

type Delivery =
  | StoreEvent
  | {
      readonly type: 'LISTED';
      readonly objects: readonly KubeObject[];
      readonly handler: Handler;
      readonly write?: undefined;
    };

/** All informers of a cluster: one queue, so that handlers of different resources see the store's own order. */
export class Informers {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #subscriptions = new Map<Collection, Subscription[]>();
  #queue: Delivery[] = [];
  #scheduled = false;

  constructor(clock: Clock, store: Store) {
    this.#clock = clock;
    this.#store = store;
    store.subscribe((event) => {
      if (this.#subscriptions.has(event.collection)) this.#enqueue(event);
    });
  }

  of(collection: Collection): Informer<KubeObject> {
    return {
      get: (namespace, name) => collection.get(namespace, name),
      list: (namespace = '') => collection.all(namespace),
      index: (name, keys, order) => {
        const index = collection.index(name, keys, order);
        return (key) => index.get(key);
      },
      handle: (handler) => this.#handle(collection, handler),
    };
  }

  #handle(collection: Collection, handler: Handler): void {
    const subscriptions = this.#subscriptions.get(collection) ?? [];
    subscriptions.push({ handler, since: this.#store.revision });
    this.#subscriptions.set(collection, subscriptions);
    this.#enqueue({ type: 'LISTED', objects: collection.list(''), handler });
  }

  #enqueue(delivery: Delivery): void {
    this.#queue.push(delivery);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(LATENCY, () => this.#flush());
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#scheduled = false;
    for (const delivery of queue) {
      this.#clock.cause = delivery.write;
      if (delivery.type === 'LISTED') {
        for (const object of delivery.objects) told(delivery.handler, 'ADDED', object);
      } else this.#deliver(delivery);
    }
  }

  #deliver({ type, collection, revision, object, before }: StoreEvent): void {
    for (const { handler, since } of this.#subscriptions.get(collection)!) {
      if (revision <= since) continue;
      told(handler, type, object, before);
    }
  }
}

/** One handler's fault is not the others'. */
function told(handler: Handler, type: StoreEvent['type'], object: KubeObject, before?: KubeObject): void {
  contained(`informer ${type} ${object.kind} ${keyOf(object)}`, () => {
    if (type === 'ADDED') handler.added?.(object);
    else if (type === 'MODIFIED') handler.updated?.(before!, object);
    else handler.deleted?.(object);
  });
}
