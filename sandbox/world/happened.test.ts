/** What is told of a cluster afterwards: pods that run, claims that are bound, mounts that failed, each to the second; and its objects as YAML. */

import { expect, test } from 'vitest';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { happened } from './happened.ts';
import { createWorld } from './lab.ts';
import { objects, objectYaml } from './objects.ts';

const SECOND = 1_000;
const LIMIT = 300_000;

const MANIFEST = `
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv0001}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: slow
  nfs: {server: 192.168.120.230, path: /mnt/nothing}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: test-claim}
spec:
  storageClassName: slow
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: Pod
metadata: {name: waits}
spec:
  containers: [{name: c, image: nginx, volumeMounts: [{name: v, mountPath: /v}]}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: test-claim}}]
`;

const world = createWorld({ seed: 3 });
const { clock } = world;
async function run(command: string) {
  const running = new Coroutine(clock, world.script('master01', command, LIMIT));
  await runUntil(clock, () => running.outcome !== undefined, clock.now + LIMIT);
  const { outcome } = running;
  if (outcome?.status !== 'done') throw new Error(`${command}: ${JSON.stringify(outcome)}`);
  return outcome.value.stdout + outcome.value.stderr;
}

/** When it really was, as a listener heard it. */
const heard = new Map<string, number>();
world.api.store.subscribe(({ type, collection, object }) => {
  const { phase } = (object as { status?: { phase?: string } }).status ?? {};
  const key = `${collection.name}/${object.metadata.name} ${type === 'DELETED' ? 'deleted' : (phase ?? '')}`;
  if (!heard.has(key)) heard.set(key, clock.now);
});

await run(`kubectl apply -f - <<'E'${MANIFEST}E`);
await run('kubectl create deployment web --image=nginx');
await advance(clock, clock.now + 60 * SECOND);
const middle = world.revision;
await run('kubectl delete pod waits --wait=false; kubectl scale deployment web --replicas=0');
await advance(clock, clock.now + 60 * SECOND);

const told = happened(world, 0).map(
  ({ kind, name, what, tone }) => `${kind} ${name.replace(/-.*/, '')} ${what} ${tone}`,
);

test('claims, volumes, pods and warnings, in the order in which they came', () => {
  expect(told.filter((text) => text.startsWith('PersistentVolume'))).toEqual([
    'PersistentVolume pv0001 Available waits',
    'PersistentVolume pv0001 Bound well',
    'PersistentVolumeClaim test Bound well',
  ]);
  expect(told).toContain('Pod waits FailedMount bad');
  expect(told.filter((text) => text.startsWith('Pod web'))).toEqual(['Pod web Running well', 'Pod web deleted gone']);
  expect(told).toContain('Pod waits deleted gone');
});

test('each is told for a moment by which it had happened, and not long after', () => {
  for (const [what, key] of [
    ['Bound', 'persistentvolumes/pv0001 Bound'],
    ['Bound', 'persistentvolumeclaims/test-claim Bound'],
    ['deleted', 'pods/waits deleted'],
  ] as const) {
    const name = /\/(\S+)/.exec(key)![1];
    const { at } = happened(world, 0).find((one) => one.name === name && one.what === what)!;
    const really = heard.get(key)!;
    expect(at, key).toBeGreaterThanOrEqual(really);
    // A removal is dated by the next change that has a date: a lease is renewed within ten seconds.
    expect(at, key).toBeLessThan(really + (what === 'deleted' ? 10 : 1) * SECOND);
  }
});

test('since a revision only what came after it', () => {
  const later = happened(world, middle).map(({ what }) => what);
  expect(later).toContain('deleted');
  expect(later).not.toContain('Bound');
  expect(happened(world, world.revision)).toEqual([]);
});

test('looking changes nothing', () => {
  const { revision } = world;
  const drawn = clock.next;
  happened(world, 0);
  for (const ref of objects(world)) objectYaml(world, ref);
  expect([world.revision, clock.next]).toEqual([revision, drawn]);
});

test('objects, each as kubectl prints it', async () => {
  const all = objects(world);
  expect(all).toContainEqual({
    resource: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    namespace: 'default',
    name: 'test-claim',
  });
  expect(new Set(all.map((ref) => JSON.stringify(ref))).size).toBe(all.length);
  const samples = [
    ['pvc', 'PersistentVolumeClaim', 'test-claim'],
    ['pv', 'PersistentVolume', 'pv0001'],
    ['deployment', 'Deployment', 'web'],
    ['node', 'Node', 'node01'],
  ];
  for (const [word, kind, name] of samples) {
    const ref = all.find((one) => one.kind === kind && one.name === name)!;
    expect(objectYaml(world, ref)).toBe(await run(`kubectl get ${word} ${name} -o yaml`));
  }
  expect(objectYaml(world, { ...all[0]!, name: 'nothing' })).toBeUndefined();
});
