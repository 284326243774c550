/** Controller references: who owns what, adoption and release (apimachinery metav1.GetControllerOf, pkg/controller/controller_ref_manager.go). */

import type { Client } from '../api/client.ts';
import type { KubeObject, OwnerReference } from '../api/object.ts';
import type { ResourceName, Resources } from '../api/types.ts';

export interface OwnerKind {
  readonly apiVersion: string;
  readonly kind: string;
}

type Owned = Pick<KubeObject, 'metadata'>;

export function controllerOf({ metadata }: Owned): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export const isControlledBy = (object: Owned, owner: Owned): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;

/** metav1.NewControllerRef. */
export const controllerReference = (owner: Owned, { apiVersion, kind }: OwnerKind): OwnerReference => ({
  apiVersion,
  kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** Index keys: the controller's uid, or for an orphan its namespace, for those who may adopt it. */
export function controllerKeys(object: Owned): readonly string[] {
  const owner = controllerOf(object);
  return [owner ? owner.uid : orphansOf(object.metadata.namespace ?? '')];
}

export const CONTROLLER_INDEX = 'controller';

const orphansOf = (namespace: string): string => `orphan:${namespace}`;

interface ClaimOptions<R extends ResourceName> {
  readonly client: Client;
  readonly resource: R;
  readonly owner: Owned;
  readonly ownerKind: OwnerKind;
  readonly matches: (object: Resources[R]) => boolean;
  readonly byController: (key: string) => Iterable<Resources[R]>;
}

/**
 * The objects an owner controls, after adopting matching orphans and releasing what matches no more
 * (ControllerRefManager.ClaimObject). A terminating owner neither adopts nor releases.
 */
export function claim<R extends ResourceName>(options: ClaimOptions<R>): Resources[R][] {
  const { client, resource, owner, ownerKind, matches, byController } = options;
  const namespace = owner.metadata.namespace ?? '';
  const terminating = owner.metadata.deletionTimestamp !== undefined;
  const claimed: Resources[R][] = [];
  const unmatched: Resources[R][] = [];
  for (const object of byController(owner.metadata.uid)) (matches(object) ? claimed : unmatched).push(object);
  if (terminating) return claimed;

  for (const object of unmatched) if (!object.metadata.deletionTimestamp) release(client, resource, object, owner);
  const orphans = [...byController(orphansOf(namespace))].filter(
    (object) => !object.metadata.deletionTimestamp && matches(object),
  );
  for (const orphan of orphans) {
    const adopted = adopt(client, resource, orphan, controllerReference(owner, ownerKind));
    if (adopted) claimed.push(adopted);
  }
  return claimed;
}

function adopt<R extends ResourceName>(
  client: Client,
  resource: R,
  orphan: Resources[R],
  reference: OwnerReference,
): Resources[R] | undefined {
  const { namespace = '', name, uid } = orphan.metadata;
  return client.mutate(resource, namespace, name, (object) => {
    if (object.metadata.uid !== uid || controllerOf(object)) return object;
    return withOwners(object, [...(object.metadata.ownerReferences ?? []), reference]);
  });
}

function release<R extends ResourceName>(client: Client, resource: R, object: Resources[R], owner: Owned): void {
  const { namespace = '', name } = object.metadata;
  client.mutate(resource, namespace, name, (current) => withoutOwner(current, owner.metadata.uid));
}

function withoutOwner<T extends Owned>(object: T, uid: string): T {
  const owners = object.metadata.ownerReferences ?? [];
  const kept = owners.filter((reference) => reference.uid !== uid);
  return kept.length === owners.length ? object : withOwners(object, kept);
}

export function withOwners<T extends Owned>(object: T, owners: readonly OwnerReference[]): T {
  const { ownerReferences: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: owners.length > 0 ? { ...metadata, ownerReferences: owners } : metadata,
  };
}
