/** The garbage collector: what is owned goes when its owners go, before them, or is orphaned (pkg/controller/garbagecollector). */

import type { KubeObject, OwnerReference } from '../api/object.ts';
import type { ResourceName } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { withOwners } from './ownership.ts';
import { hasFinalizer, withoutFinalizer } from './protection.ts';
import { WorkQueue } from './work-queue.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';
const OWNER_INDEX = 'owner';
/** Virtual milliseconds it takes to patch the dependents of an orphaned owner. */
const ORPHANING = 12;

/** Before it writes, it asks the API server for the object and its owners as they are. */
const ASKING = [8, 18] as const;

/** Neither own nor are owned, and are the bulk of all writes (DefaultIgnoredResources). */
const IGNORED: readonly string[] = ['events'];

/** How often discovery is asked what else there is to watch. */
const SYNC_PERIOD = 30_000;

interface Item {
  readonly resource: ResourceName;
  readonly object: KubeObject;
}

export function startGarbageCollector(context: ControllerContext): void {
  new GarbageCollector(context).start();
}

class GarbageCollector {
  readonly #context: ControllerContext;
  /** What is watched, by group and kind as owner references name it. */
  readonly #monitors = new Map<string, Monitor>();
  readonly #queue: WorkQueue;
  /** What has been decided of an item is written after its object and owners were asked for; refused, it is tried again. */
  readonly #decided = new Map<string, () => void>();
  readonly #writes: WorkQueue;

  constructor(context: ControllerContext) {
    const { clock, random } = context;
    this.#context = context;
    this.#queue = new WorkQueue({ clock, random, reconcile: (key) => this.#process(key), latency: [2, 12] });
    this.#writes = new WorkQueue({ clock, random, reconcile: (key) => this.#write(key), latency: ASKING });
  }

  start(): void {
    this.#sync();
    this.#context.clock.every(SYNC_PERIOD, () => this.#sync());
  }

  /** GarbageCollector.Sync: whatever is served can own and be owned. */
  #sync(): void {
    for (const { collection: name, group, kind, namespaced } of this.#context.client.served()) {
      const key = `${group}/${kind}`;
      if (this.#monitors.has(key) || IGNORED.includes(name)) continue;
      const informer = this.#context.client.informer(name);
      const dependents = informer.index(OWNER_INDEX, ownerUids) as (uid: string) => Iterable<KubeObject>;
      this.#monitors.set(key, { resource: name, namespaced, dependents });
      informer.handle({
        added: (object) => this.#changed({ resource: name, object }),
        updated: (before, object) => this.#changed({ resource: name, object }, before),
        deleted: (object) => this.#gone(object),
      });
    }
  }

  #changed({ resource, object }: Item, before?: KubeObject): void {
    const { metadata } = object;
    if (metadata.deletionTimestamp && (hasFinalizer(object, FOREGROUND) || hasFinalizer(object, ORPHAN))) {
      this.#enqueue({ resource, object });
      return;
    }
    const owners = metadata.ownerReferences;
    if (owners === before?.metadata.ownerReferences) return;
    for (const owner of noLongerBlocked(before, owners)) this.#lookAgain(owner, metadata.namespace);
    if (!owners) return;
    const dangling = owners.filter((owner) => !this.#isSolid(owner, metadata.namespace));
    for (const owner of owners) if (!this.#find(owner, metadata.namespace)) this.#reportElsewhere(object, owner);
    if (dangling.length > 0) this.#enqueue({ resource, object });
  }

  /** reportInvalidNamespaceOwnerRef: there is such an object, but it lives elsewhere. */
  #reportElsewhere(object: KubeObject, owner: OwnerReference): void {
    const { namespace = '' } = object.metadata;
    const { apiVersion, kind, name, uid } = owner;
    if (!this.#isElsewhere(owner)) return;
    const message = `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${namespace}"`;
    const { apiVersion: version, kind: its, metadata } = object;
    // The graph knows an object by these alone, whatever its revision.
    const place = namespace ? { namespace } : {};
    const reference = { apiVersion: version, kind: its, ...place, name: metadata.name, uid: metadata.uid };
    this.#context.recorder.event(reference, 'Warning', 'OwnerRefInvalidNamespace', message);
  }

  /** In one namespace or another, by the name and kind that the reference gives. */
  #isElsewhere(owner: OwnerReference): boolean {
    for (const { metadata } of this.#context.client.informer('namespaces').list())
      if (this.#find(owner, metadata.name)) return true;
    return false;
  }

  /** Its dependents lost an owner; its own owners may wait for it in the foreground. */
  #gone({ metadata }: KubeObject): void {
    for (const item of this.#dependentsOf(metadata.uid)) this.#enqueue(item);
    for (const owner of metadata.ownerReferences ?? []) this.#lookAgain(owner, metadata.namespace);
  }

  /** An owner that waits in the foreground: one that blocked it may not any more. */
  #lookAgain(owner: OwnerReference, namespace?: string): void {
    const item = this.#find(owner, namespace);
    if (item && isWaitingForDependents(item.object)) this.#enqueue(item);
  }

  #enqueue({ resource, object }: Item): void {
    const { namespace = '', name, uid } = object.metadata;
    this.#queue.add(`${resource}/${namespace}/${name}/${uid}`);
  }

