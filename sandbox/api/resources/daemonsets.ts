/** DaemonSet (pkg/registry/apps/daemonset, pkg/apis/apps/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { DaemonSet } from '../types.ts';
import { formatLabels, formatSelector, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, put, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateDaemonSet } from './validation/daemonsets.ts';
import { noErrors, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';
import { workloadWarnings } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

type Spec = NonNullable<DaemonSet['spec']>;

const NOTHING_YET = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };

export const daemonSets: Resource<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  name: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  subresources: { status: status('DaemonSet') },
  generation: true,

  defaults: (set) => change(set, 'spec', defaultSpec),
  prepareForCreate: (set) => withStatus(set, NOTHING_YET),
  prepareForUpdate: keepStatus,
  validate: validateDaemonSet,
  validateUpdate: (set, before) => {
    if (set.spec === before.spec) return noErrors;
    const problems = new Problems();
    problems.addAll(validateDaemonSet(set));
    immutable(problems, set.spec?.selector, before.spec?.selector, 'spec.selector');
    return problems.list;
  },
  warnings: workloadWarnings,

  columns: columns.daemonsets,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    status?.desiredNumberScheduled ?? 0,
    status?.currentNumberScheduled ?? 0,
    status?.numberReady ?? 0,
    status?.updatedNumberScheduled ?? 0,
    status?.numberAvailable ?? 0,
    formatLabels(spec?.template.spec?.nodeSelector),
    age(metadata.creationTimestamp, now),
    ...templateCells(spec?.template),
    formatSelector(spec?.selector),
  ],
};

function defaultSpec(spec: Spec): Spec {
  const next = fill(withTemplate(spec), { updateStrategy: {}, revisionHistoryLimit: 10 });
  return change(next, 'updateStrategy', (strategy) => {
    const typed = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' as const };
    if (typed.type !== 'RollingUpdate') return typed;
    return put(typed, 'rollingUpdate', fill(typed.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }));
  });
}
