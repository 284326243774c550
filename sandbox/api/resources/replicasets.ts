/** ReplicaSet (pkg/registry/apps/replicaset, pkg/apis/apps/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ReplicaSet } from '../types.ts';
import { formatSelector, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { scale, status } from './subresources.ts';
import { noErrors, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';
import { validateReplicaSet } from './validation/replicasets.ts';
import { workloadWarnings } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

export const replicaSets: Resource<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  name: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  subresources: { scale: scale(), status: status('ReplicaSet') },
  generation: true,

  defaults: (set) => change(set, 'spec', (spec) => fill(withTemplate(spec), { replicas: 1 })),
  prepareForCreate: (set) => withStatus(set, { replicas: 0 }),
  prepareForUpdate: keepStatus,
  validate: validateReplicaSet,
  validateUpdate: (set, before) => {
    if (set.spec === before.spec) return noErrors;
    const problems = new Problems();
    problems.addAll(validateReplicaSet(set));
    immutable(problems, set.spec?.selector, before.spec?.selector, 'spec.selector');
    return problems.list;
  },
  warnings: workloadWarnings,

  columns: columns.replicasets,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec?.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    ...templateCells(spec?.template),
    formatSelector(spec?.selector),
  ],
};
