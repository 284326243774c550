/** Events as controllers record them: the same again counts up, too many at once are dropped (client-go tools/record, tools/events). */

import type { Client } from '../api/client.ts';
import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/object.ts';
import { microTimestamp, timestamp } from '../api/time.ts';
import type { Event } from '../api/types.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';

export interface EventRecorder {
  /** `action` is for components that speak events.k8s.io. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, action?: string): void;
}

interface RecorderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  readonly component: string;
  readonly host?: string;
}

/** EventSourceObjectSpamFilter: a burst of 25 per object, then one every five minutes. */
const BURST = 25;
const REFILL = 300_000;

/** EventAggregator: from the tenth different message of one reason within ten minutes on, they are one event. */
const MAX_SIMILAR = 10;
const SIMILAR_WINDOW = 600_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** core/v1 events, as kube-controller-manager and kubelet write them. */
export function recorder(options: RecorderOptions): EventRecorder {
  const { clock, random, client, component, host } = options;
  const known = new Map<string, Written>();
  const time = nanoseconds(clock, random);
  const buckets = new Map<string, Bucket>();
  const similar = new Map<string, Similar>();
  return {
    event(object, type, reason, text) {
      if (!spend(buckets, object.metadata.uid, clock.now)) return;
      const group = `${object.metadata.uid}/${type}/${reason}`;
      const combined = isOneOfMany(similar, group, text, clock.now);
      const message = combined ? `(combined from similar events): ${text}` : text;
      const key = combined ? group : `${group}/${text}`;
      const before = known.get(key);
      if (before && countUp(client, before, message, clock.now)) return;
      const event = write(client, time, object, {
        reason,
        message,
        source: { component, ...(host && { host }) },
        firstTimestamp: timestamp(clock.now),
        lastTimestamp: timestamp(clock.now),
        count: 1,
        type,
        eventTime: null as unknown as string,
        reportingComponent: component,
        reportingInstance: host ?? '',
      });
      if (event) known.set(key, event);
    },
  };
}

/** events.k8s.io events, as the scheduler writes them: repeats become a series, kept by reference and action. */
export function seriesRecorder(options: RecorderOptions): EventRecorder {
  const { clock, random, client, component, host = '' } = options;
  const known = new Map<string, Written>();
  const time = nanoseconds(clock, random);
  return {
    event(object, type, reason, message, action = '') {
      const key = `${object.metadata.uid}/${object.metadata.resourceVersion}/${type}/${reason}/${action}`;
      const before = known.get(key);
      if (before && continueSeries(client, before, clock.now)) return;
      const event = write(client, time, object, {
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

function spend(buckets: Map<string, Bucket>, uid: string, now: number): boolean {
  const bucket = buckets.get(uid) ?? { tokens: BURST, at: now };
  bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL);
  bucket.at = now;
  buckets.set(uid, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

function isOneOfMany(similar: Map<string, Similar>, group: string, message: string, now: number): boolean {
  const before = similar.get(group);
  const fresh = before && now - before.last <= SIMILAR_WINDOW ? before : { messages: new Set<string>(), last: now };
  similar.set(group, fresh);
  fresh.last = now;
  if (fresh.messages.size < MAX_SIMILAR) fresh.messages.add(message);
  return fresh.messages.size >= MAX_SIMILAR;
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

function write(client: Client, time: () => string, object: KubeObject, content: Content): Written | undefined {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata.namespace ?? 'default';
  const name = `${metadata.name}.${time()}`;
  try {
    client.create('events', namespace, {
      ...content,
      metadata: { name, namespace },
      involvedObject: {
        kind,
        ...(metadata.namespace && { namespace: metadata.namespace }),
        name: metadata.name,
        ...(metadata.uid && { uid: metadata.uid }),
        apiVersion,
        ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
      },
    });
  } catch (error) {
    // An event that cannot be written (its namespace is going) is dropped, as upstream drops it.
    if (!(error instanceof StatusError)) throw error;
    return undefined;
  }
  return { namespace, name };
}