  #process(key: string): void {
    const [resource, namespace, name, uid] = key.split('/') as [ResourceName, string, string, string];
    const object = this.#context.client.get(resource, namespace, name);
    if (object?.metadata.uid !== uid) return;
    const item = { resource, object };
    if (object.metadata.deletionTimestamp && hasFinalizer(object, ORPHAN)) this.#orphanDependents(item);
    else if (object.metadata.deletionTimestamp && hasFinalizer(object, FOREGROUND)) this.#deleteInForeground(item);
    else this.#attemptToDelete(item);
  }

  /** attemptToDeleteItem: with a solid owner left, only the other references go; without one, the object. */
  #attemptToDelete(item: Item): void {
    const { object, resource } = item;
    const { namespace = '', name, uid, deletionTimestamp, ownerReferences = [] } = object.metadata;
    if (deletionTimestamp || ownerReferences.length === 0) return;
    const solid = ownerReferences.filter((owner) => this.#isSolid(owner, namespace));
    if (solid.length === ownerReferences.length) return;
    if (solid.length > 0) {
      this.#context.client.update(resource, withOwners(object, solid) as never);
      return;
    }
    const waiting = ownerReferences.some((owner) => this.#find(owner, namespace));
    const dependents = waiting ? this.#dependentsOf(uid) : [];
    if (dependents.some((dependent) => isWaitingForDependents(dependent.object)) && ownerReferences.some(isBlocking)) {
      // What it owns waits as what owns it does: in a circle, each for the next. Once it blocks nobody it is queued again, to be deleted.
      this.#context.client.update(resource, withOwners(object, ownerReferences.map(unblocked)) as never);
      return;
    }
    const foreground = dependents.length > 0;
    const propagationPolicy = hasFinalizer(object, ORPHAN)
      ? 'Orphan'
      : foreground || hasFinalizer(object, FOREGROUND)
        ? 'Foreground'
        : 'Background';
    this.#soon(uid, () => {
      const still = this.#context.client.get(resource, namespace, name) as KubeObject | undefined;
      if (still?.metadata.uid !== uid || still.metadata.ownerReferences !== ownerReferences) return;
      this.#context.client.delete(resource, namespace, name, { propagationPolicy, preconditions: { uid } });
    });
  }

  #soon(uid: string, write: () => void): void {
    this.#decided.set(uid, write);
    this.#writes.add(uid);
  }

  #write(uid: string): void {
    this.#decided.get(uid)?.();
    this.#decided.delete(uid);
  }

  /** processDeletingDependentsItem: the dependents first; once none blocks, the finalizer goes and with it the object. */
  #deleteInForeground({ resource, object }: Item): void {
    const { uid } = object.metadata;
    let blocked = false;
    for (const dependent of this.#dependentsOf(uid)) {
      const reference = dependent.object.metadata.ownerReferences!.find((owner) => owner.uid === uid)!;
      if (reference.blockOwnerDeletion) blocked = true;
      if (!dependent.object.metadata.deletionTimestamp) this.#enqueue(dependent);
    }
    if (blocked) return;
    const { namespace = '', name } = object.metadata;
    this.#soon(uid, () => {
      this.#context.client.mutate(resource, namespace, name, (current) =>
        (current as KubeObject).metadata.uid === uid
          ? (withoutFinalizer(current as never, FOREGROUND) as never)
          : current,
      );
    });
  }

  /** orphanDependents, and in another turn the finalizer. */
  #orphanDependents(item: Item): void {
    const { client } = this.#context;
    const { resource, object } = item;
    const { uid } = object.metadata;
    const dependents = this.#dependentsOf(uid);
    for (const { resource: kind, object: dependent } of dependents) {
      const { namespace = '', name } = dependent.metadata;
      client.mutate(kind, namespace, name, (current) => {
        const owners = (current as KubeObject).metadata.ownerReferences ?? [];
        return withOwners(
          current,
          owners.filter((owner) => owner.uid !== uid),
        ) as never;
      });
    }
    if (dependents.length > 0) this.#context.clock.after(ORPHANING, () => this.#enqueue(item));
    else client.update(resource, withoutFinalizer(object, ORPHAN) as never);
  }

  #dependentsOf(uid: string): Item[] {
    const items: Item[] = [];
    for (const { resource, dependents } of this.#monitors.values()) {
      for (const object of dependents(uid)) items.push({ resource, object });
    }
    return items;
  }

  /** The owner, if it is where the reference says: beside its dependent, or in no namespace. */
  #find(owner: OwnerReference, namespace = ''): Item | undefined {
    const monitor = this.#monitors.get(groupKind(owner));
    if (!monitor || (monitor.namespaced && !namespace)) return undefined;
    const { resource, namespaced } = monitor;
    const object = this.#context.client.get(resource, namespaced ? namespace : '', owner.name);
    return object?.metadata.uid === owner.uid ? { resource, object } : undefined;
  }

  /** There, and not itself waiting for its dependents to go. Of a kind that is not served, or of a namespace while its dependent has none, it is taken on trust. */
  #isSolid(owner: OwnerReference, namespace = ''): boolean {
    const monitor = this.#monitors.get(groupKind(owner));
    if (!monitor || (monitor.namespaced && !namespace)) return true;
    const found = this.#find(owner, namespace);
    return found !== undefined && !isWaitingForDependents(found.object);
  }
}

