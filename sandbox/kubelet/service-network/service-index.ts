/** Services and their endpoints as kube-proxy and CoreDNS look them up: by address, by node port, by name. */

import type { Client } from '../../api/client.ts';
import type { EndpointSlice, Service } from '../../api/types.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

export type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

export interface ServiceEndpoint extends SliceEndpoint {
  /** Of the slice: what its named ports are. */
  readonly ports: NonNullable<EndpointSlice['ports']>;
}

export class ServiceIndex {
  readonly get: (namespace: string, name: string) => Service | undefined;
  readonly byClusterIP: (address: string) => Iterable<Service>;
  readonly byNodePort: (port: string) => Iterable<Service>;
  readonly #slices: (key: string) => Iterable<EndpointSlice>;
  readonly #slicesByAddress: (address: string) => Iterable<EndpointSlice>;

  constructor(client: Client) {
    const services = client.informer('services');
    this.get = services.get;
    this.byClusterIP = services.index('clusterIP', ({ spec }) =>
      isHeadless(spec) ? [] : [...new Set([spec!.clusterIP!, ...(spec?.clusterIPs ?? [])])],
    );
    this.byNodePort = services.index('nodePort', ({ spec }) =>
      (spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])),
    );
    const slices = client.informer('endpointslices');
    this.#slices = slices.index('serviceName', ({ metadata }) => {
      const name = metadata.labels?.[SERVICE_NAME];
      return name ? [`${metadata.namespace ?? ''}/${name}`] : [];
    });
    this.#slicesByAddress = slices.index('address', ({ endpoints }) =>
      (endpoints ?? []).flatMap(({ addresses }) => addresses),
    );
  }

  endpoints({ metadata }: Service): ServiceEndpoint[] {
    return [...this.#slices(`${metadata.namespace ?? ''}/${metadata.name}`)].flatMap(withPorts);
  }

  /** Those that have an address, with the `name.namespace` of their service. */
  *endpointsAt(address: string): Generator<{ readonly endpoint: ServiceEndpoint; readonly service: string }> {
    for (const slice of this.#slicesByAddress(address)) {
      const service = `${slice.metadata.labels?.[SERVICE_NAME]}.${slice.metadata.namespace}`;
      for (const endpoint of withPorts(slice)) if (endpoint.addresses.includes(address)) yield { endpoint, service };
    }
  }
}

const withPorts = (slice: EndpointSlice): ServiceEndpoint[] =>
  (slice.endpoints ?? []).map((endpoint) => ({ ...endpoint, ports: slice.ports ?? [] }));

export const isHeadless = (spec: Service['spec']): boolean => !spec?.clusterIP || spec.clusterIP === 'None';

/** An unset condition counts as true (discovery/v1, EndpointConditions). */
export const isReady = ({ conditions }: SliceEndpoint): boolean => conditions?.ready ?? true;
