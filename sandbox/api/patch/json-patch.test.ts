/** JSON patches on keys that every object answers to, in PATCH and by themselves. */

import { expect, test } from 'vitest';
import type { Json } from '../object.ts';
import { MAPS, map, startApi } from '../testing.ts';
import { applyOperation } from './json-patch.ts';

const patched = (text: string, ...operations: Json[]) => {
  const document = JSON.parse(text) as Json;
  const refusals = operations.map((operation) => applyOperation(document, operation));
  return refusals.find((refusal) => refusal !== undefined) ?? JSON.stringify(document);
};

test.for([
  ['add', '{"a":{}}', { op: 'add', path: '/a/__proto__', value: 1 }, '{"a":{"__proto__":1}}'],
  ['add below what is not there', '{"a":{}}', { op: 'add', path: '/a/__proto__/b', value: 1 }, 'missing'],
  [
    'add below',
    '{"a":{"__proto__":{}}}',
    { op: 'add', path: '/a/__proto__/b', value: 1 },
    '{"a":{"__proto__":{"b":1}}}',
  ],
  ['replace', '{"constructor":1}', { op: 'replace', path: '/constructor', value: 2 }, '{"constructor":2}'],
  ['replace what is only inherited', '{}', { op: 'replace', path: '/toString', value: 2 }, 'missing'],
  ['remove', '{"__proto__":1,"b":2}', { op: 'remove', path: '/__proto__' }, '{"b":2}'],
  ['remove what is only inherited', '{}', { op: 'remove', path: '/constructor' }, 'missing'],
  ['test', '{"prototype":1}', { op: 'test', path: '/prototype', value: 1 }, '{"prototype":1}'],
  ['test otherwise', '{"a":1}', { op: 'test', path: '/a', value: 2 }, 'mismatch'],
  ['move', '{"a":1}', { op: 'move', from: '/a', path: '/__proto__' }, '{"__proto__":1}'],
  ['move into itself', '{"a":{}}', { op: 'move', from: '/a', path: '/a/b' }, 'missing'],
  ['copy', '{"a":[1]}', { op: 'copy', from: '/a', path: '/a/-' }, '{"a":[1,[1]]}'],
  ['insert', '{"a":[1,2]}', { op: 'add', path: '/a/1', value: 3 }, '{"a":[1,3,2]}'],
  ['an index out of range', '{"a":[1]}', { op: 'add', path: '/a/2', value: 3 }, 'missing'],
  ['an index that is none', '{"a":[1]}', { op: 'replace', path: '/a/length', value: 0 }, 'missing'],
  ['escaped', '{}', { op: 'add', path: '/a~1b~0c', value: 1 }, '{"a/b~c":1}'],
  ['no path', '{}', { op: 'add', path: 'a', value: 1 }, 'malformed'],
] as const)('%s', ([, text, operation, result]) => {
  expect(patched(text, operation)).toBe(result);
});

test('PATCH sets a key called __proto__, and writes nothing a level higher', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a', { own: '1' }));
  const patch = (path: string, value: unknown) =>
    call('PATCH', `${MAPS}/a`, [{ op: 'add', path, value }], 'application/json-patch+json');
  expect(Object.entries(patch('/data/__proto__', 'x').value.data)).toEqual([
    ['own', '1'],
    ['__proto__', 'x'],
  ]);
  expect(patch('/metadata/__proto__/name', 'b').status).toBe(422);
});
