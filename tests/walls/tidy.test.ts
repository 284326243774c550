/** Small files, small functions, and no member that nobody names (after TigerBeetle's tidy.zig). What is dead among files and exports, knip finds. */

import { expect, test } from 'vitest';
import { FILE_LINES, FUNCTION_LINES, LONG_FILES, LONG_FUNCTIONS } from './sizes.ts';
import { functionsOf, linesOf, membersOf, type Source, sources, wordsOf } from './source.ts';

const all = sources('sandbox', 'src', 'scripts', 'tests', 'content').filter(({ path }) => !path.endsWith('.mdx'));
const isTest = ({ path }: Source) => /\.(test|spec)\.ts$/.test(path);

const over = (limit: number, sizes: readonly (readonly [string, number])[]): Record<string, number> =>
  Object.fromEntries(sizes.filter(([, lines]) => lines > limit).sort(([, a], [, b]) => a - b));

/** What is over the limit must be named with no fewer lines than it has, and nothing else may be named. */
function expectNamed(found: Record<string, number>, named: Readonly<Record<string, number>>) {
  const grown = Object.entries(found).filter(([name, lines]) => !(lines <= (named[name] ?? 0)));
  expect(Object.fromEntries(grown), 'longer than tests/walls/sizes.ts allows').toEqual({});
  const gone = Object.keys(named).filter((name) => found[name] === undefined);
  expect(gone, 'short enough now: take it out of tests/walls/sizes.ts').toEqual([]);
  const shrunk = Object.entries(found).filter(([name, lines]) => lines < named[name]!);
  expect(Object.fromEntries(shrunk), 'shorter now: say so in tests/walls/sizes.ts').toEqual({});
}

test(`no file over ${FILE_LINES} lines but those named`, () => {
  expectNamed(
    over(
      FILE_LINES,
      all.map((source) => [source.path, linesOf(source)]),
    ),
    LONG_FILES,
  );
});

test(`no function over ${FUNCTION_LINES} lines but those named`, () => {
  const functions = all
    .filter((source) => !isTest(source))
    .flatMap((source) => functionsOf(source).map(({ name, lines }) => [`${source.path} ${name}`, lines] as const));
  expectNamed(over(FUNCTION_LINES, functions), LONG_FUNCTIONS);
});

/** A custom element's, which the browser calls. */
const CALLED_BY_BROWSERS = new Set([
  'observedAttributes',
  'connectedCallback',
  'disconnectedCallback',
  'attributeChangedCallback',
]);

test('no member of a class or an interface that is named nowhere else', () => {
  const count = new Map<string, number>();
  for (const word of all.flatMap(wordsOf)) count.set(word, (count.get(word) ?? 0) + 1);
  const dead = all.flatMap((source) =>
    membersOf(source)
      .filter((name) => count.get(name) === 1 && !CALLED_BY_BROWSERS.has(name))
      .map((name) => `${source.path}: ${name}`),
  );
  expect(dead).toEqual([]);
});
