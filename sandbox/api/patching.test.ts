/** What patches and bodies are refused for, in upstream's words. */

import { expect, test } from 'vitest';
import { JSON_PATCH, MAPS, MERGE, map, STRATEGIC, startApi } from './testing.ts';

function withMap() {
  const world = startApi();
  world.call('POST', MAPS, map('a', { x: '1' }));
  const patch = (body: unknown, type: string, query = '') => world.call('PATCH', `${MAPS}/a${query}`, body, type);
  return { ...world, patch };
}

test('a merge patch that makes no ConfigMap shows what it made', () => {
  const { call, patch } = withMap();
  const { metadata } = call('GET', `${MAPS}/a`).value;
  const made = JSON.stringify({ apiVersion: 'v1', data: { x: 1 }, kind: 'ConfigMap', metadata });
  expect(patch({ data: { x: 1 } }, MERGE).failure).toBe(
    `422 Invalid:  "" is invalid: patch: Invalid value: ${JSON.stringify(made)}: json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
  );
  expect(patch({ kind: 'Foo' }, MERGE).failure).toContain(
    'no kind "Foo" is registered for version "v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
  );
});

test('a strategic one shows the patch, as Go prints a map', () => {
  const { patch } = withMap();
  expect(patch({ data: { x: 1 } }, STRATEGIC).failure).toBe(
    '422 Invalid:  "" is invalid: patch: Invalid value: "map[data:map[x:1]]": cannot convert int64 to string',
  );
  expect(patch({ data: 'x' }, STRATEGIC).failure).toContain('cannot restore map from string');
  expect(patch({ immutable: 'yes' }, STRATEGIC).failure).toContain('unrecognized type: bool');
  expect(patch('{', STRATEGIC).failure).toBe('400 BadRequest: unexpected end of JSON input');
});

test('what cannot be read is a bad request', () => {
  const { patch } = withMap();
  expect(patch('{', MERGE).failure).toBe('400 BadRequest: error decoding patch: unexpected end of JSON input');
  expect(patch('null', MERGE).failure).toBe('400 BadRequest: Invalid JSON Patch');
  expect(patch({}, JSON_PATCH).failure).toBe(
    '400 BadRequest: error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
  );
  expect(patch([{ op: 'add', path: 'data/y', value: '1' }], JSON_PATCH).failure).toBe(
    '422 Invalid: the server rejected our request due to an error in our request',
  );
  expect(patch({}, 'application/json').failure).toBe('415 UnsupportedMediaType: 415: Unsupported Media Type');
});

test('unknown and repeated fields are warned of, or refused', () => {
  const { patch } = withMap();
  const twice = '{"foo":1,"data":{"x":"1","x":"2"}}';
  expect(patch(twice, MERGE).warnings).toEqual([
    '299 - "duplicate field \\"data.x\\""',
    '299 - "unknown field \\"foo\\""',
  ]);
  expect(patch(twice, MERGE, '?fieldValidation=Ignore').warnings).toEqual([]);
  expect(patch(twice, MERGE, '?fieldValidation=Strict').failure).toContain(
    'strict decoding error: duplicate field "data.x", unknown field "foo"',
  );
  expect(patch([{ op: 'test', path: '/data/x', value: '2', bar: 1 }], JSON_PATCH).warnings).toEqual([
    '299 - "json patch unknown field \\"[0].bar\\""',
  ]);
});

test('the object keeps its name, its place and its identity', () => {
  const { call, patch } = withMap();
  expect(patch({ metadata: { name: 'b' } }, MERGE).failure).toBe(
    '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
  );
  expect(patch({ metadata: { namespace: 'b' } }, MERGE).failure).toBe(
    '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
  );
  expect(patch({ $patch: 'replace' }, STRATEGIC).failure).toBe(
    '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
  );
  expect(patch({ metadata: { uid: 'b' } }, MERGE).failure).toBe(
    '422 Invalid: ConfigMap "a" is invalid: metadata.uid: Invalid value: "b": field is immutable',
  );
  expect(patch({ metadata: { resourceVersion: '1' } }, MERGE).failure).toContain('the object has been modified');
  expect(patch({ metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } }, MERGE).failure).toBe(
    '422 Invalid: ConfigMap "a" is invalid: metadata.deletionTimestamp: Invalid value: "2020-01-01T00:00:00Z": field is immutable',
  );
  expect(
    patch({ metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } }, MERGE).value.metadata.creationTimestamp,
  ).toBe('2026-11-22T20:16:00Z');
  expect(call('POST', MAPS, map('b', {}, { resourceVersion: '5' })).failure).toBe(
    '500 : resourceVersion should not be set on objects to be created',
  );
});

test('the options of a write', () => {
  const { call, patch } = withMap();
  expect(call('POST', `${MAPS}?dryRun=Some`, map('b')).failure).toBe(
    '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  );
  expect(call('PUT', `${MAPS}/a?fieldValidation=Foo`, map('a')).failure).toBe(
    '422 Invalid: UpdateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
  );
  expect(call('POST', `${MAPS}?fieldManager=${'x'.repeat(129)}`, map('b')).failure).toBe(
    '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
  );
  expect(patch({}, MERGE, '?force=true').failure).toBe(
    '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  );
});

test('owners and finalizers', () => {
  const { call } = withMap();
  const owner = { apiVersion: 'v1', kind: 'A', name: 'e', uid: 'u' };
  const twice = call('POST', MAPS, map('b', {}, { ownerReferences: [owner, owner] }));
  expect(twice.value.metadata.ownerReferences).toEqual([owner]);
  expect(twice.warnings[0]).toContain('.metadata.ownerReferences contains duplicate entries;');
  const two = [owner, { ...owner, kind: 'B', uid: 'v' }].map((each) => ({ ...each, controller: true }));
  expect(call('POST', MAPS, map('c', {}, { ownerReferences: two })).failure).toContain(
    'Only one reference can have Controller set to true. Found "true" in references for A/e and B/e',
  );
  expect(call('POST', MAPS, map('c', {}, { ownerReferences: [{ ...owner, kind: 'Event' }] })).failure).toContain(
    '/v1, Kind=Event is disallowed from being an owner',
  );
  expect(call('POST', MAPS, map('c', {}, { finalizers: ['foo'] })).failure).toContain(
    'metadata.finalizers[0]: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified',
  );
});
