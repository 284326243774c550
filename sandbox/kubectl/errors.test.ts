/** What a learner's mistakes are answered with: recorded from the real kubectl on a real cluster. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestBed, words } from './test-bed.ts';

interface Recorded {
  readonly id: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly cmd: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

const recordings = readFileSync(new URL('./testdata/errors.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

const normal = (text: string): string => text.replace(/^[EW]\d{4} [\d:.]+ +\d+ /gm, 'KLOG ');

let bed = new TestBed();
let last = '';

for (const [i, { id, files = {}, cmd, stdout, stderr, rc }] of recordings.entries()) {
  test(`${i} ${id}: ${cmd}`, () => {
    // Each mistake was recorded on a clean cluster.
    if (id !== last) {
      const { files: kept } = bed;
      bed = new TestBed();
      for (const [path, text] of kept) bed.files.set(path, text);
      last = id;
    }
    for (const [path, text] of Object.entries(files)) bed.files.set(path, text);
    const result = bed.run(words(cmd).slice(1));
    expect({ ...result, stderr: normal(result.stderr) }).toEqual({ stdout, stderr: normal(stderr), rc });
  });
}
