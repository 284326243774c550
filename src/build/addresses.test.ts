/** From every depth the way leads back. */

import { expect, test } from 'vitest';
import { rootFrom } from './addresses.ts';

test.each([
  ['', './'],
  ['index.html', './'],
  ['en/', '../'],
  ['en/lessons/claim/', '../../../'],
  ['en/lessons/claim/index.html', '../../../'],
])('from %j', (page, root) => {
  expect(rootFrom(page)).toBe(root);
  expect(new URL(root, `http://host/any/where/${page}`).pathname).toBe('/any/where/');
});
