/** What rules are estimated to cost: upstream's own table (apiextensions-apiserver pkg/apiserver/schema/cel/compilation_test.go, TestCostEstimation). */

import { expect, test } from 'vitest';
import { compile } from '../cel/compile.ts';
import { declaredType, sizesOf } from './declared-type.ts';
import type { JsonSchema } from './types.ts';

/** A schema with or without a limit to its elements. */
type Limited = (max: number | undefined) => JsonSchema;

const LIMIT = 10_000_000;

function item(type: string): JsonSchema {
  if (type === 'int-or-string') return { 'x-kubernetes-int-or-string': true };
  if (['duration', 'date', 'date-time'].includes(type)) return { type: 'string', format: type };
  return { type };
}

const objects: JsonSchema = {
  type: 'object',
  required: ['required'],
  properties: { required: { type: 'string' }, optional: { type: 'string' } },
};
const numbers = {
  arrays: { type: 'array', items: item('number') },
  maps: { type: 'object', additionalProperties: item('number') },
};

const of = (
  schema: JsonSchema,
  limit: 'maxItems' | 'maxLength' | 'maxProperties',
  max: number | undefined,
): JsonSchema => (max === undefined ? schema : { ...schema, [limit]: max });
const array =
  (items: JsonSchema): Limited =>
  (max) =>
    of({ type: 'array', items }, 'maxItems', max);
const map =
  (values: JsonSchema): Limited =>
  (max) =>
    of({ type: 'object', additionalProperties: values }, 'maxProperties', max);
const text: Limited = (max) => of({ type: 'string' }, 'maxLength', max);
const bytes: Limited = (max) => of({ type: 'string', format: 'byte' }, 'maxLength', max);
const quantity: Limited = (max) => of({ 'x-kubernetes-int-or-string': true }, 'maxLength', max);
const letters: Limited = (max) => of({ type: 'string', enum: ['A', 'B', 'C', 'LongValue'] }, 'maxLength', max);
const texts: Limited = (max) => array(text(max))(max);
const nested: Limited = (max) => map(text(max))(max);
const allLimited: Limited = (max) => array(map(of(objects, 'maxProperties', max))(max))(max);
const oneLimited: Limited = (max) => array(map(of(objects, 'maxProperties', max))(undefined))(undefined);
const fields =
  (...names: readonly string[]): Limited =>
  (max) => ({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, text(max)])) });
const replaced: Limited = (max) => ({
  type: 'object',
  properties: { str: text(max), before: text(2), after: text(4) },
});

