/** Filters that look at the node and its sums only (pkg/scheduler/framework/plugins/{nodeunschedulable,nodename,tainttoleration,nodeaffinity,nodeports,noderesources}). */

import type { NodeInfo } from './cache.ts';
import { hostPorts } from './cache.ts';
import { fitsNode } from './node-selector.ts';
import type { FilterPlugin, Rejection } from './plugin.ts';
import { resolvable, unresolvable } from './plugin.ts';
import type { Amounts } from './requests.ts';
import { podRequests } from './requests.ts';
import { isTolerated, untoleratedTaint } from './taints.ts';

const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;
const NO_TOLERATIONS = [] as const;

const CORDONED = unresolvable('node(s) were unschedulable');
const WRONG_NAME = unresolvable("node(s) didn't match the requested node name");
const TAINTED = unresolvable('node(s) had untolerated taint(s)');
const WRONG_LABELS = unresolvable("node(s) didn't match Pod's node affinity/selector");
const PORT_TAKEN = resolvable("node(s) didn't have free ports for the requested pod ports");

const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  prepare: (_, { tolerations = NO_TOLERATIONS }) =>
    isTolerated(UNSCHEDULABLE_TAINT, tolerations)
      ? undefined
      : ({ node }) => (node.spec?.unschedulable ? CORDONED : undefined),
};

const nodeName: FilterPlugin = {
  name: 'NodeName',
  prepare: (_, { nodeName: wanted }) =>
    wanted ? ({ node }) => (node.metadata.name === wanted ? undefined : WRONG_NAME) : undefined,
};

const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  prepare:
    (_, { tolerations = NO_TOLERATIONS }) =>
    ({ node }) =>
      untoleratedTaint(node, tolerations) ? TAINTED : undefined,
};

const nodeAffinity: FilterPlugin = {
  name: 'NodeAffinity',
  prepare: (_, spec) =>
    spec.nodeSelector || spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ? ({ node }) => (fitsNode(spec, node) ? undefined : WRONG_LABELS)
      : undefined,
};

const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  prepare: (pod) => {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return undefined;
    return ({ ports }) => (wanted.some((port) => ports.has(port)) ? PORT_TAKEN : undefined);
  },
};

const nodeResourcesFit: FilterPlugin = {
  name: 'NodeResourcesFit',
  prepare: (_, spec) => {
    const wanted = podRequests(spec);
    return (info) => (fits(wanted, info) ? undefined : insufficient(wanted, info));
  },
};

function fits({ cpu, memory, storage, others }: Amounts, info: NodeInfo): boolean {
  const { requested, allocatable } = info;
  return (
    info.pods.size < info.allowedPods &&
    (cpu === 0 || cpu <= allocatable.cpu - requested.cpu) &&
    (memory === 0 || memory <= allocatable.memory - requested.memory) &&
    (storage === 0 || storage <= allocatable.storage - requested.storage) &&
    (!others || [...others].every(([name, value]) => value <= freeOf(info, name)))
  );
}

const freeOf = ({ allocatable, requested }: NodeInfo, name: string): number =>
  (allocatable.others?.get(name) ?? 0) - (requested.others?.get(name) ?? 0);

/** Too much for an empty node is not to be resolved. */
function insufficient(wanted: Amounts, info: NodeInfo): Rejection {
  const { requested, allocatable } = info;
  const reasons: string[] = [];
  let everPossible = true;
  const check = (name: string, value: number, free: number, total: number) => {
    if (value === 0 || value <= free) return;
    reasons.push(`Insufficient ${name}`);
    if (value > total) everPossible = false;
  };
  if (info.pods.size >= info.allowedPods) reasons.push('Too many pods');
  check('cpu', wanted.cpu, allocatable.cpu - requested.cpu, allocatable.cpu);
  check('memory', wanted.memory, allocatable.memory - requested.memory, allocatable.memory);
  check('ephemeral-storage', wanted.storage, allocatable.storage - requested.storage, allocatable.storage);
  for (const [name, value] of wanted.others ?? []) {
    check(name, value, freeOf(info, name), allocatable.others?.get(name) ?? 0);
  }
  return { reasons, resolvable: everPossible };
}

export const nodeFilters: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
];
