/** `@kubernetes/client-node` watches `lab serve`: from a revision, through selectors, as an informer over 1,000 objects, after 410. */

import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Served, serve, until } from './served.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const namespace = 'default';
const PATH = `/api/v1/namespaces/${namespace}/configmaps`;
const mergePatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch);

let served: Served;
let core: k8s.CoreV1Api;

beforeAll(async () => {
  served = await serve('--stub-kubelet');
  core = served.config.makeApiClient(k8s.CoreV1Api);
});
afterAll(() => served?.stop());

const create = (name: string, labels: Record<string, string> = {}) =>
  core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels }, data: { x: '0' } } });
const change = (name: string, body: object) => core.patchNamespacedConfigMap({ namespace, name, body }, mergePatch);
const remove = (name: string) => core.deleteNamespacedConfigMap({ namespace, name });

/** What a watch has told so far, and its end. */
async function watching(query: Record<string, string | boolean | number>) {
  const events: [type: string, name: string, x: string | undefined][] = [];
  const statuses: k8s.V1Status[] = [];
  const ended = { now: false };
  const request = await new k8s.Watch(served.config).watch(
    PATH,
    query,
    (type, object: k8s.V1ConfigMap & k8s.V1Status) => {
      if (type === 'ERROR') statuses.push(object);
      else events.push([type, object.metadata?.name ?? '', object.data?.x]);
    },
    () => {
      ended.now = true;
    },
  );
  return { events, statuses, ended, stop: () => request.abort() };
}

test('a watch from a revision tells what came after it, in order', async () => {
  const first = await create('ordered');
  await change('ordered', { data: { x: '1' } });
  await create('other');
  await remove('ordered');
  const after = { resourceVersion: first.metadata!.resourceVersion!, timeoutSeconds: 1 };
  const { events, ended } = await watching(after);
  await until(() => events.length === 3);
  await change('other', { data: { x: '2' } });
  await until(() => ended.now);
  expect(events).toEqual([
    ['MODIFIED', 'ordered', '1'],
    ['ADDED', 'other', '0'],
    ['DELETED', 'ordered', '1'],
    ['MODIFIED', 'other', '2'],
  ]);
});

test('through a selector, an object that begins to match is added, one that ceases to is deleted', async () => {
  const from = (await create('fickle')).metadata!.resourceVersion!;
  const { events, stop } = await watching({ resourceVersion: from, labelSelector: 'tier in (web,db),!hidden' });
  await change('fickle', { metadata: { labels: { tier: 'web' } } });
  await change('fickle', { data: { x: '1' } });
  await change('fickle', { data: { x: '2' }, metadata: { labels: { hidden: 'yes' } } });
  await change('fickle', { data: { x: '3' }, metadata: { labels: { hidden: null } } });
  await until(() => events.length === 4);
  stop();
  // The deletion shows the object as it last matched (cacher.go, convertToWatchEvent).
  expect(events).toEqual([
    ['ADDED', 'fickle', '0'],
    ['MODIFIED', 'fickle', '1'],
    ['DELETED', 'fickle', '1'],
    ['ADDED', 'fickle', '3'],
  ]);
});

test('a revision from before the cluster is gone, with 410', async () => {
  const { statuses, ended } = await watching({ resourceVersion: '1' });
  await until(() => ended.now);
  const message = expect.stringMatching(/^too old resource version: 1 \(\d+\)$/);
  expect(statuses).toMatchObject([{ code: 410, reason: 'Expired', message }]);
});

test('streaming list: initial events end with a bookmark that says so', async () => {
  const { events, stop } = await watching({
    sendInitialEvents: true,
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: true,
    labelSelector: 'tier=web',
  });
  await until(() => events.some(([type]) => type === 'BOOKMARK'));
  stop();
  expect(events.map(([type, name]) => [type, name])).toEqual([
    ['ADDED', 'fickle'],
    ['BOOKMARK', ''],
  ]);
});

