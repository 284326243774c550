/** What Debian's programs said to the lines of testdata/lines.txt (recorded by record.sh), and what ours say. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../packages/catalogue.ts';
import { run, testMachine } from '../shell/testing.ts';

interface Recorded {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

const records = readFileSync(new URL('./testdata/recorded.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

/** Where ours still differ; each fails as long as it does. */
const DIFFERS: ReadonlySet<string> = new Set([
  'fuser /tmp/left/w/nope; echo $?',
  'getent nodb x',
  'ionice -c 9 echo x',
  'lsblk nope',
  'lsblk -n -o NAME nope',
  'lsof nope',
  'setsid',
  'setsid nope',
  'stdbuf echo',
  'stdbuf -o L nope',
  'tput -T xterm cols; echo $?',
  'tput -T xterm bold | od -An -c',
  'tput -T dumb nocap; echo $?',
  'umount.nfs4 /nope; echo $?',
  'rpcinfo -p nohost.invalid 2>&1 | head -n 1 | cut -c1-8',
  'dpkg-query -W nosuchpkg',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
  "dpkg-query -W -f '${Package}\\n' bash",
  'ss -H -l -x nope | head -n 0',
  'uptime -Z',
  'ps -o pid= -p 1',
  'ps -p 99999999; echo $?',
]);

for (const { line, stdout, stderr, rc } of records) {
  (DIFFERS.has(line) ? test.fails : test)(line, async () => {
    const machine = testMachine();
    for (const name of ['nfs-common', 'psmisc', 'lsof']) machine.packages.install(CATALOGUE.get(name)!, 'manual');
    await run(machine, ['mkdir', '-p', '/tmp/left/w']);
    const result = await run(machine, ['bash', '-c', line], '', '/tmp/left/w');
    expect({ stdout: result.stdout, stderr: result.stderr, rc: result.status }).toEqual({ stdout, stderr, rc });
  });
}
