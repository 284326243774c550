/** What real bash and coreutils said to the scripts of testdata/scripts.txt (recorded by record.sh), and what ours say. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run, testMachine } from './testing.ts';

interface Recorded {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

const records = readFileSync(new URL('./testdata/recorded.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

for (const { script, stdout, stderr, rc } of records) {
  test(script.split('\n')[0]!.slice(0, 100), async () => {
    const machine = testMachine();
    await run(machine, ['mkdir', '-p', '/tmp/x/w']);
    const result = await run(machine, ['bash', '-c', script], '', '/tmp/x/w');
    expect({ stdout: result.stdout, stderr: result.stderr, rc: result.status }).toEqual({ stdout, stderr, rc });
  });
}
