/** A cluster for tests: API, controllers, scheduler and stub kubelets on a virtual clock, and what happened in it as the goldens tell it. */

import type { Client, Draft } from '../../api/client.ts';
import { createApi } from '../../api/index.ts';
import type { KubeObject } from '../../api/object.ts';
import { resources } from '../../api/resources/index.ts';
import type { ResourceName, Resources } from '../../api/types.ts';
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
  return { clock, random, api, client, kubelets, advance, ...recordings(client) };
}

export type Cluster = ReturnType<typeof startCluster>;

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

/** What an observer with a watch saw, object by object, in the shorthand of the goldens' summaries. */
function recordings(client: Client) {
  const lines: string[] = [];
  const note = <R extends ResourceName>(resource: R, summary: (object: Resources[R]) => string) => {
    const line = (type: string, object: Resources[R]) => {
      const { name, deletionTimestamp } = (object as KubeObject).metadata;
      lines.push(`${type} ${resource}/${name} ${summary(object)}${deletionTimestamp ? ' DELETING' : ''}`);
    };
    client.informer(resource).handle({
      added: (object) => line('ADDED', object),
      updated: (_, object) => line('MODIFIED', object),
      deleted: (object) => line('DELETED', object),
    });
  };
  note('persistentvolumes', ({ spec, status }) => `${status?.phase} ${spec?.claimRef?.name ?? '-'}`);
  note('persistentvolumeclaims', ({ spec, status }) => `${status?.phase} ${spec?.volumeName ?? '-'}`);
  note('pods', ({ spec, status }) => `${status?.phase} ${spec?.nodeName ?? '-'}`);
  note('deployments', ({ metadata, status = {} }) => {
    const {
      observedGeneration = '-',
      replicas = 0,
      updatedReplicas = 0,
      readyReplicas = 0,
      availableReplicas = 0,
    } = status;
    const conditions = status.conditions?.map(({ type, status: value, reason }) => `${type}=${value}(${reason})`);
    return `gen=${metadata.generation} obs=${observedGeneration} st=${replicas} upd=${updatedReplicas} rdy=${readyReplicas} avail=${availableReplicas} conds=${conditions?.join(',') ?? ''}`;
  });
  note('replicasets', ({ metadata, spec, status }) => {
    const { observedGeneration = '-', replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {};
    return `gen=${metadata.generation} obs=${observedGeneration} spec=${spec?.replicas} st=${replicas} rdy=${readyReplicas} avail=${availableReplicas}`;
  });
  note('statefulsets', ({ metadata, spec, status }) => {
    const {
      observedGeneration = '-',
      replicas = 0,
      currentReplicas = 0,
      updatedReplicas = 0,
      readyReplicas = 0,
    } = status ?? {};
    return `gen=${metadata.generation} obs=${observedGeneration} spec=${spec?.replicas} st=${replicas} cur=${currentReplicas} upd=${updatedReplicas} rdy=${readyReplicas}`;
  });
  note('events', ({ type, reason, involvedObject, message, count, series }) => {
    const times = count ?? series?.count ?? 1;
    return `${type} ${reason} ${involvedObject.kind}/${involvedObject.name} x${times} ${message}`;
  });
  return {
    lines,
    /** The lines about one object, without its name. */
    history: (object: string) =>
      lines.filter((line) => line.split(' ')[1] === object).map((line) => line.replace(` ${object}`, '')),
  };
}
