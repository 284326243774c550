/** Scenarios recorded from a real control plane, replayed: each object goes through the same states, and the same events are told. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startCluster } from './testing/cluster.ts';
import type { Recording } from './testing/replay.ts';
import { normalized, replay } from './testing/replay.ts';

const folder = new URL('./testdata/', import.meta.url);
const recording = (name: string): Recording => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** What the recording's nodes had pulled before. */
const images = [
  'nginx',
  'nginx:1.19',
  'nginx:1.20',
  'busybox',
  'registry.k8s.io/build-image/debian-base:bookworm-v1.0.6',
];

/** Pods and replica sets have generated names, and their states depend on who was faster: they are told of by their owners. */
const COMPARED = /^(persistentvolumes|persistentvolumeclaims|statefulsets|deployments)\//;

/** Events that one run of the real plane has and the next has not. */
const RACES = [
  /pod has unbound immediate PersistentVolumeClaims/,
  /ScalingReplicaSet/,
  /UnexpectedJob/,
  /manual-HASH/,
  /NoPods/,
  /FailedBinding/,
];

describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', (name) => {
  const recorded = recording(name);
  const cluster = startCluster({ images });
  cluster.histories.clear();
  cluster.events.length = 0;
  // A claim that waits for a resync waits up to 15 s, here as there.
  replay(cluster, { ...recorded, end: recorded.end + 15_000 });

  const wanted = grouped(Object.entries(recorded.histories));
  const seen = grouped(cluster.histories);

  test.each([...wanted.keys()])('%s', (object) => {
    const runs = seen.get(object) ?? [];
    for (const [i, states] of wanted.get(object)!.entries()) {
      const ours = runs[i] ?? [];
      expect(follows(ours, states), `wanted ${states.join(' | ')}\nsaw    ${ours.join(' | ')}`).toBe(true);
    }
  });

  test('events', () => {
    const steady = (event: string) => !RACES.some((race) => race.test(event));
    const told = new Set(cluster.events.map(normalized));
    expect([...told]).toEqual(expect.arrayContaining([...new Set(recorded.events.map(normalized))].filter(steady)));
  });
});

/** Histories by kind and name without what is generated; of equals, in one order. */
function grouped(histories: Iterable<readonly [string, readonly string[]]>): Map<string, string[][]> {
  const groups = new Map<string, string[][]>();
  for (const [object, states] of histories) {
    if (!COMPARED.test(object)) continue;
    const key = anyVolume(normalized(object));
    const told = states.map((state) => anyVolume(normalized(state))).filter((state, i, all) => state !== all[i - 1]);
    groups.set(key, [...(groups.get(key) ?? []), told]);
  }
  for (const group of groups.values()) group.sort((a, b) => (a.join() < b.join() ? -1 : 1));
  return groups;
}

/** Which of several equal volumes a claim of a set gets is not determined. */
const anyVolume = (text: string): string => text.replace(/\bp[123]\b/g, 'pN').replace(/(data-[a-z]+)-[012]\b/g, '$1-N');

/**
 * Whether our history is the recorded one: the same states in the same order. Changes that come quickly may be seen as one,
 * and the recording may end before or after.
 */
function follows(ours: readonly string[], recorded: readonly string[]): boolean {
  let at = 0;
  for (const state of ours) {
    if (at === recorded.length) return true;
    const found = recorded.indexOf(state, at);
    if (found < 0) return false;
    at = found + 1;
  }
  return ours.length > 1 || recorded.length === 1;
}
