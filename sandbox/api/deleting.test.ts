/** Deletions: options, grace, finalizers, propagation (apiserver pkg/registry/rest/delete.go). */

import { expect, test } from 'vitest';
import { MAPS, MERGE, map, PODS, pod, startApi } from './testing.ts';

function withPod() {
  const world = startApi();
  world.call('POST', PODS, pod('p', { nodeName: 'node01' }));
  const remove = (options?: object) => world.call('DELETE', `${PODS}/p`, options);
  const end = (options?: object) => {
    const { deletionTimestamp: at, deletionGracePeriodSeconds: grace } = remove(options).value.metadata;
    return `${at} ${grace}`;
  };
  return { ...world, remove, end };
}

test('grace may be shortened, not prolonged, and not into the past', () => {
  const { clock, end } = withPod();
  expect(end({ gracePeriodSeconds: 20 })).toBe('2026-11-22T20:16:20Z 20');
  expect(end({ gracePeriodSeconds: 25 })).toBe('2026-11-22T20:16:20Z 20');
  expect(end()).toBe('2026-11-22T20:16:20Z 20');
  clock.advanceTo(clock.now + 8000);
  expect(end({ gracePeriodSeconds: 5 })).toBe('2026-11-22T20:16:08Z 1');
});

test('a negative grace is one second; none at all is at once', () => {
  expect(withPod().end({ gracePeriodSeconds: -3 })).toBe('2026-11-22T20:16:01Z 1');
  const { call, end } = withPod();
  expect(end({ gracePeriodSeconds: 0 })).toBe('2026-11-22T20:16:00Z 0');
  expect(call('GET', `${PODS}/p`).status).toBe(404);
});

test('a dry run tells what would be', () => {
  const { call, remove } = withPod();
  expect(remove({ dryRun: ['All'] }).value.metadata.deletionGracePeriodSeconds).toBe(30);
  expect(call('GET', `${PODS}/p`).value.metadata.deletionTimestamp).toBeUndefined();
});

test.each([
  [
    { propagationPolicy: 'Foo' },
    '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"',
  ],
  [
    { propagationPolicy: 'Orphan', orphanDependents: true },
    '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
  ],
  [
    { dryRun: ['Some'] },
    '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ],
  [
    { gracePeriodSeconds: 'x' },
    '400 BadRequest: json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
  ],
  [
    { kind: 'Pod', apiVersion: 'v1' },
    '400 BadRequest: no kind "Pod" is registered for version "v1" in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"',
  ],
])('a deletion with %j is refused', (options, failure) => {
  const { call, remove } = withPod();
  expect(remove(options).failure).toBe(failure);
  expect(call('GET', `${PODS}/p`).status).toBe(200);
});

test('preconditions are held', () => {
  const { remove } = withPod();
  expect(remove({ preconditions: { resourceVersion: '1' } }).failure).toContain(
    'the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (204). The object might have been modified',
  );
});

test('who waits for finalizers takes no new ones, and goes with the last', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a', {}, { finalizers: ['x.io/a'] }));
  expect(call('DELETE', `${MAPS}/a`).value.metadata.deletionGracePeriodSeconds).toBe(0);
  const finalizers = (list: readonly string[] | null) =>
    call('PATCH', `${MAPS}/a`, { metadata: { finalizers: list } }, MERGE);
  expect(finalizers(['x.io/a', 'x.io/b']).failure).toContain(
    'no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/b"}',
  );
  finalizers(null);
  expect(call('GET', `${MAPS}/a`).status).toBe(404);
});

test('propagation is a finalizer; the last word holds', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a'));
  const remove = (propagationPolicy: string) => call('DELETE', `${MAPS}/a`, { propagationPolicy }).value;
  expect(remove('Foreground').metadata.finalizers).toEqual(['foregroundDeletion']);
  expect(remove('Orphan').metadata.finalizers).toEqual(['orphan']);
  expect(remove('Background')).toMatchObject({ kind: 'Status', status: 'Success' });
});

test('a collection is deleted by selection and by page', () => {
  const { call } = startApi();
  for (const name of ['a', 'b', 'c']) call('POST', MAPS, map(name, {}, { labels: { x: name } }));
  const names = () => call('GET', MAPS).value.items.map((item: { metadata: { name: string } }) => item.metadata.name);
  call('DELETE', `${MAPS}?labelSelector=x=a`);
  expect(names()).toEqual(['b', 'c']);
  expect(call('DELETE', `${MAPS}?limit=1`).value.metadata.remainingItemCount).toBe(1);
  expect(names()).toEqual(['c']);
  expect(call('DELETE', '/api/v1/namespaces').status).toBe(405);
});
