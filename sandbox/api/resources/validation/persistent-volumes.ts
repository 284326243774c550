/** Validation of PersistentVolumes (ValidatePersistentVolumeSpec, ValidatePersistentVolumeUpdate). */

import { equal } from '../../equality.ts';
import type { PersistentVolume } from '../../types.ts';
import { accessModes, className, volumeMode } from './claims.ts';
import { jsonDiff } from './diff.ts';
import { type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { goShape } from './go-shape.ts';
import { immutable } from './immutable.ts';
import { isDNS1123Subdomain } from './names.ts';
import { basicResource, positiveQuantity } from './numbers.ts';
import { nodeSelector } from './scheduling.ts';
import { hostPath, nfs, noBacksteps } from './volume-sources.ts';

type Spec = NonNullable<PersistentVolume['spec']>;
type Check<K extends keyof Spec> = (problems: Problems, source: NonNullable<Spec[K]>, path: string, spec: Spec) => void;

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

/** In the order upstream looks for them. */
const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const satisfies readonly (keyof Spec)[];

const checks: { readonly [K in (typeof SOURCES)[number]]?: Check<K> } = {
  hostPath,
  nfs,
  local: (problems, { path: onNode }, path, spec) => {
    if (!onNode) problems.add(required(`${path}.path`));
    else noBacksteps(problems, onNode, `${path}.path`);
    if (!spec.nodeAffinity) problems.add(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  },
  csi: (problems, { driver, volumeHandle }, path) => {
    if (!driver) problems.add(required(`${path}.driver`));
    else if (isDNS1123Subdomain(driver.toLowerCase()).length > 0)
      for (const text of isDNS1123Subdomain(driver.toLowerCase()))
        problems.add(invalid(`${path}.driver`, driver, text));
    if (!volumeHandle) problems.add(required(`${path}.volumeHandle`));
  },
  gcePersistentDisk: (problems, { pdName }, path) => {
    if (!pdName) problems.add(required(`${path}.pdName`));
  },
  awsElasticBlockStore: (problems, { volumeID }, path) => {
    if (!volumeID) problems.add(required(`${path}.volumeID`));
  },
  iscsi: (problems, { targetPortal, iqn }, path) => {
    if (!targetPortal) problems.add(required(`${path}.targetPortal`));
    if (!iqn) problems.add(required(`${path}.iqn`));
  },
};

export function validateVolume({ spec = {} }: PersistentVolume): FieldErrors {
  const problems = new Problems();
  if (!spec.accessModes?.length) problems.add(required('spec.accessModes'));
  accessModes(problems, spec.accessModes ?? [], 'spec.accessModes');
  capacity(problems, spec.capacity);
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !RECLAIM_POLICIES.includes(policy))
    problems.add(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  if (spec.nodeAffinity) {
    if (!spec.nodeAffinity.required)
      problems.add(required('spec.nodeAffinity.required', 'must specify required node constraints'));
    else nodeSelector(problems, spec.nodeAffinity.required, 'spec.nodeAffinity.required');
  }
  source(problems, spec);
  if (policy === 'Recycle' && spec.hostPath && /^\/*$/.test(spec.hostPath.path))
    problems.add(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  className(problems, spec.storageClassName, 'spec.storageClassName');
  volumeMode(problems, spec.volumeMode, 'spec.volumeMode');
  if (spec.volumeAttributesClassName !== undefined) {
    const path = 'spec.volumeAttributesClassName';
    if (!spec.volumeAttributesClassName) problems.add(required(path, 'an empty string is disallowed'));
    else className(problems, spec.volumeAttributesClassName, path);
    if (!spec.csi) problems.add(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
  }
  return problems.list;
}

function capacity(problems: Problems, amounts: Spec['capacity']): void {
  const names = Object.keys(amounts ?? {}).sort();
  if (names.length === 0) problems.add(required('spec.capacity'));
  if (names.length !== 1 || names[0] !== 'storage') problems.add(notSupported('spec.capacity', amounts, ['storage']));
  for (const name of names) {
    basicResource(problems, amounts![name]!, `spec.capacity[${name}]`);
    positiveQuantity(problems, amounts![name]!, `spec.capacity[${name}]`);
  }
}

function source(problems: Problems, spec: Spec): void {
  let found = false;
  for (const name of SOURCES) {
    const value = spec[name];
    if (!value) continue;
    if (found) problems.add(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'));
    else (checks[name] as Check<typeof name> | undefined)?.(problems, value as never, `spec.${name}`, spec);
    found = true;
  }
  if (!found) problems.add(required('spec', 'must specify a volume type'));
}

export function validateVolumeUpdate(volume: PersistentVolume, before: PersistentVolume): FieldErrors {
  if (volume.spec === before.spec) return [];
  const problems = new Problems();
  problems.addAll(validateVolume(volume));
  const [was, is] = [sourceOf(before.spec ?? {}), sourceOf(volume.spec ?? {})];
  if (!equal(was, is)) {
    const diff = jsonDiff(goShape('PersistentVolumeSource', was), goShape('PersistentVolumeSource', is));
    problems.add(
      forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${diff}`),
    );
  }
  immutable(problems, volume.spec?.volumeMode, before.spec?.volumeMode, 'volumeMode');
  if (before.spec?.nodeAffinity) {
    immutable(problems, volume.spec?.nodeAffinity, before.spec.nodeAffinity, 'nodeAffinity');
  }
  return problems.list;
}

const sourceOf = (spec: Spec): Partial<Spec> =>
  Object.fromEntries(SOURCES.filter((name) => spec[name]).map((name) => [name, spec[name]]));
