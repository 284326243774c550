/** ReplicaSet (pkg/registry/apps/replicaset, pkg/apis/apps/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { ReplicaSet } from '../types.ts';
import { formatSelector } from './cells.ts';
import { aged, count, named, printed, templateColumns, wide } from './columns.ts';
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

  ...printed<ReplicaSet>([
    named,
    count(
      'Desired',
      'Replicas is the number of desired pods. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset',
      ({ spec }) => spec?.replicas ?? 0,
    ),
    count(
      'Current',
      'Replicas is the most recently observed number of non-terminating pods. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset',
      ({ status }) => status?.replicas ?? 0,
    ),
    count(
      'Ready',
      'The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.',
      ({ status }) => status?.readyReplicas ?? 0,
    ),
    aged,
    ...templateColumns<ReplicaSet>(({ spec }) => spec?.template),
    wide(
      'Selector',
      "Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
      ({ spec }) => formatSelector(spec?.selector),
    ),
  ]),
};
