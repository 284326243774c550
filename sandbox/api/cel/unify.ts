/** Which type may stand for which, and what type parameters are bound to (cel-go checker/types.go). */

import { type CelType, type DYN, isDynOrError, isExactly } from './type.ts';

/** What type parameters stand for, by name. */
export type Mapping = ReadonlyMap<string, CelType>;

/** The mapping with which each of the one is assignable to its fellow; undefined if one is not. */
export function assign(mapping: Mapping, from: readonly CelType[], to: readonly CelType[]): Mapping | undefined {
  const next = new Map(mapping);
  return allAssignable(next, from, to) ? next : undefined;
}

function allAssignable(mapping: Map<string, CelType>, from: readonly CelType[], to: readonly CelType[]): boolean {
  return from.length === to.length && from.every((type, i) => assignable(mapping, type, to[i]!));
}

function assignable(mapping: Map<string, CelType>, a: CelType, b: CelType): boolean {
  if (b.kind === 'param') {
    const { valid, bound } = substitutes(mapping, a, b);
    if (valid) return true;
    if (bound) return false;
  }
  if (a.kind === 'param') return substitutes(mapping, b, a).valid;
  if (isDynOrError(a) || isDynOrError(b)) return true;
  if (a.kind === 'null') return isNullable(b);
  if (b.kind === 'null') return isNullable(a);
  if (a.kind === 'type') return b.kind === 'type';
  if (a.kind === 'scalar' || a.kind === 'struct') return a.kind === b.kind && a.name === b.name;
  return a.kind === b.kind && a.name === b.name && allAssignable(mapping, a.params, b.params);
}

const isNullable = ({ kind, name }: CelType): boolean =>
  kind === 'null' || kind === 'opaque' || kind === 'struct' || name === 'duration' || name === 'timestamp';

/** isValidTypeSubstitution. */
function substitutes(
  mapping: Map<string, CelType>,
  type: CelType,
  param: CelType,
): { readonly valid: boolean; readonly bound: boolean } {
  if (isExactly(type, param)) return { valid: true, bound: true };
  const known = mapping.get(param.name);
  if (known) {
    if (isExactly(type, known)) return { valid: true, bound: true };
    if (!assignable(mapping, type, known)) return { valid: false, bound: true };
    const general = mostGeneral(type, known);
    if (isNotWithin(mapping, param, general)) mapping.set(param.name, general);
    return { valid: true, bound: true };
  }
  if (!isNotWithin(mapping, param, type)) return { valid: false, bound: false };
  mapping.set(param.name, type);
  return { valid: true, bound: false };
}

export const mostGeneral = (a: CelType, b: CelType): CelType => (isLessSpecific(a, b) ? a : b);

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true;
  if (b.kind === 'dyn' || b.kind === 'param' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  if (a.params.length === 0) return isExactly(a, b);
  return (
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((param, i) => isLessSpecific(param, b.params[i]!))
  );
}

function isNotWithin(mapping: Mapping, param: CelType, type: CelType): boolean {
  if (isExactly(param, type)) return false;
  if (type.kind === 'param') {
    const known = mapping.get(type.name);
    return !known || isNotWithin(mapping, param, known);
  }
  return type.params.every((each) => isNotWithin(mapping, param, each));
}

/** With `free` as what a parameter is that nothing is bound to; itself if it is not given. */
export function substituted(mapping: Mapping, type: CelType, free?: typeof DYN): CelType {
  if (type.kind === 'param') {
    const known = mapping.get(type.name);
    return known ? substituted(mapping, known, free) : (free ?? type);
  }
  if (type.params.length === 0) return type;
  return { ...type, params: type.params.map((param) => substituted(mapping, param, free)) };
}
