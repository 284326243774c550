/** The annotation in which client-side apply remembers what it applied (kubectl pkg/util/apply.go). */

import { compactJson } from '../printers/json.ts';
import type { KObject } from '../resource/info.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as its own annotation records it: without the annotation itself. */
export function lastAppliedText(object: KObject): string {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {};
  return `${compactJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`;
}

/** GetModifiedConfiguration with annotation; also CreateApplyAnnotation. */
export function withLastApplied(object: KObject): KObject {
  const text = lastAppliedText(object);
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, [LAST_APPLIED]: text } },
  };
}

export const originalConfiguration = (object: KObject): string | undefined =>
  object.metadata?.annotations?.[LAST_APPLIED];

/** pruneNullsFromMap: a create sends no nulls; elements of lists keep theirs out too. */
export function pruneNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(pruneNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, v]) => v !== null && v !== undefined);
  return Object.fromEntries(entries.map(([k, v]) => [k, pruneNulls(v)])) as T;
}
