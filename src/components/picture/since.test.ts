/** What changed since the last command: marked until the next one, and said in words. */

import { describe, expect, test } from 'vitest';
import type { Picture } from '../../../sandbox/channel/messages.ts';
import type { Language } from '../../../sandbox/words/index.ts';
import { pictureWords } from '../../../sandbox/words/picture/index.ts';
import { pictures } from '../../runtime/testing/pictures.ts';
import { changesBetween, SinceCommand } from './since.ts';
import { changeInWords, changesInWords } from './words.ts';

const [empty, available, twoPods] = pictures as readonly [Picture, Picture, Picture];
const said = (before: Picture, now: Picture, language: Language = 'en') =>
  changesBetween(before, now).map((change) => changeInWords(change, pictureWords[language]));

test('nothing is new at first, and nothing when nothing happens', () => {
  const since = new SinceCommand();
  expect(since.see(available, 0, 1)).toEqual([]);
  expect(since.see({ ...available }, 0, 1)).toEqual([]);
});

test('what came stays marked until the next command, then no more', () => {
  const since = new SinceCommand();
  since.see(empty, 0, 1);
  since.see(empty, 1, 1);
  expect(since.see(available, 1, 1).map(({ id, what }) => `${what} ${id}`)).toEqual([
    'changed machines/node01',
    'changed machines/node02',
    'added volumes/pv0001',
    'added exports//mnt/nfsserv',
  ]);
  expect(since.see(available, 1, 1)).toHaveLength(4);
  expect(since.see(available, 2, 1)).toEqual([]);
});

test('another world is no change', () => {
  const since = new SinceCommand();
  since.see(twoPods, 3, 1);
  expect(since.see(empty, 4, 2)).toEqual([]);
});

describe('in words', () => {
  test('a crowd that comes at once is counted', () => {
    const crowd: Picture = { ...empty, pods: pictures[5]!.pods };
    const words = changesInWords(changesBetween(empty, crowd), pictureWords.en);
    expect(words.filter((text) => text.includes('Pod'))).toEqual(['+ 50 × Pod']);
  });

  test('a claim that is bound, files that came and went, a node that got its client', () => {
    const claims = [{ name: 'test-claim', status: 'Pending', volume: '' }];
    const exports = [{ ...available.exports[0]!, files: ['old'] }];
    const before: Picture = { ...empty, claims, exports };
    const now: Picture = {
      ...before,
      claims: [{ name: 'test-claim', status: 'Bound', volume: 'pv0001' }],
      exports: [{ ...exports[0]!, files: ['test_from_pod'] }],
      nodes: before.nodes.map((node) => (node.name === 'node01' ? { ...node, nfsClient: true } : node)),
    };
    expect(said(before, now)).toEqual([
      'node01: NFS client installed',
      'claim test-claim: Pending → Bound, volume pv0001',
      '/mnt/nfsserv: + test_from_pod, − old',
    ]);
    expect(said(before, now, 'ja')).toEqual([
      'node01: NFSクライアントをインストール',
      'PVC test-claim: Pending → Bound、PV pv0001',
      '/mnt/nfsserv: + test_from_pod、− old',
    ]);
  });

  test('a Pod of the same name is another one, one that is gone is said', () => {
    const [first, second] = twoPods.pods as [Picture['pods'][number], Picture['pods'][number]];
    const now: Picture = { ...twoPods, pods: [{ ...first, uid: 'another' }] };
    expect(said(twoPods, now)).toEqual([`another Pod ${first.name}`, `− Pod ${second.name}`]);
  });

  test('exports taken back, mounts by hand, a machine switched off', () => {
    const now: Picture = {
      ...available,
      exports: [{ ...available.exports[0]!, exported: false, grants: [] }],
      handMounts: [{ node: 'node02', path: '/mnt', from: '/mnt/nfsserv' }],
      server: { ...available.server, up: false, serving: false },
    };
    expect(said(available, now)).toEqual([
      'node02: mounted /mnt/nfsserv → /mnt',
      'nfs: switched off, serves nothing any more',
      '/mnt/nfsserv: no longer exported to *(rw,no_root_squash)',
    ]);
  });
});
