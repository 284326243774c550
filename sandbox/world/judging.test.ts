/** What the cluster says of a manifest while it is written: kubectl's own words, kinds and fields as served, and no trace of the question. */

import { expect, test } from 'vitest';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { fieldHelp, judge, kinds } from './judging.ts';
import { createWorld } from './lab.ts';
import type { World } from './world.ts';

async function run(world: World, command: string): Promise<string> {
  const going = new Coroutine(world.clock, world.script('master01', command, 600_000));
  await runUntil(world.clock, () => going.outcome !== undefined, world.clock.now + 600_000);
  if (going.outcome?.status !== 'done') throw new Error(`${command} did not end`);
  return going.outcome.value.stdout + going.outcome.value.stderr;
}

const volume = (spec: string) => `apiVersion: v1
kind: PersistentVolume
metadata: {name: pv0001}
spec: {${spec}}
`;
const GOOD = 'capacity: {storage: 1Gi}, accessModes: [ReadWriteMany], nfs: {server: nfs, path: /a}';

test('a manifest is judged in kubectl’s words', async () => {
  const world = createWorld({ seed: 1 });
  const [good, unknown, invalid, nothing, broken] = await judge(world, [
    volume(GOOD),
    volume(`${GOOD}, capcity: 3`),
    volume('capacity: {storage: 1Gi}, nfs: {server: nfs, path: /a}'),
    'apiVersion: v1\nkind: PersistentVolumes\nmetadata: {name: a}\n',
    'apiVersion: v1\nkind: [\n',
  ]);
  expect(good).toEqual({ error: '', warnings: [] });
  expect(unknown!.error).toContain('strict decoding error: unknown field "spec.capcity"');
  expect(invalid!.error).toContain('spec.accessModes: Required value');
  expect(nothing!.error).toContain('no matches for kind "PersistentVolumes" in version "v1"');
  expect(broken!.error).toContain('error converting YAML to JSON');
});

test('what is there already is judged as the change that it would be', async () => {
  const world = createWorld({ seed: 1 });
  await run(world, `kubectl apply -f - <<'EOF'\n${volume(GOOD)}EOF`);
  const [same, moved] = await judge(world, [volume(GOOD), volume(GOOD.replace('/a', '/b'))]);
  expect(same!.error).toBe('');
  expect(moved!.error).toContain('spec.persistentvolumesource is immutable after creation');
});

test('kinds and fields are those that the cluster serves, custom ones too', async () => {
  const world = createWorld({ seed: 1 });
  expect(await kinds(world)).toContainEqual({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespaced: true });
  expect(await kinds(world)).toContainEqual({ apiVersion: 'apps/v1', kind: 'Deployment', namespaced: true });
  const spec = (await fieldHelp(world, 'v1', 'PersistentVolume', ['spec']))!;
  expect(spec.type).toBe('PersistentVolumeSpec');
  expect(spec.fields.find(({ name }) => name === 'accessModes')).toMatchObject({ type: '[]string', required: false });
  expect(spec.fields.find(({ name }) => name === 'nfs')!.description).toContain(
    'nfs represents an NFS mount on the host',
  );
  const image = await fieldHelp(world, 'apps/v1', 'Deployment', ['spec', 'template', 'spec', 'containers', 'image']);
  expect(image).toMatchObject({ type: 'string', fields: [] });
  expect(
    (await fieldHelp(world, 'apps/v1', 'Deployment', ['spec', 'template', 'spec', 'containers']))!.fields,
  ).toContainEqual(expect.objectContaining({ name: 'name', required: true }));
  expect(await fieldHelp(world, 'v1', 'PersistentVolume', ['metadata', 'labels', 'any'])).toMatchObject({
    type: 'string',
  });
  expect(await fieldHelp(world, 'v1', 'PersistentVolume', ['spec', 'nothing'])).toBeUndefined();
  expect(await fieldHelp(world, 'v9', 'PersistentVolume', [])).toBeUndefined();
  expect(
    (await fieldHelp(world, 'v1', 'PersistentVolume', ['spec', 'persistentVolumeReclaimPolicy']))!.values,
  ).toContain('Retain');

  await run(
    world,
    `kubectl apply -f - <<'EOF'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.lab.example}
spec:
  group: lab.example
  names: {kind: Backup, plural: backups, singular: backup}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {every: {type: string, description: How often.}}}}}}
EOF`,
  );
  await advance(world.clock, world.clock.now + 2_000);
  expect(await kinds(world)).toContainEqual({ apiVersion: 'lab.example/v1', kind: 'Backup', namespaced: true });
  expect((await fieldHelp(world, 'lab.example/v1', 'Backup', ['spec', 'every']))!.description).toBe('How often.');
});

test('the question leaves no trace: two worlds, one of them asked, go on alike', async () => {
  const [asked, other] = [createWorld({ seed: 5 }), createWorld({ seed: 5 })];
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80}]}\n';
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: nginx}]}}
`;
  const { now } = asked.clock;
  for (const { error } of await judge(asked, [service, deployment, volume(GOOD)])) expect(error).toBe('');
  await kinds(asked);
  await fieldHelp(asked, 'v1', 'Pod', ['spec']);
  expect(asked.clock.now).toBe(now);
  expect(asked.revision).toBe(other.revision);
  const after = async (world: World) => {
    await run(world, `kubectl create -f - <<'EOF'\n${service}---\n${deployment}---\n${volume(GOOD)}EOF`);
    await advance(world.clock, world.clock.now + 20_000);
    return run(world, 'kubectl get svc,deploy,rs,pods,pv,events -o yaml; ls -laR --full-time /root');
  };
  expect(await after(asked)).toBe(await after(other));
}, 20_000);

test('while the control plane’s machine is off there is no judgement but that', async () => {
  const world = createWorld({ seed: 1 });
  world.power('master01', false);
  const [only] = await judge(world, [volume(GOOD)]);
  expect(only!.error).not.toBe('');
});
