/** Priority: a pod's number by its class, and one default class only (plugin/pkg/admission/priority). */

import type { KubeObject } from '../object.ts';
import type { StrategyContext } from '../resource.ts';
import type { PriorityClass } from '../resources/priorityclasses.ts';
import { fill, put } from '../resources/shared.ts';
import type { Pod, PodSpec } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';

const CLASSES = 'priorityclasses.scheduling.k8s.io';

export const priority: Plugin = {
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', CLASSES],
  admit: (object, attributes, context) => {
    const { spec } = object as Pod;
    if (attributes.resource.name !== 'pods' || !spec) return object;
    if (attributes.operation === 'CREATE') return put(object as Pod, 'spec', withPriority(spec, attributes, context));
    const { priority: value, preemptionPolicy } = (attributes.oldObject as Pod).spec ?? {};
    return put(object as Pod, 'spec', fill(spec, { priority: value, preemptionPolicy }));
  },
  validate: (attributes, context) => {
    const { resource, operation, object } = attributes;
    if (resource.name === 'pods' || !(object as PriorityClass).globalDefault) return;
    const other = defaultClass(context);
    if (!other || (operation === 'UPDATE' && other.metadata.name === object!.metadata.name)) return;
    const name = other.metadata.name;
    throw refused(attributes, `PriorityClass ${name} is already marked as default. Only one default can exist`);
  },
};

/** The one with the lowest value, should there be several. */
function defaultClass({ list }: StrategyContext): PriorityClass | undefined {
  const classes = list('priorityclasses', '') as readonly KubeObject[] as readonly PriorityClass[];
  return classes
    .filter(({ globalDefault }) => globalDefault)
    .reduce<PriorityClass | undefined>(
      (least, one) => (least && (least.value ?? 0) <= (one.value ?? 0) ? least : one),
      undefined,
    );
}

function withPriority(spec: PodSpec, attributes: Attributes, context: StrategyContext): PodSpec {
  const named = spec.priorityClassName;
  const found = named
    ? (context.lookup('priorityclasses', '', named) as PriorityClass | undefined)
    : defaultClass(context);
  if (named && !found) throw refused(attributes, `no PriorityClass with name ${named} was found`);
  const value = found?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== value) {
    const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
    throw refused(attributes, why);
  }
  const next = found ? put(spec, 'priorityClassName', found.metadata.name) : spec;
  const policy = spec.preemptionPolicy ?? found?.preemptionPolicy ?? 'PreemptLowerPriority';
  return put(put(next, 'priority', value), 'preemptionPolicy', policy);
}
