/** A session survives the way through a link. */

import { expect, test } from 'vitest';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { fromHash, toHash } from './share.ts';

const log: SessionLog = {
  version: 1,
  seed: 7,
  start: { lesson: 'persistent-volume', step: 'create' },
  entries: [{ at: 12, type: 'keys', host: 'master01', data: 'kubectl get pv\r# あ' }],
  until: 99,
};

test('what goes in comes out', async () => {
  const hash = await toHash(log);
  expect(hash).toMatch(/^#session=[\w-]+$/);
  expect(await fromHash(hash!)).toEqual(log);
});

test('a long session makes no link', async () => {
  let state = 1;
  const letter = () => {
    state = (state * 48271) % 0x7fffffff;
    return String.fromCharCode(33 + (state % 90));
  };
  const data = Array.from({ length: 40_000 }, letter).join('');
  expect(await toHash({ ...log, entries: [{ at: 1, type: 'keys', host: 'nfs', data }] })).toBeUndefined();
});

test('a damaged link is no session', async () => {
  const hash = (await toHash(log))!;
  expect(await fromHash(hash.slice(0, -6))).toBeUndefined();
  expect(await fromHash('#create')).toBeUndefined();
});
