/** ReplicationController (pkg/registry/core/replicationcontroller, pkg/apis/core/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ReplicationController } from '../types.ts';
import { formatLabels, NONE, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { scale, status } from './subresources.ts';
import { validateReplicationController } from './validation/replicasets.ts';
import { workloadWarnings } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

export const replicationControllers: Resource<ReplicationController> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  name: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ReplicationController',
  subresources: {
    scale: scale((controller) => {
      const text = formatLabels(controller.spec?.selector);
      return text === NONE ? '' : text;
    }),
    status: status('ReplicationController'),
  },
  generation: true,

  defaults: (controller) => {
    const next = change(controller, 'spec', (spec) => fill(withTemplate(spec), { replicas: 1 }));
    const labels = next.spec?.template?.metadata?.labels;
    if (!labels) return next;
    const selecting = change(next, 'spec', (spec) => fill(spec, { selector: labels }));
    return change(selecting, 'metadata', (metadata) => fill(metadata, { labels }));
  },
  prepareForCreate: (controller) => withStatus(controller, { replicas: 0 }),
  prepareForUpdate: keepStatus,
  validate: validateReplicationController,
  warnings: workloadWarnings,

  columns: columns.replicationcontrollers,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec?.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    ...templateCells(spec?.template),
    formatLabels(spec?.selector),
  ],
  selectableFields: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
};
