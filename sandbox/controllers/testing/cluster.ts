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

export function startCluster({
  nodes = ['node01', 'node02'],
  seed = 1,
  images = [] as readonly string[],
  quiet = false,
} = {}) {
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
  const kubelets = startStubKubelets({ clock, random, client, images });
  const advance = (ms: number) => clock.advanceTo(clock.now + ms);
  advance(100);
  return { clock, random, api, client, kubelets, advance, ...recordings(client, quiet) };
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

/** What an observer with a watch saw, object by object, in the words of the recordings in testdata. */
function recordings(client: Client, quiet: boolean) {
  const lines: string[] = [];
  const histories = new Map<string, string[]>();
  const events: string[] = [];
  if (quiet) return { lines, histories, events };

  const follow = <R extends ResourceName>(resource: R, words: (object: Resources[R]) => string) => {
    const note = (sign: string, object: Resources[R]) => {
      const { name, deletionTimestamp } = (object as KubeObject).metadata;
      const told = `${sign} ${words(object)}${deletionTimestamp ? ' deleting' : ''}`;
      const key = `${resource}/${name}`;
      histories.set(key, [...(histories.get(key) ?? []), told]);
      lines.push(`${key} ${told}`);
    };
    client.informer(resource).handle({
      added: (object) => note('+', object),
      updated: (_, object) => note('~', object),
      deleted: (object) => note('-', object),
    });
  };
  follow('persistentvolumes', ({ spec, status }) => `${status?.phase} ${spec?.claimRef?.name ?? '-'}`);
  follow('persistentvolumeclaims', ({ spec, status }) => `${status?.phase} ${spec?.volumeName ?? '-'}`);
  follow('pods', ({ spec, status }) => {
    const [state] = Object.values(status?.containerStatuses?.[0]?.state ?? {}) as { reason?: string }[];
    return `${status?.phase}${spec?.nodeName ? ' on a node' : ''}${state?.reason ? ` ${state.reason}` : ''}`;
  });
  follow('deployments', ({ metadata, status }) => {
    const conditions = status?.conditions?.map((each) => `${each.type}=${each.status}(${each.reason})`) ?? [];
    return `gen=${metadata.generation} obs=${status?.observedGeneration ?? '-'} ${conditions.join(',')}`;
  });
  follow('replicasets', ({ metadata, spec, status }) => {
    const { replicas = 0, readyReplicas = 0 } = status ?? {};
    return `gen=${metadata.generation} spec=${spec?.replicas} st=${replicas} rdy=${readyReplicas}`;
  });
  follow('statefulsets', ({ metadata, spec, status }) => {
    const {
      observedGeneration = '-',
      replicas = 0,
      currentReplicas = 0,
      updatedReplicas = 0,
      readyReplicas = 0,
    } = status ?? {};
    return `gen=${metadata.generation} obs=${observedGeneration} spec=${spec?.replicas} st=${replicas} cur=${currentReplicas} upd=${updatedReplicas} rdy=${readyReplicas}`;
  });
  client.informer('events').handle({
    added: ({ type, reason, involvedObject, message, source, count, series }) => {
      if (source?.component !== 'kubelet') events.push(`${type} ${reason} ${involvedObject.kind} ${message}`);
      lines.push(
        `${type} ${reason} ${involvedObject.kind}/${involvedObject.name} x${count ?? series?.count ?? 1} ${message}`,
      );
    },
  });
  return { lines, histories, events };
}
