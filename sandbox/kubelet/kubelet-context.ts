/** What the parts of one node's kubelet share. */

import type { Pod } from '../api/types.ts';
import type { KernelProcess } from '../machines/kernel/process.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { PodAddresses } from './addresses.ts';
import type { Backoff } from './backoff.ts';
import type { EnvironmentSources } from './environment.ts';
import type { PodEvents } from './events.ts';
import type { ImageManager } from './images/manager.ts';
import type { PodWorker } from './pod-worker.ts';
import type { Prober } from './probes.ts';
import type { Runtime } from './runtime/containerd.ts';
import type { PodStatus } from './status.ts';
import type { VolumeManager } from './volumes/manager.ts';

export interface Resources {
  cpu: number;
  memory: number;
  pods: number;
}

export interface KubeletContext {
  readonly name: string;
  /** The node's own: hostIP. */
  readonly address: string;
  readonly podRange: string;
  readonly clusterDNS: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: PodEvents;
  readonly runtime: Runtime;
  readonly images: ImageManager;
  readonly volumes: VolumeManager;
  readonly prober: Prober;
  readonly addresses: PodAddresses;
  /** Of containers that end, by pod and container. */
  readonly crashes: Backoff;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Resources>;
  /** What the admitted pods request together. */
  readonly allocated: Resources;
  /** Counts a pod's requests in, or out again. */
  account(pod: Pod, sign: 1 | -1): void;
  process(): KernelProcess;
  environment(pod: Pod, podIP: string): EnvironmentSources;
  setStatus(pod: Pod, status: (pod: Pod) => PodStatus | undefined): void;
  /** Tells the API server that nothing of the pod is left here. */
  deletePod(pod: Pod): void;
  forget(worker: PodWorker): void;
}
