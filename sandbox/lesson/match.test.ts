import { expect, test } from 'vitest';
import { differences } from './match.ts';

test('anyOf is met by any of its values, and a difference is told against the first', () => {
  const wanted = { spec: { server: { anyOf: ['192.168.120.230', 'nfs'] } } };
  expect(differences(wanted, { spec: { server: 'nfs' } })).toEqual([]);
  expect(differences(wanted, { spec: { server: '192.168.120.230' } })).toEqual([]);
  expect(differences(wanted, { spec: { server: 'node01' } })).toEqual([
    { path: 'spec.server', wanted: '192.168.120.230', seen: 'node01' },
  ]);
  expect(differences(wanted, { spec: {} })).toEqual([
    { path: 'spec.server', wanted: '192.168.120.230', seen: undefined },
  ]);
});
