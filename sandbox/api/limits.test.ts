/** What a request and the store take at most, in the words of etcd and of the API server. */

import { expect, test } from 'vitest';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { createApi } from './index.ts';
import { nestsTooDeep } from './nesting.ts';
import { resources } from './resources/index.ts';
import { STORAGE_QUOTA } from './store.ts';

function start() {
  const api = createApi({ clock: new Clock(0), random: new Random(1), resources });
  const client = api.client('test');
  client.create('namespaces', '', { metadata: { name: 'default' } });
  const post = (body: string) =>
    api.server.handle({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      query: [],
      headers: { 'content-type': 'application/json' },
      body,
    });
  return { api, client, post };
}

const message = ({ body }: { body: unknown }) => (JSON.parse(body as string) as { message: string }).message;
const configMap = (name: string, data: unknown) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

test('a body beyond 3 MiB, an object beyond 1.5', () => {
  const { post } = start();
  expect(message(post(configMap('a', { k: 'x'.repeat(3 * 1024 * 1024) })))).toBe(
    'Request entity too large: limit is 3145728',
  );
  const many = Object.fromEntries(Array.from({ length: 120_000 }, (_, i) => [`k${i}`, 'v']));
  const answer = post(configMap('b', many));
  expect([answer.status, message(answer)]).toEqual([500, 'etcdserver: request is too large']);
});

test('the store is full, and what is there may still change and go', () => {
  const { client } = start();
  const data = { k: 'x'.repeat(1024 * 1024 - 16) };
  const fill = (i: number) => client.create('configmaps', 'default', { metadata: { name: `c${i}` }, data });
  let made = 0;
  expect(() => {
    for (; made < 1_000; made++) fill(made);
  }).toThrow('etcdserver: mvcc: database space exceeded');
  expect(made).toBeGreaterThan(STORAGE_QUOTA / (1024 * 1024) - 10);
  client.mutate('configmaps', 'default', 'c0', (object) => ({ ...object, data: { k: 'less' } }));
  client.delete('configmaps', 'default', 'c1');
  client.delete('configmaps', 'default', 'c2');
  fill(made);
});

test('nesting beyond all measure is found without recursion', () => {
  const { post } = start();
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  expect(nestsTooDeep(deep)).toBe(true);
  expect(nestsTooDeep(JSON.stringify({ text: '['.repeat(50_000) }))).toBe(false);
  expect(message(post(deep))).toContain('json parse error: exceeded max depth');
});

test('a key called __proto__ is a key', () => {
  const { client, post } = start();
  expect(post('{"metadata":{"name":"p"},"data":{"__proto__":"a","constructor":"b"}}').status).toBe(201);
  expect(Object.entries(client.get('configmaps', 'default', 'p')!.data!)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});
