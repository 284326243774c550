/** Lists and watches under random writes: a list's events lead to every later list, and pages are one list. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channel } from '../sim/channel.ts';
import { startApi } from './testing.ts';

type Item = { metadata: { name: string; namespace: string; resourceVersion: string; labels?: Record<string, string> } };
type Event = { type: string; object: Item };

const NAMESPACES = ['default', 'a', 'a-b', 'ab'];

/** What may happen between two looks. */
const namespaces = fc.constantFrom(...NAMESPACES);
const names = fc.constantFrom('m', 'n', 'n-1', 'n.1', 'o');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('x', 'y'));
const operations = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), namespace: namespaces, name: names, labels }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('label' as const), namespace: namespaces, name: names, labels }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), namespace: namespaces, name: names }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
);
type Operation = typeof operations extends fc.Arbitrary<infer T> ? T : never;

/** What is listed and watched. */
const views = fc.record({
  path: fc.oneof(
    fc.constant('/api/v1/configmaps'),
    namespaces.map((namespace) => `/api/v1/namespaces/${namespace}/configmaps`),
  ),
  selector: fc.constantFrom(
    '',
    'labelSelector=app%3Dx',
    'labelSelector=app,tier!%3Dy',
    'labelSelector=!app',
    'labelSelector=tier+in+(x,y)',
    'fieldSelector=metadata.name%3Dn',
    'fieldSelector=metadata.name!%3Dm&labelSelector=tier',
    'fieldSelector=metadata.namespace%3Da',
  ),
});

function startWorld() {
  const world = startApi();
  for (const name of NAMESPACES.slice(1)) world.admin.create('namespaces', '', { metadata: { name } });
  const { call, clock } = world;
  const url = (namespace: string, name = '') => `/api/v1/namespaces/${namespace}/configmaps${name && `/${name}`}`;
  const carryOut = (operation: Operation) => {
    if (operation.do === 'wait') clock.advanceTo(clock.now + operation.ms);
    else if (operation.do === 'delete') call('DELETE', url(operation.namespace, operation.name));
    else if (operation.do === 'create') {
      const { name, labels } = operation;
      call('POST', url(operation.namespace), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });
    } else {
      const all = { app: null, tier: null, ...operation.labels };
      const patch = { metadata: { labels: all } };
      call('PATCH', url(operation.namespace, operation.name), patch, 'application/merge-patch+json');
    }
  };
  const list = ({ path, selector }: { path: string; selector: string }, query = '') =>
    call('GET', `${path}?${[selector, query].filter(Boolean).join('&')}`).value as {
      metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
      items: Item[];
    };
  const watch = ({ path, selector }: { path: string; selector: string }, query: string) =>
    call('GET', `${path}?watch=1&${[selector, query].filter(Boolean).join('&')}`).body as Channel<string>;
  return { ...world, carryOut, list, watch };
}

function* taken(stream: Channel<string>): Generator<Event> {
  for (let line = stream.take(); line !== undefined; line = stream.take()) yield JSON.parse(line) as Event;
}

const keyOf = ({ metadata }: Item): string => `${metadata.namespace}/${metadata.name}`;
/** Carries events out on what a list gave, and holds each of them to what it may be. */
function replay(known: Map<string, Item>, events: Iterable<Event>, from: string): void {
  let last = Number(from);
  for (const { type, object } of events) {
    const revision = Number(object.metadata.resourceVersion);
    if (type === 'BOOKMARK') {
      expect(revision).toBeGreaterThanOrEqual(last);
      continue;
    }
    expect(revision).toBeGreaterThan(last);
    last = revision;
    const key = keyOf(object);
    expect(`${type} ${known.has(key)}`).toBe(`${type} ${type !== 'ADDED'}`);
    if (type === 'DELETED') known.delete(key);
    else known.set(key, object);
  }
}

/** By key; events carry their kind, items of a list do not. */
const sorted = (items: Iterable<Item>): Item[] =>
  [...items].map(({ metadata }) => ({ metadata })).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

