/** The picture's arithmetic: everything inside the frame, nothing on top of another, joined by what holds. */

import { describe, expect, test } from 'vitest';
import { pictures } from '../../runtime/testing/pictures.ts';
import { type Item, layOut } from './layout.ts';
import { Changes, shorten, toneOf } from './state.ts';

const overlap = (a: Item, b: Item) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each([1200, 700, 560, 358])('%i wide', (width) => {
  test.each(pictures.map((picture, index) => [index, picture] as const))('picture %i', (_, picture) => {
    const { items, frames, height } = layOut(picture, width);
    for (const { x, y, width: w, height: h } of [...items, ...frames]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(width);
      expect(y + h).toBeLessThanOrEqual(height);
    }
    for (const [index, a] of items.entries()) for (const b of items.slice(index + 1)) expect(overlap(a, b)).toBe(false);
  });
});

test('a pod that has not mounted its claim is joined by a broken line', () => {
  const { edges } = layOut(pictures[2]!, 700);
  const uses = edges.filter(({ to }) => to === 'claims/test-claim');
  expect(uses.map(({ holds }) => holds)).toEqual([true, false]);
});

test('joined things stand side by side', () => {
  const { items } = layOut(pictures[3]!, 700);
  const order = (layer: string) => items.filter((item) => item.layer === layer).map(({ name }) => name);
  expect(order('claims')).toEqual([
    'test-claim',
    'pvc-volume-persistent-stateset-0',
    'pvc-volume-persistent-stateset-1',
  ]);
  expect(order('volumes')).toEqual(['pv0001', 'pv003', 'pv002']);
  expect(order('exports')).toEqual(['/mnt/nfsserv', '/mnt/pv003', '/mnt/pv002']);
});

test('many pods of one node are counted', () => {
  const { more } = layOut(pictures[4]!, 700);
  expect(more.map(({ count }) => count)).toEqual([2]);
});

test('what changed is counted once, what was there at first is not', () => {
  const changes = new Changes();
  expect([...changes.see(pictures[1]!)]).toEqual([]);
  const after = changes.see(pictures[2]!);
  expect(after.get('volumes/pv0001')).toBe(1);
  expect(after.get('claims/test-claim')).toBe(1);
  expect([...changes.see(pictures[2]!)]).toEqual([...after]);
});

test('a long name keeps its beginning and its end', () => {
  expect(shorten('persistent-deployment-b9db64785-7fq4z', 16)).toBe('persiste…5-7fq4z');
  expect(shorten('pv0001', 16)).toBe('pv0001');
});

test('errors are bad, unknown words wait', () => {
  expect(toneOf('ImagePullBackOff')).toBe('bad');
  expect(toneOf('Init:0/1')).toBe('waits');
  expect(toneOf('Terminating')).toBe('gone');
});
