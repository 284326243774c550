/** Where memory, processes or the stack end: what bash says, and that the shell lives where bash's does. */

import { expect, test, vi } from 'vitest';
import { Errno } from '../errno.ts';
import { KernelProcess } from '../kernel/process.ts';
import { run, testMachine } from './testing.ts';

const bash = (script: string) => run(testMachine(), ['bash', '-c', script]);

test('a fork that fails is tried again after 1, 2, 4 and 8 seconds, and then the line is given up', async () => {
  const fork = vi.spyOn(KernelProcess.prototype, 'fork').mockImplementation(() => {
    throw new Errno('EAGAIN');
  });
  try {
    const retry = 'bash: line 1: fork: retry: Resource temporarily unavailable\n';
    expect(await bash('(echo never); echo never')).toEqual({
      stdout: '',
      stderr: `${retry.repeat(4)}bash: line 1: fork: Resource temporarily unavailable\n`,
      status: 254,
    });
  } finally {
    fork.mockRestore();
  }
});

test('recursion without end is a segmentation fault of that shell only', async () => {
  const { stdout, stderr } = await bash('(f() { f; }; f); echo $?');
  expect(stdout).toBe('139\n');
  expect(stderr).toMatch(/^bash: line 1: +\d+ Segmentation fault +\( function f \(\) \n\{ \n {4}f\n\}; f \)\n$/);
});

test('a value that memory does not hold ends the shell with 2', async () => {
  expect(await bash('x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done; echo never')).toEqual({
    stdout: '',
    stderr: 'bash: line 1: xrealloc: cannot allocate 67108864 bytes\n',
    status: 2,
  });
});

test('the last command of a subshell and of -c is the process itself', async () => {
  const { stdout } = await bash(
    '(sleep 9) & sleep .1; kill $!; wait $!; echo $?; bash -c \'exec sh -c "echo \\$\\$"; echo no\'',
  );
  expect(stdout).toMatch(/^143\n\d+\n$/);
});
