/** A part is loaded once, is asked for again while its host is patient, and can be had before it is needed. */

import { afterEach, expect, test } from 'vitest';
import { loadParts, part, preload } from './parts.ts';

const used: string[] = [];
afterEach(() => {
  used.length = 0;
  loadParts({ patience: (_, error) => Promise.reject(error), onUse: () => {} });
});

test('a part is loaded once, and told of once', async () => {
  loadParts({ patience: (_, error) => Promise.reject(error), onUse: (name) => used.push(name) });
  let loads = 0;
  const one = part('test/once', async () => ++loads);
  expect([await one(), await one()]).toEqual([1, 1]);
  expect(used).toEqual(['test/once']);
});

test('without patience a failure is the caller’s, and the next call tries again', async () => {
  let attempts = 0;
  const one = part('test/again', async () => {
    if (++attempts === 1) throw new Error('no network');
    return 'here';
  });
  await expect(one()).rejects.toThrow('no network');
  expect(await one()).toBe('here');
});

test('a patient host has it tried until it comes', async () => {
  const told: unknown[] = [];
  loadParts({
    patience: async (name, error, attempt) => void told.push(name, String(error), attempt),
    onUse: () => {},
  });
  let attempts = 0;
  const one = part('test/patient', async () => {
    if (++attempts < 3) throw new Error('offline');
    return attempts;
  });
  expect(await one()).toBe(3);
  expect(told).toEqual(['test/patient', 'Error: offline', 1, 'test/patient', 'Error: offline', 2]);
});

test('a part that another declares is preloaded after it; a name nobody knows is passed over', async () => {
  const loaded: string[] = [];
  part('test/outer', async () => {
    loaded.push('outer');
    part('test/inner', async () => loaded.push('inner'));
  });
  await preload(['test/outer', 'test/inner', 'test/of another version']);
  expect(loaded).toEqual(['outer', 'inner']);
});
