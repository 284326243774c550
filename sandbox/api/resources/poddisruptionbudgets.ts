/** PodDisruptionBudget (pkg/registry/policy/poddisruptionbudget, printPodDisruptionBudget). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { PodDisruptionBudget } from '../types.ts';
import { columns } from './columns.ts';
import { keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateDisruptionBudget } from './validation/policies.ts';

export const podDisruptionBudgets: Resource<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  name: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  subresources: { status: status('PodDisruptionBudget') },
  generation: true,

  prepareForCreate: (budget) =>
    withStatus(budget, { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  prepareForUpdate: keepStatus,
  validate: validateDisruptionBudget,

  columns: columns.poddisruptionbudgets,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec?.minAvailable === undefined ? 'N/A' : String(spec.minAvailable),
    spec?.maxUnavailable === undefined ? 'N/A' : String(spec.maxUnavailable),
    status?.disruptionsAllowed ?? 0,
    age(metadata.creationTimestamp, now),
  ],
};
