/** PriorityClass (pkg/registry/scheduling/priorityclass, pkg/apis/scheduling). */

import type { IPriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1';
import { forbidden as refused } from '../errors.ts';
import type { Resource } from '../resource.ts';
import type { Served } from '../types.ts';
import { aged, column, count, named, printed, text } from './columns.ts';
import { fill } from './shared.ts';
import { type FieldErrors, forbidden, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';

export type PriorityClass = Served<IPriorityClass>;

const HIGHEST = 1_000_000_000;

/** The two classes that every API server makes for itself: only they may be above the highest. */
export const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

const CLASSES = { group: 'scheduling.k8s.io', name: 'priorityclasses' };

export const priorityClasses: Resource<PriorityClass> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  name: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  generation: true,

  defaults: (priorityClass) => fill(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' }),
  validate,
  validateUpdate: (priorityClass, before) => {
    const problems = new Problems();
    if (priorityClass.value !== before.value) problems.add(forbidden('value', 'may not be changed in an update.'));
    immutable(problems, priorityClass.preemptionPolicy, before.preemptionPolicy, 'preemptionPolicy');
    return problems.list;
  },
  /** The server's own stay (pkg/registry/scheduling/priorityclass/storage). */
  remove: ({ metadata: { name } }) => {
    if (name in SYSTEM_CLASSES) throw refused(CLASSES, name, 'this is a system priority class and cannot be deleted');
    return undefined;
  },

  ...printed<PriorityClass>([
    named,
    count(
      'Value',
      'value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.',
      ({ value = 0 }) => value,
    ),
    column(
      'Global-Default',
      'boolean',
      'globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.',
      ({ globalDefault = false }) => globalDefault,
    ),
    aged,
    text(
      'PreemptionPolicy',
      'preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset.',
      ({ preemptionPolicy = '' }) => preemptionPolicy,
    ),
  ]),
};

function validate({ metadata, value = 0 }: PriorityClass): FieldErrors {
  const problems = new Problems();
  if (metadata.name.startsWith('system-')) {
    if (SYSTEM_CLASSES[metadata.name] !== value)
      problems.add(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${metadata.name} is not a known system priority class`,
        ),
      );
  } else if (value > HIGHEST)
    problems.add(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`));
  return problems.list;
}
