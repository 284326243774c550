/** Lease (pkg/registry/coordination/lease). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Lease } from '../types.ts';
import { columns } from './columns.ts';

export const leases: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  name: 'leases',
  singular: 'lease',
  namespaced: true,
  schema: 'io.k8s.api.coordination.v1.Lease',

  columns: columns.leases,
  row: ({ metadata, spec }, { now }) => [
    metadata.name,
    spec?.holderIdentity ?? '',
    age(metadata.creationTimestamp, now),
  ],
};
