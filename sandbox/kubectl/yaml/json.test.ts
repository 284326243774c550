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

const converted = (text: string): unknown => {
  try {
    return fromYaml(text);
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ['1000000.0: x', { '1e+06': 'x' }],
  ['123456.0: x', { 123456: 'x' }],
  ['1234567.0: x', { '1.234567e+06': 'x' }],
  ['123456789012345678901234: x', { '1.2345679e+23': 'x' }],
  ['0.0001: x', { '0.0001': 'x' }],
  ['0.00001: x', { '1e-05': 'x' }],
  ['1e39: x', { '.inf': 'x' }],
  ['1e-50: x', { 0: 'x' }],
  ['-0.0: x', { '-0': 'x' }],
  ['.nan: x', { '.nan': 'x' }],
  ['1e400: 1e400', { '1e400': '1e400' }],
  ['a: -.inf', 'error converting YAML to JSON: json: unsupported value: -Inf'],
  [
    '{~: [a, 1.5, true, ~]}',
    'error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{"a", 1.5, true, interface {}(nil)}',
  ],
  ['{[1]: x}', 'error converting YAML to JSON: yaml: invalid map key: []interface {}{1}'],
])('what JSON has no word for: %s', (text, answer) => {
  expect(converted(text)).toEqual(answer);
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
