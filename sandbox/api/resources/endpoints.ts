/** Endpoints, deprecated in favour of EndpointSlice (pkg/registry/core/endpoint, printEndpoints). */

import type { Resource } from '../resource.ts';
import type { Endpoints } from '../types.ts';
import { firstThree, NONE } from './cells.ts';
import { aged, named, printed, text } from './columns.ts';
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

  ...printed<Endpoints>([
    named,
    text(
      'Endpoints',
      'The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share. A single address with multiple ports, some of which are ready and some of which are not (because they come from different containers) will result in the address being displayed in different subsets for the different ports. No address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that comprise a service.',
      ({ subsets = [] }) => firstThree(subsets.flatMap(addresses), NONE),
    ),
    aged,
  ]),
};

/** `10.0.0.1:80` for each port and each ready address; the addresses alone without ports. */
function addresses({ addresses = [], ports = [] }: Subset): readonly string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) =>
    addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
  );
}
