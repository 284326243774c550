/** Who owns which field after which write (apimachinery pkg/util/managedfields/internal). */

import { expect, test } from 'vitest';
import { APPLY, JSON_PATCH, MAPS, MERGE, map, startApi } from './testing.ts';

const A = `${MAPS}/a`;

function started() {
  const world = startApi();
  const apply = (manager: string, data: object, query = '') =>
    world.call('PATCH', `${A}?fieldManager=${manager}${query}`, map('a', data), APPLY);
  return { ...world, apply };
}

test('who no longer applies anything is forgotten, and so is what nobody else has', () => {
  const { apply, call, owners } = started();
  apply('one', { x: '1', y: '1' });
  apply('two', { x: '1' });
  expect(owners(A)).toEqual(['one Apply: {"f:data":{"f:x":{},"f:y":{}}}', 'two Apply: {"f:data":{"f:x":{}}}']);
  call('PATCH', `${A}?fieldManager=one`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, APPLY);
  expect(owners(A)).toEqual(['two Apply: {"f:data":{"f:x":{}}}']);
  expect(call('GET', A).value.data).toEqual({ x: '1' });
});

test('a client may rewrite the entries, and take them away for good', () => {
  const { apply, call, owners } = started();
  apply('one', { x: '1' });
  const [entry] = call('GET', A).value.metadata.managedFields;
  const replace = (value: unknown) =>
    call('PATCH', A, [{ op: 'replace', path: '/metadata/managedFields', value }], JSON_PATCH);
  replace([{ ...entry, manager: 'other' }]);
  expect(owners(A)).toEqual(['other Apply: {"f:data":{"f:x":{}}}']);
  replace([{}]);
  expect(owners(A)).toEqual([]);
  call('PATCH', A, { data: { x: '2' } }, MERGE);
  expect(owners(A)).toEqual([]);
});

test('a PUT without entries keeps them; with an empty list it drops them', () => {
  const { apply, call, owners } = started();
  apply('one', { x: '1' });
  const { managedFields: _, ...metadata } = call('GET', A).value.metadata;
  call('PUT', A, { ...map('a', { x: '1' }), metadata });
  expect(owners(A)).toEqual(['one Apply: {"f:data":{"f:x":{}}}']);
  call('PUT', A, { ...map('a', { x: '1' }), metadata: { ...metadata, managedFields: [] } });
  expect(owners(A)).toEqual([]);
});

test('of an untracked object everything was there before the first apply', () => {
  const { apply, call, owners } = started();
  apply('one', { x: '1' });
  call('PATCH', A, [{ op: 'replace', path: '/metadata/managedFields', value: [] }], JSON_PATCH);
  expect(apply('two', { x: '2' }).failure).toBe(
    '409 Conflict: Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  );
  apply('two', { x: '2' }, '&force=true');
  expect(owners(A)[0]).toBe('two Apply: {"f:data":{"f:x":{}}}');
});

test('kubectl takes over what it applied from its own side, and keeps that annotation true', () => {
  const { apply, call } = started();
  const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
  const annotations = { [LAST]: JSON.stringify(map('a', { x: '1' })) };
  call('POST', `${MAPS}?fieldManager=kubectl-client-side-apply`, map('a', { x: '1' }, { annotations }));
  expect(apply('other', { x: '2' }).failure).toContain('conflict with "kubectl-client-side-apply" using v1: .data.x');
  const taken = apply('kubectl', { x: '2' });
  expect(taken.status).toBe(200);
  expect(JSON.parse(taken.value.metadata.annotations[LAST]).data).toEqual({ x: '2' });
});

test('more than ten updaters: the oldest become one', () => {
  const { call, clock, owners } = started();
  call('POST', `${MAPS}?fieldManager=m0`, map('a', { k0: '0' }));
  for (let i = 1; i <= 11; i++) {
    clock.advanceTo(clock.now + 1000);
    call('PATCH', `${A}?fieldManager=m${i}`, { data: { [`k${i}`]: '1' } }, MERGE);
  }
  expect(owners(A)).toHaveLength(10);
  expect(owners(A)[0]).toBe('ancient-changes Update: {"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{}}}');
});

test('what is no configuration of the kind is refused', () => {
  const { call } = started();
  const send = (body: unknown, query = '') => call('PATCH', `${A}?fieldManager=m${query}`, body, APPLY).failure;
  expect(call('PATCH', A, map('a'), APPLY).failure).toBe(
    '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  );
  expect(send({ apiVersion: 'v1', kind: 'Secret' })).toBe('400 BadRequest: invalid object type: /v1, Kind=Secret');
  expect(send({ kind: 'ConfigMap' })).toBe('400 BadRequest: invalid object type: /, Kind=ConfigMap');
  expect(send(map('a', {}, { managedFields: [] }))).toBe('400 BadRequest: metadata.managedFields must be nil');
  expect(send(map('b'))).toBe('400 BadRequest: the name of the object (b) does not match the name on the URL (a)');
  expect(send(map('a', {}, { uid: 'u' }))).toContain(
    'uid mismatch: the provided object specified uid u, and no existing object was found',
  );
  const twice = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1"}\ndata: {x: "2"}\n';
  expect(send(twice, '&fieldValidation=Strict')).toBe(
    '400 BadRequest: error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "data" already set in map',
  );
  const lenient = call('PATCH', `${A}?fieldManager=m`, twice, APPLY);
  expect(lenient.value.data).toEqual({ x: '2' });
  expect(lenient.warnings).toEqual(['299 - "line 5: key \\"data\\" already set in map"']);
});
