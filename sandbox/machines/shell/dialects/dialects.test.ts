/** What Debian's dash and busybox's ash said to the lines of testdata/lines.txt (recorded by record.sh), and what ours say. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ash } from '../bash.ts';
import { run, testMachine } from '../testing.ts';

interface Recorded {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

const recorded = (name: string): Recorded[] =>
  readFileSync(new URL(`./testdata/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);

for (const shell of ['dash', 'ash'] as const) {
  describe(shell, () => {
    for (const { line, stdout, stderr, rc } of recorded(shell)) {
      test(line, async () => {
        const machine = testMachine({ '/usr/bin/sh': { program: shell === 'ash' ? 'ash' : 'sh' } }, { ash });
        await run(machine, ['mkdir', '-p', '/tmp/dialects/w']);
        const result = await run(machine, ['sh', '-c', line.replaceAll('¶', '\n')], '', '/tmp/dialects/w');
        expect({ stdout: result.stdout, stderr: result.stderr, rc: result.status }).toEqual({ stdout, stderr, rc });
      });
    }
  });
}
