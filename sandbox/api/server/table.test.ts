/** A Table as text and as a value: a client in the same world sees what one outside would. */

import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { createApi } from '../index.ts';
import { resources } from '../resources/index.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

function start() {
  const api = createApi({ clock: new Clock(Date.UTC(2026, 10, 22, 9)), random: new Random(1), resources });
  const admin = api.client('kubectl');
  admin.create('namespaces', '', { metadata: { name: 'default', labels: { tier: 'one' } } });
  admin.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  const spec = { containers: [{ name: 'web', image: 'nginx' }] };
  for (const name of ['a', 'b', 'c']) admin.create('pods', 'default', { metadata: { name }, spec });
  return (path: string, ...query: (readonly [string, string])[]) =>
    api.server.handle({ method: 'GET', path, query, headers: { accept: TABLE } });
}

/** What JSON keeps of it. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each([
  ['pods', '/api/v1/pods', []],
  ['a page of them', '/api/v1/namespaces/default/pods', [['limit', '2']]],
  ['namespaces', '/api/v1/namespaces', []],
  ['nothing', '/apis/apps/v1/deployments', []],
  ['without objects', '/api/v1/pods', [['includeObject', 'None']]],
] as const)('%s: the value is what the body says', (_, path, query) => {
  const { body, value } = start()(path, ...query);
  expect(asJson(value)).toEqual(JSON.parse(body as string));
});

test('whole objects are only written', () => {
  const { body, value } = start()('/api/v1/pods', ['includeObject', 'Object']);
  expect(value).toBeUndefined();
  expect(JSON.parse(body as string).rows[0].object.spec.containers[0].image).toBe('nginx');
});
