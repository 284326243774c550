/** The NFS server's machine switched off and on under what is mounted from it: the last rows of the failure table. */

import { expect, test } from 'vitest';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';

const LIMIT = 300_000;

async function start() {
  const world = createWorld({ seed: 1 });
  const { clock } = world;
  const wait = (ms: number) => advance(clock, clock.now + ms);
  const run = async (host: string, command: string) => {
    const running = new Coroutine(clock, world.script(host, command, LIMIT));
    await runUntil(clock, () => running.outcome !== undefined, clock.now + LIMIT);
    const { outcome } = running;
    if (outcome?.status !== 'done') throw new Error(`${command}: ${JSON.stringify(outcome)}`);
    return outcome.value.stdout + outcome.value.stderr;
  };
  await run('nfs', "mkdir /exp; echo '/exp *(rw,sync,no_subtree_check,no_root_squash)' > /etc/exports; exportfs -ra");
  await run('node01', 'apt-get install -y nfs-common > /dev/null 2>&1');
  return { world, wait, run };
}

test('a server that is switched off is waited for by a hard mount, and goes on where it was', async () => {
  const { world, wait, run } = await start();
  expect(await run('node01', 'mkdir /m; mount nfs:/exp /m; echo before > /m/f; cat /m/f')).toBe('before\n');
  world.power('nfs', false);
  await wait(1_000);
  expect(await run('node01', 'timeout 20 ls /m; echo rc=$?; timeout 20 df /m; echo rc=$?')).toBe('rc=124\nrc=124\n');
  expect(
    await run('node01', '(cat /m/f > /tmp/out 2>&1 &); sleep 200; ps -eo stat,comm | grep "^D.*cat" | wc -l'),
  ).toBe('1\n');
  expect(await run('node01', 'dmesg -t | tail -1')).toBe('nfs: server 192.168.120.230 not responding, still trying\n');
  world.power('nfs', true);
  await wait(180_000);
  expect(await run('node01', 'cat /tmp/out; echo after >> /m/f; cat /m/f; dmesg -t | tail -1')).toBe(
    'before\nbefore\nafter\nnfs: server 192.168.120.230 OK\n',
  );
  expect(await run('nfs', 'systemctl is-active nfs-server; exportfs -s; cat /exp/f')).toBe(
    'active\n/exp  *(rw,sync,wdelay,hide,no_subtree_check,sec=sys,secure,no_root_squash,no_all_squash)\nbefore\nafter\n',
  );
});

test('a server that is off has no address: a mount is refused with the words for it, and made once it is on', async () => {
  const { world, wait, run } = await start();
  world.power('nfs', false);
  await wait(1_000);
  expect(await run('node01', 'mkdir /m; mount -o retry=0 nfs:/exp /m 2>&1; echo rc=$?')).toBe(
    'mount.nfs: No route to host\nrc=32\n',
  );
  world.power('nfs', true);
  await wait(60_000);
  expect(await run('node01', 'mount -o retry=0 nfs:/exp /m 2>&1; echo rc=$?; touch /m/x; ls /m')).toBe('rc=0\nx\n');
});

test('a pod waits for a server that is off, writes on when it is back, and what it wrote is in the export', async () => {
  const { world, wait, run } = await start();
  await run(
    'master01',
    `kubectl create -f - <<'E'
{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: node01, terminationGracePeriodSeconds: 1, containers: [{name: c, image: busybox, command: [sh, -c, "i=0; while :; do i=$((i+1)); echo $i >> /v/log; sleep 1; done"], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, nfs: {server: nfs, path: /exp}}]}}
E`,
  );
  await wait(60_000);
  const written = Number(await run('nfs', 'wc -l < /exp/log'));
  expect(written).toBeGreaterThan(20);
  world.power('nfs', false);
  await wait(120_000);
  expect(await run('master01', 'kubectl get pod p --no-headers | tr -s " " | cut -d" " -f2,3')).toBe('1/1 Running\n');
  world.power('nfs', true);
  await wait(180_000);
  const later = (await run('nfs', 'cat /exp/log')).trimEnd().split('\n');
  expect(later.length).toBeGreaterThan(written + 5);
  expect(later).toEqual(later.map((_, i) => String(i + 1)));
});
