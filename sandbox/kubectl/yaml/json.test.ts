/** Go's complaints about JSON, as the real kubectl 1.35.2 printed them for the same files. */

import { describe, expect, test } from 'vitest';
import { documents, fromYaml } from './documents.ts';
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

describe('documents that say more than they hold', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map((name, i) => {
      const before = '*' + 'abcdefgh'[i];
      return `${name}: &${name} [${Array(10).fill(before).join(',')}]`;
    }),
  ].join('\n');

  test('an alias bomb ends at once, in Go-YAML’s words', () => {
    expect(() => fromYaml(bomb)).toThrow('error converting YAML to JSON: yaml: document contains excessive aliasing');
  });

  test('so does a long text that is repeated; a few aliases are fine', () => {
    const long = `a: &a ${'x'.repeat(1_000_000)}\nb: [${Array(200).fill('*a').join(', ')}]\n`;
    expect(() => fromYaml(long)).toThrow('document contains excessive aliasing');
    expect(fromYaml('a: &a {k: v}\nb: [*a, *a]\n')).toEqual({ a: { k: 'v' }, b: [{ k: 'v' }, { k: 'v' }] });
  });

  test('an anchor that contains itself', () => {
    expect(() => fromYaml('a: &a [*a]\n')).toThrow("yaml: anchor 'a' value contains itself");
  });

  test('brackets, blocks and JSON nested ten thousand deep', () => {
    const deep = `${'['.repeat(10_001)}${']'.repeat(10_001)}`;
    expect(() => fromYaml(`a:\n  b: ${deep}\n`)).toThrow('exceeded max depth of 10000');
    expect(() => fromYaml(`{"a": ${deep}}`)).toThrow('json: exceeded max depth');
    const blocks = Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(() => fromYaml(blocks)).toThrow('exceeded max depth of 10000');
  });
});
