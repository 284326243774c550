/** A machine's files looked at from outside: what is seen, what is said where nothing can be, and that looking leaves no trace. */

import { beforeAll, expect, test } from 'vitest';
import { runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { listFiles, readFileText } from './files.ts';
import { createWorld } from './lab.ts';
import type { World } from './world.ts';

async function run(world: World, host: string, command: string): Promise<string> {
  const going = new Coroutine(world.clock, world.script(host, command, 600_000));
  await runUntil(world.clock, () => going.outcome !== undefined, world.clock.now + 600_000);
  if (going.outcome?.status !== 'done') throw new Error(`${command} did not end`);
  return going.outcome.value.stdout + going.outcome.value.stderr;
}

async function prepared(): Promise<World> {
  const world = createWorld({ seed: 3 });
  await run(
    world,
    'nfs',
    `mkdir -p /mnt/open /mnt/closed; echo open > /mnt/open/f; ln -s f /mnt/open/l; ln -s /nowhere /mnt/open/broken
     echo secret > /mnt/closed/f; chmod 600 /mnt/closed/f
     printf '/mnt/open *(rw,no_root_squash)\\n/mnt/closed *(rw)\\n' > /etc/exports; exportfs -ra`,
  );
  await run(
    world,
    'node01',
    `apt-get install -y nfs-common > /dev/null 2>&1; mkdir /a /b; mount nfs:/mnt/open /a; mount nfs:/mnt/closed /b
     printf 'caf\\303\\251\\n' > /root/utf; printf '\\377\\376' > /root/latin; printf 'a\\0b' > /root/nul; truncate -s 2M /root/big
     ln -s /a/f /root/through; chown 1234 /root/utf; chmod 4750 /root/utf`,
  );
  return world;
}

let world: World;
beforeAll(async () => {
  world = await prepared();
});

const entry = (host: string, directory: string, name: string) => {
  const listing = listFiles(world, host, directory);
  return 'entries' in listing ? listing.entries.find((one) => one.name === name) : listing;
};

test('a directory is listed as ls -l would, links with what they lead to', () => {
  expect(entry('node01', '/root', 'utf')).toMatchObject({ type: 'file', size: 6, mode: 0o4750, owner: '1234' });
  expect(entry('node01', '/root', 'through')).toMatchObject({ type: 'symlink', target: '/a/f', leads: 'file' });
  expect(entry('nfs', '/mnt/open', 'broken')).toEqual(expect.objectContaining({ type: 'symlink', target: '/nowhere' }));
  expect(entry('nfs', '/mnt/open', 'broken')).not.toHaveProperty('leads');
  expect(entry('node01', '/', 'etc')).toMatchObject({ type: 'directory', owner: 'root', mode: 0o755 });
  expect(entry('node01', '/', 'proc')).toMatchObject({ type: 'directory' });
  expect(listFiles(world, 'node01', '/root/../a/.')).toMatchObject({ path: '/a', more: 0 });
});

test('a file is read where links and mounts lead', () => {
  expect(readFileText(world, 'node01', '/root/utf')).toMatchObject({ path: '/root/utf', text: 'café\n', mode: 0o4750 });
  expect(readFileText(world, 'node01', '/root/through')).toMatchObject({ path: '/a/f', text: 'open\n' });
});

test.each([
  ['node01', '/root/nothing', 'refused', 'No such file or directory'],
  ['node01', '/root/utf/x', 'refused', 'Not a directory'],
  ['node01', '/root', 'refused', 'Is a directory'],
  ['node01', '/b/f', 'refused', 'Permission denied'],
  ['node01', '/root/latin', 'binary', '2 bytes'],
  ['node01', '/root/nul', 'binary', '3 bytes'],
  ['node01', '/root/big', 'large', '2097152 bytes'],
  ['node01', '/proc/mounts', 'made', 'proc is made when it is read'],
  ['node01', '/dev/null', 'made', 'char is made when it is read'],
  ['elsewhere', '/', 'off', 'ssh: connect to host elsewhere port 22: No route to host'],
])('on %s, %s is no text: %s', (host, path, kind, message) => {
  expect(readFileText(world, host, path)).toEqual({ problem: { kind, message } });
});

test('looking leaves no trace: two worlds, one of them looked at, go on alike', async () => {
  const [looked, other] = [world, await prepared()];
  const { now } = looked.clock;
  for (const host of looked.machines.keys())
    for (const path of [
      '/',
      '/root',
      '/etc',
      '/var/log',
      '/run',
      '/a',
      '/b',
      '/mnt',
      '/mnt/open',
      '/proc',
      '/dev',
      '/dev/pts',
    ])
      listFiles(looked, host, path);
  for (const path of ['/a/f', '/b/f', '/etc/fstab', '/root/utf']) readFileText(looked, 'node01', path);
  readFileText(looked, 'nfs', '/mnt/open/f');
  expect(looked.clock.now).toBe(now);
  // What a cached name or attribute, an access time or a number given away would change.
  const traces = [
    ['nfs', 'echo longer >> /mnt/open/f; rm /mnt/open/l; ls -lu --full-time /mnt/open /root'],
    [
      'node01',
      'ls -li --full-time /a /b /proc /dev; cat /a/l /a/f; stat /root/utf /etc/fstab; touch /root/n; ls -i /root',
    ],
    ['master01', 'ls -lu --full-time /root /etc; kubectl get nodes; cat /proc/uptime'],
  ] as const;
  for (const [host, command] of traces) expect(await run(looked, host, command)).toBe(await run(other, host, command));
  expect(looked.revision).toBe(other.revision);
}, 20_000);

test('a mount whose server is gone says so, and a file whose export is gone is stale', async () => {
  await run(world, 'nfs', 'exportfs -u *:/mnt/closed');
  expect(readFileText(world, 'node01', '/b/f')).toEqual({ problem: { kind: 'refused', message: 'Stale file handle' } });
  world.power('nfs', false);
  const silent = { kind: 'unanswered', message: 'server 192.168.120.230 not responding' };
  expect(listFiles(world, 'node01', '/a')).toEqual({ problem: silent });
  expect(readFileText(world, 'node01', '/root/through')).toEqual({ problem: silent });
  expect(entry('node01', '/', 'a')).toMatchObject({ type: 'directory', unreachable: true });
  expect(listFiles(world, 'nfs', '/')).toMatchObject({ problem: { kind: 'off' } });
});

test('links that each lead through two are counted on the whole way, as the kernel counts them', async () => {
  await run(world, 'master01', 'cd /root; ln -s . l0; for i in $(seq 1 32); do ln -s l$((i-1))/l$((i-1)) l$i; done');
  const began = performance.now();
  expect(entry('master01', '/root', 'l32')).toMatchObject({ type: 'symlink' });
  // Two to the thirty-second would take hours.
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await run(world, 'master01', 'ls -d /root/l32/')).toContain('Too many levels of symbolic links');
  expect(listFiles(world, 'master01', '/root/l32')).toMatchObject({
    problem: { message: 'Too many levels of symbolic links' },
  });
});
