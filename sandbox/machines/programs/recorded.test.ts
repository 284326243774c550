/** What the real programs said to the commands of testdata/commands.txt (recorded by record.py), and what ours say. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run, testMachine } from '../shell/testing.ts';

interface Recorded {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const file = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');
const setup = file('setup.sh');
const records = file('recorded.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Bytes that are no text were recorded as lone surrogates. */
const shown = (text: string): string => text.replace(/[\udc80-\udcff\ufffd]+/g, '\ufffd');

for (const { command, stdout, stderr, status } of records) {
  test(command, async () => {
    const result = await run(testMachine(), ['bash', '-c', `${setup}\n${command}\n`]);
    expect({ stdout: shown(result.stdout), stderr: shown(result.stderr), status: result.status }).toEqual({
      stdout: shown(stdout),
      stderr: shown(stderr),
      status,
    });
  });
}
