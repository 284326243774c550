/** Events as components record them: the same again counts up, similar ones are combined, too many at once are dropped (client-go tools/record, tools/events). */

import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { Client } from './client.ts';
import type { KubeObject } from './object.ts';
import { StatusError } from './object.ts';
import { microTimestamp, timestamp } from './time.ts';
import type { Event } from './types.ts';

export type EventType = 'Normal' | 'Warning';

export type ObjectReference = Event['involvedObject'] & { readonly name: string; readonly uid: string };

export interface EventRecorder {
  /** About an object, or what a reference means (a container of a pod); `action` is for components that speak events.k8s.io. */
  event(about: KubeObject | ObjectReference, type: EventType, reason: string, message: string, action?: string): void;
}

interface RecorderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  readonly component: string;
  readonly host?: string;
  /** What reports is told twice, in the older field and in the newer ones; a stand-in may leave those out. */
  readonly unreported?: boolean;
}

/** EventSourceObjectSpamFilter: a burst of 25 per object, then one every five minutes. */
const BURST = 25;
const REFILL = 300_000;

/** EventAggregator: from the tenth different message of one reason within ten minutes on, they are one event. */
const MAX_SIMILAR = 10;
const SIMILAR_WINDOW = 600_000;

/** maxLruCacheEntries: whoever has not been told of for longest is forgotten. */
const MAX_REMEMBERED = 4096;

/** What a recorder remembers of one object. */
interface Remembered {
  tokens: number;
  at: number;
  /** By type and reason. */
  readonly groups: Map<string, Group>;
}

interface Group {
  messages: Set<string>;
  last: number;
  /** By message, and by what of the object it is about. */
  readonly known: Map<string, Written>;
  combined?: Written;
}

class Memory {
  readonly #objects = new Map<string, Remembered>();

  of(uid: string, now: number): Remembered {
    const known = this.#objects.get(uid);
    if (known) this.#objects.delete(uid);
    else if (this.#objects.size === MAX_REMEMBERED) this.#objects.delete(this.#objects.keys().next().value!);
    const remembered = known ?? { tokens: BURST, at: now, groups: new Map() };
    this.#objects.set(uid, remembered);
    return remembered;
  }
}

/** core/v1 events, as kube-controller-manager and kubelet write them. */
export function recorder(options: RecorderOptions): EventRecorder {
  const { clock, random, client, component, host, unreported = false } = options;
  const memory = new Memory();
  const time = nanoseconds(clock, random);
  return {
    event(about, type, reason, text) {
      const reference = referenceTo(about);
      const { uid, fieldPath } = reference;
      const remembered = memory.of(uid, clock.now);
      if (!spend(remembered, clock.now)) return;
      const group = groupOf(remembered, `${type}/${reason}`, clock.now);
      const combined = isOneOfMany(group, text, clock.now);
      const message = combined ? `(combined from similar events): ${text}` : text;
      const key = fieldPath ? `${fieldPath}/${text}` : text;
      const before = combined ? group.combined : group.known.get(key);
      if (before && countUp(client, before, message, clock.now)) return;
      const now = timestamp(clock.now);
      const event = write(client, time, reference, {
        reason,
        message,
        source: { component, ...(host && { host }) },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        eventTime: null as unknown as string,
        reportingComponent: unreported ? '' : component,
        reportingInstance: unreported ? '' : (host ?? ''),
      });
      if (event && combined) group.combined = event;
      else if (event) group.known.set(key, event);
    },
  };
}

/** events.k8s.io events, as the scheduler writes them: repeats become a series, kept by reference and action. */
export function seriesRecorder(options: RecorderOptions): EventRecorder {
  const { clock, random, client, component, host = '' } = options;
  const known = new Map<string, Written>();
  const time = nanoseconds(clock, random);
  return {
    event(about, type, reason, message, action = '') {
      const reference = referenceTo(about);
      const key = `${reference.uid}/${reference.resourceVersion}/${type}/${reason}/${action}`;
      const before = known.get(key);
      if (before && continueSeries(client, before, clock.now)) return;
      const event = write(client, time, reference, {
        reason,
        message,
        source: {},
        firstTimestamp: null as unknown as string,
        lastTimestamp: null as unknown as string,
        type,
        eventTime: microTimestamp(clock.now),
        action,
        reportingComponent: component,
        reportingInstance: `${component}-${host}`,
      });
      if (event) known.set(key, event);
    },
  };
}

function spend(remembered: Remembered, now: number): boolean {
  remembered.tokens = Math.min(BURST, remembered.tokens + (now - remembered.at) / REFILL);
  remembered.at = now;
  if (remembered.tokens < 1) return false;
  remembered.tokens--;
  return true;
}

function groupOf({ groups }: Remembered, key: string, now: number): Group {
  let group = groups.get(key);
  if (!group) {
    group = { messages: new Set(), last: now, known: new Map() };
    groups.set(key, group);
  }
  return group;
}

function isOneOfMany(group: Group, message: string, now: number): boolean {
  if (now - group.last > SIMILAR_WINDOW) group.messages = new Set();
  group.last = now;
  if (group.messages.size < MAX_SIMILAR) group.messages.add(message);
  return group.messages.size >= MAX_SIMILAR;
}

interface Written {
  readonly namespace: string;
  readonly name: string;
}

function countUp(client: Client, { namespace, name }: Written, message: string, now: number): boolean {
  return Boolean(
    client.mutate('events', namespace, name, (event) => ({
      ...event,
      message,
      count: (event.count ?? 1) + 1,
      lastTimestamp: timestamp(now),
    })),
  );
}

function continueSeries(client: Client, { namespace, name }: Written, now: number): boolean {
  return Boolean(
    client.mutate('events', namespace, name, (event) => ({
      ...event,
      series: { count: (event.series?.count ?? 1) + 1, lastObservedTime: microTimestamp(now) },
    })),
  );
}

type Content = Omit<Event, 'metadata' | 'involvedObject' | 'apiVersion' | 'kind'>;

/** Names end in the time in nanoseconds; what one recorder writes at one instant keeps its order. */
function nanoseconds(clock: Clock, random: Random): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock.now) * 1_000_000n;
    const step = BigInt(1 + random.below(5000));
    last = last >= now ? last + step : now + step;
    return last.toString(16);
  };
}

/** reference.GetReference. */
function referenceTo(about: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in about)) return about;
  const { apiVersion, kind, metadata } = about as KubeObject;
  return {
    kind,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    name: metadata.name,
    uid: metadata.uid,
    apiVersion,
    ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
  };
}

function write(client: Client, time: () => string, about: ObjectReference, content: Content): Written | undefined {
  const { namespace = 'default' } = about;
  const name = `${about.name}.${time()}`;
  try {
    client.create('events', namespace, { ...content, metadata: { name, namespace }, involvedObject: about });
  } catch (error) {
    // An event that cannot be written (its namespace is going) is dropped, as upstream drops it.
    if (!(error instanceof StatusError)) throw error;
    return undefined;
  }
  return { namespace, name };
}
