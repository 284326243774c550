/** ControllerRevision (pkg/registry/apps/controllerrevision). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ControllerRevision } from '../types.ts';
import { NONE } from './cells.ts';
import { columns } from './columns.ts';

export const controllerRevisions: Resource<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  name: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ControllerRevision',

  columns: columns.controllerrevisions,
  row: (revision, { now }) => [
    revision.metadata.name,
    controllerOf(revision),
    revision.revision,
    age(revision.metadata.creationTimestamp, now),
  ],
};

/** `statefulset.apps/web`. */
function controllerOf({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find((one) => one.controller);
  if (!owner) return NONE;
  const slash = owner.apiVersion.lastIndexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
