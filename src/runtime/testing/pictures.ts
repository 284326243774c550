/** States of the cluster as the article's figures have them, for tests of the page. */

import type { Picture } from '../../../sandbox/channel/messages.ts';

const nodes = [
  { name: 'master01', ready: true, schedulable: true },
  { name: 'node01', ready: true, schedulable: true },
  { name: 'node02', ready: true, schedulable: true },
];
const empty: Picture = { workloads: [], pods: [], claims: [], volumes: [], exports: [], mounts: [], nodes };
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
  empty,
  {
    ...empty,
    volumes: [volume('pv0001', 'Available', '', '/mnt/nfsserv')],
    exports: [{ path: '/mnt/nfsserv', exported: true, files: [] }],
  },
  {
    ...empty,
    workloads: [{ kind: 'Deployment', name: 'persistent-deployment', ready: 1, replicas: 2 }],
    pods: [
      pod(d1, 'node01', 'persistent-deployment', 'test-claim'),
      pod(d2, 'node02', 'persistent-deployment', 'test-claim', 'ContainerCreating'),
    ],
    claims: [{ name: 'test-claim', status: 'Bound', volume: 'pv0001' }],
    volumes: [volume('pv0001', 'Bound', 'default/test-claim', '/mnt/nfsserv')],
    exports: [{ path: '/mnt/nfsserv', exported: true, files: ['test_from_pod', 'test_from_pod02'] }],
    mounts: [mount('pv0001', 'node01', d1)],
  },
  {
    ...empty,
    workloads: [
      { kind: 'Deployment', name: 'persistent-deployment', ready: 2, replicas: 2 },
      { kind: 'StatefulSet', name: 'persistent-stateset', ready: 2, replicas: 2 },
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
      { path: '/mnt/nfsserv', exported: true, files: ['test_from_pod'] },
      { path: '/mnt/pv002', exported: true, files: ['testfile-frompod-1'] },
      { path: '/mnt/pv003', exported: false, files: [] },
    ],
    mounts: [mount('pv0001', 'node01', d1), mount('pv0001', 'node02', d2)],
  },
  {
    ...empty,
    workloads: [{ kind: 'Deployment', name: 'web', ready: 0, replicas: 9 }],
    pods: [
      ...Array.from({ length: 8 }, (_, i) => pod(`web-5d9c-${i}abcd`, 'node01', 'web', 'data', 'ImagePullBackOff')),
      pod('web-5d9c-zzzzz', '', 'web', 'data', 'Pending'),
    ],
    claims: [{ name: 'data', status: 'Lost', volume: 'pv9' }],
    volumes: [volume('pv9', 'Failed', 'default/data', '/mnt/x')],
    nodes: [
      nodes[0]!,
      { name: 'node01', ready: true, schedulable: false },
      { name: 'node02', ready: false, schedulable: true },
    ],
  },
];
