/** The pod garbage collector: pods of nodes that are gone for good, or out of service (pkg/controller/podgc/gc_controller.go). */

import { refusalOf } from '../api/errors.ts';
import { timestamp } from '../api/time.ts';
import type { Node, Pod } from '../api/types.ts';
import { contained } from '../sim/faults.ts';
import { setCondition } from './conditions.ts';
import { type ControllerContext, keyOf } from './context.ts';
import { readiness } from './node-lifecycle/conditions.ts';
import { NODE_INDEX, nodeOfPod } from './node-lifecycle/node-lifecycle.ts';
import { hasEnded, isTerminating } from './pods.ts';

/** gcCheckPeriod and quarantineTime. */
const PERIOD = 20_000;
const QUARANTINE = 40_000;
/** Somebody says of a node that it is off: its pods may go, whatever runs there (KEP-2268). */
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const ORPHANED = { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };

export function startPodGarbageCollector({ client, clock }: ControllerContext): void {
  const podsOn = client.informer('pods').index(NODE_INDEX, nodeOfPod);
  const nodes = client.informer('nodes');

  /** What is refused is tried again at the next look. */
  const tryTo = (pod: Pod, write: () => void) => contained(`pod ${keyOf(pod)}`, () => refusalOf(write));
  const collect = (name: string) => {
    if (nodes.get('', name)) return;
    for (const pod of [...podsOn(name)]) tryTo(pod, () => failAndDelete(pod, ORPHANED));
    clock.after(PERIOD, () => collect(name), { background: true });
  };
  /** markFailedAndDeletePodWithCondition. */
  const failAndDelete = (pod: Pod, condition?: { readonly reason: string; readonly message: string }) => {
    const { namespace = '', name, generation } = pod.metadata;
    if (!hasEnded(pod)) {
      const before = pod.status?.conditions ?? [];
      const conditions = condition
        ? setCondition(before, {
            type: 'DisruptionTarget',
            ...(generation !== undefined && { observedGeneration: generation }),
            status: 'True',
            lastProbeTime: null as unknown as string,
            lastTransitionTime: timestamp(clock.now),
            ...condition,
          })
        : before;
      client.updateStatus('pods', { ...pod, status: { ...pod.status, phase: 'Failed', conditions } });
    }
    client.delete('pods', namespace, name, { gracePeriodSeconds: 0 });
  };
  /** gcTerminating: nobody on a node that is not ready and marked out of service will see a pod to its end. */
  const collectOutOfService = (node: Node) => {
    if (readiness(node) === 'True' || !node.spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE)) return;
    const terminating = [...podsOn(node.metadata.name)].filter(isTerminating);
    for (const pod of terminating) tryTo(pod, () => failAndDelete(pod));
  };
  clock.every(PERIOD, () => {
    for (const node of nodes.list()) collectOutOfService(node);
  });
  nodes.handle({
    deleted: ({ metadata }) => clock.after(QUARANTINE, () => collect(metadata.name), { background: true }),
  });
}