test('an informer over 1,000 objects: pages, adds, updates, deletes, stop and start again', async () => {
  const name = (i: number) => `many-${String(i).padStart(4, '0')}`;
  const labels = { many: 'yes' };
  const labelSelector = 'many=yes';
  for (let i = 0; i < 1000; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, j) => create(name(i + j), labels)));

  const pages: number[] = [];
  const list = async (): Promise<k8s.V1ConfigMapList> => {
    const items: k8s.V1ConfigMap[] = [];
    for (let _continue: string | undefined; ; ) {
      const page = await core.listNamespacedConfigMap({
        namespace,
        labelSelector,
        limit: 300,
        ...(_continue ? { _continue } : {}),
      });
      items.push(...page.items);
      pages.push(page.items.length);
      // What changes between two pages is not seen by the later ones, but by the watch.
      if (pages.length === 1) await change(name(999), { data: { x: 'between pages' } });
      _continue = page.metadata!._continue;
      if (!_continue) return { ...page, items };
    }
  };
  const informer = k8s.makeInformer(served.config, PATH, list, labelSelector);
  const seen = { add: 0, update: 0, delete: 0, connect: 0 };
  const errors: unknown[] = [];
  const count = (verb: keyof typeof seen) => () => {
    seen[verb]++;
  };
  informer.on('add', count('add'));
  informer.on('update', count('update'));
  informer.on('delete', count('delete'));
  informer.on('connect', count('connect'));
  informer.on('error', (error: Error) => errors.push(error.name));

  await informer.start();
  expect(pages).toEqual([300, 300, 300, 100]);
  expect(seen).toMatchObject({ add: 1000, delete: 0 });
  await until(() => seen.update === 1);
  expect(informer.get(name(999), namespace)!.data).toEqual({ x: 'between pages' });

  for (let i = 0; i < 100; i++) await change(name(i), { data: { x: '1' } });
  for (let i = 100; i < 150; i++) await remove(name(i));
  await Promise.all(Array.from({ length: 20 }, (_, i) => create(name(1000 + i), labels)));
  await create('unlabelled-many');
  await change(name(150), { metadata: { labels: { many: 'no' } } });
  await until(() => seen.delete === 51 && seen.add === 1020);
  expect(seen).toEqual({ add: 1020, update: 101, delete: 51, connect: 1 });
  expect(errors).toEqual([]);
  expect(informer.list(namespace)).toHaveLength(969);

  // Stopped, it goes on where it was: nothing is listed again, nothing missed.
  await informer.stop();
  await change(name(0), { data: { x: '2' } });
  await remove(name(1));
  await informer.start();
  await until(() => seen.update === 102 && seen.delete === 52);
  expect(pages).toHaveLength(4);
  expect(seen.add).toBe(1020);

  await informer.stop();
  // At most the client's own aborts of its watches are reported.
  expect(errors.filter((name) => name !== 'AbortError')).toEqual([]);
});

test('an informer whose list is too old for a watch is told 410, lists anew and tells the difference', async () => {
  const labelSelector = 'stale=yes';
  await Promise.all(['kept', 'lost'].map((name) => create(name, { stale: 'yes' })));
  let lists = 0;
  const informer = k8s.makeInformer(
    served.config,
    PATH,
    async () => {
      const list = await core.listNamespacedConfigMap({ namespace, labelSelector });
      if (lists++ > 0) return list;
      await remove('lost');
      return { ...list, metadata: { resourceVersion: '1' } };
    },
    labelSelector,
  );
  const told: string[] = [];
  for (const verb of ['add', 'delete'] as const)
    informer.on(verb, ({ metadata }) => told.push(`${verb} ${metadata!.name}`));
  await informer.start();
  await until(() => told.length === 3);
  await create('later', { stale: 'yes' });
  await until(() => told.length === 4);
  await informer.stop();
  expect(told).toEqual(['add kept', 'add lost', 'delete lost', 'add later']);
  expect(lists).toBe(2);
});
