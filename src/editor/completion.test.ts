/** What the editor offers at a place of a manifest, from the fields that the cluster serves. `▮` is the place. */

import { expect, test } from 'vitest';
import { fieldHelp, kinds } from '../../sandbox/world/judging.ts';
import { createWorld } from '../../sandbox/world/lab.ts';
import { optionsAt } from './completion.ts';
import { helpAt, type Knowledge } from './help.ts';
import { documentAt, placeAt } from './place.ts';

const world = createWorld({ seed: 1 });
const knowledge: Knowledge = {
  kinds: () => kinds(world),
  fieldHelp: (apiVersion, kind, path) => fieldHelp(world, apiVersion, kind, path),
};

async function offered(marked: string) {
  const at = marked.indexOf('▮');
  const document = documentAt(marked.replace('▮', ''), at);
  return optionsAt(placeAt(document.text, at - document.from)!, document, knowledge, 'required');
}
const labels = async (marked: string) => (await offered(marked)).map(({ label }) => label);

const VOLUME = 'apiVersion: v1\nkind: PersistentVolume\n';

test('an empty file is begun as every object is', async () => {
  expect(await labels('▮')).toEqual(['apiVersion', 'kind', 'metadata']);
});

test('kinds are those of the version, versions those of the kind', async () => {
  const ofCore = await labels('apiVersion: v1\nkind: ▮');
  expect(ofCore).toContain('PersistentVolumeClaim');
  expect(ofCore).not.toContain('Deployment');
  expect(await labels('kind: Deployment\napiVersion: ▮')).toEqual(['apps/v1']);
});

test('fields are those of the place, without what is there and without status', async () => {
  expect(await labels(`${VOLUME}▮`)).toEqual(['metadata', 'spec']);
  const spec = await labels(`${VOLUME}spec:\n  capacity:\n    storage: 1Gi\n  ▮`);
  expect(spec).toContain('accessModes');
  expect(spec).not.toContain('capacity');
});

test('a field comes with what its value needs: a blank, a map below, a list below', async () => {
  const spec = await offered(`${VOLUME}spec:\n  ▮`);
  const apply = (name: string) => spec.find(({ label }) => label === name)?.apply;
  expect(apply('storageClassName')).toBe('storageClassName: ');
  expect(apply('nfs')).toBe('nfs:\n    ');
  expect(apply('accessModes')).toBe('accessModes:\n    - ');
});

test('values of an enumeration, as a field’s and as an item’s', async () => {
  expect(await labels(`${VOLUME}spec:\n  persistentVolumeReclaimPolicy: R▮`)).toContain('Retain');
  expect(await labels(`${VOLUME}spec:\n  accessModes:\n  - R▮`)).toContain('ReadWriteMany');
});

test('help is the cluster’s own, for a field, and for an item the field it belongs to', async () => {
  const text = `${VOLUME}spec:\n  accessModes:\n  - ReadWriteOnce\n`;
  for (const word of ['accessModes', 'WriteOnce'])
    expect(await helpAt(text, text.indexOf(word), knowledge)).toMatchObject({
      path: 'spec.accessModes',
      type: '[]string',
    });
  expect(await helpAt('just text\n', 2, knowledge)).toBeUndefined();
});
