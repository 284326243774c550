/** What a node refuses to run: pods that do not fit, or are not meant for it (pkg/kubelet/lifecycle/predicate.go). */

import { podRequests } from '../api/pod-resources.ts';
import { toNumber } from '../api/quantity.ts';
import type { Pod } from '../api/types.ts';
import type { KubeletContext } from './kubelet-context.ts';

export function admissionFailure(pod: Pod, node: KubeletContext): { reason: string; message: string } | undefined {
  const { labels, allocated, allocatable } = node;
  const selector = Object.entries(pod.spec!.nodeSelector ?? {});
  if (selector.some(([key, value]) => labels[key] !== value)) {
    return {
      reason: 'NodeAffinity',
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    };
  }
  for (const resource of ['cpu', 'memory', 'pods'] as const) {
    const used = allocated[resource];
    const capacity = allocatable[resource];
    const requested = resource === 'pods' ? 1 : requestOf(pod, resource);
    if (requested === 0 || used + requested <= capacity) continue;
    const unit = resource === 'cpu' ? 1000 : 1;
    return {
      reason: `OutOf${resource}`,
      message: `Node didn't have enough resource: ${resource}, requested: ${requested * unit}, used: ${used * unit}, capacity: ${capacity * unit}`,
    };
  }
  return undefined;
}

/** Cores or bytes. */
export function requestOf({ spec }: Pod, resource: 'cpu' | 'memory'): number {
  const amount = podRequests(spec!)[resource];
  return amount ? toNumber(amount) : 0;
}
