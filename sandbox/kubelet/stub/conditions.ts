/** A stubbed pod's conditions, each with the time at which it last turned. */

import type { Pod } from '../../api/types.ts';
import type { ContainerRun } from './container-run.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface Progress {
  readonly phase: Phase;
  /** Whether the sandbox is there. */
  readonly readyForContainers: boolean;
  readonly containers: readonly ContainerRun[];
}

export function conditionsOf(pod: Pod, { phase, readyForContainers, containers }: Progress, now: string): unknown[] {
  const completed = phase === 'Succeeded' || phase === 'Failed';
  const unready = containers.filter((run) => !run.ready).map(({ container }) => container.name);
  const why = completed
    ? { reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const ready = unready.length === 0 && !completed;
  const conditions: [type: string, holds: boolean, extra: object][] = [
    ['PodReadyToStartContainers', readyForContainers, {}],
    ['Initialized', true, phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}],
    ['Ready', ready, ready ? {} : why],
    ['ContainersReady', ready, ready ? {} : why],
    ['PodScheduled', true, {}],
  ];
  const before = new Map<string, { status: string; lastTransitionTime?: string }>(
    pod.status?.conditions?.map((condition) => [condition.type, condition]),
  );
  const own = conditions.map(([type, holds, extra]) => {
    const status = holds ? 'True' : 'False';
    const was = before.get(type);
    const lastTransitionTime = was?.status === status ? was.lastTransitionTime : now;
    return { type, status, lastProbeTime: null, lastTransitionTime, ...extra };
  });
  const ownTypes = new Set<string>(conditions.map(([type]) => type));
  // What others say of the pod stays: that it is to be disrupted.
  return [...own, ...(pod.status?.conditions ?? []).filter(({ type }) => !ownTypes.has(type))];
}