test('the events after a list, carried out on it, give every later list', () => {
  fc.assert(
    fc.property(
      fc.array(operations, { maxLength: 25 }),
      fc.array(fc.array(operations, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      views,
      fc.boolean(),
      (before, rounds, view, bookmarks) => {
        const { carryOut, list, watch } = startWorld();
        before.forEach(carryOut);
        const first = list(view);
        const from = first.metadata.resourceVersion;
        const query = `resourceVersion=${from}${bookmarks ? '&allowWatchBookmarks=true' : ''}`;
        const early = watch(view, query);
        const known = new Map(first.items.map((item) => [keyOf(item), item]));
        const heard: Event[] = [];
        for (const operations of rounds) {
          operations.forEach(carryOut);
          heard.push(...taken(early));
          const replayed = new Map(known);
          replay(replayed, heard, from);
          const now = list(view).items;
          expect(sorted(replayed.values())).toEqual(sorted(now));
          // Whoever comes later from the same revision hears the same.
          const late = watch(view, `resourceVersion=${from}`);
          expect([...taken(late)]).toEqual(heard.filter(({ type }) => type !== 'BOOKMARK'));
          late.cancel();
        }
        early.cancel();
      },
    ),
    { numRuns: 300 },
  );
});

test('a watch that begins with the state tells it, then goes on from it', () => {
  fc.assert(
    fc.property(
      fc.array(operations, { maxLength: 20 }),
      fc.array(operations, { maxLength: 12 }),
      views,
      fc.constantFrom(
        '',
        'resourceVersion=0',
        'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan',
      ),
      (before, after, view, query) => {
        const { carryOut, list, watch } = startWorld();
        before.forEach(carryOut);
        const stream = watch(view, query);
        const known = new Map<string, Item>();
        const initial = [...taken(stream)].filter(({ type }) => type === 'ADDED');
        for (const { object } of initial) known.set(keyOf(object), object);
        const { items, metadata } = list(view);
        expect(sorted(known.values())).toEqual(sorted(items));
        after.forEach(carryOut);
        replay(known, taken(stream), metadata.resourceVersion);
        expect(sorted(known.values())).toEqual(sorted(list(view).items));
        stream.cancel();
      },
    ),
    { numRuns: 200 },
  );
});

test('pages, put together, are the list as it was at the first, whatever is written between them', () => {
  fc.assert(
    fc.property(
      fc.array(operations, { maxLength: 40 }),
      fc.array(operations, { maxLength: 15 }),
      views,
      fc.integer({ min: 1, max: 5 }),
      (before, between, view, limit) => {
        const { carryOut, list } = startWorld();
        before.forEach(carryOut);
        const whole = list(view);
        const items: Item[] = [];
        for (let token: string | undefined = ''; token !== undefined; ) {
          const page = list(view, `limit=${limit}${token && `&continue=${token}`}`);
          items.push(...page.items);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          expect(page.metadata.resourceVersion).toBe(whole.metadata.resourceVersion);
          token = page.metadata.continue;
          const { remainingItemCount } = page.metadata;
          if (remainingItemCount !== undefined) expect(remainingItemCount).toBe(whole.items.length - items.length);
          const next = between.splice(0, 3);
          next.forEach(carryOut);
        }
        expect(items).toEqual(whole.items);
        // The past can be asked for by its revision, too.
        expect(
          list(view, `resourceVersion=${whole.metadata.resourceVersion}&resourceVersionMatch=Exact`).items,
        ).toEqual(whole.items);
      },
    ),
    { numRuns: 300 },
  );
});

test('a list stands in the order of etcd’s keys', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 40 }), (before) => {
      const { carryOut, list } = startWorld();
      before.forEach(carryOut);
      const keys = list({ path: '/api/v1/configmaps', selector: '' }).items.map(keyOf);
      expect(keys).toEqual([...keys].sort());
    }),
    { numRuns: 50 },
  );
});
