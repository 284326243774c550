/** A namespace that is deleted takes all with it that discovery lists, whatever its kind. */

import { expect, test } from 'vitest';
import type { ResourceName } from '../api/types.ts';
import { startCluster } from './testing/cluster.ts';

test('objects of kinds without rules of their own go with their namespace', () => {
  const { client, advance } = startCluster();
  client.create('namespaces', '', { metadata: { name: 'gone' } });
  const drafts = {
    roles: { metadata: { name: 'reader' }, rules: [] },
    networkpolicies: { metadata: { name: 'closed' }, spec: { podSelector: {} } },
    podtemplates: { metadata: { name: 'mould' }, template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
  };
  for (const [resource, draft] of Object.entries(drafts))
    client.create(resource as ResourceName, 'gone', draft as never);
  client.delete('namespaces', '', 'gone');
  advance(10_000);
  expect(client.get('namespaces', '', 'gone')).toBeUndefined();
  for (const resource of Object.keys(drafts)) expect(client.list(resource as ResourceName, 'gone')).toEqual([]);
});
