/** Words that are others for each learner. */

import { expect, test } from 'vitest';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { changer, inVariant, variantOf } from './vary.ts';

const lessons = lessonsFromDisk();

test('only whole words are others', () => {
  const change = changer(
    new Map([
      ['pv1', 'pv77'],
      ['pv1-old', 'kept'],
      ['10.0.0.1', '10.0.0.9'],
    ]),
  )!;
  expect(change('pv1 pv1.yaml (pv1) "pv1" pv10 my-pv1 pv1-new pv1-old 10.0.0.1:/x 10x0.0.1')).toBe(
    'pv77 pv77.yaml (pv77) "pv77" pv10 my-pv1 pv1-new kept 10.0.0.9:/x 10x0.0.1',
  );
  expect(changer(new Map())).toBeUndefined();
});

test('a number gives the same words every time, and numbers differ', () => {
  expect(variantOf(lessons, 7)).toEqual(variantOf(lessons, 7));
  const claims = new Set(Array.from({ length: 200 }, (_, number) => variantOf(lessons, number).get('test-claim')));
  expect(claims.size).toBeGreaterThan(190);
  for (const claim of claims) expect(claim).toMatch(/^claim-\d{4}$/);
});

test('manifests, solutions, checkpoints and code follow; ids, choices and prose do not', () => {
  const words = new Map([
    ['test-claim', 'mine'],
    ['slow', 'cold'],
  ]);
  const before = lessons.find(({ id }) => id === 'claim')!;
  const after = inVariant(lessons, words).find(({ id }) => id === 'claim')!;
  expect(after.manifests['persistent_volume_claims.yaml']).toContain('name: mine\n');
  expect(after.manifests['persistent_volume_claims.yaml']).toContain('storageClassName: cold\n');
  expect(JSON.stringify(after.steps.map(({ checkpoints }) => checkpoints))).not.toContain('test-claim');
  const ids = ({ steps }: typeof before) =>
    steps.map(({ id, quiz, checkpoints }) => [id, quiz, checkpoints.map((one) => one.id)]);
  expect(ids(after)).toEqual(ids(before));
  expect(after.texts.en.steps.define!.checkpoints.manifest!.hints[1]).toContain('`mine`');
  expect(before.manifests['persistent_volume_claims.yaml']).toContain('name: test-claim\n');
});
