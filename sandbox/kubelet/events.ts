/** The kubelet's events about pods, their containers and its node. */

import type { Node, Pod } from '../api/types.ts';

export type EventType = 'Normal' | 'Warning';

export interface PodEvents {
  /** About the pod. */
  pod(pod: Pod, type: EventType, reason: string, message: string): void;
  /** About one container: `spec.containers{name}`. */
  container(pod: Pod, container: string, type: EventType, reason: string, message: string): void;
  node(node: Pick<Node, 'metadata'>, type: EventType, reason: string, message: string): void;
}
