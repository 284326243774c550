/**
 * A control plane that only comes up, as the one of `nodedown` did: its controllers find claims that came before their volumes
 * were Available, and the scheduler finds nodes that are still tainted.
 */

import type { Client } from '../../sandbox/api/client.ts';
import type { Api } from '../../sandbox/api/index.ts';
import type { Node } from '../../sandbox/api/types.ts';
import { startControllers, startScheduler } from '../../sandbox/controllers/index.ts';
import type { TieBreak } from '../../sandbox/controllers/scheduler/algorithm.ts';
import type { Clock } from '../../sandbox/sim/clock.ts';
import type { Random } from '../../sandbox/sim/random.ts';
import { startApiServer } from '../../sandbox/world/control-plane.ts';

/** How long after its controllers the plane has nodes for pods. */
const READY_AFTER = 400;

/** Its controllers start at the first claim. */
export function startComingUp(clock: Clock, random: Random, tieBreak?: TieBreak): Api {
  const api = startApiServer(clock, random);
  const client = api.client('kube-controller-manager');
  for (const { metadata } of client.list('nodes', '')) client.mutate('nodes', '', metadata.name, newlyRegistered);
  report(client, 'False');
  let up = false;
  client.informer('persistentvolumeclaims').handle({
    added: () => {
      if (up) return;
      up = true;
      clock.soon(() => startControllers({ clock, random, client }));
      clock.after(READY_AFTER, () => report(client, 'True'));
    },
  });
  startScheduler({ clock, random, client: api.client('kube-scheduler') }, tieBreak);
  return api;
}

/** As the admission plugin TaintNodesByCondition has every new node; the node lifecycle controller takes it away. */
const newlyRegistered = (node: Node): Node => ({
  ...node,
  spec: {
    ...node.spec,
    taints: [...(node.spec?.taints ?? []), { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
  },
});

/** What the kubelets say of their nodes. */
function report(client: Client, status: 'True' | 'False'): void {
  for (const { metadata } of client.list('nodes', '')) {
    const reported = (node: Node): Node => ({
      ...node,
      status: {
        ...node.status,
        conditions: node.status?.conditions?.map((each) => (each.type === 'Ready' ? { ...each, status } : each)) ?? [],
      },
    });
    client.mutate('nodes', '', metadata.name, reported, 'status');
  }
}
