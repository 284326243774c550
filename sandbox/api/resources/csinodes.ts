/** CSINode (pkg/registry/storage/csinode). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { CSINode } from '../types.ts';
import { columns } from './columns.ts';

export const csiNodes: Resource<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  name: 'csinodes',
  singular: 'csinode',
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.CSINode',
  returnDeletedObject: true,

  columns: columns.csinodes,
  row: ({ metadata, spec }, { now }) => [
    metadata.name,
    (spec?.drivers ?? []).length,
    age(metadata.creationTimestamp, now),
  ],
};
