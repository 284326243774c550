/** Processes, files, pipes, signals and terminals of one machine. */

import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import { createMachine } from '../create-machine.ts';
import { Errno } from '../errno.ts';
import { Network } from '../network/network.ts';
import type { Process, Program } from '../process.ts';

const text = (data: Uint8Array) => new TextDecoder().decode(data);

const programs: Record<string, Program> = {
  *echo(process, argv) {
    yield* process.print(`${argv.slice(1).join(' ')}\n`);
    return 0;
  },
  *cat(process) {
    for (let data = yield* process.stdin.read(); data.length > 0; data = yield* process.stdin.read()) {
      yield* process.stdout.write(data);
    }
    return 0;
  },
  *yes(process) {
    for (;;) {
      yield* process.spend(10);
      yield* process.print('y\n');
    }
  },
  *sleep(process, argv) {
    yield* process.sleep(Number(argv[1]) * 1_000);
    return 0;
  },
  *bash(process) {
    yield* process.print('$ ');
    const child = yield* process.spawn('/bin/cat', ['cat'], { group: 'new' });
    process.tty!.foreground = child.group;
    const status = yield* process.wait(child.pid);
    yield* process.print(`${JSON.stringify(status)}\n`);
    yield* process.sleep(1e9);
    return 0;
  },
};

function world() {
  const clock = new Clock(Date.UTC(2026, 10, 22));
  const random = new Random(1);
  const network = new Network(clock);
  const table = new Map(Object.entries(programs).map(([name, run]) => [name, { run }]));
  const machine = createMachine({
    clock,
    random,
    network,
    hostname: 'node01',
    address: '192.168.120.232',
    programs: table,
  });
  const run = <T>(task: Task<T>): T => {
    const coroutine = new Coroutine(clock, task);
    for (let i = 0; i < 100_000 && !coroutine.outcome; i++) if (!clock.step()) break;
    const outcome = coroutine.outcome;
    if (outcome?.status === 'done') return outcome.value;
    if (outcome?.status === 'failed') throw outcome.error;
    throw new Error('does not end');
  };
  return { clock, machine, run, init: machine.init as Process };
}

test('a pipe ends its writer when the reader goes', () => {
  const { init, run } = world();
  const result = run(
    (function* () {
      const { read, write } = init.pipe();
      const child = yield* init.spawn('/bin/yes', ['yes'], { files: new Map([[1, write]]) });
      write.release();
      const data = yield* read.read(4);
      read.release();
      return [text(data), yield* init.wait(child.pid)];
    })(),
  );
  expect(result).toEqual(['y\ny\n'.slice(0, 2), { signal: 'SIGPIPE' }]);
});

test('an XFS directory is as long as its names', () => {
  const { init, run } = world();
  const sizes = run(
    (function* () {
      yield* init.mkdir('/mnt/nfsserv');
      const sizes = [(yield* init.stat('/mnt/nfsserv')).size, (yield* init.stat('/mnt')).size];
      yield* init.writeFile('/mnt/nfsserv/test_from_pod', '');
      sizes.push((yield* init.stat('/mnt/nfsserv')).size);
      yield* init.writeFile('/mnt/nfsserv/test_from_pod02', '');
      sizes.push((yield* init.stat('/mnt/nfsserv')).size);
      return sizes;
    })(),
  );
  expect(sizes).toEqual([6, 21, 27, 50]);
});

test('errors are those of the system calls', () => {
  const { init, run } = world();
  const code = (task: Task<unknown>) => {
    try {
      run(task);
      return 'none';
    } catch (error) {
      return error instanceof Errno ? error.code : `${error}`;
    }
  };
  expect(code(init.stat('/nosuch'))).toBe('ENOENT');
  expect(code(init.readText('/etc'))).toBe('EISDIR');
  expect(code(init.stat('/etc/passwd/x'))).toBe('ENOTDIR');
  expect(code(init.rmdir('/etc'))).toBe('ENOTEMPTY');
  expect(code(init.unlink('/dev'))).toBe('EBUSY');
  expect(code(init.spawn('/etc/passwd', ['passwd']))).toBe('EACCES');
  expect(code(init.writeFile('/proc/version', 'x'))).toBe('EIO');
  expect(code(init.rename('/mnt', '/mnt/x'))).toBe('EINVAL');
  expect(code(init.rename('/etc/hosts', '/run/hosts'))).toBe('EXDEV');
});

test('mounting and unmounting a tmpfs', () => {
  const { init, run } = world();
  run(init.mount({ source: 'tmpfs', target: '/mnt', type: 'tmpfs', options: ['size=1m'] }));
  expect(init.mounts().at(-1)).toMatchObject({
    target: '/mnt',
    type: 'tmpfs',
    options: 'rw,relatime,size=1024k,inode64',
  });
  expect(() => run(init.writeFile('/mnt/big', new Uint8Array(2_000_000)))).toThrow('No space left on device');
  run(init.mount({ source: '/etc', target: '/srv', type: 'none', options: ['bind', 'ro'] }));
  expect(run(init.readText('/srv/hostname'))).toBe('node01\n');
  expect(() => run(init.writeFile('/srv/hostname', 'x'))).toThrow('Read-only file system');
  run(init.umount('/srv'));
  run(init.umount('/mnt'));
  expect(run(init.readdir('/mnt'))).toEqual([]);
});

test('a terminal edits lines, echoes and interrupts', () => {
  const { clock, machine } = world();
  let screen = '';
  const terminal = machine.login({ columns: 80, rows: 24 });
  terminal.onOutput((data) => {
    screen += data;
  });
  clock.settle(1_000);
  terminal.input('日x\x7f\x7fabc\r');
  clock.settle(1_000);
  expect(screen).toBe('$ 日x\b \b\b \b\b \babc\r\nabc\r\n');
  screen = '';
  terminal.input('typed\x03');
  clock.settle(1_000);
  expect(screen).toBe('typed^C{"signal":"SIGINT"}\r\n');
});
