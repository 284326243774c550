/** Claims that wait for a pod: once it has a node, their volumes are bound or provisioned for that node, and only then the pod is (pkg/scheduler/framework/plugins/volumebinding/binder.go). */

import type { Pod } from '../../api/types.ts';
import { ANNOTATION, withAnnotations } from '../persistentvolume-binder/claims.ts';
import type { FilterContext } from './plugin.ts';
import { delayedClaims, planVolumes } from './volume-filters.ts';

export class VolumeBinder {
  readonly #context: FilterContext;
  /** Nodes chosen for pods whose claims are not bound yet, by pod uid. */
  readonly #chosen = new Map<string, string>();

  constructor(context: FilterContext) {
    this.#context = context;
  }

  /** BindPodVolumes: asks for what is missing; says whether there is anything to wait for. */
  prepare(pod: Pod, nodeName: string): boolean {
    if (!pod.spec?.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim || ephemeral)) {
      return false;
    }
    const claims = delayedClaims(pod, this.#context);
    if (claims.length === 0) return false;
    const { client, cache } = this.#context;
    const node = cache.nodes.get(nodeName)!.node;
    const plan = planVolumes(claims, node, this.#context);
    for (const { claim, volume } of plan?.bindings ?? []) {
      const { namespace = '', name, uid, resourceVersion } = claim.metadata;
      client.update(
        'persistentvolumes',
        withAnnotations(
          {
            ...volume,
            spec: {
              ...volume.spec,
              claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
            },
          },
          { [ANNOTATION.boundByController]: 'yes' },
        ),
      );
    }
    for (const claim of plan?.provision ?? []) {
      client.update('persistentvolumeclaims', withAnnotations(claim, { [ANNOTATION.selectedNode]: nodeName }));
    }
    this.#chosen.set(pod.metadata.uid, nodeName);
    return true;
  }

  /** The node chosen for a pod, as soon as all its claims are bound. */
  nodeOnceBound(pod: Pod): string | undefined {
    const node = this.#chosen.get(pod.metadata.uid);
    if (node === undefined || delayedClaims(pod, this.#context).length > 0) return undefined;
    this.#chosen.delete(pod.metadata.uid);
    return node;
  }

  forget(pod: Pod): void {
    this.#chosen.delete(pod.metadata.uid);
  }
}
