/** Every write knows why it was made: through watches, queues, kubelets and machines down to the line that was typed. */

import { expect, test } from 'vitest';
import type { Cause } from '../sim/cause.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';
import type { World } from './world.ts';

async function run(world: World, host: string, command: string): Promise<void> {
  const going = new Coroutine(world.clock, world.script(host, command, 600_000));
  await runUntil(world.clock, () => going.outcome !== undefined, world.clock.now + 600_000);
}

function told(cause: Cause | undefined): string[] {
  const texts: string[] = [];
  for (let one = cause; one; one = one.because) {
    const { deed } = one;
    texts.push(deed.type === 'write' ? `${deed.by} ${deed.verb} ${deed.resource}` : `${deed.host}$ ${deed.text}`);
  }
  return texts.reverse();
}

const podOf = (world: World) => world.api.store.collection('pods').list('default')[0]!;

test('a Pod of a Deployment: from the command over each controller to the kubelet', async () => {
  const world = createWorld({ seed: 3 });
  await run(world, 'master01', 'kubectl create deployment web --image=nginx');
  await advance(world.clock, world.clock.now + 60_000);
  const { metadata, spec } = podOf(world) as ReturnType<typeof podOf> & { spec: { nodeName: string } };
  expect(told(world.api.store.collection('pods').lastWrite('default', metadata.name))).toEqual([
    'master01$ kubectl create deployment web --image=nginx',
    'kubectl-create ADDED deployments',
    'deployment-controller ADDED replicasets',
    'replicaset-controller ADDED pods',
    'kube-scheduler MODIFIED pods',
    `kubelet/${spec.nodeName} MODIFIED pods`,
  ]);
});

test('of what is typed the line counts, also after a shell in a container', async () => {
  const world = createWorld({ seed: 3 });
  const type = async (keys: string) => {
    world.terminal('master01').input(keys);
    await advance(world.clock, world.clock.now + 40_000);
  };
  await type('kubectl run one --image=nginx\r');
  await type('kubectl exec -it one -- bash\r');
  await type('touch /tmp/made\r');
  await type('exit\r');
  await type('kubectl delete pod one --wait=false\r');
  const { write } = world.api.store.history.findLast(({ object }) => object.metadata.name === 'one')!;
  expect(told(write).slice(0, 2)).toEqual([
    'master01$ kubectl delete pod one --wait=false',
    'kubernetes-admin MODIFIED pods',
  ]);
});

test('two hours of leases and of a container that ends again and again leave no long memory', async () => {
  const world = createWorld({ seed: 3 });
  await run(world, 'master01', 'kubectl run crash --image=busybox -- sh -c "sleep 5; exit 1"');
  await advance(world.clock, world.clock.now + 7_200_000);
  const causes = new Set<Cause>();
  let longest = 0;
  for (const { write, collection } of world.api.store.history) {
    let length = 0;
    for (let one: Cause | undefined = write; one; one = one.because) {
      causes.add(one);
      length++;
    }
    longest = Math.max(longest, length);
    if (collection.name === 'leases') expect(length).toBe(1);
  }
  expect(longest).toBeLessThanOrEqual(64);
  // One for each write, and the commands.
  expect(causes.size).toBeLessThanOrEqual(world.api.store.history.length + 2);
  expect(told(world.api.store.collection('pods').lastWrite('default', 'crash'))[0]).toContain('kubectl run crash');
});
