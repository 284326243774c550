/** States of the cluster as the article's figures have them, for tests of the page. */

import type { Picture } from '../../../sandbox/channel/messages.ts';

type Node = Picture['nodes'][number];
const node = (name: string, more: Partial<Node> = {}): Node => ({
  name,
  ready: true,
  schedulable: true,
  controlPlane: false,
  taints: [],
  nfsClient: true,
  up: true,
  ...more,
});
const control = { controlPlane: true, taints: ['node-role.kubernetes.io/control-plane:NoSchedule'] };
const nodes = [node('master01', control), node('node01'), node('node02')];
const empty: Picture = {
  workloads: [],
  pods: [],
  claims: [],
  volumes: [],
  exports: [],
  mounts: [],
  handMounts: [],
  nodes,
  server: { name: 'nfs', up: true, serving: true },
};
const exported = (path: string, files: readonly string[] = []) => ({
  path,
  exported: true,
  grants: ['*(rw,no_root_squash)'],
  files,
});
const workload = (kind: string, name: string, ready: number, replicas: number, replaced = 0) => ({
  kind,
  name,
  ready,
  replicas,
  replaced,
});
const pod = (name: string, node: string, owner: string, claim: string, status = 'Running') => ({
  name,
  status,
  ready: status === 'Running',
  node,
  owner,
  claims: [claim],
  uid: name,
});
const volume = (name: string, status: string, claim: string, path: string) => ({
  name,
  status,
  claim,
  server: '192.168.120.230',
  path,
});
const mount = (volumeName: string, node: string, podName: string) => ({
  node,
  path: `/var/lib/kubelet/pods/${podName}/volumes/kubernetes.io~nfs/${volumeName}`,
  volume: volumeName,
  pod: podName,
});

const [d1, d2] = ['persistent-deployment-b9db64785-7fq4z', 'persistent-deployment-b9db64785-rtbk7'] as const;

export const pictures: readonly Picture[] = [
  {
    ...empty,
    nodes: [node('master01', control), node('node01', { nfsClient: false }), node('node02', { nfsClient: false })],
  },
  {
    ...empty,
    volumes: [volume('pv0001', 'Available', '', '/mnt/nfsserv')],
    exports: [exported('/mnt/nfsserv', [])],
  },
  {
    ...empty,
    workloads: [workload('Deployment', 'persistent-deployment', 1, 2)],
    pods: [
      pod(d1, 'node01', 'persistent-deployment', 'test-claim'),
      pod(d2, 'node02', 'persistent-deployment', 'test-claim', 'ContainerCreating'),
    ],
    claims: [{ name: 'test-claim', status: 'Bound', volume: 'pv0001' }],
    volumes: [volume('pv0001', 'Bound', 'default/test-claim', '/mnt/nfsserv')],
    exports: [exported('/mnt/nfsserv', ['test_from_pod', 'test_from_pod02'])],
    mounts: [mount('pv0001', 'node01', d1)],
  },
  {
    ...empty,
    workloads: [
      workload('Deployment', 'persistent-deployment', 2, 2),
      workload('StatefulSet', 'persistent-stateset', 2, 2),
    ],
    pods: [
      pod(d1, 'node01', 'persistent-deployment', 'test-claim'),
      pod(d2, 'node02', 'persistent-deployment', 'test-claim'),
      pod('persistent-stateset-0', 'node01', 'persistent-stateset', 'pvc-volume-persistent-stateset-0'),
      pod('persistent-stateset-1', 'node02', 'persistent-stateset', 'pvc-volume-persistent-stateset-1'),
    ],
    claims: [
      { name: 'pvc-volume-persistent-stateset-0', status: 'Bound', volume: 'pv003' },
      { name: 'pvc-volume-persistent-stateset-1', status: 'Bound', volume: 'pv002' },
      { name: 'test-claim', status: 'Bound', volume: 'pv0001' },
    ],
    volumes: [
      volume('pv0001', 'Bound', 'default/test-claim', '/mnt/nfsserv'),
      volume('pv002', 'Bound', 'default/pvc-volume-persistent-stateset-1', '/mnt/pv002'),
      volume('pv003', 'Bound', 'default/pvc-volume-persistent-stateset-0', '/mnt/pv003'),
    ],
    exports: [
      exported('/mnt/nfsserv', ['test_from_pod']),
      exported('/mnt/pv002', ['testfile-frompod-1']),
      { path: '/mnt/pv003', exported: false, grants: [], files: [] },
    ],
    mounts: [mount('pv0001', 'node01', d1), mount('pv0001', 'node02', d2)],
  },
  {
    ...empty,
    workloads: [workload('Deployment', 'web', 0, 9)],
    pods: [
      ...Array.from({ length: 8 }, (_, i) => pod(`web-5d9c-${i}abcd`, 'node01', 'web', 'data', 'ImagePullBackOff')),
      pod('web-5d9c-zzzzz', '', 'web', 'data', 'Pending'),
    ],
    claims: [{ name: 'data', status: 'Lost', volume: 'pv9' }],
    volumes: [volume('pv9', 'Failed', 'default/data', '/mnt/x')],
    nodes: [
      nodes[0]!,
      node('node01', { schedulable: false, nfsClient: false }),
      node('node02', { ready: false, up: false }),
    ],
  },
  {
    ...empty,
    workloads: [workload('Deployment', 'many', 46, 50)],
    pods: Array.from({ length: 50 }, (_, i) =>
      pod(
        `many-7d4b9c6f5d-${String(i).padStart(5, 'a')}`,
        `node0${(i % 2) + 1}`,
        'many',
        'data',
        i > 45 ? 'Error' : 'Running',
      ),
    ),
    claims: Array.from({ length: 20 }, (_, i) => ({ name: `data-${i}`, status: 'Bound', volume: `pv-${i}` })),
    volumes: Array.from({ length: 20 }, (_, i) => volume(`pv-${i}`, 'Bound', `data-${i}`, `/mnt/d${i}`)),
    exports: Array.from({ length: 20 }, (_, i) => exported(`/mnt/d${i}`, ['a', 'b'])),
    handMounts: [{ node: 'node01', path: '/mnt', from: '/mnt/d0' }],
  },
];
