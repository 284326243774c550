/** What checkpoints may ask of the machines: who made a file, what a manifest says, what an export grants. */

import { beforeAll, expect, test } from 'vitest';
import { Expressions, lists } from '../lesson/expressions.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import { createWorld } from './lab.ts';

const world = createWorld({ seed: 3 });
const expressions = new Expressions();

async function run(host: string, command: string): Promise<string> {
  const going = new Coroutine(world.clock, world.script(host, command, 600_000));
  await runUntil(world.clock, () => going.outcome !== undefined, world.clock.now + 600_000);
  if (going.outcome?.status !== 'done') throw new Error(`${command} did not end`);
  return going.outcome.value.stdout;
}

const value = (source: string) => expressions.evaluate(source, world.observation, lists(world.observation));

beforeAll(async () => {
  await run('nfs', "mkdir /mnt/a; echo '/mnt/a node01(rw,no_root_squash) *(ro)' > /etc/exports; exportfs -ra");
  await run('node01', 'apt-get update && apt-get install -y nfs-common && mount -t nfs nfs:/mnt/a /mnt');
});

test('a file remembers the machine that made it and the one that wrote it last, through NFS too', async () => {
  await run('node01', 'touch /mnt/one; echo two > /mnt/two');
  await run('nfs', 'echo more >> /mnt/a/one; mv /mnt/a/two /mnt/a/second');
  expect(value("creator('nfs', '/mnt/a/one')")).toEqual({ host: 'node01' });
  expect(value("writer('nfs', '/mnt/a/one')")).toEqual({ host: 'nfs' });
  expect(value("creator('nfs', '/mnt/a/second').host")).toBe('node01');
  expect(value("writer('nfs', '/mnt/a/second').host")).toBe('node01');
  expect(value("creator('node01', '/mnt/one').host")).toBe('node01');
});

test('nobody made what was there before, or what is not there', () => {
  expect(value("creator('nfs', '/etc/hostname')")).toEqual({});
  expect(value("creator('nfs', '/nothing')")).toEqual({});
  expect(value("'pod' in creator('nfs', '/nothing')")).toBe(false);
});

test('a process in a container is remembered with its pod', async () => {
  const node = 'node02';
  await run(
    'master01',
    `kubectl create -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata: {name: writer}
spec:
  nodeName: ${node}
  containers: [{name: one, image: busybox, command: [sh, -c, 'echo x > /data/made; sleep 1000'], volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, hostPath: {path: /srv}}]
EOF`,
  );
  await advance(world.clock, world.clock.now + 20_000);
  const writer = await run('master01', "kubectl get pod writer -o jsonpath='{.metadata.uid}'");
  expect(value(`creator('${node}', '/srv/made')`)).toEqual({
    host: node,
    pod: { namespace: 'default', name: 'writer', uid: writer },
    container: 'one',
  });
});

test('a manifest is read as kubectl reads it, with the defaults of the API', async () => {
  await run(
    'master01',
    `cat > /tmp/all.yaml <<'EOF'
# a volume, and a list
kind: "PersistentVolume"
apiVersion: v1
metadata: {name: 'pv1'} # flow
spec: {capacity: {storage: 1Gi}}
---
apiVersion: v1
kind: List
items:
- {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "listed"}}
---
not: an object
---
broken: [
EOF`,
  );
  expect(value("parsed('master01', '/tmp/all.yaml').map(d, d.kind + ' ' + d.metadata.name)")).toEqual([
    'PersistentVolume pv1',
    'Namespace listed',
  ]);
  expect(value("parsed('master01', '/tmp/all.yaml')[0].spec.volumeMode")).toBe('Filesystem');
  expect(value("documents('master01').exists(d, d.kind == 'PersistentVolume' && d.metadata.name == 'pv1')")).toBe(true);
  await run('master01', 'rm /tmp/all.yaml');
  expect(value("documents('master01').exists(d, d.kind == 'PersistentVolume')")).toBe(false);
  expect(value("parsed('master01', '/tmp/all.yaml')")).toEqual([]);
});

test('what a machine is granted is told apart from what is listed and what is exported', async () => {
  expect(value("'rw' in granted('node01', '/mnt/a').options")).toBe(true);
  expect(value("'ro' in granted('node02', '/mnt/a').options")).toBe(true);
  expect(value("granted('node02', '/mnt/b').path")).toBe('');
  await run('nfs', "echo '/mnt/b *(rw)' >> /etc/exports");
  expect(value('listed.map(e, e.path)')).toContain('/mnt/b');
  expect(value('exports.map(e, e.path)')).not.toContain('/mnt/b');
});

test('the lists are of the namespace default; everywhere has the others too', async () => {
  await run('master01', 'kubectl create namespace other; kubectl create -n other deployment d --image=nginx');
  expect(value("deployments.exists(d, d.metadata.name == 'd')")).toBe(false);
  expect(value("everywhere.deployments.exists(d, d.metadata.name == 'd')")).toBe(true);
});

test('an unknown function is an error for authors', () => {
  expect(() => expressions.parse("makr('nfs', '/mnt')")).toThrow(/makr/);
});
