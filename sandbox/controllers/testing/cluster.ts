/** A cluster for tests: API, controllers, scheduler and stub kubelets on a virtual clock, and what happened in it. */

import type { Client, Draft } from '../../api/client.ts';
import { createApi } from '../../api/index.ts';
import { resources } from '../../api/resources/index.ts';
import type { Resources } from '../../api/types.ts';
import { startStubKubelets } from '../../kubelet/stub.ts';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { startControllers, startScheduler } from '../index.ts';

const START = Date.UTC(2026, 10, 22, 20);

export function startCluster({ nodes = ['node01', 'node02'], seed = 1 } = {}) {
  const clock = new Clock(START);
  const random = new Random(seed);
  const api = createApi({ clock, random, resources });
  const client = api.client('kubectl');
  for (const name of ['default', 'kube-system', 'kube-node-lease']) {
    client.create('namespaces', '', { metadata: { name } });
  }
  client.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  addNode(client, 'master01', 231, 0, true);
  nodes.forEach((name, i) => {
    addNode(client, name, 232 + i, i + 1);
  });
  startControllers({ clock, random, client });
  startScheduler({ clock, random, client });
  const kubelets = startStubKubelets({ clock, random, client });
  const advance = (ms: number) => clock.advanceTo(clock.now + ms);
  advance(100);
  return { clock, random, api, client, kubelets, advance, ...observed(client) };
}

function addNode(client: Client, name: string, host: number, range: number, controlPlane = false): void {
  const healthy = (type: string, status: 'True' | 'False') => ({ type, status });
  const node: Draft<Resources['nodes']> = {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: {
      podCIDR: `10.244.${range}.0/24`,
      ...(controlPlane && { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
    },
    status: {
      addresses: [{ type: 'InternalIP', address: `192.168.120.${host}` }],
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '4', memory: '8086Mi', pods: '110' },
      conditions: [
        healthy('MemoryPressure', 'False'),
        healthy('DiskPressure', 'False'),
        healthy('PIDPressure', 'False'),
        healthy('Ready', 'True'),
      ],
    },
  };
  client.create('nodes', '', node);
  client.create('leases', 'kube-node-lease', { metadata: { name }, spec: { holderIdentity: name } });
}

/** What an observer with a watch saw: each volume's states, and what controllers and scheduler told. */
function observed(client: Client) {
  const histories = new Map<string, string[]>();
  const events: string[] = [];
  const note = (sign: string, { metadata, spec, status }: Resources['persistentvolumes']) => {
    const key = `persistentvolumes/${metadata.name}`;
    histories.set(key, [...(histories.get(key) ?? []), `${sign} ${status?.phase} ${spec?.claimRef?.name ?? '-'}`]);
  };
  client.informer('persistentvolumes').handle({
    added: (volume) => note('+', volume),
    updated: (_, volume) => note('~', volume),
    deleted: (volume) => note('-', volume),
  });
  client.informer('events').handle({
    added: ({ type, reason, involvedObject, message, source }) => {
      if (source?.component !== 'kubelet') events.push(`${type} ${reason} ${involvedObject.kind} ${message}`);
    },
  });
  return { histories, events };
}
