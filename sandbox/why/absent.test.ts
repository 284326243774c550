/** Why of what is not there, is elsewhere, or is kept for something else. */

import { expect, test } from 'vitest';
import type { WhySubject } from '../channel/why.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { openSession } from '../hosts/opening.ts';
import { advance } from '../sim/driver.ts';
import { why } from './why.ts';

const lessons = lessonsFromDisk();
const options = { seed: 7, start: { lesson: 'the-lab', step: 'export' }, language: 'en', lessons } as const;

async function begun() {
  const session = await openSession(options);
  async function run(command: string): Promise<void> {
    await session.result(session.input({ type: 'run', host: 'master01', command }), 300_000);
    await advance(session.world.clock, session.now + 5_000);
  }
  return {
    session,
    run,
    create: (manifest: string) => run(`kubectl create -f - <<'EOF'\n${manifest}\nEOF`),
    /** What it waits for: the key of each sentence, and what stands in it. */
    waits: (subject: WhySubject) =>
      why(session.world, session.progress, subject).waits.map(({ says }) =>
        [says.key, ...Object.values(says.params)].join(' '),
      ),
  };
}

const claim = (name: string, namespace: string, volume = '') => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}, namespace: ${namespace}}
spec: {accessModes: [ReadWriteOnce], storageClassName: slow, volumeName: "${volume}", resources: {requests: {storage: 1Gi}}}`;
const object = (kind: string, name: string): WhySubject => ({ type: 'object', kind, name });

test('a Pod’s claim that is in another namespace', async () => {
  const { session, create, waits } = await begun();
  await create(`apiVersion: v1
kind: Namespace
metadata: {name: other}
---
${claim('data', 'other')}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers: [{name: web, image: nginx}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]`);
  expect(waits(object('Pod', 'web')).slice(1)).toEqual([
    'object.missing PersistentVolumeClaim data',
    'object.elsewhere PersistentVolumeClaim data other',
  ]);
  session.close();
});

test('of what was in another namespace only, it is not said that it was never created', async () => {
  const { session, run, create, waits } = await begun();
  await run('kubectl create namespace other');
  await create(claim('data', 'other'));
  await run('kubectl delete pvc data -n other');
  expect(waits(object('PersistentVolumeClaim', 'data'))).toEqual([
    'object.missing PersistentVolumeClaim data',
    'object.formerly PersistentVolumeClaim data other default',
  ]);
  expect(waits(object('PersistentVolumeClaim', 'date'))).toEqual(['object.never PersistentVolumeClaim date']);
  const there = { type: 'object', kind: 'PersistentVolumeClaim', name: 'data', namespace: 'other' } as const;
  expect(waits(there)).toEqual(['object.missing PersistentVolumeClaim data']);
  session.close();
});

test('a volume that is reserved is not said to be bound', async () => {
  const { session, create, waits } = await begun();
  await create(`apiVersion: v1
kind: PersistentVolume
metadata: {name: kept}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: slow
  claimRef: {name: data, namespace: other}
  nfs: {server: 192.168.120.230, path: /mnt/a}
---
${claim('data', 'default')}
---
${claim('named', 'default', 'kept')}`);
  expect(waits(object('PersistentVolume', 'kept'))).toEqual([
    'volume.reserved kept other/data',
    'object.missing PersistentVolumeClaim data',
    'object.elsewhere PersistentVolumeClaim data default',
  ]);
  expect(waits(object('PersistentVolumeClaim', 'data'))).toContain('volume.reserved kept other/data');
  expect(waits(object('PersistentVolumeClaim', 'named'))).toEqual(['claim.pending named', 'claim.names-reserved kept']);
  session.close();
});

const volumeOf = (name: string, policy: string) => `apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}, finalizers: [example.com/held]}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: slow
  persistentVolumeReclaimPolicy: ${policy}
  nfs: {server: 192.168.120.230, path: /mnt/a}`;

const failed =
  'volume.failed left error getting deleter volume plugin for volume "left": no deletable volume plugin matched';
for (const [policy, told] of [
  ['Delete', failed],
  ['Retain', 'volume.released left one'],
] as const)
  test(`a volume whose claim is gone is neither reserved nor bound: ${policy}`, async () => {
    const { session, run, create, waits } = await begun();
    await create(`${volumeOf('left', policy)}\n---\n${claim('one', 'default')}`);
    await run('kubectl delete pvc one');
    await create(`${claim('two', 'default')}\n---\n${claim('named', 'default', 'left')}`);
    expect(waits(object('PersistentVolume', 'left'))).toEqual([told]);
    expect(waits(object('PersistentVolumeClaim', 'two'))).toEqual(['claim.pending two', told]);
    expect(waits(object('PersistentVolumeClaim', 'named'))).toEqual(['claim.pending named', told]);
    await run('kubectl delete pv left --wait=false');
    const [terminating, ...others] = waits(object('PersistentVolume', 'left'));
    expect([terminating, others.at(-1)]).toEqual(['object.terminating PersistentVolume left', told]);
    session.close();
  });

test('in a cluster without the StatefulSet of the lesson before, that is the cause', async () => {
  const { session, waits } = await begun();
  const place = { lesson: 'identity', step: 'restart' };
  session.input({ type: 'open', place });
  await advance(session.world.clock, session.now + 1_000);
  const never = 'object.never StatefulSet persistent-stateset';
  for (const [step, id] of [
    ['restart', 'new-pod'],
    ['restart', 'same-claim'],
    ['same-file', 'written-again'],
  ] as const) {
    const said = waits({ type: 'checkpoint', lesson: 'identity', step, id });
    expect(said.at(-1), id).toBe(never);
    expect(said.join(), id).not.toContain('Deployment');
  }
  session.close();
});
