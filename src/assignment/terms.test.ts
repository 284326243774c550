/** A teacher's link, read and written. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTerms, type Terms, toSearch } from './terms.ts';

const steps = ['create', 'bind'];

test('an address without terms has none, whatever else it carries', () => {
  expect(readTerms('', steps)).toEqual({ terms: undefined, mistakes: [] });
  expect(readTerms('?utm_source=mail', steps)).toEqual({ terms: undefined, mistakes: [] });
});

test('each part is taken by itself', () => {
  expect(readTerms('?step=bind&seed=7&hints=hidden&solutions=hidden&until=2026-12-01T12:00%2B09:00', steps)).toEqual({
    terms: { step: 'bind', seed: 7, hints: 'hidden', solutions: 'hidden', until: Date.UTC(2026, 11, 1, 3) },
    mistakes: [],
  });
  expect(readTerms('?seed=0', steps).terms).toEqual({ seed: 0, hints: 'shown', solutions: 'shown' });
});

test.each([
  ['step', 'nowhere'],
  ['seed', '-1'],
  ['seed', '4294967296'],
  ['seed', '1e3'],
  ['seed', ''],
  ['hints', 'no'],
  ['solutions', 'HIDDEN'],
  // A time without its zone is another time for each reader.
  ['until', '2026-12-01T12:00'],
  ['until', '2026-13-01T12:00Z'],
  ['until', 'noon'],
] as const)('%s=%s is passed over, and told', (name, value) => {
  const read = readTerms(`?${name}=${value}&hints=${name === 'hints' ? value : 'hidden'}`, steps);
  expect(read.mistakes).toContainEqual({ name, value });
  expect(read.terms?.[name]).toBe(name === 'hints' || name === 'solutions' ? 'shown' : undefined);
});

test('what is written is what is read', () => {
  const visibility = fc.constantFrom('shown' as const, 'hidden' as const);
  const any: fc.Arbitrary<Terms> = fc.record(
    {
      step: fc.constantFrom(...steps),
      seed: fc.nat({ max: 2 ** 32 - 1 }),
      hints: visibility,
      solutions: visibility,
      until: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
    },
    { requiredKeys: ['hints', 'solutions'] },
  );
  fc.assert(
    fc.property(any, (terms) => {
      const search = toSearch(terms);
      const free = Object.keys(terms).length === 2 && terms.hints === 'shown' && terms.solutions === 'shown';
      expect(readTerms(search, steps)).toEqual({ terms: free ? undefined : terms, mistakes: [] });
    }),
  );
});