/** A schema, its rule, the cost without limits (more than is allowed where it says so), a limit and the cost with it. */
const CASES: readonly (readonly [Limited, string, number, number, number])[] = [
  [array(item('number')), 'self.all(x, true)', 4718591, 10, 32],
  [array(item('string')), 'self.all(x, true)', 3145727, 20, 62],
  [array(item('boolean')), 'self.all(x, true)', 1887437, 5, 17],
  [array(numbers.arrays), 'self.all(x, true)', 3145727, 100, 302],
  [array(objects), 'self.all(x, true)', 555128, 50, 152],
  [map(item('number')), 'self.all(x, true)', 1348169, 10, 32],
  [map(item('string')), 'self.all(x, true)', 1179647, 3, 11],
  [map(item('boolean')), 'self.all(x, true)', 943718, 100, 302],
  [text, "self.contains('test')", 314574, 10, 5],
  [text, "self.startsWith('test')", 2, 15, 2],
  [text, "self.endsWith('test')", 2, 30, 2],
  [text, 'size(self + "hello") > size("hello")', 314578, 4, 7],
  [array(item('number')), 'self[1] == 0.0', 2, 5000, 2],
  [array(item('string')), 'self[1] == self[1]', 314577, 8, 314577],
  [array(item('number')), 'self.all(x, self.all(y, true))', Number.POSITIVE_INFINITY, 10, 352],
  [array(item('number')), 'self.all(x, self.all(y, self.all(z, true)))', Number.POSITIVE_INFINITY, 10, 3552],
  [text, 'self.matches("x")', 314574, 50, 22],
  [text, '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
  [text, 'self.matches("")', 1, 100, 1],
  [nested, 'self.all(x, x.contains(self[x]))', 2752507, 10, 72],
  [array(item('number')), 'self[3] == 0.0', 2, 0, 2],
  [map(item('number')), 'self["x"] == 0.0', 2, 0, 2],
  [text, 'self == "x"', 2, 0, 1],
  [bytes, 'self == b"x"', 2, 0, 1],
  [array(item('number')), 'self.all(x, x == 0.0)', 6291454, 3 * 1024 * 2048, 25165826],
  [allLimited, 'self.all(x, x["y"].required == "z")', 7340027, 10, 72],
  [oneLimited, 'self.all(x, x["y"].required == "z")', 7340027, 10, 7340027],
  [array(item('int-or-string')), 'self.all(x, true)', 4718591, 10, 32],
  [array(item('int-or-string')), 'self[0] == 5', 3, 10, 3],
  [array(item('boolean')), 'self[0] == false', 2, 25, 2],
  [array(objects), 'self[0] == null', 2, 422, 2],
  [array(numbers.arrays), 'self[0][0] == -1.0', 3, 51, 3],
  [array(numbers.maps), 'self.all(x, x.y == 25.2)', 6291452, 12, 74],
  [array(numbers.maps), 'self[0].x > 2.0', 4, 3000, 4],
  [array(item('duration')), 'self.all(x, true)', 2359295, 5, 17],
  [array(item('duration')), 'self[0].getHours() == 2', 4, 525, 4],
  [array(item('date')), 'self.all(x, true)', 725936, 15, 47],
  [array(item('date')), 'self[2].getDayOfMonth() == 13', 4, 42, 4],
  [array(item('date-time')), 'self.all(x, true)', 428963, 25, 77],
  [array(item('date-time')), 'self[2].getMinutes() == 45', 4, 99, 4],
  [map(item('int-or-string')), 'self.all(x, true)', 1348169, 15, 47],
  [map(objects), 'self.all(x, true)', 428963, 20, 62],
  [map(numbers.maps), 'self.all(x, true)', 1179647, 10, 32],
  [map(numbers.arrays), 'self.all(x, true)', 1179647, 25, 77],
  [map(item('duration')), 'self.all(x, true)', 1048577, 5, 17],
  [map(item('date')), 'self.all(x, true)', 524288, 10, 32],
  [map(item('date-time')), 'self.all(x, true)', 349526, 25, 77],
  [text, "self.find('[0-9]+') == ''", 629147, 10, 11],
  [texts, "self.join(' ') == 'aa bb'", 329853068905, 10, 43],
  [texts, 'self.isSorted() == true', 329854432052, 10, 52],
  [replaced, "self.str.replace(self.before, self.after) == 'does not matter'", 629154, 4, 12],
  [fields('str', 'separator'), 'self.str.split(self.separator) == []', 629160, 10, 22],
  [text, "self.lowerAscii() == 'lower!'", 314575, 10, 6],
  [map(item('integer')), 'oldSelf.size() == self.size()', 5, 10, 5],
  [map(item('date-time')), 'self["a"] == self["b"]', 8, 7, 8],
  [map(item('duration')), 'self["c"] == self["d"]', 8, 42, 8],
  [letters, "self.contains('A')", 2, 1000, 401],
  [quantity, 'isQuantity(self)', 314574, 20, 9],
];

test.each(CASES)('%s %s', (schema, rule, open, max, limited) => {
  expect(Math.min(costOf(schema(undefined), rule), open > LIMIT ? LIMIT : open)).toBe(Math.min(open, LIMIT));
  expect(costOf(schema(max), rule)).toBe(limited);
  if (open < Number.POSITIVE_INFINITY) expect(costOf(schema(undefined), rule)).toBe(open);
});

function costOf(schema: JsonSchema, rule: string): number {
  const declared = declaredType(schema, false, 'selfType')!;
  const compiled = compile(rule, { self: declared.type, oldSelf: declared.type });
  expect(compiled.issues).toBeUndefined();
  return compiled.maxCost(sizesOf(declared));
}
