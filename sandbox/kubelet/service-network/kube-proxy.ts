/** kube-proxy: connections to a service's address go to one of its endpoints (pkg/proxy/iptables/proxier.go, pkg/proxy/topology.go). */

import type { Service } from '../../api/types.ts';
import type { Endpoint, PacketFilter } from '../../machines/network/network.ts';
import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';
import { isReady, type ServiceEndpoint, type ServiceIndex } from './service-index.ts';

export interface KubeProxyOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly services: ServiceIndex;
  /** Names of the nodes by their addresses: each runs one, and filters what leaves it or comes to it. */
  readonly nodes: ReadonlyMap<string, string>;
}

type Port = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** DEFAULT_CLIENT_IP_SERVICE_AFFINITY_SECONDS. */
const AFFINITY_SECONDS = 10_800;

export function kubeProxy({ clock, random, services, nodes }: KubeProxyOptions): PacketFilter {
  const affinity = new Map<string, { endpoint: Endpoint; until: number }>();

  const choose = (service: Service, port: Port, from: string, among: readonly Endpoint[]): Endpoint => {
    const { sessionAffinity, sessionAffinityConfig } = service.spec!;
    if (sessionAffinity !== 'ClientIP') return random.pick(among);
    const key = `${service.metadata.uid}/${port.port}/${from}`;
    const known = affinity.get(key);
    const kept = known && known.until > clock.now && among.find((one) => one.address === known.endpoint.address);
    const endpoint = kept || random.pick(among);
    const seconds = Number(sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS);
    affinity.set(key, { endpoint, until: clock.now + seconds * 1_000 });
    return endpoint;
  };

  const target = (service: Service, port: Port, from: string, node: string | undefined): Endpoint | 'rejected' => {
    const among = usable(services.endpoints(service), node).flatMap((endpoint) => endpointsOf(endpoint, port));
    return among.length === 0 ? 'rejected' : choose(service, port, from, among);
  };

  return (from, to, port) => {
    const here = nodes.get(from);
    if (here !== undefined) {
      for (const service of services.byClusterIP(to)) {
        const { ports = [], internalTrafficPolicy } = service.spec!;
        const own = ports.find((one) => one.port === port && (one.protocol ?? 'TCP') === 'TCP');
        if (own) return target(service, own, from, internalTrafficPolicy === 'Local' ? here : undefined);
      }
    }
    const there = nodes.get(to);
    if (there === undefined) return undefined;
    for (const service of services.byNodePort(String(port))) {
      const { ports = [], externalTrafficPolicy } = service.spec!;
      const own = ports.find(({ nodePort }) => nodePort === port)!;
      return target(service, own, from, externalTrafficPolicy === 'Local' ? there : undefined);
    }
    return undefined;
  };
}

/** CategorizeEndpoints: the ready ones; if there are none, those that still serve while they terminate. */
function usable(endpoints: readonly ServiceEndpoint[], node: string | undefined): ServiceEndpoint[] {
  const local = endpoints.filter((one) => node === undefined || one.nodeName === node);
  const ready = local.filter(isReady);
  if (ready.length > 0) return ready;
  return local.filter(({ conditions }) => conditions?.serving && conditions.terminating);
}

/** The endpoint's port is the slice's port of the same name. */
function endpointsOf({ addresses, ports }: ServiceEndpoint, port: Port): Endpoint[] {
  const own = ports.find(({ name }) => (name ?? '') === (port.name ?? ''));
  return own?.port === undefined ? [] : addresses.map((address) => ({ address, port: Number(own.port) }));
}
