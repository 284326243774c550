/** Makes tests/watch-streams/testdata from the recorder's folder: `node scripts/record-watch-streams.ts GOLDEN`. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transcript } from '../tests/conformance/transcript.ts';
import type { Recording } from '../tests/watch-streams/recording.ts';
import { packed, tell, type WatchEvent } from '../tests/watch-streams/story.ts';

interface WatchFile {
  readonly scenario: string;
  readonly steps: readonly { readonly ms: number; readonly step: string }[];
  readonly events: readonly WatchEvent[];
}

/** Of the article's session: the command before which a watch's first step stands. */
const ARTICLE: Readonly<Record<string, number>> = {
  '01-pv-create': 103,
  '02-pvc-bind': 136,
  '03-deployment-create': 173,
  '04-deployment-scale-up-apply': 262,
  '05-deployment-self-heal': 285,
  '08-statefulset-pod-delete': 348,
  '09-statefulset-scale-down': 357,
  '09-statefulset-scale-up': 363,
  '09-statefulset-scale-3-no-pv': 366,
  '10-deployment-rollout-set-image': 377,
  '10-deployment-undo': 388,
  '10-deployment-restart': 394,
  '10-deployment-bad-image': 403,
  '10-deployment-scale': 411,
  '13-drain': 534,
  '14-pvc-delete-in-use': 565,
  '14-sts-delete': 576,
};
/** The watch was there this long before the first command, where no step says when that was. */
const LEAD_MS = 120;

const golden = process.argv[2];
if (!golden) throw new Error('usage: node scripts/record-watch-streams.ts GOLDEN');

const commands = new Map(['article', 'scenarios', 'beyond'].map((name) => [name, transcript(name)]));
const transcriptOf = (scenario: string): string =>
  scenario in ARTICLE ? 'article' : scenario < '30' ? 'scenarios' : 'beyond';

function recordingOf({ scenario, steps, events }: WatchFile): Recording {
  const name = transcriptOf(scenario);
  const mine = commands
    .get(name)!
    .filter(({ n, stage }) => (name === 'article' ? n === ARTICLE[scenario] : stage === scenario));
  const [first, last] = [mine[0]!, mine.at(-1)!];
  const firstStep = steps[0];
  const atFirst = name === 'article' || (firstStep && firstStep.ms < LEAD_MS * 2);
  const began = Date.parse(first.at) - (atFirst ? firstStep!.ms : LEAD_MS);
  const ended = Math.max(events.at(-1)!.ms, name === 'article' ? 0 : Date.parse(last.at) + last.ms - began);
  const kinds = [...new Set(events.map(({ object }) => object.kind))].filter((kind) => kind !== 'Event');
  const images = name === 'article' ? [] : present(events);
  return { scenario, transcript: name, began, ended, kinds, images, stories: tell(events).map(packed) };
}

/** Images that a pod found on its node before any pod of the scenario had pulled them. */
function present(events: readonly WatchEvent[]): string[] {
  const [pulled, found] = [new Set<string>(), new Set<string>()];
  for (const { object } of events) {
    const { reason, message = '' } = object as { reason?: string; message?: string };
    const image = /"(.+?)"/.exec(message)?.[1];
    if (reason !== 'Pulled' || !image) continue;
    if (message.includes('already present') && !pulled.has(image)) found.add(image);
    else pulled.add(image);
  }
  return [...found];
}

const folder = join(golden, 'state');
const recordings = readdirSync(folder)
  .filter((name) => name.startsWith('watch-'))
  .map((name) => recordingOf(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
const text = recordings.map((recording) => JSON.stringify(recording)).join('\n');
writeFileSync(new URL('../tests/watch-streams/testdata/recordings.jsonl.gz', import.meta.url), gzipSync(`${text}\n`));
process.stdout.write(`${recordings.length} recordings, ${text.length} bytes\n`);
