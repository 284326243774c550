/** Server-side apply of keyed lists: several managers' containers, ports and environment in one Deployment. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startApi } from '../testing.ts';

const URL = '/apis/apps/v1/namespaces/default/deployments/d';
const names = fc.constantFrom('a', 'b', 'c');

type Container = { name: string; image: string; env?: { name: string; value: string }[] };

/** Each manager has its own words, so that none conflicts with another. */
const containersOf = (manager: string): fc.Arbitrary<Container[]> =>
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(`${manager}-1`, `${manager}-2`),
      image: fc.constantFrom('x', 'y'),
      env: fc.uniqueArray(fc.record({ name: names, value: names }), { selector: ({ name }) => name, maxLength: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 2 },
  );

const BASE: Container = { name: 'base', image: 'nginx' };

function start() {
  const { call } = startApi();
  const apply = (manager: string, containers: Container[]) =>
    call(
      'PATCH',
      `${URL}?fieldManager=${manager}`,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: {
          selector: { matchLabels: { app: 'd' } },
          template: { metadata: { labels: { app: 'd' } }, spec: { containers } },
        },
      },
      'application/apply-patch+yaml',
    );
  const read = () => call('GET', URL).value.spec.template.spec.containers as Container[];
  apply('base', [BASE]);
  return { apply, read };
}

/** What a manager said of its containers, without what the server filled in. */
const said = (containers: readonly Container[]) =>
  Object.fromEntries(
    containers.map(({ name, image, env = [] }) => [
      name,
      { image, env: Object.fromEntries(env.map(({ name, value }) => [name, value])) },
    ]),
  );

test('every manager’s elements are there as it last said, and those it no longer names are gone', () => {
  const steps = fc.oneof(
    containersOf('p').map((containers) => ({ manager: 'p', containers })),
    containersOf('q').map((containers) => ({ manager: 'q', containers })),
  );
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 8 }), (given) => {
      const { apply, read } = start();
      const last = new Map<string, Container[]>([['base', [BASE]]]);
      for (const { manager, containers } of given) {
        expect(apply(manager, containers).status).toBe(200);
        last.set(manager, containers);
        expect(said(read())).toEqual(said([...last.values()].flat()));
      }
    }),
    { numRuns: 200 },
  );
});

test('a shared element goes with its last owner', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(['p', 'q', 'r'], { minLength: 1 }), (leaving) => {
      const { apply, read } = start();
      const shared = { name: 'shared', image: 'x' };
      for (const manager of ['p', 'q', 'r']) apply(manager, [shared]);
      leaving.forEach((manager, i) => {
        apply(manager, []);
        expect(read().some(({ name }) => name === 'shared')).toBe(i < 2);
      });
    }),
  );
});
