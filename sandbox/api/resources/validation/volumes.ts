/** A pod's volumes and their sources (ValidateVolumes in pkg/apis/core/validation/validation.go). */

import { compareQuantities } from '../../quantity.ts';
import type { Volume } from '../../types.ts';
import { claimSpec } from './claims.ts';
import { fieldSelector, resourceSelector } from './downward.ts';
import { duplicate, forbidden, invalid, Problems, required } from './errors.ts';
import { isConfigMapKey, isDNS1123Label } from './names.ts';
import { descendingPath, hostPath, localPath, nfs } from './volume-sources.ts';

type KeyToPath = NonNullable<NonNullable<Volume['configMap']>['items']>[number];
type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];
type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type Checks = {
  readonly [K in keyof Volume]?: (problems: Problems, source: NonNullable<Volume[K]>, path: string) => void;
};

/** Values already found good, by identity: the pods of one template share theirs. */
const good = new WeakSet<object>();

/** Complains, and answers the names that mounts may use. */
export function volumes(problems: Problems, all: readonly Volume[], path: string): ReadonlyMap<string, Volume> {
  const named = new Map<string, Volume>();
  for (const [i, volume] of all.entries()) {
    const own = new Problems();
    if (!good.has(volume)) {
      source(own, volume, `${path}[${i}]`);
      if (!volume.name) own.add(required(`${path}[${i}].name`));
      else for (const text of isDNS1123Label(volume.name)) own.add(invalid(`${path}[${i}].name`, volume.name, text));
      if (!own.any) good.add(volume);
    }
    if (named.has(volume.name)) own.add(duplicate(`${path}[${i}].name`, volume.name));
    if (own.any) problems.addAll(own.list);
    else named.set(volume.name, volume);
  }
  return named;
}

