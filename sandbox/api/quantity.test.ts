/** Quantities beside the cases of apimachinery's quantity_test.go. */

import { expect, test } from 'vitest';
import { addQuantities, canonicalQuantity, compareQuantities, formatQuantity, parseQuantity } from './quantity.ts';

test.each([
  ['1024Mi', '1Gi'],
  ['0.5', '500m'],
  ['1.5Gi', '1536Mi'],
  ['1000Ki', '1000Ki'],
  ['1024', '1024'],
  ['1000', '1k'],
  ['1500', '1500'],
  ['100m', '100m'],
  ['1e3', '1e3'],
  ['12e2', '1200'],
  ['0Gi', '0'],
  ['5000e-10', '500e-9'],
  ['11e-10', '2e-9'],
  ['.5', '500m'],
  ['1.', '1'],
  ['-1', '-1'],
  ['512Ki', '512Ki'],
  ['0.5Ki', '512'],
  ['1000000', '1M'],
  ['1Ei', '1Ei'],
  ['10E', '9223372036854775807'],
])('%s is %s', (given, canonical) => {
  expect(canonicalQuantity(given)).toBe(canonical);
});

test.each([
  ['1GiB', 'quantities must match'],
  ['', 'quantities must match'],
  ['abc', 'quantities must match'],
  ['1GG', "unable to parse quantity's suffix"],
  ['.', 'unable to parse numeric part'],
])('%s is refused', (given, message) => {
  expect(() => parseQuantity(given)).toThrow(message);
});

test('sums and comparisons are exact', () => {
  expect(formatQuantity(addQuantities('1Gi', '512Mi'))).toBe('1536Mi');
  expect(formatQuantity(addQuantities('0', '1Gi'))).toBe('1Gi');
  expect(compareQuantities('1Gi', '1024Mi')).toBe(0);
  expect(compareQuantities('1G', '1Gi')).toBe(-1);
});
