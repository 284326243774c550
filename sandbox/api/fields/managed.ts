/** managedFields after a write: what was changed now belongs to the writer (structured-merge-diff merge/update.go, managedfields/internal). */

import type { JsonObject, ManagedFieldsEntry } from '../object.ts';
import type { Schema } from '../resource.ts';
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { difference, isEmpty, union, without } from './field-set.ts';
import type { FieldWrite } from './history.ts';

/** Of metadata, what a field manager never owns (managedfields/internal/stripmeta.go). */
const SYSTEM_FIELDS = new Set(
  ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion'].map(
    (field) => `f:${field}`,
  ),
);

export function withoutSystemFields(set: FieldSet): FieldSet {
  const { 'f:apiVersion': _version, 'f:kind': _kind, 'f:metadata': metadata, ...rest } = set;
  if (!metadata) return rest as FieldSet;
  const kept: Record<string, FieldSet> = {};
  for (const element in metadata) {
    if (element !== '.' && !SYSTEM_FIELDS.has(element)) kept[element] = metadata[element]!;
  }
  return (isEmpty(kept) ? rest : { ...rest, 'f:metadata': kept }) as FieldSet;
}

export interface FieldRules {
  readonly schema: Schema;
  /** Whether the kind has a status subresource: then a write of the object itself does not touch its status. */
  readonly statusApart: boolean;
}

/** The entries after an ordinary write. Of what was not tracked from its creation on nothing is tracked (skipnonapplied.go). */
export function afterUpdate(
  known: readonly ManagedFieldsEntry[],
  write: FieldWrite,
  { schema, statusApart }: FieldRules,
): readonly ManagedFieldsEntry[] {
  const entries = write.base ?? known;
  if (write.before?.metadata.uid && entries.length === 0) return entries;
  const apart = statusApart && write.subresource !== 'status' && write.subresource !== 'binding';
  const { changed, removed } = compare(
    write.before as unknown as JsonObject | undefined,
    write.after as unknown as JsonObject,
    schema,
  );
  const mine = withoutSystemFields(apart ? without(changed, 'f:status') : changed);
  const gone = apart ? without(removed, 'f:status') : removed;
  const others = yielded(entries, { changed: mine, removed: gone });
  if (isEmpty(mine)) return sorted(others);
  const { manager, operation, apiVersion, subresource, time } = write;
  const same = others.find((entry) => isSame(entry, { manager, operation, apiVersion, subresource }));
  const entry: ManagedFieldsEntry = {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: same ? union(same.fieldsV1 as FieldSet, mine) : mine,
    ...(subresource && { subresource }),
  };
  return sorted(capped([...others.filter((other) => other !== same), entry]));
}

const MAX_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

/** Beyond ten updaters the oldest become one per version (capmanagers.go). */
function capped(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const updaters = sorted(entries.filter(({ operation }) => operation === 'Update'));
  let surplus = updaters.length - MAX_UPDATERS;
  if (surplus <= 0) return entries;
  const buckets = new Map<string, ManagedFieldsEntry>();
  const gone = new Set<ManagedFieldsEntry>();
  for (const entry of updaters) {
    if (surplus <= 0) break;
    const first = buckets.get(entry.apiVersion);
    gone.add(entry);
    if (first) surplus--;
    const { subresource: _, ...rest } = entry;
    const fieldsV1 = first ? union(first.fieldsV1 as FieldSet, entry.fieldsV1 as FieldSet) : entry.fieldsV1;
    buckets.set(entry.apiVersion, first ? { ...rest, manager: ANCIENT, fieldsV1 } : entry);
  }
  return [...entries.filter((entry) => !gone.has(entry)), ...buckets.values()];
}

/** What a client may send as managedFields, decoded; undefined where it is not to be understood (managedfields.go). */
export function sentEntries(
  sent: readonly Partial<ManagedFieldsEntry>[] | undefined,
): readonly ManagedFieldsEntry[] | undefined {
  if (!sent) return undefined;
  if (sent.length === 0 || (sent.length === 1 && Object.keys(sent[0]!).length === 0)) return [];
  const valid = sent.every(
    ({ operation, apiVersion, fieldsType }) =>
      (operation === 'Apply' || operation === 'Update') && apiVersion && fieldsType === 'FieldsV1',
  );
  return valid ? (sent as readonly ManagedFieldsEntry[]) : undefined;
}

/** What the entries keep when a write changes and removes fields. */
export function yielded(
  entries: readonly ManagedFieldsEntry[],
  { changed, removed }: Comparison,
): ManagedFieldsEntry[] {
  const taken = union(changed, removed);
  if (isEmpty(taken)) return [...entries];
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of entries) {
    const before = entry.fieldsV1 as FieldSet;
    const fields = difference(before, taken);
    if (!isEmpty(fields) || isEmpty(before)) kept.push({ ...entry, fieldsV1: fields });
  }
  return kept;
}

type Identity = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/** BuildManagerIdentifier: appliers are the same in every version. */
export const isSame = (a: Identity, b: Identity): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  (a.subresource ?? '') === (b.subresource ?? '') &&
  (a.operation === 'Apply' || a.apiVersion === b.apiVersion);

/** sortEncodedManagedFields: appliers first, then by time, manager, version and subresource. */
export function sorted(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  return entries.toSorted((a, b) => {
    const [left, right] = [sortKey(a), sortKey(b)];
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
    return 0;
  });
}

const sortKey = ({ operation, time = '', manager, apiVersion, subresource = '' }: ManagedFieldsEntry): string[] => [
  operation,
  time,
  manager,
  apiVersion,
  subresource,
];
