/** What kubectl says of a manifest, brought to the place it speaks of. */

import { expect, test } from 'vitest';
import { judge } from '../../sandbox/world/judging.ts';
import { createWorld } from '../../sandbox/world/lab.ts';
import { complaints, pathOf, problemsOf } from './problems.ts';

const world = createWorld({ seed: 1 });

/** Each problem as the words it marks and what it says. */
async function found(text: string): Promise<string[]> {
  const problems = await problemsOf(text, (manifests) => judge(world, manifests));
  return problems.map(({ from, to, severity, message }) => `${severity} at ${text.slice(from, to)}: ${message}`);
}

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: one
    image: nginx
`;

test('a manifest that would be taken has no problems', async () => {
  expect(await found(POD)).toEqual([]);
  expect(await found('/mnt/nfsserv *(rw)\n')).toEqual([]);
  expect(await found('')).toEqual([]);
});

test('an unknown field is marked where it stands, in whichever document', async () => {
  const text = `${POD}---\n${POD.replace('image', 'imgae').replace('name: web', 'name: two')}    imagePullPolicy: Never\n`;
  const [only, ...more] = await found(text);
  expect(only).toBe('error at imgae: unknown field "spec.containers[0].imgae"');
  expect(more).toEqual([]);
});

test('a required field that is missing is marked at what lacks it', async () => {
  expect(await found(POD.replace('    image: nginx\n', ''))).toEqual([
    'error at name: spec.containers[0].image: Required value',
  ]);
  const volume =
    'apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: pv\nspec:\n  capacity:\n    storage: 1Gi\n';
  expect(await found(volume)).toEqual([
    'error at spec: spec.accessModes: Required value',
    'error at spec: spec: Required value: must specify a volume type',
  ]);
});

test('a value of another type, a kind that there is not, a namespace that there is not', async () => {
  expect((await found(POD.replace('- name: one', '- name: [one]')))[0]).toMatch(
    /^error at .*: json: cannot unmarshal array/s,
  );
  expect((await found(POD.replace('kind: Pod', 'kind: Pot')))[0]).toMatch(
    /^error at kind: no matches for kind "Pot" in version "v1"/,
  );
  const elsewhere = POD.replace('name: web', 'name: web\n  namespace: there');
  expect((await found(elsewhere))[0]).toMatch(/^error at kind: namespaces "there" not found/);
  const made = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: there\n---\n';
  expect(await found(made + elsewhere)).toEqual([]);
});

test('YAML that cannot be read is marked by YAML’s own error, and nobody is asked', async () => {
  let asked = false;
  const problems = await problemsOf('apiVersion: v1\nkind: [\n', async () => {
    asked = true;
    return [];
  });
  expect(problems.length).toBeGreaterThan(0);
  expect(asked).toBe(false);
});

test('kubectl’s message is taken apart', () => {
  expect(pathOf('metadata.labels[a/b].spec[3]')).toEqual(['metadata', 'labels', 'a/b', 'spec', 3]);
  expect(complaints('The PersistentVolumeClaim "c" is invalid: spec: Forbidden: spec is immutable')).toEqual([
    { path: ['spec'], message: 'spec: Forbidden: spec is immutable' },
  ]);
  expect(complaints('The connection to the server 192.168.120.231:6443 was refused')).toEqual([
    { path: [], message: 'The connection to the server 192.168.120.231:6443 was refused' },
  ]);
});
