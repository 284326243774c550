/** JSONPath templates on arbitrary objects: fields, slices, wildcards, filters and ranges against plain code. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonPath } from './jsonpath.ts';

const names = fc.constantFrom('a', 'b', 'name', 'app.kubernetes.io/name', 'with-dash', 'constructor');
const scalars = fc.constantFrom<unknown>('x', 'y z', '', 0, 1, -2, 1.5, true, false);
const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalars, fc.array(tie('value'), { maxLength: 4 }), tie('tree')),
  tree: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const escaped = (name: string) => name.replaceAll('.', '\\.');
const find = (template: string, data: unknown): unknown[] => new JsonPath(template, true).find(data).flat();

/** All paths of fields from the root. */
function* paths(value: unknown, path: string[] = []): Generator<[string[], unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    yield [[...path, name], inner];
    yield* paths(inner, [...path, name]);
  }
}

test('every field is found by its path, with dots escaped or in brackets', () => {
  fc.assert(
    fc.property(tree, (data) => {
      for (const [path, value] of paths(data)) {
        expect(find(`{.${path.map(escaped).join('.')}}`, data)).toEqual([value]);
        expect(find(`{${path.map((name) => `['${escaped(name)}']`).join('')}}`, data)).toEqual([value]);
      }
    }),
    { numRuns: 200 },
  );
});

test('what is not there is nothing', () => {
  fc.assert(
    fc.property(tree, names, (data, name) => {
      fc.pre(!Object.hasOwn(data, name));
      expect(find(`{.${escaped(name)}}`, data)).toEqual([]);
    }),
  );
});

test('a slice is that of the list', () => {
  const lists = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lists, fc.nat(8), fc.nat(8), fc.integer({ min: 1, max: 3 }), (list, one, other, step) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)].map((at) => Math.min(at, list.length)) as [
        number,
        number,
      ];
      const expected = list.slice(start, end).filter((_, i) => i % step === 0);
      expect(find(`{.l[${start}:${end}:${step}]}`, { l: list })).toEqual(expected);
      if (start < list.length) {
        expect(find(`{.l[${start}:]}`, { l: list })).toEqual(list.slice(start));
        expect(find(`{.l[${start}]}`, { l: list })).toEqual([list[start]]);
        expect(find(`{.l[${start - list.length}]}`, { l: list })).toEqual([list[start]]);
      }
      expect(find('{.l[*]}', { l: list })).toEqual(list);
    }),
    { numRuns: 300 },
  );
});

test('a filter keeps what passes', () => {
  const items = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), n: fc.integer({ min: -2, max: 3 }) }));
  const operators = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
  const passes = { '==': 0, '!=': 0, '<': -1, '<=': -1, '>': 1, '>=': 1 };
  fc.assert(
    fc.property(items, operators, fc.integer({ min: -1, max: 2 }), (all, operator, limit) => {
      const compare = (n: number) => {
        if (operator === '!=') return n !== limit;
        if (n === limit) return operator.includes('=');
        return Math.sign(n - limit) === passes[operator as '<'] && operator !== '==';
      };
      expect(find(`{.items[?(@.n${operator}${limit})].n}`, { items: all })).toEqual(
        all.map(({ n }) => n).filter(compare),
      );
      expect(find(`{.items[?(@.name=="a")].n}`, { items: all })).toEqual(
        all.filter(({ name }) => name === 'a').map(({ n }) => n),
      );
    }),
    { numRuns: 300 },
  );
});

test('a range is a loop', () => {
  const items = fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), ports: fc.array(fc.nat(9)) }));
  fc.assert(
    fc.property(items, (all) => {
      const template = '{range .items[*]}{.name}{"\\t"}{.ports[*]}{"\\n"}{end}';
      expect(new JsonPath(template).print({ items: all }, JSON.stringify)).toBe(
        all.map(({ name, ports }) => `${name}\t${ports.join(' ')}\n`).join(''),
      );
    }),
    { numRuns: 200 },
  );
});
