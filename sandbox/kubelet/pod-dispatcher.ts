/** Hands each pod's changes to the kubelet of the node it is bound to, with one look at the pod's node name. */

import type { Client } from '../api/client.ts';
import type { Pod } from '../api/types.ts';

export interface PodHandler {
  changed(pod: Pod): void;
  gone(pod: Pod): void;
}

export class PodDispatcher {
  readonly #handlers = new Map<string, PodHandler>();

  constructor(client: Client) {
    const handler = (pod: Pod) => this.#handlers.get(pod.spec?.nodeName ?? '');
    client.informer('pods').handle({
      added: (pod) => handler(pod)?.changed(pod),
      updated: (_, pod) => handler(pod)?.changed(pod),
      deleted: (pod) => handler(pod)?.gone(pod),
    });
  }

  register(node: string, handler: PodHandler): void {
    this.#handlers.set(node, handler);
  }
}

/** The kubelet's own status writes come back to it; only what others changed calls for a sync (pkg/kubelet/config/config.go, checkAndUpdatePod). */
export function concernsNode(before: Pod, after: Pod): boolean {
  const { labels, annotations } = before.metadata;
  if (before.spec !== after.spec || labels !== after.metadata.labels || annotations !== after.metadata.annotations)
    return true;
  return (after.spec!.readinessGates?.length ?? 0) > 0 && before.status !== after.status;
}
