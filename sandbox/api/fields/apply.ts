/** Server-side apply: merge what is declared, give up what is no longer, refuse what belongs to others (structured-merge-diff merge/update.go). */

import { parseDocument } from 'yaml';
import { equal } from '../equality.ts';
import { badRequest, conflict, failure } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { nestsTooDeep, TOO_DEEP } from '../nesting.ts';
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { create } from '../registry/create.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { Schema } from '../resource.ts';
import { duplicateFields } from '../schema/duplicates.ts';
import { definition } from '../schema/schemas.ts';
import { decodeObject, fieldValidation } from '../server/body.ts';
import { one } from '../server/read.ts';
import type { ResourcePath } from '../server/request.ts';
import { flag, parameter } from '../server/request.ts';
import type { WriteContext } from '../server/write.ts';
import { checkNamespace, stored, toStored, writeOptions } from '../server/write.ts';
import { sortedKeys } from '../sorted-keys.ts';
import { claimed, compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { difference, EMPTY, intersection, isEmpty, paths, union } from './field-set.ts';
import { isSame, sorted, withoutSystemFields, yielded } from './managed.ts';
import { typedErrors } from './typed-errors.ts';
import { mergeTyped, prune } from './typed-merge.ts';

export function apply(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const manager = parameter(request, 'fieldManager')!;
  const { registry } = context;
  const { resource, collection, apiVersion } = endpoint;
  const namespace = resource.namespaced ? path.namespace : '';
  const config = configuration(context, request, endpoint, path);
  const schema = definition(resource.schema);
  const live = collection.get(namespace, path.name);
  const seen = live && (resource.conversion ? resource.conversion.fromStored(live) : live);
  const entries = seen ? tracked(registry.fields.of(live), seen, apiVersion, schema) : [];
  const identity = {
    manager,
    operation: 'Apply' as const,
    apiVersion,
    ...(path.subresource && { subresource: path.subresource }),
  };

  const previous = entries.find((entry) => isSame(entry, identity));
  const others = entries.filter((entry) => entry !== previous);
  const mine = withoutSystemFields(claimed(config, schema));
  const merged = mergedWith(seen, config, schema, previous, others, mine);
  const comparison = compare(seen as unknown as JsonObject | undefined, merged, schema);
  const taken = withoutSystemFields(comparison.changed);
  if (!flag(request, 'force')) {
    const yielding = manager === KUBECTL && seen ? ownedByLastApplied(seen, apiVersion, schema) : EMPTY;
    refuseConflicts(others, difference(taken, yielding));
  }

  const synced = manager === KUBECTL ? withLastApplied(merged, config) : merged;
  const sameOwner = previous ? equal(previous.fieldsV1, mine) : isEmpty(mine);
  const unchanged = seen !== undefined && equal(synced, seen) && sameOwner;
  const entry: ManagedFieldsEntry = {
    ...identity,
    time: unchanged && previous?.time ? previous.time : registry.context.timestamp,
    fieldsType: 'FieldsV1',
    fieldsV1: mine,
  };
  const managedFields = sorted([
    ...yielded(others, { changed: taken, removed: comparison.removed }),
    ...(isEmpty(mine) ? [] : [entry]),
  ]);
  const expected = { kind: resource.kind, apiVersion, schema: resource.schema };
  const object = toStored(endpoint, decodeObject(context, synced, expected, fieldValidation(request)));
  checkNamespace(endpoint, object, path);

  const rules = stored(context, endpoint);
  const options = { ...writeOptions(context, request, endpoint), managedFields };
  if (!live) {
    const { uid } = object.metadata;
    if (uid) {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(resource, path.name, why);
    }
    const named = { ...object, metadata: { ...object.metadata, name: path.name } };
    return one(context, request, endpoint, create(registry, rules, namespace, named, options), 201);
  }
  if (unchanged) return one(context, request, endpoint, live, 200);
  const target = { namespace, name: path.name };
  const after = update(registry, rules, object, {
    ...options,
    target,
    ...(path.subresource && { subresource: path.subresource }),
  });
  return one(context, request, endpoint, after, 200);
}

/** Of an object that nobody tracked, everything there is belongs to whoever came before (skipnonapplied.go). */
function tracked(
  entries: readonly ManagedFieldsEntry[],
  live: KubeObject,
  apiVersion: string,
  schema: Schema,
): readonly ManagedFieldsEntry[] {
  if (entries.length > 0) return entries;
  const fieldsV1 = withoutSystemFields(compare(undefined, live as unknown as JsonObject, schema).changed);
  if (isEmpty(fieldsV1)) return entries;
  return [{ manager: 'before-first-apply', operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }];
}

/** The applied configuration as sent, named as the URL names it. */
function configuration(
  context: WriteContext,
  request: ApiRequest,
  { resource, apiVersion }: Endpoint,
  path: ResourcePath,
): JsonObject {
  const config = applied(context, request);
  const metadata = isJsonObject(config.metadata) ? config.metadata : {};
  const { kind = '', apiVersion: version = '' } = config;
  if (kind !== resource.kind || version !== apiVersion) {
    const groupVersion = String(version).includes('/') ? version : `/${version}`;
    throw badRequest(`invalid object type: ${groupVersion}, Kind=${kind}`);
  }
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const problems = typedErrors(config, definition(resource.schema));
  if (problems.length > 0) {
    const where = `${path.namespace}/${path.name}; ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${resource.kind}`;
    const text =
      problems.length === 1 ? problems[0]! : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
    throw failure(500, '', `failed to create typed patch object (${where}): ${text}`);
  }
  if (metadata.name !== undefined && metadata.name !== path.name) {
    throw badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${path.name})`,
    );
  }
  return {
    ...config,
    metadata: {
      ...metadata,
      name: path.name,
      ...(resource.namespaced && { namespace: metadata.namespace ?? path.namespace }),
    },
  };
}

/** JSON without repeated keys, as kubectl sends it, needs no parser of YAML. */
function plainJson(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) && duplicateFields(text).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The parser counts aliases itself. */
function expanded(document: ReturnType<typeof parseDocument>): Json {
  try {
    return document.toJS() as Json;
  } catch {
    throw badRequest('error decoding YAML: error converting YAML to JSON: yaml: document contains excessive aliasing');
  }
}

/** Decoded leniently, so that a repeated key's last value holds; strictly it is told of. */
export function applied({ warn }: WriteContext, request: ApiRequest): JsonObject {
  const text = request.body ?? '';
  if (nestsTooDeep(text))
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${TOO_DEEP} of 10000`);
  const json = plainJson(text);
  if (json) return json;
  const document = parseDocument(text, { uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    throw badRequest(
      `error decoding YAML: error converting YAML to JSON: yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split(' at line')[0]}`,
    );
  }
  const value = expanded(document);
  if (!isJsonObject(value ?? {})) {
    const what = Array.isArray(value) ? 'array' : typeof value;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    );
  }
  const validation = fieldValidation(request);
  if (validation !== 'Ignore') {
    const repeated = parseDocument(text).errors.filter(({ code }) => code === 'DUPLICATE_KEY');
    const lines = repeated.map(({ linePos, pos }) => {
      const key = /^[^:\s]+/.exec(text.slice(pos[0]))?.[0] ?? '';
      return `line ${linePos?.[0].line ?? 1}: key ${JSON.stringify(key)} already set in map`;
    });
    if (lines.length > 0 && validation === 'Strict') {
      const list = lines.map((line) => `\n  ${line}`).join('');
      throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${list}`);
    }
    for (const line of lines) warn(line);
  }
  return (value ?? {}) as JsonObject;
}

const KUBECTL = 'kubectl';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What kubectl applied on the client's side before and nobody has changed since is kubectl's to take (lastappliedmanager.go). */
function ownedByLastApplied({ metadata, ...live }: KubeObject, apiVersion: string, schema: Schema): FieldSet {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (!text) return EMPTY;
  let last: Json;
  try {
    last = JSON.parse(text) as Json;
  } catch {
    return EMPTY;
  }
  if (!isJsonObject(last) || last.apiVersion !== apiVersion) return EMPTY;
  const { changed, removed } = compare(last, { ...live, metadata } as unknown as JsonObject, schema);
  return difference(claimed(last, schema), union(changed, removed));
}

/** Where there is a last-applied annotation, kubectl's apply keeps it true (lastappliedupdater.go). */
function withLastApplied(merged: JsonObject, config: JsonObject): JsonObject {
  const metadata = merged.metadata as JsonObject;
  const annotations = metadata.annotations as JsonObject | undefined;
  if (!annotations?.[LAST_APPLIED]) return merged;
  const text = `${JSON.stringify(sortedKeys(withoutLastApplied(config)))}\n`;
  return { ...merged, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function withoutLastApplied(config: JsonObject): JsonObject {
  const metadata = config.metadata as JsonObject;
  if (!isJsonObject(metadata.annotations)) return config;
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
  return { ...config, metadata: { ...metadata, annotations } };
}

function mergedWith(
  live: KubeObject | undefined,
  config: JsonObject,
  schema: Schema,
  previous: ManagedFieldsEntry | undefined,
  others: readonly ManagedFieldsEntry[],
  mine: FieldSet,
): JsonObject {
  if (!live) return config;
  const merged = mergeTyped(live as unknown as JsonObject, config, schema) as JsonObject;
  if (!previous) return merged;
  const dropped = difference(previous.fieldsV1 as FieldSet, mine);
  const kept = others.reduce((all, entry) => union(all, entry.fieldsV1 as FieldSet), mine);
  return prune(merged as Json, dropped, kept, schema) as JsonObject;
}

function refuseConflicts(others: readonly ManagedFieldsEntry[], taken: FieldSet): void {
  const conflicts = others.flatMap((entry) => {
    const both = intersection((entry.fieldsV1 as FieldSet) ?? EMPTY, taken);
    return [...paths(both)].map((field) => ({ manager: printed(entry), field }));
  });
  if (conflicts.length === 0) return;
  const causes = conflicts.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field,
  }));
  throw failure(409, 'Conflict', conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly { readonly manager: string; readonly field: string }[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) return `Apply failed with 1 conflict: conflict with ${first!.manager}: ${first!.field}`;
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((each) => each.manager === manager).map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function printed({ manager, subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const name = subresource ? `"${manager}" with subresource "${subresource}"` : `"${manager}"`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
