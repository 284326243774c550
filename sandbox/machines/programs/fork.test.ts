/**
 * What programs say where there is no process more (EAGAIN of fork(2)). The words are those of the real ones on Debian 12, under
 * `prlimit --nproc=1 setpriv --reuid=12345 COMMAND`.
 */

import { expect, test, vi } from 'vitest';
import { Errno } from '../errno.ts';
import { KernelProcess } from '../kernel/process.ts';
import { run, testMachine } from '../shell/testing.ts';

const SAID: readonly (readonly [line: string, stdout: string, stderr: string, status: number])[] = [
  ['xargs -n1 echo', '', 'xargs: cannot fork: Resource temporarily unavailable\n', 1],
  ['timeout 3 true', '', 'timeout: fork system call failed: Resource temporarily unavailable\n', 125],
  ["find /etc/hostname -exec echo {} ';'", '', 'find: cannot fork: Resource temporarily unavailable\n', 1],
  ['find /etc/hostname -exec echo {} +', '', 'find: cannot fork: Resource temporarily unavailable\n', 1],
  [`awk 'BEGIN{r=system("true");print(r)}'`, '127\n', '', 0],
  [`awk 'BEGIN{r=("echo a"|getline);print(r)}'`, '-1\n', '', 0],
  [
    `awk 'BEGIN{print(1)|"cat";print(2)}'`,
    '',
    'awk: cannot open "cat" for output (Resource temporarily unavailable)\n',
    2,
  ],
  [
    'tar czf /tmp/x.tgz -C /etc hostname',
    '',
    'tar: child process: Cannot fork: Resource temporarily unavailable\ntar: Error is not recoverable: exiting now\n',
    2,
  ],
  ['flock /tmp/lock true', '', 'flock: fork failed: Resource temporarily unavailable\n', 71],
  ['watch true', '', 'watch: unable to fork process: Resource temporarily unavailable\n', 2],
  // They become the command; no process more is needed.
  ['env A=1 echo a', 'a\n', '', 0],
  ['nice -n 5 echo a', 'a\n', '', 0],
  ['nohup echo a', 'a\n', '', 0],
  ['stdbuf -oL echo a', 'a\n', '', 0],
  ['ionice -c 3 echo a', 'a\n', '', 0],
  ['setsid echo a', 'a\n', '', 0],
];

for (const [line, stdout, stderr, status] of SAID) {
  test(line, async () => {
    const spies = (['spawn', 'fork'] as const).map((call) => {
      const real = KernelProcess.prototype[call];
      return vi.spyOn(KernelProcess.prototype, call).mockImplementation(function (
        this: KernelProcess,
        ...args: never[]
      ) {
        if (this.pid !== 1) throw new Errno('EAGAIN');
        return Reflect.apply(real, this, args);
      } as never);
    });
    try {
      expect(await run(testMachine(), ['bash', '-c', line], 'a b\n')).toEqual({ stdout, stderr, status });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
}
