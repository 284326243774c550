/** For tests: a machine with the user programs, on which scripts run and terminals are typed at. */

import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { Coroutine } from '../../sim/task.ts';
import { createMachine } from '../create-machine.ts';
import type { Tree } from '../filesystem/tree.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import { Network } from '../network/network.ts';
import type { OpenFile, Program } from '../process.ts';
import { PROGRAMS } from '../programs/index.ts';
import { SYSTEM_PROGRAMS } from '../system-programs/index.ts';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export function testMachine(files: Tree = {}, extra: Readonly<Record<string, Program>> = {}): KernelMachine {
  const clock = new Clock(Date.UTC(2026, 10, 22, 12));
  return createMachine({
    clock,
    random: new Random(7),
    network: new Network(clock),
    hostname: 'master01',
    address: '192.168.120.231',
    programs: new Map([
      ...SYSTEM_PROGRAMS,
      ...PROGRAMS,
      ...Object.entries(extra).map(([name, run]) => [name, { run }] as const),
    ]),
    files,
  });
}

/** Runs `argv` in `cwd` and collects what it prints. */
export async function run(machine: KernelMachine, argv: readonly string[], stdin = '', cwd = '/root'): Promise<Result> {
  const { clock, init } = machine;
  const out = init.pipe();
  const err = init.pipe();
  const input = init.pipe();
  const texts = ['', ''];
  let status = -1;
  const collect = (file: OpenFile, index: number) =>
    new Coroutine(
      clock,
      (function* () {
        const decoder = new TextDecoder();
        for (;;) {
          const chunk = yield* file.read();
          if (chunk.length === 0) return;
          texts[index] += decoder.decode(chunk, { stream: true });
        }
      })(),
    );
  const readers = [collect(out.read, 0), collect(err.read, 1)];
  new Coroutine(
    clock,
    (function* () {
      const files = new Map([
        [0, input.read],
        [1, out.write],
        [2, err.write],
      ]);
      const env = new Map([
        ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        ['HOME', '/root'],
        ['LC_ALL', 'C'],
      ]);
      const child = yield* init.spawn(`/usr/bin/${argv[0]}`, argv, { files, env, cwd });
      for (const end of [input.read, out.write, err.write]) end.release();
      const result = yield* init.wait(child.pid);
      status = 'code' in result ? result.code : -2;
    })(),
  );
  new Coroutine(
    clock,
    (function* () {
      if (stdin !== '') yield* input.write.write(new TextEncoder().encode(stdin));
      input.write.release();
    })(),
  );
  await drive(clock, () => status !== -1 && readers.every((r) => r.outcome !== undefined));
  return { stdout: texts[0]!, stderr: texts[1]!, status };
}

/** Advances virtual time until `done`, an hour at most; modules may be loaded meanwhile. */
export async function drive(clock: Clock, done: () => boolean): Promise<void> {
  const end = clock.now + 3_600_000;
  for (let steps = 0; !done(); steps++) {
    if (clock.held) await new Promise((resolve) => setTimeout(resolve, 1));
    else if (!clock.step(end)) return;
    if (steps > 5_000_000) throw new Error('the script does not end');
  }
}
