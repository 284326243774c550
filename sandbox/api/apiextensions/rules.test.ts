/** Rules that cost too much end the validation (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go). */

import { expect, test } from 'vitest';
import { ruleErrors } from './rules.ts';

const errors = (rules: readonly string[], value: Record<string, never> | { l: number[] }) =>
  [
    ...ruleErrors(
      { type: 'object', 'x-kubernetes-validations': rules.map((rule) => ({ rule })) },
      { path: '', value, old: undefined },
    ),
  ].map(({ detail }) => detail);

const l = Array.from({ length: 40 }, (_, i) => i);
const costly = (names: string) => names.split('').reduceRight((body, name) => `self.l.all(${name}, ${body})`, 'true');

test('one that costs more than a rule may is the last', () => {
  expect(errors([costly('abcd'), 'false'], { l })).toEqual([
    `Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${costly('abcd')}`,
  ]);
});

test('and so is the one with which all cost more than they may', () => {
  const rules = Array.from({ length: 40 }, () => costly('abc'));
  expect(errors([...rules, 'false'], { l })).toEqual([
    'Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run',
  ]);
});
