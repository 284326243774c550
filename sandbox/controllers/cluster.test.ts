/** What the recordings show of reclaiming and of a node that stops answering. */

import { expect, test } from 'vitest';
import { startCluster } from './testing/cluster.ts';

const SECOND = 1000;

const volume = (name: string, policy: string) => ({
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce' as const],
    persistentVolumeReclaimPolicy: policy as 'Recycle',
    nfs: { server: '192.168.120.230', path: '/mnt/nfsserv' },
  },
});

const claim = (name: string) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } },
});

test('a recycled volume is scrubbed by a pod and free again', () => {
  const { client, advance, histories, events } = startCluster();
  client.create('persistentvolumes', '', volume('pv0001', 'Recycle'));
  advance(SECOND);
  client.create('persistentvolumeclaims', 'default', claim('test-claim'));
  advance(SECOND);
  client.delete('persistentvolumeclaims', 'default', 'test-claim');
  advance(5 * SECOND);

  expect(histories.get('persistentvolumes/pv0001')).toEqual([
    '+ Pending -',
    '~ Available -',
    '~ Available test-claim',
    '~ Bound test-claim',
    '~ Released test-claim',
    '~ Released -',
    '~ Available -',
  ]);
  expect(events.at(-1)).toBe('Normal VolumeRecycled PersistentVolume Volume recycled');
  expect(client.list('pods', 'default')).toEqual([]);
});

test('a Pending claim is not woken by a new volume, only by the resync', () => {
  const { client, advance, clock } = startCluster();
  clock.advanceTo(Math.ceil(clock.now / 15_000) * 15_000 + SECOND);
  client.create('persistentvolumeclaims', 'default', claim('early'));
  advance(SECOND);
  client.create('persistentvolumes', '', volume('late', 'Retain'));
  advance(10 * SECOND);
  expect(client.get('persistentvolumeclaims', 'default', 'early')?.status?.phase).toBe('Pending');
  advance(5 * SECOND);
  expect(client.get('persistentvolumeclaims', 'default', 'early')?.status?.phase).toBe('Bound');
});

test('a silent node is tainted, and its pods leave after five minutes', () => {
  const { client, advance, clock, kubelets, events } = startCluster();
  client.create('deployments', 'default', {
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  } as Parameters<typeof client.create<'deployments'>>[2]);
  advance(5 * SECOND);
  const stopped = clock.now;
  kubelets.stop('node02');

  const ready = () =>
    client.get('nodes', '', 'node02')?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  advance(40 * SECOND);
  expect(ready()).toBe('True');
  advance(25 * SECOND);
  expect(ready()).toBe('Unknown');
  expect(client.get('nodes', '', 'node02')?.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
    'node.kubernetes.io/unreachable:NoExecute',
    'node.kubernetes.io/unreachable:NoSchedule',
  ]);
  expect(events).toContain('Normal NodeNotReady Node Node node02 status is now: NodeNotReady');
  expect(events).toContain('Warning NodeNotReady Pod Node is not ready');
  expect(client.get('deployments', 'default', 'web')?.status?.readyReplicas).toBe(1);

  clock.advanceTo(stopped + 340 * SECOND);
  expect(client.list('pods', 'default')).toHaveLength(2);
  advance(30 * SECOND);
  const pods = client.list('pods', 'default');
  expect(pods).toHaveLength(3);
  expect(pods.filter(({ metadata }) => metadata.deletionTimestamp)).toHaveLength(1);
  expect(client.get('deployments', 'default', 'web')?.status?.readyReplicas).toBe(2);

  kubelets.start('node02');
  advance(10 * SECOND);
  expect(ready()).toBe('True');
  expect(client.get('nodes', '', 'node02')?.spec?.taints).toBeUndefined();
  expect(client.list('pods', 'default')).toHaveLength(2);
});
