/** The downward API's resource fields, counted as kubelet does (pkg/api/v1/resource/helpers.go, extractContainerResourceValue). */

import { expect, test } from 'vitest';
import type { Container } from '../api/types.ts';
import { resourceField } from './environment.ts';

const allocatable = { cpu: 2, memory: 4 * 2 ** 30 };
const container = (limits: Record<string, string>): Container => ({
  name: 'main',
  image: 'busybox',
  resources: { limits },
});

test.each([
  ['limits.memory', '128Mi', '1Mi', '128'],
  ['limits.memory', '1e3', '0', '1000'],
  ['limits.memory', '1Pi', '1Ti', '1024'],
  ['limits.cpu', '250m', '0', '1'],
  ['limits.cpu', '250m', '1m', '250'],
  ['limits.cpu', '1100m', '1m', '1100'],
  ['requests.memory', '128Mi', '0', '0'],
])('%s of %s in units of %s is %s', (resource, amount, divisor, count) => {
  const name = resource.split('.')[1]!;
  expect(resourceField(container({ [name]: amount }), resource, divisor, allocatable)).toBe(count);
});

test('what has no limit may have all of the node', () => {
  expect(resourceField(container({}), 'limits.cpu', '1m', allocatable)).toBe('2000');
});
