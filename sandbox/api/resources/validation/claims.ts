/** A claim's spec, in a claim of its own, in a StatefulSet or in an ephemeral volume (ValidatePersistentVolumeClaimSpec). */

import type { PersistentVolumeClaim } from '../../types.ts';
import { forbidden, invalid, notSupported, type Problems, required } from './errors.ts';
import { isDNS1123Label, isDNS1123Subdomain } from './names.ts';
import { positiveQuantity } from './numbers.ts';
import { labelSelector } from './selectors.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

type ClaimSpec = NonNullable<PersistentVolumeClaim['spec']>;

export function claimSpec(problems: Problems, spec: ClaimSpec, path: string): void {
  if (!spec.accessModes?.length) problems.add(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  if (spec.selector) labelSelector(problems, spec.selector, `${path}.selector`);
  accessModes(problems, spec.accessModes ?? [], `${path}.accessModes`);
  const size = spec.resources?.requests?.storage;
  if (size === undefined) problems.add(required(`${path}.resources[storage]`));
  else positiveQuantity(problems, size, `${path}.resources[storage]`);
  className(problems, spec.storageClassName, `${path}.storageClassName`);
  volumeMode(problems, spec.volumeMode, `${path}.volumeMode`);
  if (spec.dataSource) dataSource(problems, spec.dataSource, `${path}.dataSource`);
  if (spec.dataSourceRef) dataSource(problems, spec.dataSourceRef, `${path}.dataSourceRef`);
  if (spec.dataSource && spec.dataSourceRef) sameSource(problems, spec.dataSource, spec.dataSourceRef, path);
  className(problems, spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`);
}

type Source = NonNullable<ClaimSpec['dataSourceRef']>;

/** validateDataSource, validateDataSourceRef. */
function dataSource(problems: Problems, { apiGroup, kind, name, namespace }: Source, path: string): void {
  if (!name) problems.add(required(`${path}.name`));
  if (!kind) problems.add(required(`${path}.kind`));
  if (!apiGroup && kind !== 'PersistentVolumeClaim')
    problems.add(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (apiGroup)
    for (const text of isDNS1123Subdomain(apiGroup)) problems.add(invalid(`${path}.apiGroup`, apiGroup, text));
  if (namespace)
    for (const text of isDNS1123Label(namespace)) problems.add(invalid(`${path}.namespace`, namespace, text));
}

/** Upstream passes the field's path where the value belongs: a struct that prints nothing. */
const A_PATH = {};

function sameSource(problems: Problems, source: Omit<Source, 'namespace'>, ref: Source, path: string): void {
  if (ref.namespace)
    problems.add(invalid(path, A_PATH, 'may not be specified when dataSourceRef.namespace is specified'));
  else if ((source.apiGroup ?? '') !== (ref.apiGroup ?? '') || source.kind !== ref.kind || source.name !== ref.name)
    problems.add(invalid(path, A_PATH, 'must match dataSourceRef'));
}

export function accessModes(problems: Problems, modes: readonly string[], path: string): void {
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) problems.add(notSupported(path, mode, ACCESS_MODES));
  if (modes.length > 1 && modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod'))
    problems.add(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
}

export function className(problems: Problems, name: string | undefined, path: string): void {
  if (name) for (const text of isDNS1123Subdomain(name)) problems.add(invalid(path, name, text));
}

export function volumeMode(problems: Problems, mode: string | undefined, path: string): void {
  if (mode !== undefined && !VOLUME_MODES.includes(mode)) problems.add(notSupported(path, mode, VOLUME_MODES));
}
