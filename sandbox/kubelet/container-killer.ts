/** Stopping one container: its preStop hook, its stop signal, and SIGKILL at the end of the grace period (kuberuntime_container.go, killContainer). */

import type { Container } from '../api/types.ts';
import type { Task } from '../sim/task.ts';
import { runHook } from './hooks.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { PodWorker } from './pod-worker.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';

/** Left for the container itself when its hook has used up the grace period. */
const MINIMUM_GRACE = 2;

export function* killContainer(
  node: KubeletContext,
  worker: PodWorker,
  container: Container,
  run: ContainerStatusRecord,
  grace: number,
  message = `Stopping container ${container.name}`,
): Task<void> {
  const { clock, events, runtime } = node;
  const { pod } = worker;
  events.container(pod, container.name, 'Normal', 'Killing', message);
  const begun = clock.now;
  const hook = container.lifecycle?.preStop;
  if (hook) {
    const failure = yield* runHook(node, pod, container, run, hook, grace);
    if (failure !== undefined)
      events.container(pod, container.name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
  }
  const left = grace - Math.floor((clock.now - begun) / 1000);
  yield* runtime.stopContainer(run.id, hook ? Math.max(MINIMUM_GRACE, left) : left);
}
