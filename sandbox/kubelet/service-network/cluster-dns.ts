/** The cluster's name server: CoreDNS's `kubernetes` plugin over the zone cluster.local, `pods insecure` as kubeadm sets it (plugin/kubernetes). */

import type { Service } from '../../api/types.ts';
import {
  type Answer,
  addressOfReverseName,
  type NameServer,
  NO_SUCH_NAME,
  type Question,
  type RecordType,
  type ResourceRecord,
  reverseName,
} from '../../machines/network/dns.ts';
import { isHeadless, isReady, type ServiceEndpoint, type ServiceIndex } from './service-index.ts';

const ZONE = 'cluster.local';
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

export interface ClusterDNSOptions {
  readonly services: ServiceIndex;
  /** Its own: the cluster IP that kubeadm's Service kube-system/kube-dns has. */
  readonly address: string;
  readonly namespaceExists: (name: string) => boolean;
  /** Whom it asks about all other names. */
  readonly upstream: NameServer | undefined;
}

/** What one name stands for: addresses with a port, another name, or nothing of its own (NODATA). */
interface Found {
  readonly addresses: readonly { readonly address: string; readonly port: number; readonly target: string }[];
  readonly alias?: string;
}

export class ClusterDNS implements NameServer {
  readonly #options: ClusterDNSOptions;

  constructor(options: ClusterDNSOptions) {
    this.#options = options;
  }

  answer(question: Question): Answer {
    const name = question.name.toLowerCase();
    const address = addressOfReverseName(name);
    if (address !== undefined) return this.#reverse(name, address) ?? this.#forward(question);
    if (name !== ZONE && !name.endsWith(`.${ZONE}`)) return this.#forward(question);
    const found = this.#find(
      name
        .slice(0, -ZONE.length - 1)
        .split('.')
        .filter(Boolean)
        .reverse(),
    );
    return found ? this.#records(question, found) : NO_SUCH_NAME;
  }

  #forward(question: Question): Answer {
    return this.#options.upstream?.answer(question) ?? NO_SUCH_NAME;
  }

  /** parseRequest: from the right, `svc` or `pod`, the namespace, the service, then an endpoint or `_port._protocol`. */
  #find([kind, namespace, name, ...rest]: string[]): Found | undefined {
    if (kind === undefined) return { addresses: [] };
    if (kind !== 'svc' && kind !== 'pod') return undefined;
    if (namespace === undefined) return { addresses: [] };
    if (name === undefined) return this.#options.namespaceExists(namespace) ? { addresses: [] } : undefined;
    if (!this.#options.namespaceExists(namespace)) return undefined;
    return kind === 'pod' ? podAddress(name) : this.#service(namespace, name, rest);
  }

  #service(namespace: string, name: string, rest: readonly string[]): Found | undefined {
    const { services, address } = this.#options;
    const domain = `${name}.${namespace}.svc.${ZONE}`;
    const service = services.get(namespace, name);
    if (!service) {
      const own = namespace === 'kube-system' && name === 'kube-dns' && rest.length === 0;
      return own ? { addresses: [{ address, port: 53, target: domain }] } : undefined;
    }
    const { spec } = service;
    if (spec?.type === 'ExternalName')
      return rest.length === 0 ? { addresses: [], alias: spec.externalName! } : undefined;
    const [protocol, port] = rest.length === 2 ? rest.map((label) => label.replace(/^_/, '')) : [];
    const endpoint = rest.length === 1 ? rest[0]! : undefined;
    if (rest.length > 2) return undefined;
    const matches = (one: { readonly name?: string | undefined; readonly protocol?: string | undefined }) =>
      port === undefined || (one.name === port && (one.protocol ?? 'TCP').toLowerCase() === protocol);
    const addresses =
      isHeadless(spec) || endpoint !== undefined
        ? services
            .endpoints(service)
            .filter((one) => isReady(one) && (endpoint === undefined || hostnameOf(one) === endpoint))
            .flatMap((one) =>
              portsOf(one, service)
                .filter(matches)
                .map((own) => ({
                  address: one.addresses[0]!,
                  port: Number(own.port),
                  target: `${hostnameOf(one)}.${domain}`,
                })),
            )
        : (spec?.ports ?? [])
            .filter(matches)
            .map((own) => ({ address: spec!.clusterIP!, port: own.port, target: domain }));
    return addresses.length > 0 ? { addresses } : undefined;
  }

  #records({ name, type }: Question, { addresses, alias }: Found): Answer {
    const of = (records: readonly ResourceRecord[]): Answer => ({ code: 'NOERROR', records });
    if (alias !== undefined) {
      const further = this.answer({ name: alias, type });
      return of([{ name, type: 'CNAME', data: alias }, ...(type === 'CNAME' ? [] : further.records)]);
    }
    if (type === 'A')
      return of([...new Set(addresses.map((one) => one.address))].map((data) => ({ name, type, data })));
    if (type !== 'SRV') return of([]);
    const weight = Math.floor(100 / addresses.length);
    return of(addresses.map(({ port, target }) => ({ name, type, data: `0 ${weight} ${port} ${target}` })));
  }

  /** serviceRecordForIP: the service with that cluster IP, else the endpoints with that address. */
  #reverse(name: string, address: string): Answer | undefined {
    const { services, address: own } = this.#options;
    const pointer = (data: string) => ({ name, type: 'PTR' as RecordType, data });
    for (const { metadata } of services.byClusterIP(address))
      return { code: 'NOERROR', records: [pointer(`${metadata.name}.${metadata.namespace}.svc.${ZONE}`)] };
    if (name === reverseName(own)) return { code: 'NOERROR', records: [pointer(`kube-dns.kube-system.svc.${ZONE}`)] };
    const records = [...services.endpointsAt(address)]
      .filter(({ endpoint }) => isReady(endpoint))
      .map(({ endpoint, service }) => pointer(`${hostnameOf(endpoint)}.${service}.svc.${ZONE}`));
    return records.length > 0 ? { code: 'NOERROR', records } : undefined;
  }
}

/** endpointHostname: the pod's, if it has one, else its address with dashes. */
const hostnameOf = ({ hostname, addresses }: ServiceEndpoint): string => hostname ?? addresses[0]!.replaceAll('.', '-');

/** A headless service without ports still has addresses. */
const portsOf = ({ ports }: ServiceEndpoint, { spec }: Service) =>
  ports.length > 0 || (spec?.ports ?? []).length > 0 ? ports : [{ name: '', port: 0, protocol: 'TCP' }];

/** `10-244-1-5.default.pod.cluster.local` is taken at its word. */
function podAddress(name: string): Found | undefined {
  const address = name.replaceAll('-', '.');
  return ADDRESS.test(address) ? { addresses: [{ address, port: 0, target: '' }] } : undefined;
}
