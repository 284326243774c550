/** Selectors: what they match, and the parser's own words. */

import { expect, test } from 'vitest';
import { formatLabelSelector, matchesLabels, parseFieldSelector, parseLabelSelector } from './selectors.ts';

test.each([
  ['app in (a,b),!x,tier!=y', { app: 'a' }, true],
  ['app in (a,b),!x', { app: 'a', x: '' }, false],
  ['app', { app: '' }, true],
  ['app=', { app: '' }, true],
  ['app notin ()', {}, true],
  ['n>3', { n: '10' }, true],
  ['n<9223372036854775807', { n: '9223372036854775806' }, true],
  ['a==in', { a: 'in' }, true],
])('%s', (selector, labels, matches) => {
  expect(matchesLabels(parseLabelSelector(selector), labels as Record<string, string>)).toBe(matches);
});

test.each([
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a==b=c', "found '=', expected: ',' or 'end of string'"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a,', "found '', expected: identifier after ','"],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
])('%s is refused', (selector, message) => {
  expect(() => parseLabelSelector(selector)).toThrow(new Error(message));
});

test('printed back in canonical order', () => {
  expect(formatLabelSelector(parseLabelSelector('z in (b,a), a=1, !c'))).toBe('a=1,!c,z in (a,b)');
});

test('field selectors', () => {
  expect(parseFieldSelector('status.phase=Running,spec.nodeName!=n')).toEqual([
    { field: 'spec.nodeName', negated: true, value: 'n' },
    { field: 'status.phase', negated: false, value: 'Running' },
  ]);
  expect(() => parseFieldSelector('foo')).toThrow("invalid selector: 'foo'; can't understand 'foo'");
});
