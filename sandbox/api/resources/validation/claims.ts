/** A claim's spec, in a claim of its own, in a StatefulSet or in an ephemeral volume (ValidatePersistentVolumeClaimSpec). */

import type { PersistentVolumeClaim } from '../../types.ts';
import { forbidden, invalid, notSupported, type Problems, required } from './errors.ts';
import { isDNS1123Subdomain } from './names.ts';
import { positiveQuantity } from './numbers.ts';
import { labelSelector } from './selectors.ts';

export const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const VOLUME_MODES = ['Block', 'Filesystem'];

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
