/** What people say of a pod: ready or not, its STATUS, the workload it belongs to. */

import { resources } from '../api/resources/index.ts';
import type { Pod } from '../api/types.ts';

const podResource = resources.find((resource) => resource.name === 'pods')!;
const statusColumn = podResource.columns.findIndex((column) => column.name === 'Status');

/** The STATUS column of `kubectl get pods`. */
export function podStatusText(pod: Pod): string {
  return String(podResource.row(pod, { now: 0 })[statusColumn]);
}

/** Running, its Ready condition true, and not on its way out. */
export function podReady(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  return pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

/** The Deployment, StatefulSet … that made it; its own name if nothing did. */
export function podWorkload(pod: Pod): string {
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller);
  if (!owner) return pod.metadata.name;
  const hash = pod.metadata.labels?.['pod-template-hash'];
  return owner.kind === 'ReplicaSet' && hash ? owner.name.slice(0, -hash.length - 1) : owner.name;
}
