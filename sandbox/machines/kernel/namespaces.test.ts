/** Containers: their own root, mounts, pids, and what they share with their machine. */

import { expect, test } from 'vitest';
import { Disk } from '../filesystem/disk.ts';
import { xfs } from '../filesystem/formats.ts';
import { type MemoryDirectory, MemoryFileSystem } from '../filesystem/memory.ts';
import { plant } from '../filesystem/tree.ts';
import type { Program } from '../process.ts';
import { TestWorld } from '../testing.ts';
import { containerRoot, createContainer, destroyContainer, execIn, startInit } from './namespaces.ts';

const wait: Program = function* (process) {
  yield* process.sleep(3_600_000);
  return 0;
};

function setUp() {
  const world = new TestWorld();
  const machine = world.machine({ hostname: 'node01', address: '192.168.120.232' }, { wait });
  const image = new MemoryFileSystem({ format: xfs, clock: world.clock, dev: 1, disk: new Disk(1e9) });
  plant(image.root, {
    'etc/motd': 'from the image\n',
    'usr/bin/wait': { program: 'wait' },
    'usr/bin/df': { program: 'df' },
    'usr/bin/ps': { program: 'ps' },
    bin: { link: 'usr/bin' },
    'tmp/': '',
    'var/run': { link: '/run' },
    'run/': '',
  });
  const make = (hostname: string, mounts: Parameters<typeof createContainer>[1]['mounts'] = []) =>
    createContainer(machine, { root: containerRoot(machine, image.root as MemoryDirectory, 7), hostname, mounts });
  return { world, machine, image, make };
}

test('two containers of one image write to themselves only', async () => {
  const { world, make, image } = setUp();
  const [a, b] = [make('a'), make('b')];
  const first = await world.run(startInit(a, { argv: ['wait'], env: new Map() }));
  const second = await world.run(startInit(b, { argv: ['wait'], env: new Map() }));
  await world.run(first.writeFile('/etc/motd', 'changed\n'));
  await world.run(first.unlink('/usr/bin/df'));
  expect(await world.run(first.readText('/etc/motd'))).toBe('changed\n');
  expect(await world.run(second.readText('/etc/motd'))).toBe('from the image\n');
  expect(await world.run(first.readdir('/usr/bin'))).toEqual(['wait', 'ps']);
  expect(await world.run(second.readdir('/usr/bin'))).toEqual(['wait', 'df', 'ps']);
  expect(new TextDecoder().decode(image.root.lookup('etc')!.lookup('motd')!.read(0, 99))).toBe('from the image\n');
});

test('pid 1 sees its own namespace, ignores SIGTERM it does not handle, and takes all others with it', async () => {
  const { world, machine, make } = setUp();
  const container = make('pod');
  const init = await world.run(startInit(container, { argv: ['wait'], env: new Map() }));
  const other = await world.run(execIn(container, { argv: ['wait'], env: new Map() }));
  expect([init.pid, other.pid]).toEqual([1, 2]);
  expect(await world.run(other.readdir('/proc'))).toEqual(expect.arrayContaining(['1', '2', 'mounts']));
  machine.init.kill(init.hostPid, 'SIGTERM');
  expect(init.status).toBeUndefined();
  let ended: unknown;
  init.whenDone((status) => {
    ended = status;
  });
  const before = machine.processes.size;
  machine.init.kill(init.hostPid, 'SIGKILL');
  expect(ended).toEqual({ signal: 'SIGKILL' });
  expect(machine.processes.size).toBe(before - 2);
});

test('a bind mount shows the machine’s directory, and df and mounts tell of it', async () => {
  const { world, machine, make } = setUp();
  await world.run(machine.init.mkdir('/srv/data'));
  await world.run(machine.init.writeFile('/srv/hosts', '10.244.1.5\tpod\n'));
  const container = make('pod', [
    { source: '/srv/data', target: '/persistent-volume' },
    { source: '/srv/hosts', target: '/etc/hosts', readOnly: true },
    { source: '/srv/data', target: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
  ]);
  const init = await world.run(startInit(container, { argv: ['wait'], env: new Map() }));
  await world.run(init.writeFile('/persistent-volume/test_from_pod', 'x'));
  expect(await world.run(machine.init.readText('/srv/data/test_from_pod'))).toBe('x');
  expect(await world.run(init.readText('/run/secrets/kubernetes.io/serviceaccount/test_from_pod'))).toBe('x');
  await expect(world.run(init.writeFile('/etc/hosts', ''))).rejects.toThrow('Read-only file system');
  const targets = init.mounts().map((mount) => `${mount.type} ${mount.target}`);
  expect(targets).toEqual([
    'overlay /',
    'proc /proc',
    'tmpfs /dev',
    'devpts /dev/pts',
    'mqueue /dev/mqueue',
    'sysfs /sys',
    'cgroup2 /sys/fs/cgroup',
    'tmpfs /dev/shm',
    'tmpfs /proc/scsi',
    'tmpfs /sys/firmware',
    'xfs /persistent-volume',
    'xfs /etc/hosts',
    'xfs /run/secrets/kubernetes.io/serviceaccount',
  ]);
  const { read, write } = machine.init.pipe();
  const df = await world.run(
    execIn(container, {
      argv: ['df', '-h'],
      env: new Map(),
      files: new Map([
        [1, write],
        [2, write],
      ]),
    }),
  );
  await world.run(
    (function* () {
      yield (resume) => {
        df.whenDone(() => resume());
        return undefined;
      };
    })(),
  );
  expect(new TextDecoder().decode(await world.run(read.read()))).toMatchInlineSnapshot(`
    "Filesystem                   Size  Used Avail Use% Mounted on
    overlay                       14G  3.5G   10G  26% /
    tmpfs                         64M     0   64M   0% /dev
    shm                           64M     0   64M   0% /dev/shm
    tmpfs                        1.9G     0  1.9G   0% /proc/scsi
    tmpfs                        1.9G     0  1.9G   0% /sys/firmware
    /dev/mapper/node01--vg-root   14G  3.5G   10G  26% /persistent-volume
    "
  `);
  destroyContainer(container);
  expect(await world.run(machine.init.readdir('/srv/data'))).toEqual(['test_from_pod']);
});

test('a mount that appears later below a slave bind appears in the container', async () => {
  const { world, machine, make } = setUp();
  await world.run(machine.init.mkdir('/srv/below'));
  const container = make('pod', [{ source: '/srv', target: '/host', slave: true }]);
  const init = await world.run(startInit(container, { argv: ['wait'], env: new Map() }));
  await world.run(machine.init.mount({ source: 'tmpfs', target: '/srv/below', type: 'tmpfs', options: [] }));
  await world.run(machine.init.writeFile('/srv/below/late', ''));
  expect(await world.run(init.readdir('/host/below'))).toEqual(['late']);
  expect(init.mounts().at(-1)).toMatchObject({ target: '/host/below', type: 'tmpfs' });
  await world.run(machine.init.umount('/srv/below'));
  expect(await world.run(init.readdir('/host/below'))).toEqual([]);
});
