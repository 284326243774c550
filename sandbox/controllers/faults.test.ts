/** One work item's fault is tried again with back-off; others, and the clock, go on. */

import { expect, test } from 'vitest';
import { createApi } from '../api/index.ts';
import { resources } from '../api/resources/index.ts';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { sleep } from '../sim/task.ts';
import { takeFaults } from '../sim/testing-faults.ts';
import { TaskQueue } from './task-queue.ts';
import { startCluster } from './testing/cluster.ts';
import { WorkQueue } from './work-queue.ts';

test('a work queue, and a queue of tasks', () => {
  const clock = new Clock(0);
  const done: string[] = [];
  let tries = 0;
  const queue = new WorkQueue({
    clock,
    random: new Random(1),
    reconcile: (key) => {
      if (key === 'a/broken' && tries++ < 3) throw new TypeError('thrown');
      done.push(key);
    },
  });
  const tasks = new TaskQueue(clock, function* (key) {
    yield* sleep(clock, 1);
    if (key === 'a/task') throw new RangeError('thrown');
    done.push(key);
  });
  for (const key of ['a/broken', 'a/well']) queue.add(key);
  for (const key of ['a/task', 'a/other']) tasks.add(key);
  clock.settle();
  expect(done.sort()).toEqual(['a/broken', 'a/other', 'a/well']);
  expect(takeFaults()).toHaveLength(4);
});

test('a handler of an informer, a watcher of the store, a request', () => {
  const clock = new Clock(0);
  const { client, server, store, registry } = createApi({ clock, random: new Random(1), resources });
  const seen: string[] = [];
  const writer = client('test');
  store.subscribe(() => {
    throw new TypeError('watcher');
  });
  writer.informer('namespaces').handle({
    added: () => {
      throw new TypeError('handler');
    },
  });
  writer.informer('namespaces').handle({ added: ({ metadata }) => seen.push(metadata.name) });
  writer.create('namespaces', '', { metadata: { name: 'one' } });
  clock.settle();
  expect(seen).toEqual(['one']);

  const { collection } = registry.get('namespaces');
  const { list } = collection;
  collection.list = () => {
    throw new TypeError('request');
  };
  const request = { method: 'GET', path: '/api/v1/namespaces', query: [], headers: {} } as const;
  expect(server.handle(request)).toMatchObject({
    status: 500,
    body: 'This request caused apiserver to panic. Look in the logs for details.\n',
  });
  collection.list = list;
  expect(server.handle(request).status).toBe(200);
  expect(takeFaults().map(({ error }) => (error as Error).message)).toEqual(['watcher', 'handler', 'request']);
});

test('pods of a node that is off and marked out of service are forced away', () => {
  const cluster = startCluster();
  const { client } = cluster;
  client.create('pods', 'default', {
    metadata: { name: 'p', finalizers: [] },
    spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'nginx' }] },
  });
  cluster.advance(5_000);
  client.mutate(
    'nodes',
    '',
    'node01',
    (node) => ({
      ...node,
      status: {
        ...node.status,
        conditions: node.status!.conditions!.map((one) =>
          one.type === 'Ready' ? { ...one, status: 'Unknown' as const } : one,
        ),
      },
    }),
    'status',
  );
  cluster.kubelets.stop('node01');
  client.delete('pods', 'default', 'p');
  cluster.advance(60_000);
  expect(client.get('pods', 'default', 'p')?.metadata.deletionTimestamp).toBeDefined();
  client.mutate('nodes', '', 'node01', (node) => ({
    ...node,
    spec: {
      ...node.spec,
      taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }],
    },
  }));
  cluster.advance(25_000);
  expect(client.get('pods', 'default', 'p')).toBeUndefined();
});

test('sets of any number of replicas are made at a bounded rate', () => {
  const { client, advance } = startCluster({ nodes: [] });
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  client.create('statefulsets', 'default', {
    metadata: { name: 's' },
    spec: {
      serviceName: 's',
      replicas: 1_000_000_000,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { a: 'b' } },
      template,
    },
  });
  advance(60);
  const made = client.list('pods', 'default').length;
  expect(made).toBeGreaterThan(100);
  expect(made).toBeLessThan(12_000);
});
