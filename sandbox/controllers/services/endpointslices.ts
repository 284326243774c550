/** The EndpointSlice controller: a service's endpoints, a hundred to a slice (staging/src/k8s.io/endpointslice/reconciler.go). */

import { equal } from '../../api/equality.ts';
import type { EndpointSlice, Pod, Service } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { controllerReference } from '../ownership.ts';
import { isReady, isTerminating } from '../pods.ts';
import type { EndpointPort } from './endpoint.ts';
import { HEADLESS, hasAddress, isHeadless, portsOf, TRIGGER_TIME, targetOf } from './endpoint.ts';
import { followServices } from './services.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslice-controller.k8s.io';
const MAX_ENDPOINTS = 100;
const SERVICE = { apiVersion: 'v1', kind: 'Service' } as const;
const SERVICE_INDEX = 'service';

export function startEndpointSliceController(context: ControllerContext): void {
  const { client } = context;
  const slicesOf = client.informer('endpointslices').index(SERVICE_INDEX, ({ metadata }) => {
    const name = metadata.labels?.[SERVICE_NAME];
    return name && metadata.labels?.[MANAGED_BY] === MANAGER ? [`${metadata.namespace ?? ''}/${name}`] : [];
  });

  const write = (
    service: Service,
    slice: EndpointSlice | undefined,
    endpoints: readonly Endpoint[],
    ports: Ports,
    trigger: string | undefined,
  ) => {
    const { namespace = '', name } = service.metadata;
    const labels = labelsOf(service);
    const content = { addressType: 'IPv4' as const, endpoints, ports: ports.map((port) => ({ ...port })) };
    if (!slice) {
      client.create('endpointslices', namespace, {
        metadata: {
          generateName: `${name}-`,
          labels,
          annotations: { ...(trigger && { [TRIGGER_TIME]: trigger }) },
          ownerReferences: [controllerReference(service, SERVICE)],
        },
        ...content,
      } as Parameters<typeof client.create<'endpointslices'>>[2]);
      return;
    }
    const same =
      equal(slice.endpoints ?? [], endpoints) &&
      equal(slice.ports ?? [], content.ports) &&
      equal(slice.metadata.labels, labels);
    if (same) return;
    const { [TRIGGER_TIME]: _, ...others } = slice.metadata.annotations ?? {};
    const annotations = { ...others, ...(trigger && { [TRIGGER_TIME]: trigger }) };
    const metadata = { ...slice.metadata, labels, annotations };
    client.update('endpointslices', { ...slice, metadata, ...content } as EndpointSlice);
  };

  followServices(context, {
    sync: (service, pods, trigger) => {
      const { namespace = '', name } = service.metadata;
      const groups = groupByPorts(service, pods);
      const slices = [...slicesOf(`${namespace}/${name}`)];
      for (const { ports, endpoints } of groups) {
        const own = slices.filter((slice) => groups.length === 1 || equal(slice.ports ?? [], ports));
        for (const slice of own) slices.splice(slices.indexOf(slice), 1);
        for (const [slice, content] of distribute(own, endpoints)) {
          if (content.length > 0 || (slice === own[0] && endpoints.length === 0))
            write(service, slice, content, ports, trigger);
          else if (slice) client.delete('endpointslices', namespace, slice.metadata.name);
        }
      }
      for (const { metadata } of slices) client.delete('endpointslices', namespace, metadata.name);
    },
    // The slices belong to the service and go with it.
    gone: () => undefined,
  });
}

type Ports = readonly EndpointPort[];

const labelsOf = (service: Service): Readonly<Record<string, string>> => ({
  ...service.metadata.labels,
  ...(isHeadless(service) && { [HEADLESS]: '' }),
  [MANAGED_BY]: MANAGER,
  [SERVICE_NAME]: service.metadata.name,
});

/** Named ports may differ from pod to pod; a service without endpoints still has one, empty, slice. */
function groupByPorts(service: Service, pods: readonly Pod[]) {
  const groups = new Map<string, { ports: Ports; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!hasAddress(pod)) continue;
    const ports = portsOf(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(service, pod));
  }
  return groups.size > 0 ? [...groups.values()] : [{ ports: [] as Ports, endpoints: [] as Endpoint[] }];
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const ready = service.spec?.publishNotReadyAddresses ? true : serving && !terminating;
  const { hostname, subdomain, nodeName } = pod.spec ?? {};
  return {
    addresses: [pod.status!.podIP!],
    conditions: { ready, serving, terminating },
    ...(hostname && subdomain === service.metadata.name && { hostname }),
    targetRef: targetOf(pod),
    ...(nodeName && { nodeName }),
  };
}

/** Endpoints stay in the slice they are in; new ones fill it up, then the next. */
function distribute(
  slices: readonly EndpointSlice[],
  endpoints: readonly Endpoint[],
): Map<EndpointSlice | undefined, Endpoint[]> {
  const uidOf = (endpoint: Endpoint): string => endpoint.targetRef?.uid ?? '';
  const wanted = new Map(endpoints.map((endpoint) => [uidOf(endpoint), endpoint]));
  const contents = new Map<EndpointSlice | undefined, Endpoint[]>();
  for (const slice of slices) {
    const kept: Endpoint[] = [];
    for (const endpoint of slice.endpoints ?? []) {
      const current = wanted.get(uidOf(endpoint));
      if (current) kept.push(current);
      wanted.delete(uidOf(endpoint));
    }
    contents.set(slice, kept);
  }
  const rest = [...wanted.values()];
  for (const content of contents.values()) content.push(...rest.splice(0, MAX_ENDPOINTS - content.length));
  if (rest.length > 0 || slices.length === 0) contents.set(undefined, rest);
  return contents;
}
