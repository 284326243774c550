/** The pod garbage collector: pods of nodes that are gone for good (pkg/controller/podgc). */

import { timestamp } from '../api/time.ts';
import type { Pod } from '../api/types.ts';
import { setCondition } from './conditions.ts';
import type { ControllerContext } from './context.ts';
import { NODE_INDEX, nodeOfPod } from './node-lifecycle/node-lifecycle.ts';
import { hasEnded } from './pods.ts';

/** gcCheckPeriod and quarantineTime. */
const PERIOD = 20_000;
const QUARANTINE = 40_000;

export function startPodGarbageCollector({ client, clock }: ControllerContext): void {
  const podsOn = client.informer('pods').index(NODE_INDEX, nodeOfPod);
  const nodes = client.informer('nodes');

  const collect = (name: string) => {
    if (nodes.get('', name)) return;
    for (const pod of [...podsOn(name)]) orphaned(pod);
    clock.after(PERIOD, () => collect(name), { background: true });
  };
  const orphaned = (pod: Pod) => {
    const { namespace = '', name } = pod.metadata;
    const conditions = setCondition(pod.status?.conditions ?? [], {
      type: 'DisruptionTarget',
      ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
      status: 'True',
      lastProbeTime: null as unknown as string,
      lastTransitionTime: timestamp(clock.now),
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
    });
    const phase = hasEnded(pod) ? pod.status?.phase : 'Failed';
    client.updateStatus('pods', { ...pod, status: { ...pod.status, phase, conditions } });
    client.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
  };
  nodes.handle({
    deleted: ({ metadata }) => clock.after(QUARANTINE, () => collect(metadata.name), { background: true }),
  });
}
