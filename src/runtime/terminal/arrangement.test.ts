import { expect, test } from 'vitest';
import {
  alone,
  arranged,
  chosen,
  frontOf,
  nameOf,
  readArrangement,
  renamed,
  splitWith,
  within,
} from './arrangement.ts';

const hosts = ['master01', 'node01', 'nfs', 'master01:2'];

test('a tab replaces the one in front, and goes to where it is in view', () => {
  const one = chosen(arranged('master01'), 'nfs');
  expect(one.shown).toEqual(['nfs']);
  const two = splitWith(one, 'below', 'master01');
  expect(two).toMatchObject({ shown: ['nfs', 'master01'], active: 0, split: 'below' });
  expect(frontOf(chosen(two, 'master01'))).toBe('master01');
  expect(chosen(chosen(two, 'master01'), 'node01').shown).toEqual(['nfs', 'node01']);
});

test('a split turns its direction, and ends with either of the two', () => {
  const two = splitWith(arranged('nfs'), 'beside', 'master01');
  expect(splitWith(two, 'below', 'node01')).toMatchObject({ shown: ['nfs', 'master01'], split: 'below' });
  expect(alone(two).shown).toEqual(['nfs']);
  expect(alone(two, 'master01')).toMatchObject({ shown: ['master01'], active: 0 });
});

test('names are given, and taken back', () => {
  const named = renamed(arranged('nfs'), 'master01:2', ' watching ');
  expect(nameOf(named, 'master01:2')).toBe('watching');
  expect(nameOf(named, 'nfs')).toBe('nfs');
  expect(nameOf(renamed(named, 'master01:2', ''), 'master01:2')).toBe('master01 2');
  expect(renamed(named, 'master01:2', 'master01 2').names).toEqual({});
});

test('a terminal that is gone leaves its place and its name', () => {
  const of = chosen(splitWith(renamed(arranged('nfs'), 'master01:2', 'x'), 'beside', 'master01:2'), 'master01:2');
  const left = within(of, ['master01', 'nfs']);
  expect(left).toEqual({ shown: ['nfs'], active: 0, split: 'beside', names: {} });
  expect(within(left, ['node01', 'node02']).shown).toEqual(['node01']);
  expect(within(of, hosts)).toEqual(of);
});

test('what was kept is read; what is damaged is not', () => {
  const of = splitWith(arranged('nfs'), 'below', 'master01');
  expect(readArrangement(JSON.parse(JSON.stringify(of)))).toEqual(of);
  for (const wrong of [undefined, 'x', {}, { ...of, shown: [] }, { ...of, active: 2 }, { ...of, names: { nfs: 1 } }])
    expect(readArrangement(wrong)).toBeUndefined();
});
