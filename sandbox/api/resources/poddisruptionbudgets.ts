/** PodDisruptionBudget (pkg/registry/policy/poddisruptionbudget, printPodDisruptionBudget). */

import type { Resource } from '../resource.ts';
import type { PodDisruptionBudget } from '../types.ts';
import { aged, count, named, printed, text } from './columns.ts';
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

  ...printed<PodDisruptionBudget>([
    named,
    text('Min Available', 'The minimum number of pods that must be available.', ({ spec }) =>
      spec?.minAvailable === undefined ? 'N/A' : String(spec.minAvailable),
    ),
    text('Max Unavailable', 'The maximum number of pods that may be unavailable.', ({ spec }) =>
      spec?.maxUnavailable === undefined ? 'N/A' : String(spec.maxUnavailable),
    ),
    count(
      'Allowed Disruptions',
      'Calculated number of pods that may be disrupted at this time.',
      ({ status }) => status?.disruptionsAllowed ?? 0,
    ),
    aged,
  ]),
};
