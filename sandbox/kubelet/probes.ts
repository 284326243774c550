/** Probes of running containers: startup, then liveness and readiness, each with its own period and thresholds (pkg/kubelet/prober). */

import type { Container, Pod } from '../api/types.ts';
import type { Clock } from '../sim/clock.ts';
import { reportFault } from '../sim/faults.ts';
import type { Random } from '../sim/random.ts';
import { Coroutine, sleep, type Task } from '../sim/task.ts';
import type { PodEvents } from './events.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';

export type Probe = NonNullable<Container['readinessProbe']>;
export type ProbeKind = 'startup' | 'liveness' | 'readiness';

/** What a probe found, with what it says when it failed. */
export interface ProbeResult {
  /** Undefined when the probe could not be made: the last result stays. */
  readonly success?: boolean;
  readonly output: string;
}

export interface ProberOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly events: PodEvents;
  readonly run: (pod: Pod, container: Container, run: ContainerStatusRecord, probe: Probe) => Task<ProbeResult>;
  /** A container's readiness, or startedness, or liveness changed. */
  readonly changed: (
    pod: Pod,
    container: Container,
    run: ContainerStatusRecord,
    kind: ProbeKind,
    success: boolean,
  ) => void;
}

interface Watched {
  started: boolean;
  ready: boolean;
  readonly workers: Coroutine<void>[];
}

const WORDS: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export class Prober {
  readonly #options: ProberOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  started(run: ContainerStatusRecord, container: Container): boolean {
    return !container.startupProbe || (this.#watched.get(run.id)?.started ?? false);
  }

  ready(run: ContainerStatusRecord, container: Container): boolean {
    return !container.readinessProbe || (this.#watched.get(run.id)?.ready ?? false);
  }

  /** Begins to probe a running container, unless it is probed already. */
  watch(pod: Pod, container: Container, run: ContainerStatusRecord): void {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    if ((!startupProbe && !livenessProbe && !readinessProbe) || this.#watched.has(run.id)) return;
    const watched: Watched = { started: !startupProbe, ready: false, workers: [] };
    this.#watched.set(run.id, watched);
    const begin = (kind: ProbeKind, probe: Probe | undefined) => {
      if (probe)
        watched.workers.push(new Coroutine(this.#options.clock, this.#work(pod, container, run, kind, probe, watched)));
    };
    const others = () => {
      begin('liveness', livenessProbe);
      begin('readiness', readinessProbe);
    };
    if (!startupProbe) {
      others();
      return;
    }
    begin('startup', startupProbe);
    watched.workers[0]!.whenDone((outcome) => outcome.status === 'done' && watched.started && others());
  }

  forget(id: string): void {
    const watched = this.#watched.get(id);
    this.#watched.delete(id);
    for (const worker of watched?.workers ?? []) worker.kill();
  }

  /** Until the container is forgotten; a startup probe until it succeeds. */
  *#work(
    pod: Pod,
    container: Container,
    run: ContainerStatusRecord,
    kind: ProbeKind,
    probe: Probe,
    watched: Watched,
  ): Task<void> {
    const { clock, random, events } = this.#options;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const wanted = { true: probe.successThreshold ?? 1, false: probe.failureThreshold ?? 3 };
    yield* sleep(clock, (probe.initialDelaySeconds ?? 0) * 1000 + random.below(Math.min(period, 1000)), true);
    let last: boolean | undefined;
    let count = 0;
    for (;;) {
      const { success, output } = yield* this.#probe(pod, container, run, probe);
      if (success === undefined) {
        const message = `${WORDS[kind]} probe errored and resulted in unknown state: ${output}`;
        events.container(pod, container.name, 'Warning', 'Unhealthy', message);
        yield* sleep(clock, period, true);
        continue;
      }
      if (!success)
        events.container(pod, container.name, 'Warning', 'Unhealthy', `${WORDS[kind]} probe failed: ${output}`);
      count = success === last ? count + 1 : 1;
      last = success;
      if (count >= wanted[`${success}`] && this.#settle(watched, kind, success)) {
        this.#options.changed(pod, container, run, kind, success);
        if (kind === 'startup') return;
        if (kind === 'liveness' && !success) return;
      }
      yield* sleep(clock, period, true);
    }
  }

  /** A probe that cannot be made at all has failed. */
  *#probe(pod: Pod, container: Container, run: ContainerStatusRecord, probe: Probe): Task<ProbeResult> {
    try {
      return yield* this.#options.run(pod, container, run, probe);
    } catch (error) {
      reportFault(`probe of container ${container.name} of pod ${pod.metadata.namespace}/${pod.metadata.name}`, error);
      return { success: false, output: 'context deadline exceeded' };
    }
  }

  /** Takes the result over; says whether that changes anything. */
  #settle(watched: Watched, kind: ProbeKind, success: boolean): boolean {
    if (kind === 'liveness') return !success;
    if (kind === 'startup') {
      watched.started = success;
      return true;
    }
    const changed = watched.ready !== success;
    watched.ready = success;
    return changed;
  }
}
