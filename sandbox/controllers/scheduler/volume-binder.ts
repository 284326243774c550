/** Claims that wait for a pod: once it has a node, their volumes are bound or provisioned for that node, and only then the pod is (pkg/scheduler/framework/plugins/volumebinding/binder.go). */

import type { Pod } from '../../api/types.ts';
import { splitKey } from '../context.ts';
import { claimsOfPod } from '../persistentvolume-binder/binder.ts';
import { ANNOTATION, withAnnotations } from '../persistentvolume-binder/claims.ts';
import type { FilterContext } from './plugin.ts';
import { delayedClaims, isFullyBound, planVolumes } from './volume-filters.ts';

export class VolumeBinder {
  readonly #context: FilterContext;
  /** Pods that have a node and wait for their claims, by uid. */
  readonly #waiting = new Set<string>();

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
      const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
      const promised = { ...volume, spec: { ...volume.spec, claimRef } };
      // What somebody promised beforehand is not the controller's to take back (GetBindVolumeToClaim).
      const marks: Record<string, string> = volume.spec?.claimRef ? {} : { [ANNOTATION.boundByController]: 'yes' };
      client.update('persistentvolumes', withAnnotations(promised, marks));
    }
    for (const claim of plan?.provision ?? []) {
      client.update('persistentvolumeclaims', withAnnotations(claim, { [ANNOTATION.selectedNode]: nodeName }));
    }
    this.#waiting.add(pod.metadata.uid);
    return true;
  }

  isWaiting(pod: Pod): boolean {
    return this.#waiting.has(pod.metadata.uid);
  }

  /** Whether all its claims are bound by now, or why they will not be (checkBindings). */
  areBound(pod: Pod): boolean | { readonly failure: string } {
    const { client } = this.#context;
    for (const key of claimsOfPod(pod)) {
      const claim = client.get('persistentvolumeclaims', ...splitKey(key));
      if (!claim) return { failure: `failed to check pvc binding: could not find v1.PersistentVolumeClaim "${key}"` };
      if (!isFullyBound(claim)) return false;
    }
    return true;
  }

  forget(pod: Pod): void {
    this.#waiting.delete(pod.metadata.uid);
  }
}
