/** Endpoints, deprecated in favour of EndpointSlice (pkg/registry/core/endpoint, printEndpoints). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Endpoints } from '../types.ts';
import { firstThree, NONE } from './cells.ts';
import { columns } from './columns.ts';
import { change, each, fill } from './shared.ts';
import { validateEndpoints } from './validation/cluster.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];

export const endpoints: Resource<Endpoints> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  name: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Endpoints',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',

  defaults: (object) =>
    change(object, 'subsets', (subsets) =>
      each(subsets, (subset) =>
        change(subset, 'ports', (ports) => each(ports, (port) => fill(port, { protocol: 'TCP' }))),
      ),
    ),
  validate: validateEndpoints,

  columns: columns.endpoints,
  row: ({ metadata, subsets = [] }, { now }) => [
    metadata.name,
    firstThree(subsets.flatMap(addresses), NONE),
    age(metadata.creationTimestamp, now),
  ],
};

/** `10.0.0.1:80` for each port and each ready address; the addresses alone without ports. */
function addresses({ addresses = [], ports = [] }: Subset): readonly string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) =>
    addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
  );
}
