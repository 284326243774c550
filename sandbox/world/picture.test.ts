/** The picture tells what the machines have and what is mounted, from the first moment. */

import { afterEach, expect, test } from 'vitest';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { openSession } from '../hosts/opening.ts';
import type { Session } from '../session/session.ts';
import { picture } from './picture.ts';

const lessons = lessonsFromDisk();
let session: Session;
afterEach(() => session.close());

async function start() {
  session = await openSession({ seed: 1, start: { lesson: 'the-lab', step: 'look-around' }, language: 'en', lessons });
  const { world } = session;
  const run = (host: string, command: string) => session.result(session.input({ type: 'run', host, command }), 60_000);
  const node = (name: string) => picture(world).nodes.find((one) => one.name === name)!;
  return { world, run, node };
}

test('before the first command there are machines, with what they have', async () => {
  const { world, node } = await start();
  const { server, exports, handMounts } = picture(world);
  expect(node('master01')).toEqual({
    name: 'master01',
    ready: true,
    schedulable: true,
    controlPlane: true,
    taints: ['node-role.kubernetes.io/control-plane:NoSchedule'],
    nfsClient: false,
    up: true,
  });
  expect(node('node01')).toMatchObject({ controlPlane: false, taints: [], nfsClient: false });
  expect({ server, exports, handMounts }).toEqual({
    server: { name: 'nfs', up: true, serving: true },
    exports: [],
    handMounts: [],
  });
});

test('the client, the export and a mount by hand are told as they come and go', async () => {
  const { world, run, node } = await start();
  await run('nfs', 'mkdir /mnt/nfsserv /mnt/other');
  expect(picture(world).exports.map(({ path, grants }) => [path, grants])).toEqual([
    ['/mnt/nfsserv', []],
    ['/mnt/other', []],
  ]);
  await run('nfs', "echo '/mnt/nfsserv node02(rw,no_root_squash) *(ro)' > /etc/exports; exportfs -ra");
  expect(picture(world).exports[0]).toMatchObject({
    exported: true,
    grants: ['node02(rw,no_root_squash)', '*(ro,root_squash)'],
  });
  await run('node02', 'apt-get update && apt-get install -y nfs-common');
  expect(node('node02').nfsClient).toBe(true);
  expect(node('node01').nfsClient).toBe(false);
  await run('node02', 'mount -t nfs 192.168.120.230:/mnt/nfsserv /mnt; touch /mnt/by_hand');
  expect(picture(world)).toMatchObject({
    handMounts: [{ node: 'node02', path: '/mnt', from: '/mnt/nfsserv' }],
    mounts: [],
  });
  expect(picture(world).exports[0]!.files).toEqual(['by_hand']);
  await run('nfs', 'systemctl stop nfs-server');
  expect(picture(world).server).toMatchObject({ up: true, serving: false });
  world.power('nfs', false);
  expect(picture(world).server).toMatchObject({ up: false, serving: false });
});
