/** Words of the command line against what is known of the server: believed until something is not found in it. */

import { expect, test } from 'vitest';
import { DiscoveredMapper, type Mapping, RememberingMapper } from './mapper.ts';

const mapping = (group: string, resource: string, kind: string, shortNames: readonly string[] = []): Mapping => ({
  group,
  version: 'v1',
  resource,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  shortNames,
  categories: [],
  verbs: ['get', 'list'],
  subresources: [],
});

const PODS = mapping('', 'pods', 'Pod', ['po']);
const CRONTABS = mapping('stable.example.com', 'crontabs', 'CronTab', ['ct']);
const SHIRTS = mapping('stable.example.com', 'shirts', 'Shirt', ['po']);
const of = (...resources: readonly Mapping[]) => new DiscoveredMapper([], resources);

test('what is gone is believed in, what is new is found', () => {
  const mapper = new RememberingMapper(of(PODS, CRONTABS), of(PODS, SHIRTS), () => {});
  expect(mapper.find('ct')).toBe(CRONTABS);
  expect(mapper.isRenewed).toBe(false);
  expect(mapper.find('shirts')).toBe(SHIRTS);
  expect(mapper.isRenewed).toBe(true);
  expect(() => mapper.find('ct')).toThrow('the server doesn\'t have a resource type "ct"');
});

test('a short name that another has too is told of', () => {
  const told: string[] = [];
  const mapper = new RememberingMapper(undefined, of(PODS, SHIRTS), (text) => told.push(text));
  expect([mapper.find('po'), mapper.find('pods')]).toEqual([PODS, PODS]);
  expect(told).toEqual(['short name "po" could also match lower priority resource shirts.stable.example.com']);
});
