/** What Debian's busybox said to the lines of testdata/lines.txt (recorded by record.sh), and what the images' busybox says. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Program } from '../../../machines/process.ts';
import { PROGRAMS } from '../../../machines/programs/index.ts';
import { ash } from '../../../machines/shell/bash.ts';
import { run, testMachine } from '../../../machines/shell/testing.ts';
import { SYSTEM_PROGRAMS } from '../../../machines/system-programs/index.ts';
import { imagePrograms } from '../index.ts';
import { BUSYBOX_APPLETS } from './applet-names.ts';
import { appletOf, multiCall } from './applets.ts';

const data = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');
const records = data('applets.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { line: string; stdout: string; stderr: string; rc: number });

const DEBIAN = { version: 'v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)', library: 'glibc' } as const;
/** Applets that Debian's build lacks. */
const LACKED = new Set(['comm', 'nohup', 'install', 'mountpoint', 'split', 'cksum']);

/** Where ours still differ; each fails as long as it does. */
const DIFFERS = new Set([
  'cp fruit nums x',
  'mv a b c',
  'mkdir -v d',
  'ln fruit',
  'tail nope',
  'tr a',
  'grep -rn hello .',
  "grep '[' fruit",
  'tar xf fruit',
  'paste src/a.txt src/b.txt',
  'free -Z',
  'clear -Z',
  'timeout',
  'cal 2 2026',
  'cal 13 2026',
  'stty -Z',
]);

const programs: Record<string, Program> = {};
for (const name of BUSYBOX_APPLETS) {
  if (LACKED.has(name)) continue;
  const entry = imagePrograms.get(name) ?? PROGRAMS.get(name) ?? SYSTEM_PROGRAMS.get(name);
  if (name === 'busybox') programs['bb/busybox'] = multiCall(DEBIAN, BUSYBOX_APPLETS);
  else if (name === 'sh') programs['bb/sh'] = ash;
  else if (entry) {
    const program = 'run' in entry ? entry.run : await entry.load();
    programs[`bb/${name}`] = appletOf(DEBIAN, name, program);
  }
}
const files = Object.fromEntries(
  Object.keys(programs).map((key) => [`/opt/busybox/${key.slice(3)}`, { program: key }] as const),
);

for (const { line, stdout, stderr, rc } of records) {
  (DIFFERS.has(line) ? test.fails : test)(line, async () => {
    const machine = testMachine(files, programs);
    await run(machine, ['mkdir', '-p', '/tmp/applets/w']);
    await run(machine, ['bash', '-c', data('setup.sh')], '', '/tmp/applets/w');
    const script = `export PATH=/opt/busybox TZ=UTC; unset LC_ALL; exec sh -c "$1"`;
    const result = await run(machine, ['bash', '-c', script, 'bash', line], '', '/tmp/applets/w');
    expect({ stdout: result.stdout, stderr: result.stderr, rc: result.status }).toEqual({ stdout, stderr, rc });
  });
}
