/** Which field of a manifest a place is at, from what stands around it. `▮` is the place. */

import { expect, test } from 'vitest';
import { documentsOf, fieldOn, isManifest, placeAt } from './place.ts';

const at = (text: string) => placeAt(text.replace('▮', ''), text.indexOf('▮'));

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: one
        image: nginx
        volumeMounts:
        - name: data
          mountPath: /data
      volumes:
      - name: data
        persistentVolumeClaim:
          claimName: test-claim
`;

test.each([
  ['the top', '▮', [], 'name'],
  ['a half-typed name', 'apiVersion: v1\nki▮', [], 'name'],
  ['below a field', 'spec:\n  acc▮', ['spec'], 'name'],
  ['an empty line below a field', 'spec:\n  ▮', ['spec'], 'name'],
  ['back at the edge', 'spec:\n  a: 1\n▮', [], 'name'],
  ['a value', 'spec:\n  policy: Re▮', ['spec', 'policy'], 'value'],
  ['no value yet', 'kind: ▮', ['kind'], 'value'],
  ['an item', 'spec:\n  accessModes:\n  - Read▮', ['spec', 'accessModes'], 'name'],
  ['an item further in', 'spec:\n  accessModes:\n    - Read▮', ['spec', 'accessModes'], 'name'],
  ['below an item’s first name', 'spec:\n  containers:\n  - name: a\n    ima▮', ['spec', 'containers'], 'name'],
  ['below a second item', 'spec:\n  containers:\n  - name: a\n  - name: b\n    ima▮', ['spec', 'containers'], 'name'],
  ['in an item’s list', 'containers:\n- name: a\n  ports:\n  - contai▮', ['containers', 'ports'], 'name'],
  ['after a list at its field’s column', 'spec:\n  containers:\n  - name: a\n  volu▮', ['spec'], 'name'],
  ['after a comment', 'spec:\n# to do\n\n  a▮', ['spec'], 'name'],
  ['a quoted name above', '"spec":\n  a▮', ['spec'], 'name'],
  ['in the second document', 'spec:\n  a: 1\n---\nki▮', [], 'name'],
])('%s', (_, text, path, kind) => {
  expect(at(text)).toMatchObject({ path, at: kind });
});

test.each([
  ['a comment', 'spec: 1 # a▮'],
  ['a flow map', 'metadata: {na▮'],
  ['a text of several lines', 'data:\n  a: |\n    na▮'],
])('in %s there is no place for a name', (_, text) => {
  expect(at(text)).toBeUndefined();
});

test('what stands beside it is known, and only that', () => {
  expect(at('metadata:\n  name: a\nspec:\n  a: 1\n  b▮\n  c:\n    d: 2\nkind: x')!.beside).toEqual(['a', 'c']);
  expect(at('l:\n- name: a\n  image: b\n- name: c\n  i▮\n- name: d')!.beside).toEqual(['name']);
});

test('every line of a manifest names its field', () => {
  const path = (text: string) => fieldOn(DEPLOYMENT, DEPLOYMENT.indexOf(text))?.path.join('.');
  expect(path('mountPath')).toBe('spec.template.spec.containers.volumeMounts.mountPath');
  expect(path('- name: data\n          mount')).toBe('spec.template.spec.containers.volumeMounts.name');
  expect(path('claimName')).toBe('spec.template.spec.volumes.persistentVolumeClaim.claimName');
  expect(path('image')).toBe('spec.template.spec.containers.image');
  const { from, to } = fieldOn(DEPLOYMENT, DEPLOYMENT.indexOf('nginx'))!;
  expect(DEPLOYMENT.slice(from, to)).toBe('image');
});

test('a file’s documents, with their kinds', () => {
  const text = `# first\n${DEPLOYMENT}---\nkind: "Service"\napiVersion: v1\n`;
  expect(documentsOf(text)).toMatchObject([
    { from: 0, apiVersion: 'apps/v1', kind: 'Deployment' },
    { from: text.indexOf('---'), apiVersion: 'v1', kind: 'Service' },
  ]);
  expect(isManifest(text)).toBe(true);
  expect(isManifest('/mnt/nfsserv *(rw)\n')).toBe(false);
});
