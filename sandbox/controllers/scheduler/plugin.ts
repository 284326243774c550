/** Filter plugins: what may keep a pod off a node, each skipped where it has nothing to say (pkg/scheduler/framework). */

import type { Client } from '../../api/client.ts';
import type { Pod, PodSpec } from '../../api/types.ts';
import type { NodeInfo, SchedulerCache } from './cache.ts';

/** Why a node will not do. What only another pod's going could change is resolvable, by preemption or by time. */
export interface Rejection {
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

export type NodeFilter = (info: NodeInfo) => Rejection | undefined;

/** PreFilter: no node will do, whatever its state. */
export class PreFilterRejection {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export interface FilterContext {
  readonly client: Client;
  readonly cache: SchedulerCache;
}

export interface FilterPlugin {
  readonly name: PluginName;
  /** The filter for this pod; undefined where the plugin has nothing to filter. */
  prepare(pod: Pod, spec: PodSpec, context: FilterContext): NodeFilter | PreFilterRejection | undefined;
}

export type PluginName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'PodTopologySpread'
  | 'InterPodAffinity';

export const unresolvable = (reason: string): Rejection => ({ reasons: [reason], resolvable: false });
export const resolvable = (reason: string): Rejection => ({ reasons: [reason], resolvable: true });
