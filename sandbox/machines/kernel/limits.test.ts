/** What a machine refuses, and that nothing is left behind by those who die of it. */

import { expect, test } from 'vitest';
import type { Task } from '../../sim/task.ts';
import { takeFaults } from '../../sim/testing-faults.ts';
import { memoryOf } from '../memory.ts';
import type { ExitStatus, OpenFile, Process, Program } from '../process.ts';
import { TestWorld } from '../testing.ts';
import type { KernelMachine } from './machine.ts';

const MIB = 2 ** 20;
const encode = (text: string) => new TextEncoder().encode(text);

function machine(programs: Record<string, Program> = {}) {
  const world = new TestWorld();
  const node = world.machine({ hostname: 'node01', address: '10.0.0.1' }, programs);
  return { world, node, disk: node.disk };
}

/** Runs code as a process of a login and waits for its end. */
function* login(node: KernelMachine, program: Program, files = new Map<number, OpenFile>()): Task<unknown> {
  const child = node.init.fork(program, ['test'], { files, tasks: node.kernel.tasks.user, session: null });
  return yield* node.init.wait(child.pid);
}

const code = function* (body: () => Task<unknown>): Task<string> {
  try {
    yield* body();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('a slice full of tasks: fork is EAGAIN, a login comes in, and one signal clears it', async () => {
  const { world, node } = machine({
    *true() {
      return 0;
    },
  });
  const { user } = node.kernel.tasks;
  const seen: unknown[] = [];
  const blocked: Program = function* () {
    yield () => undefined;
    return 0;
  };
  const before = node.kernel.processes.size;
  await world.run(
    login(node, function* (process) {
      for (;;) {
        const failure = yield* code(function* () {
          process.fork(blocked, ['sleep']);
        });
        if (failure !== 'none') {
          seen.push(failure, user.count === user.limit);
          break;
        }
      }
      seen.push(
        yield* code(function* () {
          yield* process.spawn('/bin/true', ['true']);
        }),
      );
      node.init.fork(blocked, ['-bash'], { tasks: user, session: null });
      seen.push(user.count - user.limit);
      process.kill(-1, 'SIGKILL');
      return 0;
    }),
  );
  expect(seen).toEqual(['EAGAIN', true, 'EAGAIN', 1]);
  await world.run(node.init.sleep(1_000));
  expect(user.count).toBe(1);
  expect(node.kernel.processes.size).toBeLessThanOrEqual(before + 1);
});

test('execve takes 128 KiB a string and 2 MiB in all (fs/exec.c)', async () => {
  const { world, node } = machine({
    *true() {
      return 0;
    },
  });
  const spawn = (argv: string[]) => world.run(code(() => node.init.spawn('/usr/bin/true', ['true'].concat(argv))));
  expect(await spawn(['x'.repeat(131_071)])).toBe('none');
  expect(await spawn(['x'.repeat(131_072)])).toBe('E2BIG');
  expect(await spawn(['é'.repeat(65_536)])).toBe('E2BIG');
  expect(await spawn(Array.from({ length: 120_000 }, () => 'x'))).toBe('none');
  expect(await spawn(Array.from({ length: 300_000 }, () => 'x'))).toBe('E2BIG');
});

test('1024 open files, no more, and all are closed at the end', async () => {
  const { world, node } = machine();
  const counts: unknown[] = [];
  const inode = node.rootFileSystem.root.lookup('etc')!.lookup('hostname') as unknown as { opens: number };
  await world.run(
    login(node, function* (process) {
      const failure = yield* code(function* () {
        for (;;) {
          yield* process.open('/etc/hostname', { read: true });
          counts[0] = ((counts[0] as number) ?? 0) + 1;
        }
      });
      counts.push(failure, inode.opens);
      return 0;
    }),
  );
  expect(counts).toEqual([1024, 'EMFILE', 1024]);
  expect(inode.opens).toBe(0);
});

test('a process may hold 64 MiB, all together no more than the pool, and its end gives it back', async () => {
  const { world, node } = machine();
  const { processes } = memoryOf(world.clock);
  const before = processes.used;
  let failure = '';
  await world.run(
    login(node, function* (process) {
      process.hold(60 * MIB);
      failure = yield* code(function* () {
        process.hold(5 * MIB);
      });
      return 0;
    }),
  );
  expect([failure, processes.used]).toEqual(['ENOMEM', before]);
});

const ends: [name: string, body: (process: Process, file: OpenFile) => Task<number>, status: ExitStatus][] = [
  [
    'returns',
    function* () {
      return 0;
    },
    { code: 0 },
  ],
  [
    'fails',
    function* (_, file) {
      yield* file.write(new Uint8Array(20 * MIB));
      return 0;
    },
    { code: 1 },
  ],
  [
    'exits',
    function* (process) {
      return process.exit(3);
    },
    { code: 3 },
  ],
  [
    'is killed',
    function* (process) {
      process.kill(process.pid, 'SIGKILL');
      yield () => undefined;
      return 0;
    },
    { signal: 'SIGKILL' },
  ],
  [
    'is killed in a write',
    function* (process) {
      const { write } = process.pipe();
      process.machine.clock.after(10, () =>
        (process as unknown as { terminate(s: string): void }).terminate('SIGTERM'),
      );
      for (;;) yield* write.write(new Uint8Array(65_536));
    },
    { signal: 'SIGTERM' },
  ],
];

test.each(ends)('a removed file goes with the process that had it open, also when that %s', async (_, body, status) => {
  const { world, node } = machine();
  const { init } = node;
  await world.run(init.mount({ source: 'tmpfs', target: '/mnt', type: 'tmpfs', options: ['size=10m'] }));
  const free = () =>
    world.run(
      (function* () {
        return (yield* init.statfs('/mnt')).free;
      })(),
    );
  const before = await free();
  const ended = await world.run(
    login(node, function* (process) {
      const file = yield* process.open('/mnt/a', { write: true, create: true });
      yield* file.write(encode('something'));
      yield* process.unlink('/mnt/a');
      return yield* body(process, file);
    }),
  );
  expect(ended).toEqual(status);
  expect(await free()).toBe(before);
});

test('who writes into a pipe that nobody reads dies at once, also when blocked in the write', async () => {
  const { world, node } = machine();
  const { init } = node;
  const status = await world.run(
    (function* () {
      const { read, write } = init.pipe();
      const writer = init.fork(
        function* (process) {
          for (;;) yield* process.stdout.write(new Uint8Array(40_000));
        },
        ['yes'],
        { files: new Map([[1, write]]) },
      );
      const reader = init.fork(
        function* (process) {
          process.stdin.retain();
          yield* process.sleep(100);
          throw new TypeError('a mistake of the lab');
        },
        ['head'],
        { files: new Map([[0, read]]) },
      );
      read.release();
      write.release();
      return [yield* init.wait(writer.pid), yield* init.wait(reader.pid), world.clock.now];
    })(),
  );
  expect(status).toEqual([{ signal: 'SIGPIPE' }, { signal: 'SIGSEGV' }, expect.any(Number)]);
  expect(takeFaults().map(({ error }) => error)).toEqual([new TypeError('a mistake of the lab')]);
});

test('no trace of the lab’s own mistakes reaches a terminal: the host hears of it', async () => {
  const { world, node } = machine();
  const { read, write } = node.init.pipe();
  const deep = (n: number): number => 1 + deep(n + 1);
  const bodies: Program[] = [
    function* () {
      return deep(0);
    },
    function* () {
      return 'x'.repeat(2 ** 30).length;
    },
    function* (process) {
      yield* process.readFile('/nosuch');
      return 0;
    },
  ];
  const ended: unknown[] = [];
  for (const body of bodies) {
    const child = node.init.fork(body, ['test'], { files: new Map([[2, write]]) });
    ended.push(await world.run(node.init.wait(child.pid)));
  }
  world.clock.after(1, () => {
    throw new Error('a wrong event');
  });
  write.release();
  await world.run(node.init.sleep(10));
  let shown = '';
  await world.run(
    (function* () {
      for (let data = yield* read.read(); data.length > 0; data = yield* read.read())
        shown += new TextDecoder().decode(data);
    })(),
  );
  expect(ended).toEqual([{ signal: 'SIGSEGV' }, { code: 1 }, { code: 1 }]);
  expect(shown).toBe('systemd: memory exhausted\nsystemd: No such file or directory\n');
  const faults = takeFaults().map(({ error, where }) => `${where.replace(/\[\d+\]/, '')}: ${(error as Error).message}`);
  expect(faults).toEqual([
    'systemd on node01: Maximum call stack size exceeded',
    'systemd on node01: Invalid string length',
    'the clock: a wrong event',
  ]);
});

test('reading and writing take time: a loop without end comes to the end that is set to it', async () => {
  const { world, node } = machine();
  const loops: Program[] = [
    function* (process) {
      const file = yield* process.open('/tmp/f', { read: true, append: true, create: true });
      yield* file.write(encode('a\n'));
      for (;;) yield* file.write(yield* file.read());
    },
    function* (process) {
      for (;;) yield* process.stat('/etc/hostname');
    },
    function* (process) {
      const zero = yield* process.open('/dev/zero', { read: true });
      for (;;) yield* zero.read();
    },
  ];
  for (const loop of loops) {
    const child = node.init.fork(loop, ['loop']);
    const started = world.clock.now;
    world.clock.after(600_000, () => node.init.kill(child.pid, 'SIGINT'));
    expect(await world.run(node.init.wait(child.pid))).toEqual({ signal: 'SIGINT' });
    expect(world.clock.now - started).toBe(600_000);
  }
});
