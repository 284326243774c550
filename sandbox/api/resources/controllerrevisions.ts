/** ControllerRevision (pkg/registry/apps/controllerrevision). */

import type { Resource } from '../resource.ts';
import type { ControllerRevision } from '../types.ts';
import { NONE } from './cells.ts';
import { aged, named, printed, text } from './columns.ts';

export const controllerRevisions: Resource<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  name: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ControllerRevision',

  ...printed<ControllerRevision>([
    named,
    text('Controller', 'Controller of the object', (revision) => controllerOf(revision)),
    text(
      'Revision',
      'Revision indicates the revision of the state represented by Data.',
      (revision) => revision.revision,
    ),
    aged,
  ]),
};

/** `statefulset.apps/web`. */
function controllerOf({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find((one) => one.controller);
  if (!owner) return NONE;
  const slash = owner.apiVersion.lastIndexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
