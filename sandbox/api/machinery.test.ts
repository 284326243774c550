/** The generic registry, seen through a client: revisions, conflicts, grace, finalizers, informers. */

import { expect, test } from 'vitest';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import { createApi } from './index.ts';
import type { KubeObject } from './object.ts';
import { StatusError } from './object.ts';
import type { Resource } from './resource.ts';
import type { ConfigMap, Pod } from './types.ts';

const plain = (kind: string, name: string, namespaced: boolean, more: Partial<Resource> = {}): Resource => ({
  group: '',
  version: 'v1',
  kind,
  name,
  singular: kind.toLowerCase(),
  namespaced,
  schema: `io.k8s.api.core.v1.${kind}`,
  columns: [],
  row: (object) => [object.metadata.name],
  ...more,
});

const resources = [
  plain('Namespace', 'namespaces', false),
  plain('ConfigMap', 'configmaps', true),
  plain('Pod', 'pods', true, {
    generation: true,
    gracePeriod: (object: KubeObject) => ((object as Pod).spec?.nodeName ? 30 : 0),
  }),
];

function start() {
  const clock = new Clock(Date.UTC(2026, 10, 22, 20, 16));
  const api = createApi({ clock, random: new Random(1), resources, plugins: [namespaceLifecycle] });
  const client = api.client('test');
  client.create('namespaces', '', { metadata: { name: 'default' } });
  return { clock, api, client };
}

const reason = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status.message ?? '';
    throw error;
  }
  return '';
};

test('a created object has its system metadata; a second of its name is refused', () => {
  const { client } = start();
  const made = client.create('configmaps', 'default', { metadata: { name: 'a' }, data: { x: '1' } });
  expect(made).toMatchObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'default', creationTimestamp: '2026-11-22T20:16:00Z', resourceVersion: '201' },
  });
  expect(reason(() => client.create('configmaps', 'default', { metadata: { name: 'a' } }))).toBe(
    'configmaps "a" already exists',
  );
  expect(reason(() => client.create('configmaps', 'nope', { metadata: { name: 'a' } }))).toBe(
    'namespaces "nope" not found',
  );
});

test('a stale update conflicts, one that changes nothing writes nothing', () => {
  const { client, api } = start();
  const first = client.create('configmaps', 'default', { metadata: { name: 'a' }, data: { x: '1' } });
  const second = client.update('configmaps', { ...first, data: { x: '2' } });
  expect(reason(() => client.update('configmaps', { ...first, data: { x: '3' } }))).toContain(
    'the object has been modified',
  );
  const revision = api.store.revision;
  expect(client.update('configmaps', { ...second, data: { x: '2' } })).toBe(second);
  expect(api.store.revision).toBe(revision);
});

test('a scheduled pod is deleted with grace, then for good', () => {
  const { client } = start();
  client.create('pods', 'default', { metadata: { name: 'p' }, spec: { containers: [] } });
  client.bind('default', 'p', 'node01');
  const dying = client.delete('pods', 'default', 'p');
  expect(dying?.metadata).toMatchObject({
    deletionTimestamp: '2026-11-22T20:16:30Z',
    deletionGracePeriodSeconds: 30,
    generation: 2,
  });
  client.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
  expect(client.get('pods', 'default', 'p')).toBeUndefined();
});

test('a finalizer keeps a deleted object until it is taken off', () => {
  const { client } = start();
  client.create('configmaps', 'default', { metadata: { name: 'a', finalizers: ['x.io/y'] } });
  client.delete('configmaps', 'default', 'a');
  expect(client.get('configmaps', 'default', 'a')?.metadata.deletionGracePeriodSeconds).toBe(0);
  client.mutate('configmaps', 'default', 'a', (map) => ({ ...map, metadata: { ...map.metadata, finalizers: [] } }));
  expect(client.get('configmaps', 'default', 'a')).toBeUndefined();
});

test('an informer is current at once and tells changes a moment later, in order', () => {
  const { client, clock } = start();
  const informer = client.informer('configmaps');
  const byX = informer.index('x', (map) => (map.data?.x ? [map.data.x] : []));
  const seen: string[] = [];
  const tell = (what: string) => (map: ConfigMap) => seen.push(`${what} ${map.metadata.name}`);
  client.create('configmaps', 'default', { metadata: { name: 'old' } });
  informer.handle({ added: tell('added'), updated: (_, map) => tell('updated')(map), deleted: tell('deleted') });
  const made = client.create('configmaps', 'default', { metadata: { name: 'a' }, data: { x: '1' } });
  client.update('configmaps', { ...made, data: { x: '2' } });
  expect([...byX('1')]).toEqual([]);
  expect([...byX('2')].map((map) => map.metadata.name)).toEqual(['a']);
  client.delete('configmaps', 'default', 'a');
  expect(seen).toEqual([]);
  clock.settle();
  expect(seen).toEqual(['added old', 'added a', 'updated a', 'deleted a']);
});

test('a create costs some microseconds', () => {
  const { client } = start();
  for (let i = 0; i < 2000; i++) {
    client.create('pods', 'default', { metadata: { generateName: 'p-' }, spec: { containers: [] } });
  }
  expect(client.list('pods', 'default')).toHaveLength(2000);
});
