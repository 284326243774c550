/** One pod on a node that runs nothing, from ContainerCreating to gone. */

import type { Client } from '../../api/client.ts';
import { timestamp } from '../../api/time.ts';
import type { Pod } from '../../api/types.ts';
import type { Clock, Timer } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import type { PodEvents } from '../events.ts';
import { conditionsOf, type Phase } from './conditions.ts';
import { ContainerRun } from './container-run.ts';
import { imageSize, pullError } from './guesses.ts';
import { TIMING } from './timing.ts';

/** What a pod's worker sees of its node. */
export interface Surroundings {
  readonly clock: Clock;
  readonly client: Client;
  readonly random: Random;
  readonly node: string;
  readonly events: PodEvents;
  isStopped(): boolean;
  isPulled(image: string): boolean;
  notePulled(image: string): void;
  hostAddress(): string | undefined;
  newAddress(): string;
}

export class PodWorker {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly #around: Surroundings;
  readonly #containers: ContainerRun[];
  #pod: Pod;
  #timer: Timer | undefined;
  #startTime: string | undefined;
  #address: string | undefined;
  #stopping = false;
  #phase: Phase;
  #readyForContainers = false;

  constructor(around: Surroundings, pod: Pod) {
    this.node = around.node;
    this.namespace = pod.metadata.namespace ?? '';
    this.name = pod.metadata.name;
    this.#around = around;
    this.#pod = pod;
    this.#containers = pod.spec!.containers.map((container) => new ContainerRun(container));
    this.#phase = (pod.status?.phase as Phase | undefined) ?? 'Pending';
    if (this.#phase === 'Pending') this.#later(TIMING.sync, () => this.#begin());
  }

  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp && !this.#stopping) this.#stop();
  }

  abandon(): void {
    this.#timer?.cancel();
  }

  /** A step of the pod's life, unless the node is dead by then. */
  #later(wait: number | readonly [low: number, high: number], step: () => void, background = false): void {
    const ms = typeof wait === 'number' ? wait : this.#around.random.between(...wait);
    const run = () => {
      if (!this.#around.isStopped()) step();
    };
    this.#timer = this.#around.clock.after(ms, run, { background });
  }

