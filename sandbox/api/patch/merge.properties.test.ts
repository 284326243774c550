/** JSON merge patches on arbitrary documents (RFC 7386), and the three-way of kinds without a schema. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { own } from '../../sim/own.ts';
import type { Json, JsonObject } from '../object.ts';
import { createMergePatch, createThreeWayJsonMergePatch, isJsonObject, mergePatch } from './merge.ts';

const keys = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto', 'd/e');
const { tree: documents } = fc.letrec<{ tree: JsonObject; value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<Json>('x', 'y', 0, 1, false, true, ''),
    fc.array(fc.constantFrom<Json>('x', 1, { k: 1 }), { maxLength: 3 }),
    tie('tree'),
  ),
  tree: fc.dictionary(keys, tie('value'), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
}));

test('the diff of two documents, applied to the first, gives the second', () => {
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      expect(mergePatch(before, createMergePatch(before, after))).toEqual(after);
    }),
    { numRuns: 2_000 },
  );
});

test('a patch applied twice does no more than once, and leaves no null', () => {
  const patches = fc.tuple(documents, documents).map(([one, other]) => createMergePatch(one, other));
  fc.assert(
    fc.property(documents, patches, (before, patch) => {
      const once = mergePatch(before, patch);
      expect(mergePatch(once, patch)).toEqual(once);
      expect(JSON.stringify(once)).not.toContain('null');
    }),
    { numRuns: 1_000 },
  );
});

/** The paths to what `before` has and `after` has not, through maps. */
function* gone(before: JsonObject, after: JsonObject, path: string[] = []): Generator<string[]> {
  for (const [key, value] of Object.entries(before)) {
    const other = own(after, key);
    if (other === undefined) yield [...path, key];
    else if (isJsonObject(value) && isJsonObject(other)) yield* gone(value, other, [...path, key]);
  }
}

const at = (object: Json | undefined, path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, key) => isJsonObject(found) && own(found, key), object);

test('three-way: the manifest’s fields are set, those it dropped are gone, a second time there is nothing to do', () => {
  fc.assert(
    fc.property(documents, documents, documents, (original, modified, current) => {
      const result = mergePatch(current, createThreeWayJsonMergePatch(original, modified, current)) as JsonObject;
      expect(mergePatch(result, modified)).toEqual(result);
      for (const path of gone(original, modified)) expect(at(result, path), path.join('.')).toBe(undefined);
      expect(createThreeWayJsonMergePatch(modified, modified, result)).toEqual({});
    }),
    { numRuns: 1_000 },
  );
});
