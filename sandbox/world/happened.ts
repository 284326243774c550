/**
 * What happened in the cluster, told afterwards from the changes that the store remembers for its watches: recording it costs nothing.
 * A change carries no time; the objects written around it do (leases are renewed every few seconds), and the clock only rises.
 */

import type { KubeObject } from '../api/object.ts';
import type { StoreEvent } from '../api/store.ts';
import type { Event, Lease, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types.ts';
import type { Happening } from '../channel/past.ts';
import { podReady, podStatusText } from '../lesson/pods.ts';
import type { World } from './world.ts';

/** The newest ones: more would not be told apart. */
const MOST = 400;
/** The system's own comings and goings are no news. */
const SYSTEM = /^kube-/;

/** Of the object itself, unless it names another. */
type Told = Pick<Happening, 'what' | 'tone'> & Partial<Pick<Happening, 'kind' | 'name'>>;

/** Since a revision, oldest first. */
export function happened({ api, clock }: World, since: number): Happening[] {
  const { store } = api;
  const seen = new Set<string>();
  const list: Happening[] = [];
  /** A removal names no time: it had happened when the next change did that does. */
  let untimed: Omit<Happening, 'at'>[] = [];
  const settle = (at: number) => {
    list.push(...untimed.map((one) => ({ at, ...one })));
    untimed = [];
  };
  let now = 0;
  for (const event of store.since(store.compacted) ?? []) {
    const time = timeOf(event);
    if (time > now) {
      now = time;
      settle(now);
    }
    const told = tell(event);
    if (!told) continue;
    // A container that crashes every minute is told of once.
    const uid = event.collection.name === 'events' ? '' : event.object.metadata.uid;
    const key = `${told.kind}/${told.name}/${uid}/${told.what}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (event.revision <= since) continue;
    if (event.type === 'DELETED') untimed.push(told);
    else list.push({ at: now, ...told });
  }
  settle(clock.now);
  return list.slice(-MOST);
}

function tell(event: StoreEvent): Omit<Happening, 'at'> | undefined {
  const { metadata, kind = '' } = event.object;
  if (SYSTEM.test(metadata.namespace ?? '')) return undefined;
  const told = tellers[event.collection.name]?.(event);
  return told && { kind, name: metadata.name, ...told };
}

const FAILED = /Error|BackOff|Failed|Evicted|Err|Invalid|OOMKilled|Lost/;

function pod({ type, object, before }: StoreEvent): Told | undefined {
  if (type === 'DELETED') return { what: 'deleted', tone: 'gone' };
  const [now, was] = [object as Pod, before as Pod | undefined];
  if (podReady(now) && !(was && podReady(was))) return { what: podStatusText(now), tone: 'well' };
  if (now.metadata.deletionTimestamp) return undefined;
  const text = podStatusText(now);
  if (was && podStatusText(was) === text) return undefined;
  return FAILED.test(text)
    ? { what: text, tone: 'bad' }
    : text === 'Completed'
      ? { what: text, tone: 'gone' }
      : undefined;
}

const phases: Readonly<Record<string, Happening['tone']>> = {
  Bound: 'well',
  Available: 'waits',
  Released: 'gone',
  Failed: 'bad',
  Lost: 'bad',
};

function phase({ type, object, before }: StoreEvent): Told | undefined {
  if (type === 'DELETED') return { what: 'deleted', tone: 'gone' };
  const of = (one: KubeObject | undefined) =>
    (one as PersistentVolume | PersistentVolumeClaim | undefined)?.status?.phase;
  const what = of(object);
  const tone = what && what !== of(before) && phases[what];
  return tone ? { what, tone } : undefined;
}

/** Of a pod that these are told of, its status says more. */
const IN_STATUS = new Set(['Failed', 'BackOff']);

/** Warnings: of the kubelet's mounts, the scheduler, the binder. */
function warning({ type, object }: StoreEvent): Told | undefined {
  const { type: level, reason, involvedObject } = object as Event;
  if (type !== 'ADDED' || level !== 'Warning' || !involvedObject?.name || IN_STATUS.has(reason ?? '')) return undefined;
  return { what: reason ?? '', tone: 'bad', kind: involvedObject.kind ?? '', name: involvedObject.name };
}

function node({ object, before }: StoreEvent): Told | undefined {
  const ready = (one: KubeObject | undefined) =>
    (one as Node | undefined)?.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  if (!before || ready(object) === ready(before)) return undefined;
  return ready(object) ? { what: 'Ready', tone: 'well' } : { what: 'NotReady', tone: 'bad' };
}

const tellers: Readonly<Record<string, (event: StoreEvent) => Told | undefined>> = {
  pods: pod,
  persistentvolumeclaims: phase,
  persistentvolumes: phase,
  events: warning,
  nodes: node,
};

/** The latest time that a written object names; seconds are over when they are told. */
function timeOf({ type, object, collection }: StoreEvent): number {
  if (type === 'DELETED') return 0;
  const { creationTimestamp } = object.metadata;
  const times: (string | undefined)[] = [type === 'ADDED' ? creationTimestamp : undefined];
  if (collection.name === 'leases') times.push((object as Lease).spec?.renewTime);
  else if (collection.name === 'events') times.push((object as Event).lastTimestamp);
  else {
    const { conditions, lastPhaseTransitionTime } = ((object as { status?: object }).status ?? {}) as {
      conditions?: readonly { lastTransitionTime?: string }[];
      lastPhaseTransitionTime?: string;
    };
    times.push(lastPhaseTransitionTime, ...(conditions ?? []).map((condition) => condition.lastTransitionTime));
  }
  return Math.max(0, ...times.map((time) => (time ? endOf(time) : 0)));
}

const endOf = (time: string): number => {
  const at = Date.parse(time);
  return time.includes('.') ? Math.ceil(at) : at + 999;
};
