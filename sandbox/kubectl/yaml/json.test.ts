/** Go's complaints about JSON, as the real kubectl 1.35.2 printed them for the same files. */

import { expect, test } from 'vitest';
import { documents } from './documents.ts';
import { jsonProblem } from './json.ts';

test.each([
  ['{"a": {', 'unexpected EOF'],
  ['{"a": "b', 'unexpected EOF'],
  ['{"a": tru', 'unexpected EOF'],
  ['{a: b', "json: offset 2: invalid character 'a' looking for beginning of object key string"],
  ['{"a": [1}', "json: offset 9: invalid character '}' after array element"],
  ['{"a": nope', "json: offset 8: invalid character 'o' in literal null (expecting 'u')"],
  ['{"a" \'b\'}', "json: offset 6: invalid character '\\'' after object key"],
  ['{"a": "b"}', undefined],
])('%s', (text, problem) => {
  expect(jsonProblem(text)).toBe(problem);
});

test('what stands before a broken object is still read, and counts', () => {
  const read = documents('{"a": 1} {"b" 2}');
  expect(read.next().value).toEqual({ a: 1 });
  expect(() => read.next()).toThrow("json: offset 15: invalid character '2' after object key");
});

test('flow YAML is no JSON, and fine', () => {
  expect([...documents('{a: b}')]).toEqual([{ a: 'b' }]);
});
