/** EndpointSlice (pkg/registry/discovery/endpointslice, printEndpointSlice). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { EndpointSlice } from '../types.ts';
import { firstThree } from './cells.ts';
import { columns } from './columns.ts';
import { change, each, fill } from './shared.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation/cluster.ts';

const UNSET = '<unset>';

export const endpointSlices: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  name: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  generation: true,

  defaults: (slice) =>
    change(slice, 'ports', (ports) => each(ports, (port) => fill(port, { name: '', protocol: 'TCP' }))),
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,

  columns: columns.endpointslices,
  row: ({ metadata, addressType, ports = [], endpoints = [] }, { now }) => [
    metadata.name,
    addressType,
    firstThree(
      ports.map(({ port }) => (port === undefined ? '*' : String(port))),
      UNSET,
    ),
    firstThree(
      endpoints.flatMap((one) => one.addresses),
      UNSET,
    ),
    age(metadata.creationTimestamp, now),
  ],
};
