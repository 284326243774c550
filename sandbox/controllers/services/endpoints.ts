/** The Endpoints controller: one object per service with the addresses of its pods (pkg/controller/endpoint/endpoints_controller.go). */

import { equal } from '../../api/equality.ts';
import type { Endpoints, Pod, Service } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { isReady, isTerminating } from '../pods.ts';
import type { EndpointPort } from './endpoint.ts';
import { byAddress, HEADLESS, hasAddress, isHeadless, portsOf, TRIGGER_TIME, targetOf } from './endpoint.ts';
import { followServices } from './services.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';

export function startEndpointsController(context: ControllerContext): void {
  const { client } = context;
  followServices(context, {
    sync: (service, pods, trigger) => {
      const { namespace = '', name } = service.metadata;
      const current = client.get('endpoints', namespace, name);
      const subsets = subsetsOf(service, pods);
      const labels = labelsOf(service);
      if (current && equal(current.subsets ?? [], subsets) && equal(current.metadata.labels ?? {}, labels)) return;
      const { [TRIGGER_TIME]: _, ...own } = service.metadata.annotations ?? {};
      const annotations = { ...own, ...(trigger && { [TRIGGER_TIME]: trigger }) };
      const { annotations: _old, ...metadata } = current?.metadata ?? {};
      const next = {
        metadata: { ...metadata, name, labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
        ...(subsets.length > 0 && { subsets }),
      };
      if (current) client.update('endpoints', { apiVersion: 'v1', kind: 'Endpoints', ...next } as Endpoints);
      else client.create('endpoints', namespace, next);
    },
    gone: (namespace, name) => {
      client.delete('endpoints', namespace, name);
    },
  });
}

const labelsOf = (service: Service): Readonly<Record<string, string>> => ({
  ...service.metadata.labels,
  [MANAGED_BY]: 'endpoint-controller',
  ...(isHeadless(service) && { [HEADLESS]: '' }),
});

/** Addresses with the same ports share a subset (RepackSubsets). */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const unready = service.spec?.publishNotReadyAddresses ?? false;
  const byPorts = new Map<string, { ports: readonly EndpointPort[]; ready: Address[]; notReady: Address[] }>();
  for (const pod of pods) {
    if (!hasAddress(pod) || (isTerminating(pod) && !unready)) continue;
    const ports = portsOf(service, pod);
    if (ports.length === 0 && !(isHeadless(service) && !service.spec?.ports?.length)) continue;
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { ports, ready: [], notReady: [] };
    byPorts.set(key, group);
    (unready || isReady(pod) ? group.ready : group.notReady).push(addressOf(pod, service));
  }
  return [...byPorts.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length > 0 && { addresses: ready.sort((a, b) => byAddress(a.ip, b.ip)) }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady.sort((a, b) => byAddress(a.ip, b.ip)) }),
    ...(ports.length > 0 && {
      ports: ports.map(({ name, port, protocol }) => ({ ...(name && { name }), port, protocol })) as Subset['ports'],
    }),
  }));
}

/** A pod with a host name in the service's own domain is found under it. */
function addressOf(pod: Pod, service: Service): Address {
  const { hostname, subdomain, nodeName } = pod.spec ?? {};
  return {
    ...(hostname && subdomain === service.metadata.name && { hostname }),
    ip: pod.status!.podIP!,
    ...(nodeName && { nodeName }),
    targetRef: targetOf(pod),
  };
}
