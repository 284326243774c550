/** Pieces that break programs: numbers at the edges, names that JavaScript knows, broken text. */

import fc from 'fast-check';

export const numbers = fc.constantFrom(
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '7',
  '08',
  '0x1f',
  '0xg',
  '1e3',
  '1e999',
  '-1e999',
  '1.5',
  '.5',
  '5.',
  '1_000',
  '٣',
  '127',
  '128',
  '255',
  '256',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '-2147483648',
  '4294967296',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '18446744073709551616',
  '99999999999999999999999999',
  '+5',
  '1K',
  '10M',
  '1G',
  '8E',
  '99Z',
  '1kB',
  '5%',
  'inf',
  'nan',
  '',
);

const words = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'length',
  'null',
  'true',
  'false',
  'yes',
  '~',
  'a',
  'f',
  'x y',
  "'",
  '"',
  '`',
  '\\',
  '*',
  '?',
  '[',
  ']',
  '[a-',
  '{',
  '}',
  '(',
  ')',
  '$',
  '!',
  '#',
  '%',
  '%s',
  '%n',
  '%d%s%*d',
  '&',
  '|',
  ';',
  '<',
  '>',
  '=',
  '-',
  '--',
  '---',
  '..',
  '.',
  '/',
  '//',
  '/dev/null',
  '/dev/zero',
  '/dev/full',
  '/proc/self/fd/0',
  '/etc/passwd',
  '/',
  '/tmp/f',
  '/tmp/nosuch/f',
  '~',
  '~root',
  '\t',
  ' ',
  '\u00e9',
  '日本語',
  '\u202e',
  '\ud83d\ude00',
  '\ufeff',
  '\u0301',
  'ﬀ',
  'İ',
  '\x1b[31m',
  '\x7f',
  '\r',
  '\x01',
  '\u0085',
);

/** Long, but no longer than a learner could paste. */
const long = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'a',
        'ab ',
        '(',
        '[',
        '{',
        '$(',
        '((',
        '"',
        "'",
        '\\',
        '-',
        '/a',
        '../',
        '*',
        'a*',
        '日',
        ':',
        ',',
        '%d',
        '&a [*a,',
        'if :; then ',
        '!',
      ),
      fc.integer({ min: 2, max: 5000 }),
    )
    .map(([piece, n]) => piece.repeat(n)),
);

export const text = fc.oneof(
  { weight: 4, arbitrary: words },
  { weight: 3, arbitrary: numbers },
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: long },
);

/** As a word of a shell's line that means itself. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''").replaceAll('\0', '')}'`;

/** Cuts, doubles, swaps and replaces pieces of a known good text. */
export function mutated(samples: readonly string[], pieces: fc.Arbitrary<string>, split: RegExp): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    what: fc.constantFrom('cut', 'twice', 'swap', 'put', 'instead', 'end'),
    piece: pieces,
  });
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) => {
      const parts = sample.split(split);
      for (const { at, what, piece } of changes) {
        const i = Math.floor(at * parts.length);
        if (what === 'cut') parts.splice(i, 1);
        else if (what === 'twice') parts.splice(i, 0, parts[i] ?? '');
        else if (what === 'swap') [parts[i], parts[0]] = [parts[0] ?? '', parts[i] ?? ''];
        else if (what === 'put') parts.splice(i, 0, piece);
        else if (what === 'instead') parts[i] = piece;
        else parts.length = i + 1;
      }
      return parts.join('');
    });
}
