/** A session goes into a link and a file, and comes out of them again; what is no session says why. */

import { expect, test } from 'vitest';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { isSessionHash } from './session-notes.ts';
import { BrokenSession, fromFile, fromHash, toHash, toText } from './share.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
const log: SessionLog = {
  version: 1,
  seed: 7,
  start: { lesson: 'claim', step: 'bind' },
  entries: [
    { at: NOW + 1, type: 'keys', host: 'master01', data: 'kubectl get pvc\r' },
    { at: NOW + 2, type: 'resize', host: 'nfs', columns: 80, rows: 24 },
  ],
  until: NOW + 3,
};

test('round trips', async () => {
  const hash = await toHash(log);
  expect(hash).toMatch(/^#session=[\w-]+$/);
  expect(isSessionHash(hash!)).toBe(true);
  expect(await fromHash(hash!)).toEqual(log);
  expect(await fromFile(new Blob([toText(log)]))).toEqual(log);
});

test('a session too long for a link is told apart', async () => {
  const noise = Array.from({ length: 40_000 }, (_, i) => ((i * 7919) % 104_729).toString(36)).join('');
  const entries = [{ at: NOW, type: 'keys' as const, host: 'nfs', data: noise }];
  expect(await toHash({ ...log, entries })).toBeUndefined();
});

test.each([
  ['#session=', 'the link is cut, or was changed on its way'],
  ['#session=not-deflate', 'the link is cut, or was changed on its way'],
  ['#session=%00', 'the link is cut, or was changed on its way'],
])('a damaged link says so: %s', async (hash, says) => {
  await expect(fromHash(hash)).rejects.toThrow(new BrokenSession(says));
});

test('a link that was cut short says so', async () => {
  const hash = (await toHash(log))!;
  await expect(fromHash(hash.slice(0, -20))).rejects.toThrow(BrokenSession);
});

test('a bomb of zeros is given up', async () => {
  const zeros = new Blob([new Uint8Array(80 * 1024 * 1024)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(zeros).arrayBuffer());
  const hash = `#session=${Buffer.from(bytes).toString('base64url')}`;
  await expect(fromHash(hash)).rejects.toThrow(BrokenSession);
});

test.each([
  ['', 'it is not a session of this lab'],
  ['{"version":1', 'it is not a session of this lab'],
  ['{"version":2}', 'it is of version 2, and this lab reads version 1'],
  ['[]', 'it is not a session of this lab'],
])('a file that is no session says why: %s', async (text, says) => {
  await expect(fromFile(new Blob([text]))).rejects.toThrow(new BrokenSession(says));
});
