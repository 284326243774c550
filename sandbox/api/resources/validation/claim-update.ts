/** What may change of a claim: its size, once it is bound (ValidatePersistentVolumeClaimUpdate). */

import { equal } from '../../equality.ts';
import { compareQuantities } from '../../quantity.ts';
import type { PersistentVolumeClaim } from '../../types.ts';
import { claimSpec } from './claims.ts';
import { jsonDiff } from './diff.ts';
import { type FieldErrors, forbidden, Problems } from './errors.ts';
import { goShape } from './go-shape.ts';
import { immutable } from './immutable.ts';

type Claim = PersistentVolumeClaim;
type Spec = NonNullable<Claim['spec']>;

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export function validateClaim({ spec = {} }: Claim): FieldErrors {
  const problems = new Problems();
  claimSpec(problems, spec, 'spec');
  return problems.list;
}

export function validateClaimUpdate(claim: Claim, before: Claim): FieldErrors {
  const spec = claim.spec ?? {};
  const old = before.spec ?? {};
  const problems = new Problems();
  if (spec !== old) claimSpec(problems, spec, 'spec');
  immutable(
    problems,
    claim.metadata.annotations?.[BETA_CLASS],
    before.metadata.annotations?.[BETA_CLASS],
    `metadata.annotations[${BETA_CLASS}]`,
  );
  if (spec === old) return problems.list;
  specIsImmutable(problems, claim, before);
  const size = (of: Spec) => of.resources?.requests?.storage ?? 0;
  if (
    compareQuantities(size(spec), size(old)) < 0 &&
    compareQuantities(size(spec), before.status?.capacity?.storage ?? 0) <= 0
  )
    problems.add(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  immutable(problems, spec.volumeMode, old.volumeMode, 'volumeMode');
  keepsAttributesClass(problems, spec, old, before);
  return problems.list;
}

/** A class that a driver has once applied is followed by another, not by none. */
function keepsAttributesClass(problems: Problems, spec: Spec, old: Spec, { status }: Claim): void {
  const { volumeAttributesClassName: name } = spec;
  if (name === old.volumeAttributesClassName || name || status?.currentVolumeAttributesClassName === undefined) return;
  const to = name === undefined ? 'nil' : 'empty string';
  problems.add(
    forbidden(
      'spec.volumeAttributesClassName',
      `update to ${to} is forbidden when status.currentVolumeAttributesClassName is not nil`,
    ),
  );
}

function specIsImmutable(problems: Problems, claim: Claim, before: Claim): void {
  let is: Spec = claim.spec ?? {};
  let was: Spec = before.spec ?? {};
  // The binder fills volumeName in, once; a default class may be filled in later.
  if (!was.volumeName) was = { ...was, volumeName: is.volumeName };
  if (was.storageClassName === undefined && is.storageClassName !== undefined)
    is = { ...is, storageClassName: undefined };
  if (claim.status?.phase === 'Bound') {
    if (is.resources?.requests) is = { ...is, resources: withStorage(is.resources, was.resources) };
    is = { ...is, volumeAttributesClassName: was.volumeAttributesClassName };
  }
  if (equal(is, was)) return;
  const diff = jsonDiff(goShape('PersistentVolumeClaimSpec', was), goShape('PersistentVolumeClaimSpec', is));
  problems.add(
    forbidden(
      'spec',
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diff}`,
    ),
  );
}

const withStorage = (resources: NonNullable<Spec['resources']>, was: Spec['resources']): Spec['resources'] => ({
  ...resources,
  requests: { ...resources.requests, storage: was?.requests?.storage ?? '0' },
});
