/** What is unwise about a claim (pkg/api/persistentvolumeclaim/util.go). */

import type { ObjectMeta } from '../object.ts';
import { milliUnits } from '../quantity.ts';
import type { PersistentVolumeClaim } from '../types.ts';

type Spec = NonNullable<PersistentVolumeClaim['spec']>;

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export function claimWarnings({ metadata, spec = {} }: PersistentVolumeClaim): readonly string[] {
  const out: string[] = [];
  betaClass(out, metadata);
  claimSpecWarnings(out, spec, 'spec');
  return out;
}

/** GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings(out: string[], { resources }: Spec, path: string): void {
  for (const kind of ['requests', 'limits'] as const)
    fractionalBytes(out, resources?.[kind]?.storage, `${path}.resources.${kind}[storage]`);
}

export function betaClass(out: string[], { annotations }: ObjectMeta): void {
  if (annotations?.[BETA_CLASS] !== undefined)
    out.push(`metadata.annotations[${BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`);
}

/** Bytes come whole. */
export function fractionalBytes(out: string[], amount: string | number | undefined, path: string): void {
  if (amount !== undefined && milliUnits(amount) % 1000 !== 0)
    out.push(`${path}: fractional byte value ${JSON.stringify(String(amount))} is invalid, must be an integer`);
}
