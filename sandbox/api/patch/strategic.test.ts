/** Strategic merge patches applied and created, on a Deployment's schema. */

import { expect, test } from 'vitest';
import type { JsonObject } from '../object.ts';
import { definition } from '../schema/schemas.ts';
import { strategicMerge } from './strategic.ts';
import { createThreeWayMergePatch } from './strategic-diff.ts';

const schema = definition('io.k8s.api.apps.v1.Deployment');
const withContainers = (...containers: JsonObject[]): JsonObject => ({ spec: { template: { spec: { containers } } } });

test('containers merge by name, new ones where the patch has them, before those it does not name', () => {
  const before = withContainers({ name: 'c', image: 'nginx', args: ['a'] });
  expect(
    strategicMerge(before, withContainers({ name: 'd', image: 'busybox' }, { name: 'c', image: 'b' }), schema),
  ).toEqual(withContainers({ name: 'd', image: 'busybox' }, { name: 'c', image: 'b', args: ['a'] }));
  expect(strategicMerge(before, withContainers({ $patch: 'delete', name: 'c' }), schema)).toEqual(withContainers());
});

test('strategy retains only the keys of its new kind', () => {
  const before = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
  const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
  expect(strategicMerge(before, patch, schema)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
});

test('finalizers are a set with deletions', () => {
  const before = { metadata: { finalizers: ['a', 'b'] } };
  const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] } };
  expect(strategicMerge(before, patch, schema)).toEqual({ metadata: { finalizers: ['c', 'b'] } });
});

test('three-way: own changes and deletions, what others added stays', () => {
  const original = withContainers({ name: 'c', image: 'nginx' }, { name: 'old', image: 'x' });
  const modified = withContainers({ name: 'c', image: 'nginx:2' });
  const current = withContainers(
    { name: 'c', image: 'nginx', imagePullPolicy: 'Always' },
    { name: 'old', image: 'x' },
    { name: 'sidecar', image: 's' },
  );
  const patch = createThreeWayMergePatch(original, modified, current, schema);
  expect(patch).toEqual({
    spec: {
      template: {
        spec: {
          '$setElementOrder/containers': [{ name: 'c' }],
          containers: [
            { name: 'c', image: 'nginx:2' },
            { $patch: 'delete', name: 'old' },
          ],
        },
      },
    },
  });
  expect(strategicMerge(current, patch, schema)).toEqual(
    withContainers({ name: 'c', image: 'nginx:2', imagePullPolicy: 'Always' }, { name: 'sidecar', image: 's' }),
  );
});

test('nothing to do is an empty patch', () => {
  const same = withContainers({ name: 'c', image: 'nginx' });
  expect(createThreeWayMergePatch(same, same, same, schema)).toEqual({});
});
