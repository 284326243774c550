/** Patches of a kustomization: partial objects, and JSON patches at a target (kustomize api/internal/builtins/PatchTransformer.go). */

import { applyPatch, type Operation } from 'rfc6902';
import { strategyOf } from '../../api/patch/strategic.ts';
import type { Schema } from '../../api/resource.ts';
import { itemsOf, propertyOf } from '../../api/schema/schemas.ts';
import { matchesLabels, parseLabelSelector } from '../../api/selectors.ts';
import { schemaFor } from '../apply/schema.ts';
import { CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import { groupOf, type Map_, nameOf, type Resource, versionOf } from './resource.ts';

export interface Target {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** A map is a partial object, a list a JSON patch. */
export function patchResources(resources: Resource[], patch: unknown, target: Target | undefined): void {
  if (Array.isArray(patch)) {
    if (!target) throw new CommandError('must specify a target for JSON patch');
    for (const { object } of matching(resources, target)) {
      const [error] = applyPatch(object, structuredClone(patch) as Operation[]).filter(Boolean);
      if (error) throw new CommandError(error.message);
    }
    return;
  }
  const partial = patch as KObject;
  const chosen = target ? matching(resources, target) : [named(resources, partial)];
  for (const resource of chosen) {
    if ((partial as Map_).$patch === 'delete') resources.splice(resources.indexOf(resource), 1);
    else {
      const { kind, apiVersion, metadata } = resource.object;
      const schema = schemaFor({
        group: groupOf(resource.object),
        version: versionOf(resource.object),
        kind: kind ?? '',
      });
      resource.object = merged(resource.object as Map_, partial as Map_, schema) as KObject;
      resource.object = {
        ...resource.object,
        kind,
        apiVersion,
        metadata: { ...resource.object.metadata, name: metadata?.name },
      };
    }
  }
}

function matching(resources: readonly Resource[], target: Target): Resource[] {
  const fits = (pattern: string | undefined, value: string) => !pattern || new RegExp(`^(?:${pattern})$`).test(value);
  return resources.filter(
    ({ object, names }) =>
      fits(target.group, groupOf(object)) &&
      fits(target.version, versionOf(object)) &&
      fits(target.kind, object.kind ?? '') &&
      [nameOf(object), ...names].some((name) => fits(target.name, name)) &&
      fits(target.namespace, object.metadata?.namespace ?? '') &&
      selects(target.labelSelector, object.metadata?.labels) &&
      selects(target.annotationSelector, object.metadata?.annotations),
  );
}

const selects = (selector: string | undefined, map: Readonly<Record<string, string>> = {}): boolean =>
  !selector || matchesLabels(parseLabelSelector(selector), map);

function named(resources: readonly Resource[], patch: KObject): Resource {
  const found = resources.find(
    ({ object, names }) =>
      object.kind === patch.kind &&
      groupOf(object) === groupOf(patch) &&
      (nameOf(object) === nameOf(patch) || names.has(nameOf(patch))),
  );
  if (found) return found;
  const group = groupOf(patch) ? `.${groupOf(patch)}` : '';
  throw new CommandError(
    `no resource matches strategic merge patch "${patch.kind}.${versionOf(patch)}${group}/${nameOf(patch)}.${patch.metadata?.namespace ?? '[noNs]'}": no matches for Id ${patch.kind}.${versionOf(patch)}${group}/${nameOf(patch)}.${patch.metadata?.namespace ?? '[noNs]'}; failed to find unique target for patch ${patch.kind}.${versionOf(patch)}${group}/${nameOf(patch)}.${patch.metadata?.namespace ?? '[noNs]'}`,
  );
}

/** kyaml's merge2: like a strategic merge, but what is new in a list comes first. */
function merged(original: Map_, patch: Map_, schema: Schema | undefined): Map_ {
  const out: Map_ = { ...original };
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  for (const [key, value] of Object.entries(patch)) {
    const field = schema && propertyOf(schema, key);
    if (value === null) delete out[key];
    else if (Array.isArray(value)) out[key] = mergedList(out[key], value, field);
    else if (typeof value === 'object' && typeof out[key] === 'object' && out[key] !== null)
      out[key] = merged(out[key] as Map_, value as Map_, field);
    else out[key] = value;
  }
  return out;
}

function mergedList(before: unknown, patch: readonly unknown[], schema: Schema | undefined): unknown {
  const { merge, key } = strategyOf(schema);
  if (!Array.isArray(before) || !merge || !key) return patch;
  const items = [...(before as Map_[])];
  const added: Map_[] = [];
  for (const item of patch as Map_[]) {
    const at = items.findIndex((each) => each[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) items.splice(at, 1);
    } else if (at < 0) added.push(item);
    else items[at] = merged(items[at]!, item, schema && itemsOf(schema));
  }
  return [...added, ...items];
}
