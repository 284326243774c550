/** A server, a client and the article's steps between them. */

import { beforeEach, expect, test } from 'vitest';
import type { KernelMachine } from '../kernel/machine.ts';
import type { Program } from '../process.ts';
import { TestWorld } from '../testing.ts';

const HOSTS = [
  ['192.168.120.230', 'nfs'],
  ['192.168.120.232', 'node01'],
] as const;

const touch: Program = function* (process, argv) {
  try {
    for (const path of argv.slice(1)) yield* process.writeFile(path, '', { append: true });
    return 0;
  } catch (error) {
    yield* process.error(`${(error as Error).message}\n`);
    return 1;
  }
};

let world: TestWorld;
let server: KernelMachine;
let node: KernelMachine;

beforeEach(async () => {
  world = new TestWorld();
  const disk = { total: 13.39 * 1024 ** 3, used: 1.45 * 1024 ** 3 };
  server = world.machine(
    { hostname: 'nfs', address: '192.168.120.230', hosts: HOSTS, disk, packages: ['nfs-kernel-server'] },
    { touch },
  );
  node = world.machine({ hostname: 'node01', address: '192.168.120.232', hosts: HOSTS }, { touch });
  await write(server, '/etc/exports', '');
  await world.run(server.init.mkdir('/mnt/nfsserv'));
});

const write = (machine: KernelMachine, path: string, text: string) => world.run(machine.init.writeFile(path, text));
const nfs = (command: string) => world.exec(server, command);
const node01 = (command: string, options = {}) => world.exec(node, command, options);

async function exportDirectory(options = 'rw,async,no_root_squash') {
  await write(server, '/etc/exports', `/mnt/nfsserv *(${options})\n`);
  return nfs('exportfs -ra');
}

test('a node without nfs-common cannot mount; with it, what is not exported is denied', async () => {
  expect(await node01('mount -t nfs 192.168.120.230:/mnt/nfsserv /mnt')).toEqual({
    stdout: '',
    stderr:
      'mount: /mnt: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.\n       dmesg(1) may have more information after failed mount system call.\n',
    code: 32,
  });
  expect(await node01('showmount -e nfs')).toMatchObject({ stderr: 'showmount: command not found\n', code: 127 });
  const installed = await node01('apt-get install -y nfs-common');
  expect(installed.stdout).toContain('Setting up nfs-common (1:2.6.2-4+deb12u1) ...\n');
  expect(installed.code).toBe(0);
  expect(await node01('mount -t nfs 192.168.120.230:/mnt/nfsserv /mnt')).toEqual({
    stdout: '',
    stderr: 'mount.nfs: access denied by server while mounting 192.168.120.230:/mnt/nfsserv\n',
    code: 32,
  });
});

test('exportfs speaks as nfs-utils does', async () => {
  expect(await exportDirectory()).toEqual({
    stdout: '',
    stderr: `exportfs: /etc/exports [1]: Neither 'subtree_check' or 'no_subtree_check' specified for export "*:/mnt/nfsserv".
  Assuming default behaviour ('no_subtree_check').
  NOTE: this default has changed since nfs-utils version 1.0.x

`,
    code: 0,
  });
  expect((await nfs('exportfs -v')).stdout).toBe(
    '/mnt/nfsserv  \t<world>(rw,async,wdelay,hide,no_subtree_check,sec=sys,secure,no_root_squash,no_all_squash)\n',
  );
  expect((await nfs('exportfs')).stdout).toBe('/mnt/nfsserv  \t<world>\n');
  expect((await nfs('showmount -e')).stdout).toBe('Export list for nfs:\n/mnt/nfsserv *\n');
  await write(server, '/etc/exports', '/mnt/nfsserv *(rw,asinc)\n');
  expect(await nfs('exportfs -ra')).toMatchObject({
    stderr: 'exportfs: /etc/exports:1: unknown keyword "asinc"\n\n',
    code: 1,
  });
  await write(server, '/etc/exports', '/mnt/nosuch *(rw,no_subtree_check)\n');
  expect(await nfs('exportfs -ra')).toMatchObject({
    stderr: 'exportfs: Failed to stat /mnt/nosuch: No such file or directory\n',
    code: 1,
  });
});

test('files are the same on both sides, with df and mount to show it', async () => {
  await exportDirectory();
  await node01('apt-get install -y nfs-common');
  expect(await node01('mount -t nfs -o hard 192.168.120.230:/mnt/nfsserv /mnt')).toEqual({
    stdout: '',
    stderr: '',
    code: 0,
  });
  await node01('touch /mnt/test_from_node');
  expect(await world.run(server.init.readdir('/mnt/nfsserv'))).toEqual(['test_from_node']);
  expect((await world.run(node.init.stat('/mnt'))).size).toBe(6 + 14 + 8);
  expect((await node01('df -h /mnt')).stdout).toBe(
    'Filesystem                    Size  Used Avail Use% Mounted on\n192.168.120.230:/mnt/nfsserv   14G  1.5G   12G  11% /mnt\n',
  );
  expect((await node01('mount -t nfs4')).stdout).toBe(
    '192.168.120.230:/mnt/nfsserv on /mnt type nfs4 (rw,relatime,vers=4.2,rsize=262144,wsize=262144,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=192.168.120.232,local_lock=none,addr=192.168.120.230)\n',
  );
  expect(await world.exec(node, 'umount /mnt', { cwd: '/mnt' })).toMatchObject({
    stderr: 'umount.nfs4: /mnt: device is busy\n',
    code: 16,
  });
  expect(await node01('umount /mnt')).toMatchObject({ code: 0 });
});

