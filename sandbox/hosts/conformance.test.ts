/** A sample of the conformance transcripts: the real kubectl against the served cluster. All of them: `npm run conformance`. */

import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '../../tests/conformance/diff.ts';
import { realKubectl } from '../../tests/conformance/real-kubectl.ts';
import { replay } from '../../tests/conformance/replay.ts';

/** Stages that need nothing of those before them, and a bound on how many of their commands. */
const SAMPLES = [
  { transcript: 'article', stage: /^01-pv/, first: 14 },
  { transcript: 'errors', stage: /^(kind|api)-/, first: 9 },
] as const;

describe.skipIf(!isThere())('the real kubectl agrees', () => {
  for (const { transcript, stage, first } of SAMPLES) {
    test(`${transcript} ${stage}`, { timeout: 60_000 }, async () => {
      let taken = 0;
      for await (const { recorded, agrees, expected, actual } of replay(
        transcript,
        (command) => stage.test(command.stage) && taken++ < first,
      )) {
        expect(agrees ? '' : `${recorded.n} ${recorded.cmd}\n${unifiedDiff(expected, actual)}`).toBe('');
      }
    });
  }
});

function isThere(): boolean {
  try {
    realKubectl();
    return true;
  } catch (error) {
    console.warn(`skipped: the real kubectl could not be fetched (${String(error).split('\n')[0]})`);
    return false;
  }
}
