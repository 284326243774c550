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

interface Bucket {
  tokens: number;
  at: number;
}

/** core/v1 events, as kube-controller-manager and kubelet write them. */
export function recorder(options: RecorderOptions): EventRecorder {
  const { clock, random, client, component, host } = options;
  const known = new Map<string, { namespace: string; name: string }>();
  const buckets = new Map<string, Bucket>();
  return {
    event(object, type, reason, message) {
      if (!spend(buckets, object.metadata.uid, clock.now)) return;
      const key = `${object.metadata.uid}/${type}/${reason}/${message}`;
      const before = known.get(key);
      const counted = before && countUp(client, before, clock.now);
      if (counted) return;
      const event = write(client, clock, random, object, {
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
  const known = new Map<string, { namespace: string; name: string }>();
  return {
    event(object, type, reason, message, action = '') {
      const key = `${object.metadata.uid}/${object.metadata.resourceVersion}/${type}/${reason}/${action}`;
      const before = known.get(key);
      if (before && continueSeries(client, before, clock.now)) return;
      const event = write(client, clock, random, object, {
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

function countUp(client: Client, { namespace, name }: { namespace: string; name: string }, now: number): boolean {
  return Boolean(
    client.mutate('events', namespace, name, (event) => ({
      ...event,
      count: (event.count ?? 1) + 1,
      lastTimestamp: timestamp(now),
    })),
  );
}

function continueSeries(
  client: Client,
  { namespace, name }: { namespace: string; name: string },
  now: number,
): boolean {
  return Boolean(
    client.mutate('events', namespace, name, (event) => ({
      ...event,
      series: { count: (event.series?.count ?? 1) + 1, lastObservedTime: microTimestamp(now) },
    })),
  );
}

type Content = Omit<Event, 'metadata' | 'involvedObject' | 'apiVersion' | 'kind'>;

function write(client: Client, clock: Clock, random: Random, object: KubeObject, content: Content) {
  const { apiVersion, kind, metadata } = object;
  const namespace = metadata.namespace ?? 'default';
  const name = `${metadata.name}.${(BigInt(clock.now) * 1_000_000n + BigInt(random.below(1_000_000))).toString(16)}`;
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