test('root is squashed unless the export says otherwise, and ro is read-only', async () => {
  await exportDirectory('rw,no_subtree_check');
  await node01('apt-get install -y nfs-common');
  await node01('mount 192.168.120.230:/mnt/nfsserv /mnt');
  expect(await node01('touch /mnt/x')).toMatchObject({ stderr: 'Permission denied\n' });
  await world.run(server.init.chmod('/mnt/nfsserv', 0o777));
  await node01('touch /mnt/x');
  expect(await world.run(server.init.stat('/mnt/nfsserv/x'))).toMatchObject({ uid: 65534, gid: 65534 });
  await exportDirectory('ro,no_root_squash,no_subtree_check');
  expect(await node01('touch /mnt/y')).toMatchObject({ stderr: 'Read-only file system\n' });
  await exportDirectory('rw,all_squash,anonuid=1000,anongid=1000,no_subtree_check');
  await world.exec(node, 'touch /mnt/z', { uid: 33 });
  expect(await world.run(server.init.stat('/mnt/nfsserv/z'))).toMatchObject({ uid: 1000, gid: 1000 });
  await write(server, '/etc/exports', '');
  await nfs('exportfs -ra');
  expect(await node01('touch /mnt/z')).toMatchObject({ stderr: 'Stale file handle\n' });
});

test('a hard mount hangs while the server is stopped; a soft one gives up with EIO', async () => {
  await exportDirectory();
  await node01('apt-get install -y nfs-common');
  await node01('mount -t nfs 192.168.120.230:/mnt/nfsserv /mnt');
  await nfs('systemctl stop nfs-server');
  const hanging = node.init.fork(
    function* (process) {
      yield* process.writeFile('/mnt/late', 'x');
      return 0;
    },
    ['touch'],
  );
  world.clock.advanceTo(world.clock.now + 400_000);
  expect((await node01('ps -eo stat,comm')).stdout).toMatch(/^D /m);
  expect((await node01('dmesg -t')).stdout).toContain('nfs: server 192.168.120.230 not responding, still trying\n');
  await nfs('systemctl start nfs-server');
  expect(await world.run(node.init.wait(hanging.pid))).toEqual({ code: 0 });
  await node01('umount /mnt');
  await node01('mount -t nfs -o soft,timeo=30,retrans=1 192.168.120.230:/mnt/nfsserv /mnt');
  await nfs('systemctl stop nfs-server');
  expect(await node01('touch /mnt/x')).toMatchObject({ stderr: 'Input/output error\n' });
  expect(await node01('umount /mnt')).toMatchObject({ code: 0 });
});

test('mounting says why it cannot', async () => {
  await exportDirectory();
  await node01('apt-get install -y nfs-common');
  expect((await node01('mount -t nfs nosuch:/x /mnt')).stderr).toBe(
    'mount.nfs: Failed to resolve server nosuch: Name or service not known\n',
  );
  expect((await node01('mount nfs:/mnt/nfsserv /nosuch')).stderr).toBe(
    'mount.nfs: mount point /nosuch does not exist\n',
  );
  expect((await node01('mount nfs:/mnt/nfsserv/nosuch /mnt')).stderr).toBe(
    'mount.nfs: mounting nfs:/mnt/nfsserv/nosuch failed, reason given by server: No such file or directory\n',
  );
  await nfs('systemctl stop nfs-server');
  let before = world.clock.now;
  expect(await node01('mount nfs:/mnt/nfsserv /mnt')).toEqual({
    stdout: '',
    stderr: 'mount.nfs: Connection refused\n',
    code: 32,
  });
  expect(world.clock.now - before).toBeGreaterThan(120_000);
  expect(world.clock.now - before).toBeLessThan(135_000);
  // On the same network nobody answers ARP; beyond it, or with the wire cut, packets vanish.
  server.powerOff();
  before = world.clock.now;
  expect((await node01('mount nfs:/mnt/nfsserv /mnt')).stderr).toBe('mount.nfs: No route to host\n');
  expect(world.clock.now - before).toBeGreaterThan(120_000);
  world.network.partition(node.address, server.address, true);
  before = world.clock.now;
  expect((await node01('mount nfs:/mnt/nfsserv /mnt')).stderr).toBe('mount.nfs: Connection timed out\n');
  expect(world.clock.now - before).toBeGreaterThan(120_000);
});
