/** A fixed sample of `npm run fuzz`, and what it has found so far (testdata/found.jsonl): each input is answered, and the lab goes on. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FuzzedLab, judge } from './fuzzed-lab.ts';
import { KINDS } from './inputs.ts';
import { story } from './operations.ts';

interface Found {
  readonly kind: string;
  readonly input: string;
}

const found = readFileSync(new URL('testdata/found.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Found);

const SAMPLE = 50;

for (const [kind, { input, give, weight }] of Object.entries(KINDS)) {
  test(`${kind}: a sample`, { timeout: 120_000 }, async () => {
    const lab = new FuzzedLab(1);
    for (const given of fc.sample(input, { seed: 9, numRuns: Math.ceil((SAMPLE * weight) / 4) }))
      expect(await judge(given, () => give(lab, given)), JSON.stringify(given)).toBeUndefined();
    expect(await lab.alive()).toBeUndefined();
  });

  const known = found.filter((one) => one.kind === kind);
  test.runIf(known.length > 0)(`${kind}: what was found`, { timeout: 120_000 }, async () => {
    for (const { input: given } of known) {
      const lab = new FuzzedLab(1);
      expect(await judge(given, () => give(lab, given)), JSON.stringify(given)).toBeUndefined();
      expect(await lab.alive(), JSON.stringify(given)).toBeUndefined();
    }
  });
}

test.each([1, 2])('a story of random operations (%i)', { timeout: 120_000 }, async (seed) => {
  const wrong = await story(new FuzzedLab(1), seed, 40, () => {});
  expect(wrong).toBeUndefined();
});
