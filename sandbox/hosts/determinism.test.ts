/** Same seed and same input, same world, byte for byte, in every process. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { advance } from '../sim/driver.ts';
import { lab, script } from './lab-process.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { openSession } from './opening.ts';

const folder = mkdtempSync(join(tmpdir(), 'bound-determinism-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Every step of every lesson, with looks at what chance and time have a hand in. */
const course = lessonsFromDisk().flatMap((lesson) => [
  ...lesson.steps.map((step) => ({ solve: `${lesson.id}/${step.id}` })),
  { host: 'master01', run: 'kubectl get pv,pvc,deploy,rs,sts,pods -o wide; kubectl get events' },
  { host: 'master01', run: 'kubectl get pods -o yaml' },
  { host: 'node01', run: 'df; mount; docker ps --no-trunc' },
  { host: 'nfs', run: 'ls -laR --full-time /mnt; cat /etc/exports' },
  { host: 'master01', screen: true },
]);

test('the same seed gives the same answers in another process, another seed gives others', async () => {
  const input = text(course);
  const [one, same, other] = await Promise.all([
    lab(['script', '--seed', '11'], { input }),
    lab(['script', '--seed', '11'], { input }),
    lab(['script', '--seed', '12'], { input }),
  ]);
  expect(one.code).toBe(0);
  expect(same.stdout).toBe(one.stdout);
  expect(other.stdout).not.toBe(one.stdout);
}, 120_000);

test('a restored session goes on as the uninterrupted one does', async () => {
  const file = join(folder, 'session.json');
  const first = [
    { solve: 'the-lab/export' },
    { solve: 'the-lab/clients' },
    { host: 'master01', run: 'cd /root/kube_yaml; kept=value; (sleep 600; echo late > /tmp/late) & echo $!' },
    { host: 'node01', run: 'echo before; sleep 700' },
    { check: 'the-lab/clients' },
    { host: 'master01', type: 'for i in 1 2 3\rdo echo $i\r' },
    { host: 'node02', type: 'kubectl get nod' },
    { host: 'nfs', type: 'vi /etc/exports\r' },
    { host: 'nfs', type: 'Go/mnt *(ro)\x1byypkiabc' },
    { host: 'master01', run: 'kubectl create deployment web --image=nginx --replicas=3' },
    { advance: '700ms' },
  ];
  const further = [
    { host: 'master01', screen: true },
    { host: 'node02', screen: true },
    { host: 'nfs', screen: true },
    { host: 'node01', run: 'echo alive $$' },
    { host: 'master01', run: 'pwd; echo $kept; jobs; kubectl get pods -o wide' },
    { host: 'master01', type: 'done\r' },
    { host: 'node02', type: '\x7f\x7f\x7f\x1b[A\x1b[B\x03hostname\r' },
    { host: 'nfs', type: '\x1bdd:wq\rcat /etc/exports\rexportfs -ra\r' },
    { advance: '20m' },
    { host: 'master01', run: 'cat /tmp/late; kubectl get pods -o yaml; kubectl get events -o yaml' },
    { check: 'the-lab/export' },
    { host: 'master01', screen: true },
  ];
  const whole = await script([...first, { snapshot: file }, ...further], '--seed', '5');
  const restored = await script([{ restore: file }, ...further]);
  expect(whole.filter((answer) => 'error' in answer)).toEqual([]);
  expect(restored[0]).toEqual(whole[first.length]);
  expect(restored.slice(1)).toEqual(whole.slice(first.length + 1));
  // And there was something to go on with.
  const [line, half, vi] = whole.slice(first.length + 1) as { screen: string[] }[];
  expect(line!.screen.filter(Boolean).at(-1)).toBe('> ');
  expect(half!.screen.filter(Boolean).at(-1)).toBe('[root@node02 ~]# kubectl get nod');
  expect(vi!.screen.join('\n')).toMatch(/abc\/mnt|\/mnt \*\(ro\)/);
}, 120_000);

test('two inputs of one instant are one instant after a restore too', async () => {
  const options = {
    seed: 1,
    start: { lesson: 'the-lab', step: 'look-around' },
    language: 'en' as const,
    lessons: lessonsFromDisk(),
  };
  const heard = (log: string[]) => ({
    listener: { output: (host: string, data: string) => log.push(`${host} ${data}`) },
  });
  const [live, replayed]: [string[], string[]] = [[], []];
  const session = await openSession({ ...options, ...heard(live) });
  await advance(session.world.clock, session.now + 1_000);
  const at = session.now + 10;
  for (const data of ['date', ' +%s.%N', '\r']) session.input({ type: 'keys', host: 'nfs', data }, at);
  await advance(session.world.clock, at + 1_000);
  const restored = await openSession({ ...options, ...heard(replayed), log: session.log() });
  expect(restored.log()).toEqual(session.log());
  expect(replayed).toEqual(live);
  expect(restored.hash()).toBe(session.hash());
});
