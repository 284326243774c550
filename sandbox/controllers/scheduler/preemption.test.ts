/** Preemption: a pod of a higher class takes the place of the fewest and least important (what a real 1.36.2 said, second goldens, admission 178–182). */

import { expect, test } from 'vitest';
import type { Pod } from '../../api/types.ts';
import { startCluster } from '../testing/cluster.ts';

const asking = (cpu: string, more: object = {}) => ({
  containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }],
  ...more,
});

function start() {
  const cluster = startCluster();
  const { client, advance } = cluster;
  for (const [name, value] of Object.entries({ high: 1000, middle: 500 }))
    client.create('priorityclasses' as 'pods', '', { metadata: { name }, value } as never);
  const pod = (name: string, cpu: string, more: object = {}) => {
    client.create('pods', 'default', { metadata: { name }, spec: asking(cpu, more) } as never);
    advance(2000);
  };
  const nodeOf = (name: string) => client.get('pods', 'default', name)?.spec?.nodeName;
  const events = (reason: string) => client.list('events', 'default').filter((event) => event.reason === reason);
  return { ...cluster, pod, nodeOf, events };
}

test('the pods in the way go, and it gets their place', () => {
  const { client, advance, pod, nodeOf, events } = start();
  pod('a', '3');
  pod('b', '3', { priorityClassName: 'middle' });
  const free = nodeOf('a');
  pod('vip', '2', { priorityClassName: 'high', terminationGracePeriodSeconds: 1 });
  const waiting = client.get('pods', 'default', 'vip') as Pod;
  expect([waiting.status?.nominatedNodeName ?? waiting.spec?.nodeName]).toEqual([free]);
  expect(events('FailedScheduling').map(({ message }) => message)).toEqual([
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.',
  ]);
  expect(events('Preempted').map(({ message, involvedObject }) => [message, involvedObject?.name])).toEqual([
    [`Preempted by pod ${waiting.metadata.uid} on node ${free}`, 'a'],
  ]);
  advance(40_000);
  expect(client.get('pods', 'default', 'a')).toBeUndefined();
  expect(nodeOf('vip')).toBe(free);
  expect(nodeOf('b')).not.toBe(free);
});

test('nobody else takes the place meanwhile', () => {
  const { advance, pod, nodeOf } = start();
  pod('a', '3');
  pod('b', '3', { priorityClassName: 'high' });
  pod('vip', '3', { priorityClassName: 'high' });
  pod('late', '1500m');
  advance(60_000);
  expect(nodeOf('vip')).toBeDefined();
  expect(nodeOf('late')).toBeUndefined();
});

test('who never preempts waits', () => {
  const { pod, nodeOf, events } = start();
  pod('a', '3');
  pod('b', '3');
  pod('polite', '2', { priorityClassName: 'high', preemptionPolicy: 'Never' });
  expect(nodeOf('polite')).toBeUndefined();
  expect(events('FailedScheduling')[0]?.message).toContain('preemption: not eligible due to preemptionPolicy=Never.');
});
