/** Server-side apply: merge what is declared, give up what is no longer, refuse what belongs to others (structured-merge-diff merge/update.go). */

import { equal } from '../equality.ts';
import { badRequest, failure, invalid } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import { create } from '../registry/create.ts';
import type { Endpoint } from '../registry/registry.ts';
import { update } from '../registry/update.ts';
import type { Schema } from '../resource.ts';
import { definition } from '../schema/schemas.ts';
import { decodeObject, fieldValidation } from '../server/body.ts';
import { parsePatch } from '../server/patch.ts';
import { one } from '../server/read.ts';
import type { ResourcePath } from '../server/request.ts';
import { flag, parameter } from '../server/request.ts';
import type { WriteContext } from '../server/write.ts';
import { checkNamespace, stored, toStored, writeOptions } from '../server/write.ts';
import { claimed, compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { difference, EMPTY, intersection, isEmpty, paths, union } from './field-set.ts';
import { isSame, sorted, withoutSystemFields, yielded } from './managed.ts';
import { typedErrors } from './typed-errors.ts';
import { mergeTyped, prune } from './typed-merge.ts';

export function apply(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const manager = parameter(request, 'fieldManager');
  if (!manager) {
    throw invalid({ group: 'meta.k8s.io', name: 'PatchOptions' }, '', [
      { type: 'FieldValueRequired', field: 'fieldManager', detail: 'Required value: is required for apply patch' },
    ]);
  }
  const { registry } = context;
  const { resource, collection, apiVersion } = endpoint;
  const namespace = resource.namespaced ? path.namespace : '';
  const config = configuration(request, endpoint, path);
  const schema = definition(resource.schema);
  const live = collection.get(namespace, path.name);
  const seen = live && (resource.conversion ? resource.conversion.fromStored(live) : live);
  const entries = live ? registry.fields.of(live) : [];
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
  if (!flag(request, 'force')) refuseConflicts(others, taken);

  const applied = manager === KUBECTL ? withLastApplied(merged, config) : merged;
  const sameOwner = previous ? equal(previous.fieldsV1, mine) : isEmpty(mine);
  const unchanged = seen !== undefined && equal(applied, seen) && sameOwner;
  const entry: ManagedFieldsEntry = {
    ...identity,
    time: unchanged && previous?.time ? previous.time : registry.context.timestamp,
    fieldsType: 'FieldsV1',
    fieldsV1: mine,
  };
  const managedFields = sorted([
    ...yielded(others, { changed: taken, removed: comparison.removed }),
    ...(isEmpty(mine) && !previous ? [] : [entry]),
  ]);
  const expected = { kind: resource.kind, apiVersion, schema: resource.schema };
  const object = toStored(endpoint, decodeObject(context, applied, expected, fieldValidation(request)));
  checkNamespace(endpoint, object, path);

  const rules = stored(context, endpoint);
  const options = { ...writeOptions(context, request, endpoint), managedFields };
  if (!live) {
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

const KUBECTL = 'kubectl';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Where kubectl once applied from its side, what it applies from the server's is kept too (lastappliedupdater.go). */
function withLastApplied(merged: JsonObject, config: JsonObject): JsonObject {
  const metadata = merged.metadata as JsonObject;
  const annotations = metadata.annotations as JsonObject | undefined;
  if (annotations?.[LAST_APPLIED] === undefined) return merged;
  const value = `${JSON.stringify(withoutLastApplied(config))}\n`;
  return { ...merged, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: value } } };
}

function withoutLastApplied(config: JsonObject): JsonObject {
  const metadata = config.metadata as JsonObject;
  if (!isJsonObject(metadata.annotations)) return config;
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
  return { ...config, metadata: { ...metadata, annotations } };
}

/** The applied configuration as sent, named as the URL names it. */
function configuration(request: ApiRequest, { resource, apiVersion }: Endpoint, path: ResourcePath): JsonObject {
  const config = parsePatch(request.body ?? '', 'application/apply-patch+yaml');
  if (!isJsonObject(config))
    throw badRequest('error decoding YAML: json: cannot unmarshal into Go value of type map[string]interface {}');
  const metadata = isJsonObject(config.metadata) ? config.metadata : {};
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  if (metadata.name !== undefined && metadata.name !== path.name) {
    throw badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${path.name})`,
    );
  }
  const { kind, apiVersion: version } = config;
  if (kind !== resource.kind || version !== apiVersion) {
    if (!kind || !version)
      throw badRequest(
        `error decoding YAML: Object '${kind ? 'apiVersion' : 'Kind'}' is missing in '${JSON.stringify(config)}'`,
      );
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${String(version)}, expected: ${apiVersion}`,
    );
  }
  const problems = typedErrors(config, definition(resource.schema));
  if (problems.length > 0) {
    const where = `${path.namespace}/${path.name}; ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${resource.kind}`;
    const text =
      problems.length === 1 ? problems[0]! : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
    throw failure(500, '', `failed to create typed patch object (${where}): ${text}`);
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
