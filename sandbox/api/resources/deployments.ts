/** Deployment (pkg/registry/apps/deployment, pkg/apis/apps/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { Deployment } from '../types.ts';
import { formatSelector } from './cells.ts';
import { aged, named, printed, templateColumns, text, wide } from './columns.ts';
import { change, fill, keepStatus, put, withStatus } from './shared.ts';
import { scale, status } from './subresources.ts';
import { validateDeployment } from './validation/deployments.ts';
import { noErrors, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';
import { workloadWarnings } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

type Spec = NonNullable<Deployment['spec']>;

export const deployments: Resource<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  name: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.Deployment',
  subresources: { scale: scale(), status: status('Deployment') },
  // Annotations are copied to the ReplicaSets.
  generation: 'with annotations',

  defaults: (deployment) => change(deployment, 'spec', defaultSpec),
  prepareForCreate: (deployment) => withStatus(deployment, {}),
  prepareForUpdate: keepStatus,
  validate: validateDeployment,
  validateUpdate: (deployment, before) => {
    if (deployment.spec === before.spec) return noErrors;
    const problems = new Problems();
    problems.addAll(validateDeployment(deployment));
    immutable(problems, deployment.spec?.selector, before.spec?.selector, 'spec.selector');
    return problems.list;
  },
  warnings: workloadWarnings,

  ...printed<Deployment>([
    named,
    text(
      'Ready',
      'Number of the pod with ready state',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    text(
      'Up-to-date',
      'Total number of non-terminating pods targeted by this deployment that have the desired template spec.',
      ({ status }) => status?.updatedReplicas ?? 0,
    ),
    text(
      'Available',
      'Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment.',
      ({ status }) => status?.availableReplicas ?? 0,
    ),
    aged,
    ...templateColumns<Deployment>(({ spec }) => spec?.template),
    wide(
      'Selector',
      "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels.",
      ({ spec }) => formatSelector(spec?.selector),
    ),
  ]),
};

function defaultSpec(spec: Spec): Spec {
  const next = fill(withTemplate(spec), {
    replicas: 1,
    strategy: {},
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  return change(next, 'strategy', (strategy) => {
    const typed = strategy.type ? strategy : put(strategy, 'type', 'RollingUpdate');
    if (typed.type !== 'RollingUpdate') return typed;
    return put(typed, 'rollingUpdate', fill(typed.rollingUpdate ?? {}, { maxUnavailable: '25%', maxSurge: '25%' }));
  });
}
