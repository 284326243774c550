/** Lists by page and revision, watches from anywhere (apiserver pkg/storage). */

import { expect, test } from 'vitest';
import { MAPS, map, startApi, TABLE } from './testing.ts';

function withMaps(...names: readonly string[]) {
  const world = startApi();
  for (const name of names) world.call('POST', MAPS, map(name, {}, { labels: { all: 'yes' } }));
  return world;
}

const start = (token: string): unknown => JSON.parse(atob(token));

test('a token tells where the next page begins, below the list’s own prefix', () => {
  const { api, call } = withMaps('a', 'b', 'c');
  const { metadata } = call('GET', `${MAPS}?limit=2`).value;
  expect(metadata.remainingItemCount).toBe(1);
  expect(start(metadata.continue)).toEqual({ v: 'meta.k8s.io/v1', rv: api.store.revision, start: 'b\0' });
  const everywhere = call('GET', '/api/v1/configmaps?limit=2').value.metadata;
  expect(start(everywhere.continue)).toMatchObject({ start: 'default/b\0' });
  const chosen = call('GET', `${MAPS}?limit=2&labelSelector=all`).value.metadata;
  expect(chosen.remainingItemCount).toBeUndefined();
});

test('an expired token comes back as one that goes on without consistency', () => {
  const { admin, api, call } = withMaps('a', 'b', 'c');
  const token = call('GET', `${MAPS}?limit=1`).value.metadata.continue;
  let made = admin.create('configmaps', 'kube-system', { metadata: { name: 'busy' } });
  for (let i = 0; api.store.compacted === 0; i++) {
    made = admin.update('configmaps', { ...made, data: { i: String(i) } });
  }
  const expired = call('GET', `${MAPS}?limit=1&continue=${token}`);
  expect(expired.failure).toMatch(/^410 Expired: The provided continue parameter is too old to display a consistent/);
  const rest = call('GET', `${MAPS}?continue=${expired.value.metadata.continue}`).value;
  expect(rest.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['b', 'c']);
  expect(call('GET', `${MAPS}?resourceVersion=200&resourceVersionMatch=Exact`).failure).toBe(
    '410 Expired: The resourceVersion for the provided list is too old.',
  );
});

test.each([
  [
    'continue=!!',
    '400 BadRequest: invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  ],
  ['limit=x', '400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax'],
  [
    'resourceVersion=abc',
    '500 : resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
  ],
  ['resourceVersion=99999', '504 Timeout: Timeout: Too large resource version: 99999, current: 204'],
  [
    'resourceVersionMatch=Exact',
    '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  ],
  [
    'sendInitialEvents=true',
    '422 Invalid: ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
  ],
  [
    'watch=1&sendInitialEvents=true',
    '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
  ],
  [
    'watch=1&resourceVersion=abc',
    '422 Invalid: configmaps "" is invalid: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
  ],
  [
    'fieldSelector=spec.x=1',
    '400 BadRequest: "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
])('a list with %s is refused', (query, failure) => {
  const { call } = withMaps('a');
  expect(call('GET', `${MAPS}?${query}`).failure).toBe(failure);
});

test('a watch from nowhere lists first, and says where the list ends to whoever takes bookmarks', () => {
  const { watched } = withMaps('a', 'b');
  expect(watched(`${MAPS}?watch=1`)).toEqual(['ADDED a', 'ADDED b']);
  const all = ['ADDED a', 'ADDED b', 'BOOKMARK initial-events-end'];
  expect(watched(`${MAPS}?watch=1&resourceVersion=0&allowWatchBookmarks=true`)).toEqual(all);
  const match = 'resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  expect(watched(`${MAPS}?watch=1&sendInitialEvents=true&${match}`)).toEqual(all);
  expect(watched(`${MAPS}?watch=1&sendInitialEvents=false&${match}`)).toEqual([]);
  expect(watched(`${MAPS}?watch=1&sendInitialEvents=true&resourceVersion=99999&${match}`)).toEqual([
    'ERROR Timeout: Too large resource version: 99999, current: 205',
  ]);
  expect(watched('/api/v1/watch/namespaces/default/configmaps/b')).toEqual(['ADDED b']);
});

test('a watch sends its columns once', () => {
  const { call } = withMaps('a', 'b');
  const tables = call('GET', `${MAPS}?watch=1`, undefined, { accept: TABLE })
    .text.trim()
    .split('\n')
    .map((line) => JSON.parse(line).object);
  expect(tables.map(({ columnDefinitions }) => columnDefinitions?.length)).toEqual([3, undefined]);
});

test('what is not stored cannot be watched', () => {
  const { call } = startApi();
  expect(call('GET', '/api/v1/componentstatuses?watch=1').failure).toBe(
    '405 MethodNotAllowed: watch is not supported on resources of kind "componentstatuses"',
  );
  expect(call('GET', '/api/v1/componentstatuses').value.items).toHaveLength(3);
});
