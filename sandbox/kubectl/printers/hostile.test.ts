/** Templates that would never end, or take all memory, end with an error in Go's manner. */

import { expect, test } from 'vitest';
import { JsonPath } from '../../api/jsonpath/jsonpath.ts';
import { sprintf } from './sprintf.ts';

const nested = { a: { b: { c: { d: [1, 2, { e: {} }] } } } };

test('descents into descents of a JSONPath', () => {
  expect(() => new JsonPath(`{${'..'.repeat(30)}}`).find(nested)).toThrow('runtime: out of memory');
  const ranges = `${'{range ..}'.repeat(20)}x${'{end}'.repeat(20)}`;
  expect(() => new JsonPath(ranges).print(nested, JSON.stringify)).toThrow('runtime: out of memory');
  expect(new JsonPath('{..d}').find(nested)[0]).toEqual([[1, 2, { e: {} }]]);
});

test('a width beyond fmt’s measure', () => {
  expect(sprintf('%1000000000d', [1])).toBe('%!(BADWIDTH)1');
});
