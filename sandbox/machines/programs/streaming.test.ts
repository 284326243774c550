/** Programs write as they read, end when nobody reads them, and say so when memory is short. */

import { expect, test } from 'vitest';
import { run, testMachine } from '../shell/testing.ts';

const bash = (script: string) => run(testMachine(), ['bash', '-c', script]);

test.each([
  ['head -c 500M /dev/zero | wc -c', '524288000\n'],
  ['od -An -N4 -tu4 /dev/urandom | wc -l', '1\n'],
  ['hexdump -n 16 /dev/zero | tail -1', '0000010\n'],
  ['xxd -l 4 /dev/zero', '00000000: 0000 0000                                ....\n'],
  ['seq 100000 | sed s/1/2/ | head -1; echo rc=$?', '2\nrc=0\n'],
  ["cat /dev/zero | tr '\\0' x | head -c 3", 'xxx'],
  ['base64 /dev/zero | head -c 4', 'AAAA'],
  ['yes | xargs -n 1 echo | head -1 2>/dev/null', 'y\n'],
  ['yes | nl | head -1', '     1\ty\n'],
  ['yes | paste - - | head -1', 'y\ty\n'],
  ['seq 1e300 | head -1', '1\n'],
  ['cat /dev/urandom | tr -dc a-z | head -c 8 | wc -c', '8\n'],
])('%s', async (script, stdout) => {
  expect(await bash(script)).toMatchObject({ stdout, status: 0 });
});

test.each([
  ['grep x /dev/zero', 'grep: memory exhausted\n', 2],
  ['sed p /dev/zero', 'sed: memory exhausted\n', 4],
  ['sort /dev/zero', 'sort: memory exhausted\n', 2],
  ['tail /dev/zero', 'tail: memory exhausted\n', 1],
  ['uniq /dev/zero', 'uniq: memory exhausted\n', 1],
  ['awk 1 /dev/zero', 'awk: run time error: out of memory\n\tFILENAME="/dev/zero" FNR=0 NR=0\n', 2],
])('%s, a line without end', async (script, stderr, status) => {
  expect(await bash(script)).toEqual({ stdout: '', stderr, status });
});

test('bytes that are no text pass through', async () => {
  const script =
    "printf 'a\\377b\\n' > /tmp/x; for p in cat 'sed p' 'grep a' sort rev tac 'cut -c1-' 'tr a a'; do $p /tmp/x < /tmp/x 2>/dev/null; done | od -An -tx1 | grep -c 'ef bf bd'";
  expect((await bash(script)).stdout).toBe('0\n');
});

test('a difference of two files with nothing in common is found at once', async () => {
  expect((await bash('diff <(seq 10000) <(seq 10001 20000) | wc -l')).stdout).toBe('20002\n');
});

test('matching takes time that is bounded by pattern and text', async () => {
  const script =
    "head -c 20000 /dev/zero | tr '\\0' a > /tmp/a; sed 's/a/b/g' /tmp/a | wc -c; grep -cE '(a*)*b' /tmp/a; grep -cE '(a|aa)+$' /tmp/a";
  expect((await bash(script)).stdout).toBe('20000\n0\n1\n');
});

test('what never ends is reached by a limit of time', async () => {
  expect(
    (await bash(`timeout 1 awk 'BEGIN{while(1);}'; echo $?; echo x | timeout 1 sed ':a;ba'; echo $?`)).stdout,
  ).toBe('124\n124\n');
});
