/** Telling the new replica set from the old ones (pkg/controller/deployment/util/deployment_util.go FindNewReplicaSet). Pure. */

import { equal } from '../../api/equality.ts';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '../../api/types.ts';
import { revisionOf } from './annotations.ts';
import { byCreation } from './arithmetic.ts';

export const TEMPLATE_HASH = 'pod-template-hash';

/** The oldest set whose template is the deployment's, but for the hash label. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const template = deployment.spec!.template as PodTemplateSpec;
  return [...sets].sort(byCreation).find((set) => sameTemplate(set.spec!.template as PodTemplateSpec, template));
}

export const maxRevision = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((most, set) => Math.max(most, revisionOf(set)), 0);

/** EqualIgnoreHash. */
function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return equal(a.spec, b.spec) && equal(withoutHash(a), withoutHash(b));
}

function withoutHash({ metadata }: PodTemplateSpec) {
  const { [TEMPLATE_HASH]: _, ...labels } = metadata?.labels ?? {};
  return { ...metadata, labels, creationTimestamp: undefined };
}
