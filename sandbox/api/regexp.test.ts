/** Go's regular expressions, as its own tests have them (regexp/find_test.go, regexp/syntax/parse_test.go), and in a time that stays small. */

import { expect, test } from 'vitest';
import { regexp } from './regexp.ts';

const as = (text: string) => text.repeat(50_000);

test.each([
  ['^(a+)+$', `${as('a')}!`],
  ['^(a|a)*$', `${as('a')}!`],
  ['(x+x+)+y', as('x')],
  ['a*a*a*a*a*b', as('a')],
])('%s is no trap', (pattern, text) => {
  expect(regexp(pattern)!.test(text)).toBe(false);
});

test.each([
  ['^abcdefg', 'abcdefg', 'abcdefg'],
  ['a+?', 'baaab', 'a'],
  ['a.*?c', 'xabcbc', 'abc'],
  ['a|ab|abc', 'abc', 'a'],
  ['(?:abc|ab|a)c?', 'abcc', 'abcc'],
  ['(a*)*', 'b', ''],
  ['(a|b)*(a|abb)', 'babab', 'baba'],
  ['[a-c]{2,3}', 'abcabc', 'abc'],
  ['[a-c]{2,3}?', 'abcabc', 'ab'],
  ['[a-c]{2}', 'abcabc', 'ab'],
  ['[^a]+', 'aaxyz', 'xyz'],
  ['[]a]+', 'x]a]', ']a]'],
  ['[[:upper:]-]+', 'aB-C', 'B-C'],
  ['[\\w.-]+', '!a.b-c!', 'a.b-c'],
  ['(?i)HeLLo', 'say hello', 'hello'],
  ['(?i:A)b', 'ab', 'ab'],
  ['(?m)^b$', 'a\nb\nc', 'b'],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['\\bfoo\\b', 'a foo b', 'foo'],
  ['(?P<n>x)y', 'xy', 'xy'],
  ['\\Aab\\z', 'ab', 'ab'],
  ['\\Q+*\\E', 'a+*', '+*'],
  ['\\x{4e2d}.', '中文', '中文'],
  ['^.$', '😀', '😀'],
  ['\\p{Greek}+', 'abc αβγ', 'αβγ'],
  ['a{,2}', 'a{,2}', 'a{,2}'],
  ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$', 'a-b.c', 'a-b.c'],
])('%s finds in %s', (pattern, text, found) => {
  expect(regexp(pattern)!.find(text)).toBe(found);
});

test.each([
  ['a', 'b'],
  ['a.b', 'a\nb'],
  ['^b', 'a\nb'],
  ['a$', 'a\n'],
  ['x{3}', 'xx'],
])('%s is not in %s', (pattern, text) => {
  expect(regexp(pattern)!.find(text)).toBeUndefined();
});

test('all there are, one behind the other', () => {
  expect(regexp('a*')!.findAll('baab')).toEqual(['', 'aa', '']);
  expect(regexp('[0-9]+')!.findAll('1 22 333', 2)).toEqual(['1', '22']);
});

test.each(['(', ')', '[a', 'a**', '*', '(?=a)', '(?<!a)b', '(a)\\1', 'x{1001}', '[z-a]', '\\8', '(?z)', 'a\\'])(
  '%s is none',
  (pattern) => {
    expect(regexp(pattern)).toBeUndefined();
  },
);
