/** `node scripts/build-placements.ts GOLDEN`: from the recorded watch streams, which node each pod of the transcripts was given. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from '../tests/conformance/choices.ts';
import { transcript } from '../tests/conformance/transcript.ts';

interface Recording {
  readonly events: readonly {
    readonly kind: string;
    readonly object: {
      readonly metadata: { readonly uid: string; readonly name: string; readonly creationTimestamp: string };
      readonly spec: { readonly nodeName?: string };
    };
  }[];
}

/** Recordings are numbered by the transcript they belong to. */
const transcriptOf = (number: number): string => (number < 20 ? 'article' : number < 30 ? 'scenarios' : 'beyond');

const [golden] = process.argv.slice(2);
if (!golden) throw new Error('usage: node scripts/build-placements.ts GOLDEN');
const placements = new Map<string, Map<string, Placement>>();
for (const file of readdirSync(join(golden, 'state')).filter((name) => name.startsWith('watch-'))) {
  const name = transcriptOf(Number(file.slice(6, 8)));
  const began = Math.min(...transcript(name).map(({ at }) => Date.parse(at)));
  const pods = placements.get(name) ?? new Map<string, Placement>();
  placements.set(name, pods);
  const { events } = JSON.parse(readFileSync(join(golden, 'state', file), 'utf8')) as Recording;
  for (const { kind, object } of events) {
    const { uid, name: pod, creationTimestamp } = object.metadata;
    const node = object.spec?.nodeName;
    if (kind === 'pods' && node && !pods.has(uid))
      pods.set(uid, { at: Date.parse(creationTimestamp) - began, pod, node });
  }
}
const rows = [...placements].map(([name, pods]) => [name, [...pods.values()].sort((a, b) => a.at - b.at)] as const);
writeFileSync(
  new URL('../tests/conformance/testdata/placements.json', import.meta.url),
  `${JSON.stringify(Object.fromEntries(rows))}\n`,
);