interface Monitor {
  readonly resource: ResourceName;
  readonly namespaced: boolean;
  readonly dependents: (uid: string) => Iterable<KubeObject>;
}

const groupKind = ({ apiVersion, kind }: OwnerReference): string =>
  `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind}`;

const isBlocking = ({ blockOwnerDeletion }: OwnerReference): boolean => blockOwnerDeletion === true;

/** unblockOwnerReferencesStrategicMergePatch. */
const unblocked = (owner: OwnerReference): OwnerReference =>
  isBlocking(owner) ? { ...owner, blockOwnerDeletion: false } : owner;

/** Owners that a reference held up and now does not (addUnblockedOwnersToDeleteQueue). */
const noLongerBlocked = (before: KubeObject | undefined, owners: readonly OwnerReference[] = UNOWNED) =>
  (before?.metadata.ownerReferences ?? UNOWNED).filter(
    (owner) => isBlocking(owner) && !owners.some((now) => now.uid === owner.uid && isBlocking(now)),
  );
const UNOWNED: readonly OwnerReference[] = [];

const isWaitingForDependents = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && hasFinalizer(object, FOREGROUND);

const ownerUids = ({ metadata }: Pick<KubeObject, 'metadata'>): readonly string[] =>
  metadata.ownerReferences?.map(({ uid }) => uid) ?? NONE;
const NONE: readonly string[] = [];
