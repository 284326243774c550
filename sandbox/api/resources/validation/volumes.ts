/** A pod's volumes and their sources (ValidateVolumes in pkg/apis/core/validation/validation.go). */

import { compareQuantities } from '../../quantity.ts';
import type { Volume } from '../../types.ts';
import { claimSpec } from './claims.ts';
import { duplicate, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isConfigMapKey, isDNS1123Label } from './names.ts';
import { hostPath, localPath, nfs } from './volume-sources.ts';

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

/** In upstream's order: of two sources the second one is too many. */
const sources: Checks = {
  emptyDir: (problems, { sizeLimit }, path) => {
    if (sizeLimit !== undefined && compareQuantities(sizeLimit, 0) < 0)
      problems.add(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  },
  hostPath,
  gitRepo: (problems, { repository }, path) => {
    if (!repository) problems.add(required(`${path}.repository`));
  },
  gcePersistentDisk: (problems, { pdName }, path) => {
    if (!pdName) problems.add(required(`${path}.pdName`));
  },
  awsElasticBlockStore: (problems, { volumeID }, path) => {
    if (!volumeID) problems.add(required(`${path}.volumeID`));
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
    for (const [i, one] of projections.entries()) projection(problems, one, `${path}.sources[${i}]`);
  },
  csi: (problems, { driver }, path) => {
    if (!driver) problems.add(required(`${path}.driver`));
  },
  ephemeral: (problems, { volumeClaimTemplate }, path) => {
    if (!volumeClaimTemplate) problems.add(required(`${path}.volumeClaimTemplate`));
    else claimSpec(problems, volumeClaimTemplate.spec, `${path}.volumeClaimTemplate.spec`);
  },
};

function source(problems: Problems, volume: Volume, path: string): void {
  let found = false;
  for (const key in volume) {
    if (key === 'name' || volume[key as keyof Volume] === undefined) continue;
    if (found) {
      tooMany(problems, volume, path);
      return;
    }
    found = true;
    const check = sources[key as keyof Volume] as ((p: Problems, source: unknown, path: string) => void) | undefined;
    check?.(problems, volume[key as keyof Volume], `${path}.${key}`);
  }
  if (!found) problems.add(required(path, 'must specify a volume type'));
}

function tooMany(problems: Problems, volume: Volume, path: string): void {
  const given = Object.keys(sources).filter((key) => volume[key as keyof Volume] !== undefined);
  for (const key of given.slice(1))
    problems.add(forbidden(`${path}.${key}`, 'may not specify more than 1 volume type'));
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
      if (!fieldRef.fieldPath) problems.add(required(`${path}.fieldRef.fieldPath`));
      else if (!DOWNWARD_FIELDS.includes(fieldRef.fieldPath.replace(/\['.*'\]$/, '')))
        problems.add(notSupported(`${path}.fieldRef.fieldPath`, fieldRef.fieldPath, DOWNWARD_FIELDS));
      if (resourceFieldRef)
        problems.add(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    } else if (!resourceFieldRef) problems.add(required(path, 'one of fieldRef and resourceFieldRef is required'));
    mode(problems, bits, `${path}.mode`);
  }
}

const TOKEN_SECONDS_MIN = 600;

function projection(problems: Problems, one: Projection, path: string): void {
  const given = Object.keys(one);
  if (given.length > 1)
    problems.add(forbidden(`${path}.${given[1]}`, 'may not specify more than 1 volume type per source'));
  if (given.length === 0) problems.add(required(path, 'must specify a volume type'));
  if (one.secret) {
    if (!one.secret.name) problems.add(required(`${path}.secret.name`));
    keysToPaths(problems, one.secret.items ?? [], `${path}.secret.items`);
  }
  if (one.configMap) {
    if (!one.configMap.name) problems.add(required(`${path}.configMap.name`));
    keysToPaths(problems, one.configMap.items ?? [], `${path}.configMap.items`);
  }
  if (one.downwardAPI) downwardItems(problems, one.downwardAPI.items ?? [], `${path}.downwardAPI`);
  const token = one.serviceAccountToken;
  if (token) {
    if ((token.expirationSeconds ?? 0) < TOKEN_SECONDS_MIN)
      problems.add(
        invalid(
          `${path}.serviceAccountToken.expirationSeconds`,
          token.expirationSeconds,
          'may not specify a duration less than 10 minutes',
        ),
      );
    if (!token.path) problems.add(required(`${path}.serviceAccountToken.path`));
  }
}
