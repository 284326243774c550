/** gzip and tar -z: what the real ones said to the lines of testdata/gzip.txt, and that nothing grows with what is decompressed. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run, testMachine } from '../../shell/testing.ts';
import { Compressor, Decompressor, INPUT_PIECE } from '../format/gzip.ts';

const data = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');

for (const record of data('gzip.jsonl').trim().split('\n')) {
  const { line, stdout, stderr, rc } = JSON.parse(record) as {
    line: string;
    stdout: string;
    stderr: string;
    rc: number;
  };
  test(line, async () => {
    const machine = testMachine();
    await run(machine, ['mkdir', '-p', '/tmp/packed/w']);
    await run(machine, ['sh', '-c', data('gzip-setup.sh')], '', '/tmp/packed/w');
    const result = await run(machine, ['bash', '-c', line], '', '/tmp/packed/w');
    expect({ stdout: result.stdout, stderr: result.stderr, rc: result.status }).toEqual({ stdout, stderr, rc });
  });
}

test('64 MB of zeros go through in pieces of at most a few megabytes', () => {
  const zeros = new Uint8Array(1 << 20);
  const compressor = new Compressor({ level: 6 });
  const packed = Array.from({ length: 65 }, (_, i) =>
    compressor.push(i < 64 ? zeros : new Uint8Array(), i === 64),
  ).flat();
  const decompressor = new Decompressor();
  let most = 0;
  let size = 0;
  for (const [i, bytes] of packed.entries()) {
    for (let at = 0; at < bytes.length; at += INPUT_PIECE) {
      const last = i === packed.length - 1 && at + INPUT_PIECE >= bytes.length;
      const made = decompressor.push(bytes.subarray(at, at + INPUT_PIECE), last).reduce((sum, p) => sum + p.length, 0);
      most = Math.max(most, made);
      size += made;
    }
  }
  expect(size).toBe(64 << 20);
  expect(most).toBeLessThan(4 << 20);
});
