/** Selectors: what is printed is parsed again, and what matches is what their definition says. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatLabelSelector,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  type Requirement,
  selectorOf,
} from './selectors.ts';

const keys = fc.constantFrom('app', 'tier', 'in', 'notin', 'example.com/part-of', 'a.b/c_d');
const words = fc.constantFrom('', 'web', 'db', 'in', 'notin', '1', '2', '10', '9223372036854775806', 'a-b.c_d');
const integers = fc.constantFrom('0', '2', '007', '10', '9223372036854775807', '9223372036854775806');
const sets = fc.uniqueArray(words, { minLength: 1, maxLength: 4 }).map((values) => values.sort());

const requirements: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ key: keys, operator: fc.constantFrom('in' as const, 'notin' as const), values: sets }),
  fc.record({
    key: keys,
    operator: fc.constantFrom('=' as const, '==' as const, '!=' as const),
    values: words.map((value) => [value]),
  }),
  fc.record({ key: keys, operator: fc.constantFrom('exists' as const, '!' as const), values: fc.constant([]) }),
  fc.record({
    key: keys,
    operator: fc.constantFrom('gt' as const, 'lt' as const),
    values: integers.map((value) => [value]),
  }),
);
const selectors = fc
  .array(requirements, { maxLength: 5 })
  .map((all) => all.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
const labels = fc.dictionary(keys, fc.oneof(words, integers), { maxKeys: 5 });

/** The operators as their documentation defines them (apimachinery pkg/labels/selector.go, Requirement.Matches). */
function holds({ key, operator, values }: Requirement, given: Record<string, string>): boolean {
  const value = new Map(Object.entries(given)).get(key);
  const whole = (text: string) => {
    const number = /^[-+]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
    return number !== undefined && number === BigInt.asIntN(64, number) ? number : undefined;
  };
  if (operator === 'exists') return value !== undefined;
  if (operator === '!') return value === undefined;
  if (operator === 'notin' || operator === '!=') return value === undefined || !new Set(values).has(value);
  if (operator === 'gt' || operator === 'lt') {
    const [have, want] = [value === undefined ? undefined : whole(value), whole(values[0]!)];
    if (have === undefined || want === undefined) return false;
    return operator === 'gt' ? have > want : have < want;
  }
  return value !== undefined && new Set(values).has(value);
}

test('a label selector that is printed is parsed as itself', () => {
  fc.assert(
    fc.property(selectors, (selector) => {
      const text = formatLabelSelector(selector);
      expect(parseLabelSelector(text)).toEqual(selector);
      expect(formatLabelSelector(parseLabelSelector(text))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test('blanks between its words do not matter', () => {
  fc.assert(
    fc.property(selectors, fc.constantFrom(' ', '  ', '\t'), (selector, blank) => {
      const text = formatLabelSelector(selector);
      const airy = text.replace(/[,()=!<>]+/g, (symbol) => `${blank}${symbol}${blank}`);
      expect(parseLabelSelector(airy)).toEqual(selector);
    }),
  );
});

test('an object is selected exactly if every requirement holds', () => {
  fc.assert(
    fc.property(selectors, labels, (selector, given) => {
      expect(matchesLabels(selector, given)).toBe(selector.every((requirement) => holds(requirement, given)));
    }),
    { numRuns: 3_000 },
  );
});

test('matchLabels are equalities, matchExpressions their operators', () => {
  const operators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const;
  const expressions = fc.record({
    key: keys,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
    values: sets,
  });
  fc.assert(
    fc.property(labels, fc.array(expressions, { maxLength: 3 }), labels, (matchLabels, matchExpressions, given) => {
      const expected =
        Object.entries(matchLabels).every(([key, value]) => Object.hasOwn(given, key) && given[key] === value) &&
        matchExpressions.every(({ key, operator, values }) =>
          holds({ key, operator: operators[operator as 'In'], values }, given),
        );
      expect(matchesLabels(selectorOf({ matchLabels, matchExpressions }), given)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('a field selector’s values come back through their escapes', () => {
  const terms = fc.record({
    field: fc.constantFrom('metadata.name', 'spec.nodeName', 'status.phase'),
    negated: fc.boolean(),
    value: fc.string({ unit: fc.constantFrom('a', 'Z', '9', ',', '=', '\\', ' ', '!', 'é'), maxLength: 8 }),
  });
  const escaped = (value: string) => value.replace(/[\\,=]/g, '\\$&');
  fc.assert(
    fc.property(fc.array(terms, { minLength: 1, maxLength: 3 }), (given) => {
      const text = given
        .map(({ field, negated, value }) => `${field}${negated ? '!=' : '='}${escaped(value)}`)
        .join(',');
      const order = (all: readonly object[]) => all.map((term) => JSON.stringify(term)).sort();
      expect(order(parseFieldSelector(text))).toEqual(order(given));
    }),
    { numRuns: 1_000 },
  );
});
