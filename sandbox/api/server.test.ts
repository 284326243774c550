/** The API server through its handler: selections, pages, watches, patches, apply, quotas, evictions. */

import { expect, test } from 'vitest';
import type { Channel } from '../sim/channel.ts';
import { startApi } from './testing.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

test('a list is paged by limit and continue, each page from the first one’s revision', () => {
  const { call } = startApi();
  for (const name of ['a', 'b', 'c']) call('POST', MAPS, map(name));
  const first = call('GET', `${MAPS}?limit=2`).value;
  expect(first.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['a', 'b']);
  expect(first.metadata.remainingItemCount).toBe(1);
  call('POST', MAPS, map('bb'));
  const second = call('GET', `${MAPS}?limit=2&continue=${first.metadata.continue}`).value;
  expect(second.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['c']);
});

test('pages over namespaces of which one’s name begins the other’s lose nothing', () => {
  const { admin, call } = startApi();
  for (const namespace of ['a', 'a-b']) {
    admin.create('namespaces', '', { metadata: { name: namespace } });
    admin.create('configmaps', namespace, { metadata: { name: 'm' } });
  }
  const first = call('GET', '/api/v1/configmaps?limit=1').value;
  const second = call('GET', `/api/v1/configmaps?limit=1&continue=${first.metadata.continue}`).value;
  const namespaces = [...first.items, ...second.items].map(({ metadata }) => metadata.namespace);
  expect(namespaces).toEqual(['a-b', 'a']);
});

test('a watch sees objects enter and leave its selection', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a'));
  const stream = call('GET', `${MAPS}?watch=1&labelSelector=on`).body as Channel<string>;
  const patch = (labels: object) =>
    call('PATCH', `${MAPS}/a`, { metadata: { labels } }, 'application/merge-patch+json');
  patch({ on: 'yes' });
  patch({ on: 'still' });
  patch({ on: null });
  const types: string[] = [];
  for (let line = stream.take(); line; line = stream.take()) types.push(JSON.parse(line).type);
  expect(types).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
});

test('a watch from a forgotten revision is told so', () => {
  const { admin, api, call } = startApi();
  let made = admin.create('configmaps', 'default', { metadata: { name: 'a' } });
  const { resourceVersion } = made.metadata;
  for (let i = 0; api.store.watchableFrom <= Number(resourceVersion); i++)
    made = admin.update('configmaps', { ...made, data: { i: String(i) } });
  const stream = call('GET', `${MAPS}?watch=1&resourceVersion=${resourceVersion}`).body as Channel<string>;
  const message = `too old resource version: ${resourceVersion} (${api.store.watchableFrom})`;
  expect(JSON.parse(stream.take()!)).toMatchObject({
    type: 'ERROR',
    object: { code: 410, reason: 'Expired', message },
  });
  expect(stream.closed).toBe(true);
});

test('a watch from before the cluster’s first revision is told so, with the oldest that will do', () => {
  const { api, call } = startApi();
  const first = api.store.watchableFrom;
  const stream = call('GET', `${MAPS}?watch=1&resourceVersion=1`).body as Channel<string>;
  expect(JSON.parse(stream.take()!).object.message).toBe(`too old resource version: 1 (${first})`);
  expect((call('GET', `${MAPS}?watch=1&resourceVersion=${first}`).body as Channel<string>).closed).toBe(false);
});

test('apply keeps others’ fields, drops its own, and names the conflict', () => {
  const { call } = startApi();
  const apply = (manager: string, data: object, query = '') =>
    call('PATCH', `${MAPS}/a?fieldManager=${manager}${query}`, map('a', data), 'application/apply-patch+yaml');
  apply('one', { x: '1', y: '1' });
  expect(apply('two', { x: '2' }).value.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.x');
  expect(apply('two', { x: '2', z: '2' }, '&force=true').value.data).toEqual({ x: '2', y: '1', z: '2' });
  expect(apply('one', {}).value.data).toEqual({ x: '2', z: '2' });
});

test('quotas and limits refuse in upstream’s words', () => {
  const { admin, call } = startApi();
  admin.create('resourcequotas', 'default', {
    metadata: { name: 'storage' },
    spec: { hard: { persistentvolumeclaims: '1', 'requests.storage': '3Gi' } },
  });
  admin.create('limitranges', 'default', {
    metadata: { name: 'sizes' },
    spec: { limits: [{ type: 'PersistentVolumeClaim', min: { storage: '500Mi' }, max: { storage: '2Gi' } }] },
  });
  const claim = (name: string, storage: string) =>
    call('POST', '/api/v1/namespaces/default/persistentvolumeclaims', {
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    }).value.message;
  expect(claim('q1', '1Gi')).toBeUndefined();
  expect(claim('q2', '100Mi')).toBe(
    'persistentvolumeclaims "q2" is forbidden: minimum storage usage per PersistentVolumeClaim is 500Mi, but request is 100Mi',
  );
  expect(claim('q3', '5Gi')).toBe(
    'persistentvolumeclaims "q3" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 5Gi',
  );
  expect(claim('q4', '1Gi')).toBe(
    'persistentvolumeclaims "q4" is forbidden: exceeded quota: storage, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=1, limited: persistentvolumeclaims=1',
  );
});

test('events are gone an hour after their last write', () => {
  const { admin, clock } = startApi();
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  const made = admin.create('events', 'default', { metadata: { name: 'p.1' }, involvedObject, count: 1 });
  clock.advanceTo(clock.now + 1_800_000);
  admin.update('events', { ...made, count: 2 });
  clock.advanceTo(clock.now + 1_900_000);
  expect(admin.get('events', 'default', 'p.1')).toBeDefined();
  clock.advanceTo(clock.now + 1_800_000);
  expect(admin.get('events', 'default', 'p.1')).toBeUndefined();
});

test('an eviction waits for its disruption budget', () => {
  const { admin, call } = startApi();
  const pod = admin.create('pods', 'default', {
    metadata: { name: 'p', labels: { app: 'x' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  });
  admin.updateStatus('pods', { ...pod, status: { ...pod.status, phase: 'Running' } });
  const budget = admin.create('poddisruptionbudgets', 'default', {
    metadata: { name: 'b' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
  });
  const status = (disruptionsAllowed: number) => ({
    observedGeneration: 1,
    disruptionsAllowed,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
  });
  const known = admin.updateStatus('poddisruptionbudgets', { ...budget, status: status(0) });
  const evict = () =>
    call('POST', '/api/v1/namespaces/default/pods/p/eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'p' },
    });
  expect(evict()).toMatchObject({
    status: 429,
    value: {
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: { causes: [{ message: 'The disruption budget b needs 1 healthy pods and has 1 currently' }] },
    },
  });
  admin.updateStatus('poddisruptionbudgets', { ...known, status: status(1) });
  expect(evict().status).toBe(201);
  expect(admin.get('poddisruptionbudgets', 'default', 'b')?.status?.disruptionsAllowed).toBe(0);
});
