/** Nodes that are full: whoever waits runs where room is freed, and no node sends it away again (pkg/kubelet/kubelet_pods.go, filterOutInactivePods). */

import { expect, test } from 'vitest';
import type { Pod } from '../api/types.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';

/** Two nodes of four processors each: eight of these fit on one. */
const ASKS = { requests: { cpu: '500m' } };

const container = (more: object = {}) => ({ name: 'c', image: 'nginx', resources: ASKS, ...more });

const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'filler' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'filler' } },
    template: { metadata: { labels: { app: 'filler' } }, spec: { containers: [container()] } },
  },
});

const pod = (name: string, spec: object = { containers: [container()] }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec,
});

function start() {
  const world = createWorld({ seed: 1 });
  const { clock } = world;
  const wait = (ms: number) => advance(clock, clock.now + ms);
  const run = async (command: string) => {
    const running = new Coroutine(clock, world.script('master01', command, 60_000));
    await runUntil(clock, () => running.outcome !== undefined, clock.now + 60_000);
    if (running.outcome?.status !== 'done') throw new Error(`${command} did not end`);
    return running.outcome.value.stdout;
  };
  const create = (object: object) => run(`kubectl create -f - <<'E'\n${JSON.stringify(object)}\nE\n`);
  const pods = async (): Promise<Pod[]> => JSON.parse(await run('kubectl get pods -o json')).items;
  const phases = async () => {
    const counts: Record<string, number> = {};
    for (const { status } of await pods()) counts[status!.phase!] = (counts[status!.phase!] ?? 0) + 1;
    return counts;
  };
  const named = async (name: string) => (await pods()).find(({ metadata }) => metadata.name === name)!.status!;
  const someRunning = async () => (await pods()).find(({ status }) => status!.phase === 'Running')!.metadata.name;
  return { run, wait, create, phases, named, someRunning };
}

test('one that is scaled away makes room for the one that waits', async () => {
  const { run, wait, create, phases, named } = start();
  await create(deployment(16));
  await wait(20_000);
  await create(pod('waits'));
  await wait(5_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
  await run('kubectl scale deployment filler --replicas=15');
  await wait(20_000);
  expect(await phases()).toEqual({ Running: 16 });
  expect((await named('waits')).phase).toBe('Running');
});

test('one of a set too large is deleted: another of it runs, the last one waits', async () => {
  const { run, wait, create, phases, someRunning } = start();
  await create(deployment(17));
  await wait(20_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
  await run(`kubectl delete pod ${await someRunning()}`);
  await wait(20_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
  await run(`kubectl delete pod ${await someRunning()} --force`);
  await wait(20_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
});

test('who preempts runs in the place it was given', async () => {
  const { wait, create, phases, named } = start();
  await create(deployment(16));
  await wait(20_000);
  await create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 });
  await create(pod('vip', { priorityClassName: 'high', containers: [container()] }));
  await wait(30_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
  expect((await named('vip')).phase).toBe('Running');
});

test('a pod that ends by itself is told as ended, and gives up its place, when its sidecar has ended too', async () => {
  const { wait, create, phases, named } = start();
  const shell = (command: string) => ({ image: 'busybox', command: ['sh', '-c', command] });
  await create(deployment(15));
  await create(
    pod('ends', {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 20,
      initContainers: [{ name: 's', restartPolicy: 'Always', ...shell("trap '' TERM; while true; do sleep 1; done") }],
      containers: [container(shell('sleep 30'))],
    }),
  );
  await wait(20_000);
  await create(pod('waits'));
  await wait(22_000);
  expect(await phases()).toEqual({ Running: 16, Pending: 1 });
  const ends = await named('ends');
  expect([ends.containerStatuses![0]!.state!.terminated?.reason, ends.phase]).toEqual(['Completed', 'Running']);
  await wait(30_000);
  expect(await phases()).toEqual({ Running: 16, Succeeded: 1 });
});
