/** What the rarer kinds show of themselves: cells that several share, or that take some thought (pkg/printers/internalversion/printers.go). */

import type { Json, JsonObject, KubeObject } from '../object.ts';
import type { Column } from '../resource.ts';
import { NONE } from './cells.ts';

export type Untyped = KubeObject & JsonObject;

export interface Shown {
  readonly column: string;
  readonly about: string;
  readonly type?: Column['type'];
  readonly cell: (object: Untyped) => Json;
}

export const at = (object: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as JsonObject)[key] : undefined),
    object,
  );

export const text = (object: Json | undefined, ...path: readonly string[]): string => String(at(object, ...path) ?? '');
export const list = (object: Json | undefined, ...path: readonly string[]): readonly Json[] =>
  (at(object, ...path) as readonly Json[] | undefined) ?? [];

export const webhooks: Shown = {
  column: 'Webhooks',
  about: 'Webhooks indicates the number of webhooks registered in this configuration',
  type: 'integer',
  cell: (object) => list(object, 'webhooks').length,
};

export const paramKind: Shown = {
  column: 'ParamKind',
  about: 'ParamKind specifies the kind of resources used to parameterize this policy',
  cell: (object) => {
    const kind = at(object, 'spec', 'paramKind');
    return kind ? `${text(kind, 'apiVersion')}/${text(kind, 'kind')}` : '<unset>';
  },
};
export const policyName: Shown = {
  column: 'PolicyName',
  about: 'PolicyName indicates the policy definition which the policy binding binded to',
  cell: (object) => text(object, 'spec', 'policyName'),
};
export const paramRef: Shown = {
  column: 'ParamRef',
  about: 'ParamRef indicates the param resource which sets the configration param',
  cell: (object) => text(object, 'spec', 'paramRef', 'name') || '<unset>',
};

/** A number of `spec.limited`, where there is one. */
export function queueing(column: string, ...path: readonly string[]): Shown {
  return {
    column,
    about: `\`${path.at(-1)}\` of a priority level that is limited.`,
    cell: (object) => at(object, 'spec', 'limited', ...path) ?? NONE,
  };
}

/** extractCSRStatus: the gravest first, and whether a certificate was issued. */
export function requestState(object: Untyped): string {
  const types = list(object, 'status', 'conditions').map((each) => text(each, 'type'));
  const state = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const failed = types.includes('Failed') ? ',Failed' : '';
  return `${state}${failed}${text(object, 'status', 'certificate') ? ',Issued' : ''}`;
}

export function claimState(object: Untyped): string {
  const states = [
    ...(object.metadata.deletionTimestamp ? ['deleted'] : []),
    ...(at(object, 'status', 'allocation') ? ['allocated'] : []),
    ...(list(object, 'status', 'reservedFor').length > 0 ? ['reserved'] : []),
  ];
  return states.join(',') || 'pending';
}