  #begin(): void {
    this.#startTime = timestamp(this.#around.clock.now);
    this.#report();
    const waits = this.#missing();
    if (waits) this.#awaitVolumes(waits);
    else this.#later(TIMING.mount, () => this.#next(0));
  }

  /** ConfigMaps and Secrets are looked for; all other volumes mount. */
  #missing(): { volume: string; what: string } | undefined {
    const { client } = this.#around;
    for (const { name, configMap, secret } of this.#pod.spec?.volumes ?? []) {
      if (configMap?.name && !configMap.optional && !client.get('configmaps', this.namespace, configMap.name)) {
        return { volume: name, what: `configmap "${configMap.name}" not found` };
      }
      if (secret?.secretName && !secret.optional && !client.get('secrets', this.namespace, secret.secretName)) {
        return { volume: name, what: `secret "${secret.secretName}" not found` };
      }
    }
    return undefined;
  }

  #awaitVolumes({ volume, what }: { volume: string; what: string }): void {
    const message = `MountVolume.SetUp failed for volume "${volume}" : ${what}`;
    this.#around.events.pod(this.#pod, 'Warning', 'FailedMount', message);
    const retry = () => {
      const still = this.#missing();
      if (still) this.#awaitVolumes(still);
      else this.#next(0);
    };
    this.#later(TIMING.pullBackOff, retry, true);
  }

  /** Pulls and starts the containers one after another. */
  #next(index: number): void {
    const run = this.#containers[index];
    this.#address ??= this.#pod.spec?.hostNetwork ? this.#around.hostAddress() : this.#around.newAddress();
    if (!run) {
      this.#later(TIMING.start, () => this.#started());
      return;
    }
    this.#pull(run, () => this.#next(index + 1));
  }

  #pull(run: ContainerRun, then: () => void): void {
    const { events, isPulled, notePulled, random } = this.#around;
    const { image = '', name, imagePullPolicy } = run.container;
    const known = isPulled(image);
    if (imagePullPolicy !== 'Always' && known) {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      events.container(this.#pod, name, 'Normal', 'Pulled', message);
      this.#create(run);
      then();
      return;
    }
    events.container(this.#pod, name, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const ms = random.between(...TIMING.pull);
    this.#later(ms, () => {
      const problem = pullError(image);
      if (problem) {
        this.#failPull(run, problem, then);
        return;
      }
      notePulled(image);
      const message = `Successfully pulled image "${image}" in ${ms}ms (${ms}ms including waiting). Image size: ${imageSize(image)} bytes.`;
      events.container(this.#pod, name, 'Normal', 'Pulled', message);
      this.#create(run);
      then();
    });
  }

  #failPull(run: ContainerRun, problem: string, then: () => void): void {
    const { events } = this.#around;
    const { image = '', name } = run.container;
    events.container(this.#pod, name, 'Warning', 'Failed', `Failed to pull image "${image}": ${problem}`);
    events.container(this.#pod, name, 'Warning', 'Failed', 'Error: ErrImagePull');
    run.wait('ErrImagePull', problem);
    this.#report();
    this.#later(TIMING.pullBackOff, () => {
      events.container(this.#pod, name, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
      events.container(this.#pod, name, 'Warning', 'Failed', 'Error: ImagePullBackOff');
      run.wait('ImagePullBackOff', `Back-off pulling image "${image}"`);
      this.#report();
      this.#later(run.nextRestart(), () => this.#pull(run, then), true);
    });
  }

  #create(run: ContainerRun): void {
    const { events } = this.#around;
    events.container(this.#pod, run.container.name, 'Normal', 'Created', 'Container created');
    events.container(this.#pod, run.container.name, 'Normal', 'Started', 'Container started');
    run.created(this.#around.random);
  }

  #started(): void {
    const now = timestamp(this.#around.clock.now);
    this.#readyForContainers = true;
    for (const run of this.#containers) run.start(now);
    this.#phase = 'Running';
    this.#report();
    if (this.#containers.some(({ behaviour }) => behaviour !== 'runs')) {
      this.#later(TIMING.job, () => this.#ended());
    }
  }

  /** Those that do not run on have ended; those that may restart will. */
  #ended(): void {
    const now = timestamp(this.#around.clock.now);
    for (const run of this.#containers) if (run.behaviour !== 'runs') run.end(now, run.behaviour === 'fails' ? 1 : 0);
    const restarting = this.#containers.filter((run) => run.ended && this.#mayRestart(run));
    if (restarting.length === 0 && this.#containers.every((run) => run.ended)) {
      this.#phase = this.#containers.some((run) => run.exitCode !== 0) ? 'Failed' : 'Succeeded';
      this.#readyForContainers = false;
    }
    this.#report();
    if (restarting.length > 0) this.#restart(restarting);
  }

  #mayRestart({ exitCode }: ContainerRun): boolean {
    const policy = this.#pod.spec?.restartPolicy ?? 'Always';
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
  }

  #restart(runs: readonly ContainerRun[]): void {
    const { events } = this.#around;
    const wait = Math.max(...runs.map((run) => run.nextRestart()));
    for (const run of runs) {
      const message = `Back-off restarting failed container ${run.container.name} in pod ${this.name}_${this.namespace}(${this.#pod.metadata.uid})`;
      events.container(this.#pod, run.container.name, 'Warning', 'BackOff', message);
      run.wait(
        'CrashLoopBackOff',
        `back-off ${wait / 1000}s restarting failed container=${run.container.name} pod=${this.name}_${this.namespace}(${this.#pod.metadata.uid})`,
      );
    }
    this.#report();
    this.#later(
      wait,
      () => {
        for (const run of runs) {
          this.#create(run);
          run.restarts++;
          run.start(timestamp(this.#around.clock.now));
        }
        this.#report();
        this.#later(TIMING.job, () => this.#ended());
      },
      true,
    );
  }

  /** Killing, stopped, gone. */
  #stop(): void {
    this.#stopping = true;
    this.#timer?.cancel();
    const { events } = this.#around;
    const running = this.#containers.filter((run) => run.running);
    for (const { container } of running) {
      events.container(this.#pod, container.name, 'Normal', 'Killing', `Stopping container ${container.name}`);
    }
    const stopped = () => {
      const now = timestamp(this.#around.clock.now);
      for (const run of running) run.end(now, 0);
      if (running.length > 0) this.#report();
      this.#later(TIMING.remove, () => this.#remove());
    };
    if (this.#phase === 'Succeeded' || this.#phase === 'Failed') this.#later(TIMING.sync, () => this.#remove());
    else this.#later(TIMING.stop, stopped);
  }

  #remove(): void {
    const { uid } = this.#pod.metadata;
    this.#around.client.delete('pods', this.namespace, this.name, {
      gracePeriodSeconds: 0,
      preconditions: { uid },
    });
  }

  #report(): void {
    const { client, clock } = this.#around;
    const now = timestamp(clock.now);
    const { uid } = this.#pod.metadata;
    client.mutate(
      'pods',
      this.namespace,
      this.name,
      (pod) => (pod.metadata.uid === uid ? ({ ...pod, status: this.#status(pod, now) } as Pod) : pod),
      'status',
    );
  }

  #status(pod: Pod, now: string): unknown {
    const hostIP = this.#around.hostAddress();
    return {
      ...(pod.metadata.generation !== undefined && pod.status?.observedGeneration !== undefined
        ? { observedGeneration: pod.metadata.generation }
        : {}),
      phase: this.#phase,
      conditions: conditionsOf(
        pod,
        { phase: this.#phase, readyForContainers: this.#readyForContainers, containers: this.#containers },
        now,
      ),
      ...(hostIP && { hostIP }),
      ...(this.#address && { podIP: this.#address, podIPs: [{ ip: this.#address }] }),
      startTime: this.#startTime,
      containerStatuses: this.#containers.map((run) => run.status()),
      qosClass: pod.status?.qosClass,
    };
  }
}
