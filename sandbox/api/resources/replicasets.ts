/** ReplicaSet (pkg/registry/apps/replicaset, pkg/apis/apps/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ReplicaSet } from '../types.ts';
import { formatSelector, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { scale, status } from './subresources.ts';
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
  selectableFields: { 'status.replicas': (set) => String(set.status?.replicas ?? 0) },
};