const sources: Checks = {
  emptyDir: (problems, { sizeLimit }, path) => {
    if (sizeLimit !== undefined && compareQuantities(sizeLimit, 0) < 0)
      problems.add(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  },
  hostPath,
  gitRepo: (problems, { repository, directory }, path) => {
    if (!repository) problems.add(required(`${path}.repository`));
    if (directory) descendingPath(problems, directory, `${path}.directory`);
  },
  gcePersistentDisk: (problems, { pdName }, path) => {
    if (!pdName) problems.add(required(`${path}.pdName`));
  },
  awsElasticBlockStore: (problems, { volumeID }, path) => {
    if (!volumeID) problems.add(required(`${path}.volumeID`));
  },
  rbd: (problems, { monitors, image }, path) => {
    if (!monitors?.length) problems.add(required(`${path}.monitors`));
    if (!image) problems.add(required(`${path}.image`));
  },
  cinder: (problems, { volumeID, secretRef }, path) => {
    if (!volumeID) problems.add(required(`${path}.volumeID`));
    if (secretRef && !secretRef.name) problems.add(required(`${path}.secretRef.name`));
  },
  cephfs: (problems, { monitors }, path) => {
    if (!monitors?.length) problems.add(required(`${path}.monitors`));
  },
  flexVolume: (problems, { driver }, path) => {
    if (!driver) problems.add(required(`${path}.driver`));
  },
  azureFile: (problems, { secretName, shareName }, path) => {
    if (!secretName) problems.add(required(`${path}.secretName`));
    if (!shareName) problems.add(required(`${path}.shareName`));
  },
  secret: (problems, { secretName, defaultMode, items = [] }, path) => {
    if (!secretName) problems.add(required(`${path}.secretName`));
    mode(problems, defaultMode, `${path}.defaultMode`);
    keysToPaths(problems, items, `${path}.items`);
  },
  nfs,
  iscsi: (problems, { targetPortal, iqn }, path) => {
    if (!targetPortal) problems.add(required(`${path}.targetPortal`));
    if (!iqn) problems.add(required(`${path}.iqn`));
  },
  glusterfs: (problems, { endpoints, path: remote }, path) => {
    if (!endpoints) problems.add(required(`${path}.endpoints`));
    if (!remote) problems.add(required(`${path}.path`));
  },
  persistentVolumeClaim: (problems, { claimName }, path) => {
    if (!claimName) problems.add(required(`${path}.claimName`));
  },
  downwardAPI: (problems, { defaultMode, items = [] }, path) => {
    mode(problems, defaultMode, `${path}.defaultMode`);
    downwardItems(problems, items, `${path}`);
  },
  configMap: (problems, { name, defaultMode, items = [] }, path) => {
    if (!name) problems.add(required(`${path}.name`));
    mode(problems, defaultMode, `${path}.defaultMode`);
    keysToPaths(problems, items, `${path}.items`);
  },
  projected: (problems, { defaultMode, sources: projections = [] }, path) => {
    mode(problems, defaultMode, `${path}.defaultMode`);
    const files = new Set<string>();
    for (const [i, one] of projections.entries())
      projection(problems, one, files, { whole: path, own: `${path}.sources[${i}]` });
  },
  csi: (problems, { driver }, path) => {
    if (!driver) problems.add(required(`${path}.driver`));
  },
  ephemeral: (problems, { volumeClaimTemplate }, path) => {
    if (!volumeClaimTemplate) problems.add(required(`${path}.volumeClaimTemplate`));
    else claimSpec(problems, volumeClaimTemplate.spec, `${path}.volumeClaimTemplate.spec`);
  },
};

/** In upstream's order: of two sources the second one is too many. */
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const satisfies readonly (keyof Volume)[];

/** Upstream's own spellings. */
const TOO_MANY_NAMES: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function source(problems: Problems, volume: Volume, path: string): void {
  let found = false;
  for (const key of ORDER) {
    const value = volume[key];
    if (value === undefined) continue;
    const check = sources[key] as ((p: Problems, source: unknown, path: string) => void) | undefined;
    if (found)
      problems.add(forbidden(`${path}.${TOO_MANY_NAMES[key] ?? key}`, 'may not specify more than 1 volume type'));
    else check?.(problems, value, `${path}.${key}`);
    found = true;
  }
  if (!found) problems.add(required(path, 'must specify a volume type'));
}

function mode(problems: Problems, value: number | undefined, path: string): void {
  if (value !== undefined && (value < 0 || value > 0o777))
    problems.add(invalid(path, value, 'must be a number between 0 and 0777 (octal), both inclusive'));
}

function keysToPaths(problems: Problems, items: readonly KeyToPath[], path: string): void {
  for (const [i, item] of items.entries()) {
    if (!item.key) problems.add(required(`${path}[${i}].key`));
    else for (const text of isConfigMapKey(item.key)) problems.add(invalid(`${path}[${i}].key`, item.key, text));
    if (!item.path) problems.add(required(`${path}[${i}].path`));
    else localPath(problems, item.path, `${path}[${i}].path`);
    mode(problems, item.mode, `${path}[${i}].mode`);
  }
}

const DOWNWARD_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

function downwardItems(problems: Problems, items: readonly DownwardItem[], path: string): void {
  for (const { path: file, fieldRef, resourceFieldRef, mode: bits } of items) {
    if (!file) problems.add(required(`${path}.path`));
    else localPath(problems, file, `${path}.path`);
    if (fieldRef) {
      fieldSelector(problems, fieldRef, DOWNWARD_FIELDS, `${path}.fieldRef`);
      if (resourceFieldRef)
        problems.add(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    } else if (resourceFieldRef) resourceSelector(problems, resourceFieldRef, `${path}.resourceFieldRef`, true);
    else problems.add(required(path, 'one of fieldRef and resourceFieldRef is required'));
    mode(problems, bits, `${path}.mode`);
  }
}

const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;

interface Paths {
  readonly whole: string;
  readonly own: string;
}

/** validateProjectionSources: no two sources write the same file; `files` are those of the sources before. */
function projection(problems: Problems, one: Projection, files: Set<string>, { whole, own }: Paths): void {
  const write = (file: string | undefined, told: string | undefined): void => {
    if (!file) return;
    if (files.has(file)) problems.add(invalid(whole, told ?? '', 'conflicting duplicate paths'));
    files.add(file);
  };
  for (const kind of ['secret', 'configMap'] as const) {
    const from = one[kind];
    if (!from) continue;
    if (!from.name) problems.add(required(`${own}.${kind}.name`));
    keysToPaths(problems, from.items ?? [], `${own}.${kind}.items`);
    for (const { path } of from.items ?? []) write(path, from.name);
  }
  if (one.downwardAPI) {
    downwardItems(problems, one.downwardAPI.items ?? [], `${own}.downwardAPI`);
    for (const { path } of one.downwardAPI.items ?? []) write(path, path);
  }
  const token = one.serviceAccountToken;
  if (token) {
    const seconds = token.expirationSeconds ?? 0;
    const path = `${own}.serviceAccountToken.expirationSeconds`;
    if (seconds < TOKEN_SECONDS_MIN)
      problems.add(invalid(path, seconds, 'may not specify a duration less than 10 minutes'));
    if (seconds > TOKEN_SECONDS_MAX)
      problems.add(invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds'));
    if (!token.path) problems.add(required(`${whole}.path`));
    else localPath(problems, token.path, `${whole}.path`);
  }
  if (Object.keys(one).length > 1) problems.add(forbidden(own, 'may not specify more than 1 volume type per source'));
}
