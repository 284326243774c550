/** Lease (pkg/registry/coordination/lease). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Lease } from '../types.ts';
import { columns } from './columns.ts';
import { validateLease } from './validation/cluster.ts';

export const leases: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  name: 'leases',
  singular: 'lease',
  namespaced: true,
  schema: 'io.k8s.api.coordination.v1.Lease',
  validate: validateLease,

  columns: columns.leases,
  row: ({ metadata, spec }, { now }) => [
    metadata.name,
    spec?.holderIdentity ?? '',
    age(metadata.creationTimestamp, now),
  ],
};
