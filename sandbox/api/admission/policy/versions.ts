/** A request as one of the versions of its kind sees it (apiserver pkg/admission/conversion.go; pkg/runtime/mapper.go). */

import type { Qualified } from '../../errors.ts';
import type { KubeObject } from '../../object.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import type { Attributes } from '../plugin.ts';

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const collectionOf = ({ collection, name }: { readonly collection?: string; readonly name: string }): string =>
  collection ?? name;

const groupVersion = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;

/** The version the request speaks; what is not stored is its own only one. */
export function requested({ resource, apiVersion }: Attributes, { served }: StrategyContext): Resource {
  const own = resource as Qualified as Resource;
  if (apiVersion === undefined || apiVersion === groupVersion(own)) return own;
  const versions = served().filter((each) => collectionOf(each) === collectionOf(resource));
  return versions.find((each) => groupVersion(each) === apiVersion) ?? own;
}

/** EquivalentResourcesFor: the other versions of the kind, of any group. */
export function equivalents(resource: Resource, { served }: StrategyContext): readonly Resource[] {
  return served().filter(
    (each) =>
      collectionOf(each) === collectionOf(resource) &&
      (each.group !== resource.group || each.version !== resource.version),
  );
}

export const resourceOf = ({ group, version, name }: Resource): GroupVersionResource => ({
  group,
  version,
  resource: name,
});

/** Of a subresource that is another kind, that kind. */
export function kindOf(resource: Resource, subresource: string): GroupVersionKind {
  const below = resource.subresources?.[subresource];
  if (!below) return { group: resource.group, version: resource.version, kind: resource.kind };
  const { group = below.version ? '' : resource.group, version = resource.version, kind } = below;
  return { group, version, kind };
}

/** The object as that version has it; of a view, what is seen through it. */
export function versioned(
  object: KubeObject | undefined,
  resource: Resource,
  subresource: string,
): KubeObject | undefined {
  if (!object) return undefined;
  const view = resource.subresources?.[subresource]?.view;
  if (view) return view.read(object);
  return resource.conversion ? resource.conversion.fromStored(object) : object;
}
