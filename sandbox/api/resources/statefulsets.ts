/** StatefulSet (pkg/registry/apps/statefulset, pkg/apis/apps/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { StatefulSet } from '../types.ts';
import { defaultClaim } from './claim-defaults.ts';
import { claimSpecWarnings } from './claim-warnings.ts';
import { aged, named, printed, templateColumns, text } from './columns.ts';
import { change, each, fill, keepStatus, put, withStatus } from './shared.ts';
import { scale, status } from './subresources.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from './validation/statefulsets.ts';
import { templateWarnings } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

type Spec = NonNullable<StatefulSet['spec']>;

export const statefulSets: Resource<StatefulSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  name: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  subresources: { scale: scale(), status: status('StatefulSet') },
  generation: true,

  defaults: (set) => change(set, 'spec', defaultSpec),
  prepareForCreate: (set) => withStatus(set, { replicas: 0, availableReplicas: 0 }),
  prepareForUpdate: keepStatus,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warnings,

  ...printed<StatefulSet>([
    named,
    text(
      'Ready',
      'Number of the pod with ready state',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    aged,
    ...templateColumns<StatefulSet>(({ spec }) => spec?.template),
  ]),
};

function warnings(set: StatefulSet, before: StatefulSet | undefined): readonly string[] {
  const out = [...templateWarnings(set, before)];
  if (before && set.metadata.generation === before.metadata.generation) return out;
  // Upstream's own spelling, of updates only.
  for (const [i, { spec }] of (set.spec?.volumeClaimTemplates ?? []).entries())
    if (spec) claimSpecWarnings(out, spec, `spec.volumeClaimTemplates[${i}]${before ? '.Spec' : ''}`);
  if ((set.spec?.revisionHistoryLimit ?? 0) < 0)
    out.push(
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    );
  return out;
}

function defaultSpec(spec: Spec): Spec {
  let next = fill(withTemplate(spec), {
    podManagementPolicy: 'OrderedReady',
    updateStrategy: {},
    replicas: 1,
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  });
  next = change(next, 'updateStrategy', (strategy) => {
    const typed = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' as const };
    if (typed.type !== 'RollingUpdate') return typed;
    return put(typed, 'rollingUpdate', fill(typed.rollingUpdate ?? {}, { partition: 0 }));
  });
  next = change(next, 'persistentVolumeClaimRetentionPolicy', (policy) =>
    fill(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
  );
  return change(next, 'volumeClaimTemplates', (templates) =>
    each(templates, (template) =>
      defaultClaim(fill(template, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: {} })),
    ),
  );
}
