/** What the rarer kinds show of themselves: cells that several share, or that take some thought (pkg/printers/internalversion/printers.go). */

import type { Json, JsonObject, KubeObject } from '../object.ts';
import { NONE } from './cells.ts';
import { count, type Printed, text } from './columns.ts';

export type Untyped = KubeObject & JsonObject;

export const at = (object: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as JsonObject)[key] : undefined),
    object,
  );

export const textAt = (object: Json | undefined, ...path: readonly string[]): string =>
  String(at(object, ...path) ?? '');
export const list = (object: Json | undefined, ...path: readonly string[]): readonly Json[] =>
  (at(object, ...path) as readonly Json[] | undefined) ?? [];

export const webhooks: Printed<Untyped> = count(
  'Webhooks',
  'Webhooks indicates the number of webhooks registered in this configuration',
  (object) => list(object, 'webhooks').length,
);

export const paramKind: Printed<Untyped> = text(
  'ParamKind',
  'ParamKind specifies the kind of resources used to parameterize this policy',
  (object) => {
    const kind = at(object, 'spec', 'paramKind');
    return kind ? `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}` : '<unset>';
  },
);
export const policyName: Printed<Untyped> = text(
  'PolicyName',
  'PolicyName indicates the policy definition which the policy binding binded to',
  (object) => textAt(object, 'spec', 'policyName'),
);
export const paramRef: Printed<Untyped> = text(
  'ParamRef',
  'ParamRef indicates the param resource which sets the configration param',
  (object) => textAt(object, 'spec', 'paramRef', 'name') || '<unset>',
);

/** A number of `spec.limited`, where there is one. */
export function queueing(column: string, ...path: readonly string[]): Printed<Untyped> {
  return text(
    column,
    `\`${path.at(-1)}\` of a priority level that is limited.`,
    (object) => at(object, 'spec', 'limited', ...path) ?? NONE,
  );
}

/** extractCSRStatus: the gravest first, and whether a certificate was issued. */
export function requestState(object: Untyped): string {
  const types = list(object, 'status', 'conditions').map((each) => textAt(each, 'type'));
  const state = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const failed = types.includes('Failed') ? ',Failed' : '';
  return `${state}${failed}${textAt(object, 'status', 'certificate') ? ',Issued' : ''}`;
}

export function claimState(object: Untyped): string {
  const states = [
    ...(object.metadata.deletionTimestamp ? ['deleted'] : []),
    ...(at(object, 'status', 'allocation') ? ['allocated'] : []),
    ...(list(object, 'status', 'reservedFor').length > 0 ? ['reserved'] : []),
  ];
  return states.join(',') || 'pending';
}
