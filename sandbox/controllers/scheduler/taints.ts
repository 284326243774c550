/** Taints and who tolerates them (component-helpers scheduling/corev1/helpers.go). Pure. */

import type { Node, PodSpec } from '../../api/types.ts';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
export type Toleration = NonNullable<PodSpec['tolerations']>[number];

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if ((toleration.operator ?? 'Equal') === 'Exists') return true;
  return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '');
}

export const isTolerated = (taint: Taint, tolerations: readonly Toleration[]): boolean =>
  tolerations.some((toleration) => tolerates(toleration, taint));

/** The first taint that keeps the pod away. */
export const untoleratedTaint = (node: Node, tolerations: readonly Toleration[]): Taint | undefined =>
  node.spec?.taints?.find(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !isTolerated(taint, tolerations),
  );

/** How many PreferNoSchedule taints it does not tolerate. */
export const unpreferredTaints = (node: Node, tolerations: readonly Toleration[]): number =>
  node.spec?.taints?.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations))
    .length ?? 0;
