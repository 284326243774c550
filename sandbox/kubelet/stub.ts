/**
 * The stand-in for a kubelet with which the goldens were recorded: it runs nothing and mounts nothing, but moves the pods of
 * its nodes through the phases and events a kubelet reports. What an image or a command would do is judged by its name.
 */

import type { Client } from '../api/client.ts';
import { timestamp } from '../api/time.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { PodEvents } from './events.ts';
import { podEvents } from './events.ts';
import { imageSize, withTag } from './stub/guesses.ts';
import { PodWorker, type Surroundings } from './stub/pod-worker.ts';
import { TIMING } from './stub/timing.ts';

export interface StubKubeletOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  /** Images every node has already. */
  readonly images?: readonly string[];
}

/** Node names to stop and start answering, as when a machine loses its power. */
export interface StubKubelets {
  stop(node: string): void;
  start(node: string): void;
}

export function startStubKubelets(options: StubKubeletOptions): StubKubelets {
  return new Kubelets(options).begin();
}

class Kubelets implements StubKubelets {
  readonly #options: StubKubeletOptions;
  readonly #random: Random;
  readonly #workers = new Map<string, PodWorker>();
  readonly #stopped = new Set<string>();
  readonly #events = new Map<string, PodEvents>();
  readonly #pulled = new Set<string>();
  readonly #addresses = new Map<string, number>();

  constructor(options: StubKubeletOptions) {
    this.#options = { ...options, client: options.client.as('kubelet') };
    this.#random = options.random.fork('stub-kubelet');
  }

  begin(): StubKubelets {
    const { client, clock } = this.#options;
    client.informer('pods').handle({
      added: (pod) => this.#changed(pod),
      updated: (_, pod) => this.#changed(pod),
      deleted: (pod) => this.#gone(pod),
    });
    clock.every(TIMING.lease, () => this.#renewLeases());
    clock.after(TIMING.firstNodeStatus, () => this.#reportNodes(), { background: true });
    clock.every(TIMING.nodeStatus, () => this.#reportNodes());
    return this;
  }

  stop(node: string): void {
    this.#stopped.add(node);
  }

  start(node: string): void {
    this.#stopped.delete(node);
    this.#renewLeases();
    this.#reportNodes();
    for (const pod of this.#options.client.list('pods', '')) {
      if (pod.spec?.nodeName === node) this.#changed(pod);
    }
    for (const [uid, worker] of this.#workers) {
      if (worker.node !== node) continue;
      const pod = this.#options.client.get('pods', worker.namespace, worker.name);
      if (pod?.metadata.uid !== uid) this.#drop(uid);
    }
  }

  #changed(pod: Pod): void {
    const node = pod.spec?.nodeName;
    if (!node || this.#stopped.has(node)) return;
    const { uid } = pod.metadata;
    let worker = this.#workers.get(uid);
    if (!worker) {
      worker = new PodWorker(this.#surroundings(node), pod);
      this.#workers.set(uid, worker);
    }
    worker.update(pod);
  }

  #gone(pod: Pod): void {
    if (!this.#stopped.has(pod.spec?.nodeName ?? '')) this.#drop(pod.metadata.uid);
  }

  #drop(uid: string): void {
    this.#workers.get(uid)?.abandon();
    this.#workers.delete(uid);
  }

  #surroundings(node: string): Surroundings {
    const { clock, client } = this.#options;
    return {
      clock,
      client,
      random: this.#random,
      node,
      events: this.#eventsOf(node),
      isStopped: () => this.#stopped.has(node),
      isPulled: (image) => this.#pulled.has(`${node}/${image}`) || (this.#options.images?.includes(image) ?? false),
      notePulled: (image) => this.#pulled.add(`${node}/${image}`),
      hostAddress: () => addressOf(client.get('nodes', '', node)),
      newAddress: () => this.#newAddress(node),
    };
  }

  #eventsOf(node: string): PodEvents {
    const { clock, client } = this.#options;
    const events =
      this.#events.get(node) ?? podEvents(client, clock, this.#random.fork(node), node, { unreported: true });
    this.#events.set(node, events);
    return events;
  }

  #newAddress(name: string): string {
    const next = (this.#addresses.get(name) ?? 1) + 1;
    this.#addresses.set(name, next);
    const range = this.#options.client.get('nodes', '', name)?.spec?.podCIDR ?? '10.244.0.0/24';
    const [a, b, c] = range.split('.');
    return `${a}.${b}.${c}.${next}`;
  }

  #renewLeases(): void {
    const { client, clock } = this.#options;
    const renewTime = `${new Date(clock.now).toISOString().slice(0, -1)}000Z`;
    for (const { metadata } of client.list('nodes', '')) {
      if (this.#stopped.has(metadata.name)) continue;
      const lease = client.get('leases', 'kube-node-lease', metadata.name);
      if (lease) client.update('leases', { ...lease, spec: { ...lease.spec, renewTime } });
    }
  }

  #imagesOf(node: string): { readonly names: readonly string[]; readonly sizeBytes: number }[] {
    const images = [...this.#pulled]
      .filter((each) => each.startsWith(`${node}/`))
      .map((each) => each.slice(node.length + 1));
    return images.map((image) => ({ names: [withTag(image)], sizeBytes: imageSize(image) }));
  }

  /** Conditions as a healthy node reports them; after a silence they turn back. */
  #reportNodes(): void {
    const { client, clock } = this.#options;
    const now = timestamp(clock.now);
    for (const node of client.list('nodes', '')) {
      if (this.#stopped.has(node.metadata.name) || !node.status?.conditions) continue;
      const conditions = node.status.conditions.map((condition) => {
        const healthy = HEALTHY[condition.type];
        if (!healthy) return condition;
        const turned = condition.status !== healthy.status;
        return { ...condition, ...healthy, lastHeartbeatTime: now, ...(turned && { lastTransitionTime: now }) };
      });
      const images = this.#imagesOf(node.metadata.name);
      client.updateStatus('nodes', {
        ...node,
        status: { ...node.status, conditions, ...(images.length > 0 && { images }) },
      });
    }
  }
}

const HEALTHY: Readonly<Record<string, { status: 'True' | 'False'; reason: string; message: string }>> = {
  MemoryPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  DiskPressure: { status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  PIDPressure: {
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  Ready: { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
};

const addressOf = (node: Node | undefined): string | undefined =>
  node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
