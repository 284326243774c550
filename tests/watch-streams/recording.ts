/** What a real control plane's watches told of each scenario (testdata, made by scripts/record-watch-streams.ts). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type packed, type Story, unpacked } from './story.ts';

export interface Recording {
  readonly scenario: string;
  /** Where its commands stand, in tests/conformance/testdata. */
  readonly transcript: string;
  /** When the watch began, in milliseconds since the epoch. */
  readonly began: number;
  /** How long it is known to have lasted. */
  readonly ended: number;
  /** Kinds that were watched, as far as can be seen. */
  readonly kinds: readonly string[];
  /** Images that were on a node before. */
  readonly images: readonly string[];
  readonly stories: readonly ReturnType<typeof packed>[];
}

export function recordings(): Recording[] {
  const file = new URL('testdata/recordings.jsonl.gz', import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording);
}

export const storiesOf = (recording: Recording): Story[] => recording.stories.map(unpacked);
