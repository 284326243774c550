/** Services on the lab's network: kube-proxy on every node, and the cluster's name server. */

import type { Client } from '../../api/client.ts';
import type { Network, NetworkHost } from '../../machines/network/network.ts';
import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { ClusterDNS } from './cluster-dns.ts';
import { kubeProxy } from './kube-proxy.ts';
import { ServiceIndex } from './service-index.ts';

export interface ServiceNetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
  readonly network: Network;
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  readonly clusterDNS: string;
  /** Where the name server runs. */
  readonly dnsHost: NetworkHost;
  /** What that host's /etc/resolv.conf names. */
  readonly upstream: string;
}

export function startServiceNetwork(options: ServiceNetworkOptions): void {
  const { clock, random, client, network, nodes, clusterDNS, dnsHost, upstream } = options;
  const services = new ServiceIndex(client);
  const names = new Map(nodes.map(({ name, address }) => [address, name]));
  network.filters.push(kubeProxy({ clock, random: random.fork('kube-proxy'), services, nodes: names }));
  network.attach(clusterDNS, dnsHost);
  network.nameServers.set(
    clusterDNS,
    new ClusterDNS({
      services,
      address: clusterDNS,
      namespaceExists: (name) => client.get('namespaces', '', name) !== undefined,
      upstream: network.nameServers.get(upstream),
    }),
  );
}
