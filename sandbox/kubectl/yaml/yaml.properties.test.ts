/** YAML that is printed and read again, by ours and by an independent reader: the same values, whatever the strings look like. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse as parseIndependently } from 'yaml';
import { parseYaml } from './parser.ts';
import { printYaml } from './print.ts';

/** Strings that look like something else, or end, begin and break awkwardly. */
const awkward = fc.constantFrom(
  ...[
    '',
    ' ',
    '~',
    'null',
    'Null',
    'true',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'n',
    '0',
    '-0',
    '1',
    '1e3',
    '1.',
    '.5',
    '0x1F',
    '0o17',
    '017',
    '1_000',
  ],
  ...[
    '.inf',
    '-.Inf',
    '.nan',
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '12:30:45',
    '<<',
    '=',
    '-',
    '- a',
    '--- a',
    '---',
    '...',
    '?',
    '? a',
    ':',
    'a:',
    'a: b',
    ':a',
  ],
  ...[
    '#',
    '# a',
    'a #b',
    'a#b',
    '[',
    '[a]',
    '{',
    '{a}',
    ']',
    '}',
    ',',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%',
    '@',
    '`',
    '"',
    "'",
    "it's",
    '"q"',
    '\\',
    'a\\nb',
  ],
  ...[
    'a\n',
    'a\nb',
    'a\nb\n',
    '\na',
    ' a\nb',
    'a\n\n',
    '\n',
    '\n\n',
    'a \nb',
    'a\n b\n',
    '\ta',
    'a\tb',
    'a\t\nb',
    'é',
    '日本',
    '\u0000',
    '\u0007',
    '\ufeffa',
    '😀',
    '\r\n',
    'a\rb',
    '\u007f',
  ],
);
/** Left out: YAML 1.1's own line breaks (NEL, LS, PS). */
const without = (all: fc.Arbitrary<string>) => all.filter((text) => !/[\x85\u2028\u2029]/.test(text));
const strings = fc.oneof(
  { weight: 3, arbitrary: awkward },
  { weight: 1, arbitrary: fc.tuple(awkward, awkward).map(([a, b]) => a + b) },
  { weight: 1, arbitrary: without(fc.string({ unit: 'grapheme', maxLength: 12 })) },
  { weight: 1, arbitrary: fc.lorem({ maxCount: 30 }) },
);
const scalars = fc.oneof(
  { weight: 4, arbitrary: strings },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 1e21, 1e-7, 2 ** 31, 2 ** 53 - 1, 0.1),
  },
);
/** Names as labels, ConfigMaps and schemas have them. */
const keys = fc.oneof(
  fc.constantFrom(
    'a',
    'name',
    'true',
    'y',
    'No',
    'null',
    '1',
    '1e3',
    '0x1F',
    '.5',
    '.inf',
    '-',
    '---',
    '-a',
    '...',
    '_',
  ),
  fc.constantFrom('app.kubernetes.io/name', 'a-b_c.d', 'constructor', '2001-01-01', '1.', '017', '$ref'),
);
/** What kubectl prints is always a map. */
const { map: documents } = fc.letrec<{ value: unknown; map: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, scalars, fc.array(tie('value'), { maxLength: 4 }), tie('map')),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

test('what is printed is read as it was', () => {
  fc.assert(
    fc.property(documents, (value) => {
      expect(parseYaml(printYaml(value))).toEqual(value);
    }),
    { numRuns: 1_500 },
  );
});

/** Go's ParseFloat refuses what is out of range, so that it stays a string, unquoted; the other reader makes it infinite. */
const beyondFloats = (value: unknown): boolean =>
  [...JSON.stringify(value).matchAll(/"([-+]?[\d.]+e[-+]?\d+)"/gi)].some(
    ([, text]) => Number(text) === Infinity || Number(text) === -Infinity,
  );

test('another reader agrees', () => {
  fc.assert(
    fc.property(documents, (value) => {
      fc.pre(!beyondFloats(value));
      expect(parseIndependently(printYaml(value), { version: '1.1', schema: 'yaml-1.1', merge: false })).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('a carriage return is quoted', () => {
  expect(printYaml({ data: { file: '.5a\rb' } })).toBe('data:\n  file: ".5a\\rb"\n');
});
