/** The picture's arithmetic: everything inside the frame, nothing on top of another, joined by what holds. */

import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../../sandbox/words/languages.ts';
import { pictureWords } from '../../../sandbox/words/picture/index.ts';
import { pictures } from '../../runtime/testing/pictures.ts';
import { commandOf } from './faces.ts';
import { factsOf } from './facts.ts';
import type { Item } from './items.ts';
import { layOut } from './layout.ts';
import { fitted, NAME_LETTER, SANS_LETTER, SMALL_LETTER, shorten, toneOf } from './state.ts';
import { factWords } from './words.ts';

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
  expect(more.map(({ hidden }) => hidden.length)).toEqual([2]);
});

test('before there is anything of the learner, the machines are there, and no empty layers', () => {
  const { items, labels } = layOut(pictures[0]!, 700);
  expect(items.map(({ id }) => id)).toEqual([
    'machines/master01',
    'machines/node01',
    'machines/node02',
    'machines/nfs',
  ]);
  expect(labels.map(({ label }) => label)).toEqual(['control', 'nodes', 'exports']);
});

describe.each(LANGUAGES)('beside the text of a window of 1024 px (%s)', (language) => {
  /** A box's paddings; its second button; its dot. */
  const [PADDING, WHY, DOT] = [16, 14, 12];
  /** Lesson 3: a claim, its volume and the export. */
  const bound = { ...pictures[1]!, workloads: [], pods: [], claims: pictures[1]!.claims.slice(0, 1) };
  const { items, frames } = layOut(bound, 566);

  test.each(items.filter(({ layer }) => layer !== 'machines'))('$name is written out', ({ name, width, layer }) => {
    expect(fitted(name, width - PADDING - WHY, NAME_LETTER)).toBe(name);
    if (layer === 'volumes') expect(fitted('Available', width - PADDING - DOT, SMALL_LETTER)).toBe('Available');
  });

  test.each(frames)('what is said of $name is written out', ({ name, width }) => {
    for (const fact of factsOf(bound, name)) {
      const words = factWords(fact, pictureWords[language]);
      expect(fitted(words, width - 14, SANS_LETTER)).toBe(words);
    }
  });
});

test('what a machine holds stands in its frame', () => {
  const { frames, items } = layOut(pictures[3]!, 700);
  const within = (name: string, id: string) => {
    const frame = frames.find((one) => one.name === name)!;
    const item = items.find((one) => one.id === id)!;
    return item.y >= frame.y && item.y + item.height <= frame.y + frame.height && item.x >= frame.x;
  };
  expect(within('node02', 'pods/persistent-stateset-1')).toBe(true);
  expect(within('node01', 'pods/persistent-stateset-1')).toBe(false);
  expect(within('nfs', 'exports//mnt/nfsserv')).toBe(true);
});

describe('fifty pods, twenty claims, volumes and exports', () => {
  const crowd = pictures[5]!;

  test.each([1200, 700, 358])('stay a picture at %i', (width) => {
    const { items, height, more } = layOut(crowd, width);
    expect(items.length).toBeLessThan(40);
    expect(height).toBeLessThan(width < 560 ? 1200 : 480);
    const counted = more.flatMap(({ hidden }) => hidden);
    expect(items.length - 4 + counted.length).toBe(1 + 50 + 20 + 20 + 20);
    expect(new Set(counted).size).toBe(counted.length);
  });

  test('those that failed are shown', () => {
    const failed = crowd.pods.filter(({ status }) => status === 'Error').map(({ name }) => `pods/${name}`);
    expect(failed).toHaveLength(4);
    const shown = layOut(crowd, 700).items.map(({ id }) => id);
    expect(shown).toEqual(expect.arrayContaining(failed));
  });

  test('a mount by hand joins node and export', () => {
    const { edges } = layOut(crowd, 700);
    expect(edges.map(({ id }) => id)).toContain('machines/node01>exports//mnt/d0');
  });
});

test.each([
  ['/mnt/nfsserv', 'ls -la /mnt/nfsserv'],
  ['/mnt/my files', "ls -la '/mnt/my files'"],
  ["/mnt/it's; rm -rf *", "ls -la '/mnt/it'\\''s; rm -rf *'"],
  ['/mnt/a\tb\rc', "ls -la $'/mnt/a\\011b\\015c'"],
])('the shell gets %j whole', (name, command) => {
  const item = {
    id: `exports/${name}`,
    layer: 'exports',
    kind: 'Directory',
    name,
    x: 0,
    y: 0,
    width: 1,
    height: 1,
  } as const;
  expect(commandOf(item, pictureWords.en)).toMatchObject({ host: 'nfs', command });
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
