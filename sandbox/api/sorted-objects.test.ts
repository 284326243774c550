/** Objects in order, whatever came, changed and went before. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from './object.ts';
import { SortedObjects } from './sorted-objects.ts';

interface Weighed extends KubeObject {
  readonly weight: number;
}

const heavierLast = (a: KubeObject, b: KubeObject): number =>
  (a as Weighed).weight - (b as Weighed).weight ||
  (a.metadata.name < b.metadata.name ? -1 : a === b ? 0 : Number(a.metadata.name > b.metadata.name));

const change = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  weight: fc.option(fc.nat(4), { nil: undefined }),
});

test('after any changes they are what sorting the survivors gives', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const sorted = new SortedObjects(heavierLast);
      const survivors = new Map<string, Weighed>();
      for (const { name, weight } of changes) {
        if (weight === undefined) {
          sorted.delete(name);
          survivors.delete(name);
          continue;
        }
        const object = { apiVersion: 'v1', kind: 'Weight', metadata: { name, uid: name }, weight } as Weighed;
        sorted.set(name, object);
        survivors.set(name, object);
      }
      expect([...sorted.values()]).toEqual([...survivors.values()].sort(heavierLast));
      expect(sorted.size).toBe(survivors.size);
    }),
  );
});
