/** What is written is read. */

import { expect, test } from 'vitest';
import { formatHeaders, parseHeaders } from './headers-file.ts';

test('a path has the headers of every rule that matches', () => {
  const text = formatHeaders({ '/*': { A: 'x: y', B: '1' }, '/_astro/*': { B: '2' }, '/one': { C: '3' } });
  const headersOf = parseHeaders(text);
  expect(headersOf('/')).toEqual({ A: 'x: y', B: '1' });
  expect(headersOf('/_astro/a.js')).toEqual({ A: 'x: y', B: '2' });
  expect(headersOf('/one')).toEqual({ A: 'x: y', B: '1', C: '3' });
});
