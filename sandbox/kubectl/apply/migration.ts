/**
 * From client-side to server-side apply: what `kubectl apply` owned by its updates becomes the applier's, and the annotation of
 * the last applied configuration gets an owner of its own (kubectl pkg/cmd/apply/apply.go, client-go util/csaupgrade).
 */

import type { Task } from '../../sim/task.ts';
import { isConflict } from '../cli/errors.ts';
import { patchObject, type WriteOptions } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { type Info, infoPath, type KObject, refresh } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { LAST_APPLIED, originalConfiguration } from './last-applied.ts';

/** The default field manager of `apply --server-side`. */
export const SERVER_SIDE_MANAGER = 'kubectl';
const ANNOTATION_MANAGER = 'kubectl-last-applied';
const MOST_ATTEMPTS = 5;

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

interface FieldSet {
  readonly [field: string]: FieldSet;
}

const managedFields = (object: KObject): readonly ManagedFields[] =>
  (object.metadata?.managedFields as readonly ManagedFields[] | undefined) ?? [];

/** saveLastApplyAnnotationIfNecessary: whoever applies next would drop the annotation otherwise. */
export function* saveLastApplied(session: Session, info: Info, options: WriteOptions): Task<void> {
  if (options.fieldManager !== SERVER_SIDE_MANAGER) return;
  const object = info.object!;
  const original = originalConfiguration(object);
  if (original === undefined || annotationOwners(object, 'Apply').length > 0) return;
  const { apiVersion, kind } = object;
  const annotation = {
    apiVersion,
    kind,
    metadata: { name: info.name, namespace: info.namespace || undefined, annotations: { [LAST_APPLIED]: original } },
  };
  const manager = { ...options, fieldManager: ANNOTATION_MANAGER };
  refresh(info, yield* patchObject(session, info, 'apply', compactJson(annotation), manager));
}

/** migrateToSSAIfNecessary: whether it was. */
export function* migrateManagers(session: Session, info: Info, options: WriteOptions): Task<boolean> {
  const updaters = new Set(annotationOwners(info.object!, 'Update').map(({ manager }) => manager));
  for (let attempt = 1; ; attempt++) {
    const before = managedFields(info.object!);
    const after = [...updaters].reduce((entries, from) => upgraded(entries, from, options.fieldManager), before);
    if (compactJson(before) === compactJson(after)) return false;
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: after },
      { op: 'replace', path: '/metadata/resourceVersion', value: info.object!.metadata?.resourceVersion },
    ];
    try {
      refresh(info, yield* patchObject(session, info, 'json', compactJson(patch), options));
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error;
      const client = yield* session.client();
      refresh(info, yield* client.json<KObject>('GET', infoPath(info)));
    }
  }
}

const annotationOwners = (object: KObject, operation: string): ManagedFields[] =>
  managedFields(object).filter(
    (entry) =>
      entry.operation === operation &&
      entry.fieldsV1?.['f:metadata']?.['f:annotations']?.[`f:${LAST_APPLIED}`] !== undefined,
  );

/** One updater's fields go to the applier, or it becomes the applier itself (upgradedManagedFields). */
function upgraded(
  entries: readonly ManagedFields[],
  updater: string | undefined,
  applier: string | undefined,
): readonly ManagedFields[] {
  const isApplier = (entry: ManagedFields) =>
    entry.manager === applier && entry.operation === 'Apply' && !entry.subresource;
  const isUpdater = (entry: ManagedFields) =>
    entry.manager === updater && entry.operation === 'Update' && !entry.subresource;
  let target = entries.findIndex(isApplier);
  if (target < 0) target = entries.findIndex(isUpdater);
  const chosen = entries[target];
  if (!chosen) return entries;
  const from = entries.find((entry) => isUpdater(entry) && entry.apiVersion === chosen.apiVersion);
  const merged = {
    ...chosen,
    manager: applier,
    operation: 'Apply',
    fieldsV1: union(chosen.fieldsV1 ?? {}, from?.fieldsV1 ?? {}),
  };
  return entries.map((entry, i) => (i === target ? merged : entry)).filter((entry) => !isUpdater(entry));
}

/** A field that one set owns by itself and the other below it is marked by `.`. */
function union(a: FieldSet, b: FieldSet, isRoot = true): FieldSet {
  const [inA, inB] = [Object.keys(a), Object.keys(b)];
  if (!isRoot && inA.length === 0) return inB.length === 0 ? {} : { '.': {}, ...b };
  if (!isRoot && inB.length === 0) return { '.': {}, ...a };
  const fields = [...new Set([...inA, ...inB])].sort();
  return Object.fromEntries(
    fields.map((field) => [field, a[field] && b[field] ? union(a[field], b[field], false) : (a[field] ?? b[field])!]),
  );
}
