/** Events written as client-go's recorder writes them: repeats are counted, similar ones combined, floods held back (client-go tools/record/events_cache.go). */

import type { Client } from '../api/client.ts';
import { StatusError } from '../api/object.ts';
import { timestamp } from '../api/time.ts';
import type { Pod } from '../api/types.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { EventType, PodEvents } from './events.ts';

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly namespace?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

/** What was written for one key. */
interface Written {
  readonly name: string;
  count: number;
}

/** Messages of one reason about one object, to see when they are too many to be told apart. */
interface Similar {
  readonly messages: Set<string>;
  last: number;
}

/** More different messages than this within ten minutes are combined. */
const MAX_SIMILAR = 10;
const SIMILAR_WINDOW = 600_000;
/** A source may write so many events about one object, and then one every five minutes. */
const BURST = 25;
const REFILL = 300_000;

export function podEvents(client: Client, clock: Clock, random: Random, host: string): PodEvents {
  const recorder = new Recorder(client, clock, random.fork('events'), host);
  const aboutPod = ({ metadata }: Pod, fieldPath?: string): Reference => ({
    kind: 'Pod',
    namespace: metadata.namespace!,
    name: metadata.name,
    uid: metadata.uid,
    apiVersion: 'v1',
    resourceVersion: metadata.resourceVersion,
    ...(fieldPath ? { fieldPath } : {}),
  });
  return {
    pod: (pod, type, reason, message) => recorder.event(aboutPod(pod), type, reason, message),
    container: (pod, container, type, reason, message) => {
      const list = pod.spec!.initContainers?.some((c) => c.name === container) ? 'initContainers' : 'containers';
      recorder.event(aboutPod(pod, `spec.${list}{${container}}`), type, reason, message);
    },
    node: ({ metadata }, type, reason, message) =>
      recorder.event({ kind: 'Node', name: metadata.name, uid: metadata.name }, type, reason, message),
  };
}

class Recorder {
  readonly #client: Client;
  readonly #clock: Clock;
  /** Names of one millisecond's events keep their order, as nanoseconds would. */
  #sequence: number;
  readonly #host: string;
  readonly #written = new Map<string, Written>();
  readonly #similar = new Map<string, Similar>();
  readonly #budgets = new Map<string, { tokens: number; at: number }>();

  constructor(client: Client, clock: Clock, random: Random, host: string) {
    this.#client = client;
    this.#clock = clock;
    this.#sequence = random.between(0, 0xfff);
    this.#host = host;
  }

  event(about: Reference, type: EventType, reason: string, text: string): void {
    if (!this.#allowed(about)) return;
    const combined = this.#combines(about, type, reason, text);
    const message = combined ? `(combined from similar events): ${text}` : text;
    const key = `${about.uid}/${about.fieldPath ?? ''}/${type}/${reason}/${combined ? '' : text}`;
    const namespace = about.namespace ?? 'default';
    const now = timestamp(this.#clock.now);
    const before = this.#written.get(key);
    if (before) {
      before.count++;
      const change = { count: before.count, lastTimestamp: now, message };
      if (this.#client.mutate('events', namespace, before.name, (event) => ({ ...event, ...change }))) return;
    }
    const name = `${about.name}.18${this.#clock.now.toString(16).padStart(11, '0').slice(-11)}${(this.#sequence++ % 0x1000).toString(16).padStart(3, '0')}`;
    this.#written.set(key, { name, count: 1 });
    try {
      this.#client.create('events', namespace, {
        metadata: { name, namespace },
        involvedObject: about,
        reason,
        message,
        source: { component: 'kubelet', host: this.#host },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        eventTime: null as unknown as string,
        reportingComponent: 'kubelet',
        reportingInstance: this.#host,
      });
    } catch (error) {
      // The namespace is going away.
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #combines(about: Reference, type: EventType, reason: string, message: string): boolean {
    const key = `${about.uid}/${type}/${reason}`;
    const known = this.#similar.get(key);
    const { now } = this.#clock;
    const similar = known && now - known.last <= SIMILAR_WINDOW ? known : { messages: new Set<string>(), last: now };
    similar.last = now;
    similar.messages.add(message);
    this.#similar.set(key, similar);
    return similar.messages.size >= MAX_SIMILAR;
  }

  #allowed(about: Reference): boolean {
    const { now } = this.#clock;
    const budget = this.#budgets.get(about.uid) ?? { tokens: BURST, at: now };
    this.#budgets.set(about.uid, budget);
    const gained = Math.floor((now - budget.at) / REFILL);
    if (gained > 0) {
      budget.tokens = Math.min(BURST, budget.tokens + gained);
      budget.at += gained * REFILL;
    }
    if (budget.tokens === 0) return false;
    budget.tokens--;
    return true;
  }
}
