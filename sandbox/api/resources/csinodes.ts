/** CSINode (pkg/registry/storage/csinode). */

import type { Resource } from '../resource.ts';
import type { CSINode } from '../types.ts';
import { aged, count, named, printed } from './columns.ts';

export const csiNodes: Resource<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  name: 'csinodes',
  singular: 'csinode',
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.CSINode',
  returnDeletedObject: true,

  ...printed<CSINode>([
    named,
    count(
      'Drivers',
      'Drivers indicates the number of CSI drivers registered on the node',
      ({ spec }) => (spec?.drivers ?? []).length,
    ),
    aged,
  ]),
};
