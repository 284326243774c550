/** Server-side apply against a model of who owns what: conflicts exactly where another owns another value, removal exactly by the last owner. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startApi } from '../testing.ts';

const APPLIERS = ['one', 'two', 'three'];
const keys = fc.constantFrom('a', 'b', 'c', 'constructor', 'd.e');
const values = fc.constantFrom('1', '2');
const data = fc.dictionary(keys, values, { maxKeys: 4, noNullPrototype: true });

const operations = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('apply' as const),
      manager: fc.constantFrom(...APPLIERS),
      data,
      force: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('patch' as const),
      manager: fc.constantFrom('editor', 'robot'),
      data: fc.dictionary(keys, fc.oneof(values, fc.constant(null)), { maxKeys: 3, noNullPrototype: true }),
    }),
  },
);
type Operation = typeof operations extends fc.Arbitrary<infer T> ? T : never;

/** Every key with its value and its owners. */
type Model = Map<string, { value: string; owners: Set<string> }>;

/** Carries an operation out on the model; the fields in conflict instead, if there are any. */
function carryOut(model: Model, operation: Operation): string[] {
  const { manager } = operation;
  if (operation.do === 'patch') {
    for (const [key, value] of Object.entries(operation.data)) {
      if (value === null) model.delete(key);
      else if (model.get(key)?.value !== value) model.set(key, { value, owners: new Set([manager]) });
    }
    return [];
  }
  const wanted = Object.entries(operation.data);
  const conflicts = wanted.flatMap(([key, value]) => {
    const held = model.get(key);
    if (!held || held.value === value) return [];
    return [...held.owners].filter((owner) => owner !== manager).map((owner) => `${owner} ${key}`);
  });
  if (conflicts.length > 0 && !operation.force) return conflicts.sort();
  for (const [key, value] of wanted) {
    const held = model.get(key);
    if (held?.value === value) held.owners.add(manager);
    else model.set(key, { value, owners: new Set([manager]) });
  }
  for (const [key, { owners }] of model) {
    if (Object.hasOwn(operation.data, key) || !owners.delete(manager)) continue;
    if (owners.size === 0) model.delete(key);
  }
  return [];
}

/** There from the beginning, and to the end: a map that empties is gone once stored, while its owners still own it. */
const FOUNDING: Operation = { do: 'apply', manager: 'founder', data: { kept: '1' }, force: false };

const URL = '/api/v1/namespaces/default/configmaps/m';

function start() {
  const { call } = startApi();
  const send = (operation: Operation) => {
    const { manager } = operation;
    if (operation.do === 'patch')
      return call('PATCH', `${URL}?fieldManager=${manager}`, { data: operation.data }, 'application/merge-patch+json');
    const named = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } };
    const body = Object.keys(operation.data).length > 0 ? { ...named, data: operation.data } : named;
    const force = operation.force ? '&force=true' : '';
    return call('PATCH', `${URL}?fieldManager=${manager}${force}`, body, 'application/apply-patch+yaml');
  };
  send(FOUNDING);
  return { send, read: () => call('GET', URL).value };
}

type Entry = { manager: string; fieldsV1?: { 'f:data'?: Record<string, unknown> } };

/** Who owns which keys, as the object itself tells. */
const owned = (object: { metadata: { managedFields?: Entry[] } }): string[] =>
  (object.metadata.managedFields ?? [])
    .flatMap(({ manager, fieldsV1 }) =>
      Object.keys(fieldsV1?.['f:data'] ?? {})
        .filter((field) => field !== '.')
        .map((field) => `${manager} ${field.slice(2)}`),
    )
    .sort();

test('whatever is applied and patched by whomever, data, owners and conflicts are those of the model', () => {
  fc.assert(
    fc.property(fc.array(operations, { minLength: 1, maxLength: 12 }), (given) => {
      const { send, read } = start();
      const model: Model = new Map();
      carryOut(model, FOUNDING);
      for (const operation of given) {
        const conflicts = carryOut(model, operation);
        const { status, value } = send(operation);
        expect(status).toBe(conflicts.length > 0 ? 409 : 200);
        if (conflicts.length > 0) {
          const causes = value.details.causes as { message: string; field: string }[];
          const told = causes.map(
            ({ message, field }) => `${/"(.*?)"/.exec(message)![1]} ${field.replace(/^\.data\.?/, '')}`,
          );
          expect(told.sort()).toEqual(conflicts);
        }
        const object = read();
        expect(object.data ?? {}).toEqual(Object.fromEntries([...model].map(([key, { value }]) => [key, value])));
        expect(owned(object)).toEqual(
          [...model].flatMap(([key, { owners }]) => [...owners].map((owner) => `${owner} ${key}`)).sort(),
        );
      }
    }),
    { numRuns: 400 },
  );
});

test('applying the same twice writes nothing', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 6 }), operations, (before, last) => {
      const { send, read } = start();
      before.forEach(send);
      if (send(last).status !== 200) return;
      const once = read();
      send(last);
      expect(read()).toEqual(once);
    }),
    { numRuns: 300 },
  );
});
