/** DaemonSet (pkg/registry/apps/daemonset, pkg/apis/apps/v1/defaults.go). */

import { equal } from '../equality.ts';
import type { Resource } from '../resource.ts';
import type { DaemonSet } from '../types.ts';
import { formatLabels, formatSelector } from './cells.ts';
import { aged, count, named, printed, templateColumns, text, wide } from './columns.ts';
import { change, fill, keepStatus, put, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateDaemonSet } from './validation/daemonsets.ts';
import { noErrors, Problems } from './validation/errors.ts';
import { immutable } from './validation/immutable.ts';
import { templateWarnings } from './warnings.ts';
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
  prepareForCreate: (set) => withStatus(withTemplateGeneration(set, 1), NOTHING_YET),
  prepareForUpdate: (set, before) =>
    withTemplateGeneration(
      keepStatus(set, before),
      templateGeneration(before) + (equal(set.spec?.template, before.spec?.template) ? 0 : 1),
    ),
  validate: validateDaemonSet,
  validateUpdate: (set, before) => {
    if (set.spec === before.spec) return noErrors;
    const problems = new Problems();
    problems.addAll(validateDaemonSet(set));
    immutable(problems, set.spec?.selector, before.spec?.selector, 'spec.selector');
    return problems.list;
  },
  warnings: templateWarnings,

  ...printed<DaemonSet>([
    named,
    count(
      'Desired',
      'The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/',
      ({ status }) => status?.desiredNumberScheduled ?? 0,
    ),
    count(
      'Current',
      'The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/',
      ({ status }) => status?.currentNumberScheduled ?? 0,
    ),
    count(
      'Ready',
      'numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition.',
      ({ status }) => status?.numberReady ?? 0,
    ),
    count(
      'Up-to-date',
      'The total number of nodes that are running updated daemon pod',
      ({ status }) => status?.updatedNumberScheduled ?? 0,
    ),
    count(
      'Available',
      'The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)',
      ({ status }) => status?.numberAvailable ?? 0,
    ),
    text(
      'Node Selector',
      "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/",
      ({ spec }) => formatLabels(spec?.template.spec?.nodeSelector),
    ),
    aged,
    ...templateColumns<DaemonSet>(({ spec }) => spec?.template),
    wide(
      'Selector',
      "A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
      ({ spec }) => formatSelector(spec?.selector),
    ),
  ]),
};

/** What the field of v1beta1 became: conversion writes it as an annotation (pkg/apis/apps/v1/conversion.go). */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

const templateGeneration = ({ metadata }: DaemonSet): number =>
  Number(metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const { metadata } = set;
  if (metadata.annotations?.[TEMPLATE_GENERATION] === String(generation)) return set;
  return {
    ...set,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) } },
  };
}

function defaultSpec(spec: Spec): Spec {
  const next = fill(withTemplate(spec), { updateStrategy: {}, revisionHistoryLimit: 10 });
  return change(next, 'updateStrategy', (strategy) => {
    const typed = strategy.type ? strategy : { ...strategy, type: 'RollingUpdate' as const };
    if (typed.type !== 'RollingUpdate') return typed;
    return put(typed, 'rollingUpdate', fill(typed.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }));
  });
}
