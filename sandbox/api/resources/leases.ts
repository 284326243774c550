/** Lease (pkg/registry/coordination/lease). */

import type { Resource } from '../resource.ts';
import type { Lease } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
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

  ...printed<Lease>([
    named,
    text(
      'Holder',
      'holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.',
      ({ spec }) => spec?.holderIdentity ?? '',
    ),
    aged,
  ]),
};
