/** ReplicationController (pkg/registry/core/replicationcontroller, pkg/apis/core/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { ReplicationController } from '../types.ts';
import { formatLabels, NONE } from './cells.ts';
import { aged, count, named, printed, templateColumns, wide } from './columns.ts';
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

  ...printed<ReplicationController>([
    named,
    count(
      'Desired',
      'Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller',
      ({ spec }) => spec?.replicas ?? 0,
    ),
    count(
      'Current',
      'Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller',
      ({ status }) => status?.replicas ?? 0,
    ),
    count(
      'Ready',
      'The number of ready replicas for this replication controller.',
      ({ status }) => status?.readyReplicas ?? 0,
    ),
    aged,
    ...templateColumns<ReplicationController>(({ spec }) => spec?.template),
    wide(
      'Selector',
      'Selector is a label query over pods that should match the Replicas count. If Selector is empty, it is defaulted to the labels present on the Pod template. Label keys and values that must match in order to be controlled by this replication controller, if empty defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
      ({ spec }) => formatLabels(spec?.selector),
    ),
  ]),
  selectableFields: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
};
