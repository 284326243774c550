/** A policy that refuses every write: what the components cannot tell they tell later, and nothing of them breaks (kubelet, node lifecycle, controllers, scheduler). */

import { expect, test } from 'vitest';
import type { Pod } from '../api/types.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';

const RULE = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] };

const OBJECTS = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'nothing' },
    spec: { matchConstraints: { resourceRules: [RULE] }, validations: [{ expression: 'false', message: 'no' }] },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'nothing' },
    spec: { policyName: 'nothing', validationActions: ['Deny'] },
  },
];

test('ten minutes in which every write is refused, with a node that goes down, leave no fault; then the cluster recovers', async () => {
  const world = createWorld({ seed: 1 });
  const { clock } = world;
  const wait = (ms: number) => advance(clock, clock.now + ms);
  const run = async (command: string, host = 'master01') => {
    const running = new Coroutine(clock, world.script(host, command, 60_000));
    await runUntil(clock, () => running.outcome !== undefined, clock.now + 60_000);
    if (running.outcome?.status !== 'done') throw new Error(`${command} did not end`);
    return running.outcome.value.stdout;
  };
  const pods = async (): Promise<Pod[]> => JSON.parse(await run('kubectl get pods -o json')).items;
  const nodes = async () =>
    (
      await run(
        `kubectl get nodes -o jsonpath='{range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}'`,
      )
    )
      .trim()
      .split(' ');

  await run('kubectl create deployment web --image=nginx --replicas=6');
  await run('kubectl create configmap owner');
  await run('kubectl run ends --image=busybox --restart=Never -- sleep 60');
  await run('kubectl run going --image=nginx');
  await wait(20_000);
  await run('kubectl delete pod going --wait=false');
  await run(`kubectl create -f - <<'E'\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS })}\nE\n`);
  world.power('node02', false);
  await wait(600_000);
  expect(await nodes()).toEqual(['True', 'True', 'True']);
  expect(
    await run('journalctl -u kubelet --no-pager | grep -c "Failed to ensure lease exists, will retry"', 'node01'),
  ).toMatch(/^[1-9]\d*\n$/);

  await run('kubectl delete validatingadmissionpolicybinding nothing');
  await wait(120_000);
  expect(await nodes()).toEqual(['True', 'True', 'Unknown']);
  const ends = (await pods()).find(({ metadata }) => metadata.name === 'ends')!;
  if (ends.spec!.nodeName === 'node01') expect(ends.status!.phase).toBe('Succeeded');
  world.power('node02', true);
  await wait(600_000);
  expect(await nodes()).toEqual(['True', 'True', 'True']);
  const left = await pods();
  expect(left.filter(({ status }) => status!.phase === 'Running')).toHaveLength(6);
  expect(left.some(({ metadata }) => metadata.name === 'going')).toBe(false);
});
