/** The kubelet's events about pods, their containers and its node. */

import type { Client } from '../api/client.ts';
import type { EventType, ObjectReference } from '../api/recorder.ts';
import { recorder } from '../api/recorder.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';

export type { EventType };

export interface PodEvents {
  /** About the pod. */
  pod(pod: Pod, type: EventType, reason: string, message: string): void;
  /** About one container: `spec.containers{name}`. */
  container(pod: Pod, container: string, type: EventType, reason: string, message: string): void;
  node(node: Pick<Node, 'metadata'>, type: EventType, reason: string, message: string): void;
}

export function podEvents(
  client: Client,
  clock: Clock,
  random: Random,
  host: string,
  more: { readonly unreported?: boolean } = {},
): PodEvents {
  const events = recorder({ client, clock, random: random.fork('events'), component: 'kubelet', host, ...more });
  return {
    pod: (pod, type, reason, message) => events.event(aboutPod(pod), type, reason, message),
    container: (pod, container, type, reason, message) => {
      const list = pod.spec!.initContainers?.some((c) => c.name === container) ? 'initContainers' : 'containers';
      events.event({ ...aboutPod(pod), fieldPath: `spec.${list}{${container}}` }, type, reason, message);
    },
    // The kubelet knows its node by name only.
    node: ({ metadata }, type, reason, message) =>
      events.event({ kind: 'Node', name: metadata.name, uid: metadata.name }, type, reason, message),
  };
}

const aboutPod = ({ metadata }: Pod): ObjectReference => ({
  kind: 'Pod',
  namespace: metadata.namespace!,
  name: metadata.name,
  uid: metadata.uid,
  apiVersion: 'v1',
  resourceVersion: metadata.resourceVersion,
});
