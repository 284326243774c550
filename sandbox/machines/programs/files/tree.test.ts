/** Trees deeper than a path is long, and directories of many files: every program that goes down a tree comes back. */

import { expect, test } from 'vitest';
import { sampled } from '../../../../tests/support/sample.ts';
import { run, testMachine } from '../../shell/testing.ts';

/** 2,200 directories, one in the other: a path of 4,399 characters, where PATH_MAX is 4,096. */
const DEEP = 'p=a; for ((i = 1; i < 2200; i++)); do p+=/a; done; mkdir -p $p';

for (const [line, stdout] of sampled([
  ['du a | wc -l', '2200\n'],
  ['ls -R a | wc -l', '6598\n'],
  ['find a | wc -l', '2200\n'],
  ['find a -depth | tail -n 1', 'a\n'],
  ['chmod -R g+w a && find a -perm -g=w | wc -l', '2200\n'],
  ['chown -R 1000 a && find a -uid 1000 | wc -l', '2200\n'],
  ['grep -r x a; echo $?', '1\n'],
  ['tar cf t a && tar tf t | wc -l', '2200\n'],
  ['cp -r a b && diff -r a b && find b | wc -l', '2200\n'],
  ['gzip -r a; echo $?', '0\n'],
  ['find a -delete && ls', ''],
  ['rm -r a && ls', ''],
] as const)) {
  test(`2,200 deep: ${line}`, async () => {
    expect(await run(testMachine(), ['bash', '-c', `${DEEP} && ${line}`])).toEqual({ stdout, stderr: '', status: 0 });
  }, 30_000);
}

test('a path that is too long fails where no walk leads to it, as open(2) has it', async () => {
  const { stderr } = await run(testMachine(), ['bash', '-c', `${DEEP}; cat $p | cut -c1-10`]);
  expect(stderr).toMatch(/^cat: (a\/)+a: File name too long\n$/);
});

test('20,000 files in a directory are listed, copied, packed and removed', async () => {
  const script =
    'mkdir m; cd m; seq 20000 | xargs touch; cd ..; ls m | wc -l; echo m/* | wc -w; find m -type f | wc -l; cp -r m n; tar cf t n; tar tf t | wc -l; rm -r m n; ls';
  expect(await run(testMachine(), ['bash', '-c', script])).toEqual({
    stdout: '20000\n20000\n20000\n20001\nt\n',
    stderr: '',
    status: 0,
  });
}, 60_000);
