/** The annotations by which a deployment and its replica sets remember revisions and sizes (pkg/controller/deployment/util/deployment_util.go). */

import type { Deployment, ReplicaSet } from '../../api/types.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const ROLLBACK_TO = 'deprecated.deployment.rollback.to';

/** Everything else is copied from the deployment to its replica sets. */
const NOT_COPIED = new Set([LAST_APPLIED, REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, ROLLBACK_TO]);

type Annotations = Readonly<Record<string, string>>;
type Annotated = { readonly metadata: { readonly annotations?: Annotations } };

/** The number in the annotation; 0 if there is none. */
export const revisionOf = ({ metadata }: Annotated): number =>
  Number.parseInt(metadata.annotations?.[REVISION] ?? '0', 10) || 0;

export const desiredReplicasOf = ({ metadata }: Annotated): number | undefined =>
  numberIn(metadata.annotations, DESIRED_REPLICAS);

export const maxReplicasOf = ({ metadata }: Annotated): number | undefined =>
  numberIn(metadata.annotations, MAX_REPLICAS);

function numberIn(annotations: Annotations | undefined, name: string): number | undefined {
  const text = annotations?.[name];
  const value = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return Number.isNaN(value) ? undefined : value;
}

/** SetReplicasAnnotations. */
export const withSizes = (annotations: Annotations, desired: number, max: number): Annotations => ({
  ...annotations,
  [DESIRED_REPLICAS]: String(desired),
  [MAX_REPLICAS]: String(max),
});

export const sizesDiffer = (set: ReplicaSet, desired: number, max: number): boolean =>
  set.metadata.annotations?.[DESIRED_REPLICAS] !== String(desired) ||
  set.metadata.annotations?.[MAX_REPLICAS] !== String(max);

/** SetNewReplicaSetAnnotations: the deployment's own annotations, and the new revision with the old one into the history. */
export function withRevision(annotations: Annotations, deployment: Deployment, revision: number): Annotations {
  const next: Record<string, string> = { ...annotations };
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(name)) next[name] = value;
  }
  const old = annotations[REVISION];
  if (old !== undefined && Number.parseInt(old, 10) >= revision) return next;
  next[REVISION] = String(revision);
  if (old !== undefined) {
    const history = annotations[REVISION_HISTORY];
    next[REVISION_HISTORY] = history ? `${history},${old}` : old;
  }
  return next;
}
