/** Small tools of the strategies: filling defaults without copying what is complete, and replacing one field of an immutable value. */

import type { KubeObject } from '../object.ts';

/** The same value when every default is already there. */
export function fill<T extends object>(value: T, defaults: { readonly [K in keyof T]?: T[K] }): T {
  for (const key in defaults) {
    if (value[key] === undefined) return { ...defaults, ...defined(value) };
  }
  return value;
}

/** An explicit undefined does not hide a default. */
function defined<T extends object>(value: T): T {
  for (const key in value) {
    if (value[key] === undefined)
      return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
  }
  return value;
}

/** The same value when the field already is that. */
export function put<T extends object, K extends keyof T>(value: T, key: K, field: T[K]): T {
  return value[key] === field ? value : { ...value, [key]: field };
}

/** `put` of a computed field, if it is there. */
export function change<T extends object, K extends keyof T>(
  value: T,
  key: K,
  next: (field: NonNullable<T[K]>) => NonNullable<T[K]>,
): T {
  const field = value[key];
  return field === undefined || field === null ? value : put(value, key, next(field));
}

/** The same array when no element changed. */
export function each<T>(values: readonly T[], next: (value: T) => T): readonly T[] {
  let out: T[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = next(values[i]!);
    if (out) out.push(value);
    else if (value !== values[i]) out = [...values.slice(0, i), value];
  }
  return out ?? values;
}

/** Remembers a pure function's results by the identity of its argument. */
export function memoized<T extends object, R>(compute: (value: T) => R): (value: T) => R {
  const known = new WeakMap<T, R>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const result = compute(value);
    known.set(value, result);
    return result;
  };
}

export function without<T extends object, K extends keyof T>(value: T, key: K): T {
  if (!(key in value)) return value;
  const { [key]: _, ...rest } = value;
  return rest as T;
}

interface WithStatus extends KubeObject {
  readonly status?: unknown;
}

/** PrepareForCreate of most kinds: whoever creates does not report. */
export function withStatus<T extends WithStatus>(object: T, status: T['status']): T {
  return put(object, 'status', status);
}

/** PrepareForUpdate of most kinds: an update of the object leaves its status as it was. */
export function keepStatus<T extends WithStatus>(object: T, before: T): T {
  return object.status === before.status ? object : put(object, 'status', before.status);
}

export function addFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}
