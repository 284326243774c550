/** Service (pkg/registry/core/service, pkg/apis/core/v1/defaults.go, printService). */

import type { Resource, StrategyContext } from '../resource.ts';
import type { Service } from '../types.ts';
import { formatLabels, NONE } from './cells.ts';
import { aged, named, printed, text, wide } from './columns.ts';
import { serviceWarnings } from './service-warnings.ts';
import { change, each, fill, put, without } from './shared.ts';
import { status } from './subresources.ts';
import { validateService, validateServiceUpdate } from './validation/services.ts';

type Spec = NonNullable<Service['spec']>;
type Port = NonNullable<Spec['ports']>[number];

const SESSION_TIMEOUT = 10_800;

export const services: Resource<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  name: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Service',
  subresources: {
    proxy: { kind: 'ServiceProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    status: status('Service'),
  },
  nameRule: 'dns1035label',

  defaults: (service) => {
    const next = change(service, 'spec', defaultSpec);
    return put(next, 'status', fill(next.status ?? {}, { loadBalancer: {} }));
  },
  prepareForCreate: (service, context) =>
    put(put(service, 'status', { loadBalancer: {} }), 'spec', allocate(service.spec ?? {}, context)),
  prepareForUpdate: (service, before, context) => {
    const carried = carryOver(service.spec ?? {}, before.spec ?? {});
    return put(put(service, 'status', before.status), 'spec', allocate(carried, context, before.spec));
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,

  ...printed<Service>([
    named,
    text(
      'Type',
      'type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer. "ClusterIP" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice objects. If clusterIP is "None", no virtual IP is allocated and the endpoints are published as a set of endpoints rather than a virtual IP. "NodePort" builds on ClusterIP and allocates a port on every node which routes to the same endpoints as the clusterIP. "LoadBalancer" builds on NodePort and creates an external load-balancer (if supported in the current cloud) which routes to the same endpoints as the clusterIP. "ExternalName" aliases this service to the specified externalName. Several other fields do not apply to ExternalName services. More info: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
      ({ spec }) => spec?.type ?? '',
    ),
    text(
      'Cluster-IP',
      'clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are "None", empty string (""), or a valid IP address. Setting this to "None" makes a "headless service" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies',
      ({ spec }) => spec?.clusterIPs?.[0] ?? NONE,
    ),
    text(
      'External-IP',
      'externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  A common example is external load-balancers that are not part of the Kubernetes system.',
      externalIP,
    ),
    text(
      'Port(s)',
      'The list of ports that are exposed by this service. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies',
      ({ spec }) => (spec?.ports ?? []).map(portText).join(',') || NONE,
    ),
    aged,
    wide(
      'Selector',
      'Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/',
      ({ spec }) => formatLabels(spec?.selector),
    ),
  ]),
  selectableFields: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
};

const hasNodePorts = (type: Spec['type']): boolean => type === 'NodePort' || type === 'LoadBalancer';

/** ExternallyAccessible of pkg/api/v1/service. */
const isReachedFromOutside = ({ type, externalIPs = [] }: Spec): boolean =>
  hasNodePorts(type) || (type === 'ClusterIP' && externalIPs.length > 0);

/** SetDefaults_Service. */
function defaultSpec(spec: Spec): Spec {
  let next = fill(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (next.sessionAffinity === 'None') next = without(next, 'sessionAffinityConfig');
  else if (next.sessionAffinity === 'ClientIP' && !next.sessionAffinityConfig?.clientIP?.timeoutSeconds) {
    next = put(next, 'sessionAffinityConfig', { clientIP: { timeoutSeconds: SESSION_TIMEOUT } });
  }
  if (next.type !== 'ExternalName') next = fill(next, { internalTrafficPolicy: 'Cluster' });
  if (isReachedFromOutside(next)) next = fill(next, { externalTrafficPolicy: 'Cluster' });
  if (next.type === 'LoadBalancer') next = fill(next, { allocateLoadBalancerNodePorts: true });
  return change(next, 'ports', (ports) =>
    each(ports, (port) => fill(port, { protocol: 'TCP', targetPort: port.port })),
  );
}

/** An update that leaves the allocated values out keeps them (patchAllocatedValues). */
function carryOver(spec: Spec, before: Spec): Spec {
  let next = spec;
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    if (!spec.clusterIP) next = put(next, 'clusterIP', before.clusterIP);
    if (!spec.clusterIPs && next.clusterIP === before.clusterIP) next = put(next, 'clusterIPs', before.clusterIPs);
    next = fill(next, { ipFamilies: before.ipFamilies, ipFamilyPolicy: before.ipFamilyPolicy });
  }
  if (!hasNodePorts(spec.type) || !hasNodePorts(before.type)) return next;
  const known = new Map((before.ports ?? []).map((port) => [`${port.protocol}/${port.port}`, port.nodePort]));
  return change(next, 'ports', (ports) =>
    each(ports, (port) => {
      const nodePort = known.get(`${port.protocol}/${port.port}`);
      return port.nodePort || !nodePort ? port : put(port, 'nodePort', nodePort);
    }),
  );
}

/** Gives the addresses and ports a Service of its type has (pkg/registry/core/service/storage/alloc.go). */
function allocate(spec: Spec, context: StrategyContext, before?: Spec): Spec {
  if (spec.type === 'ExternalName') {
    return without(without(without(without(spec, 'clusterIP'), 'clusterIPs'), 'ipFamilies'), 'ipFamilyPolicy');
  }
  let next = spec;
  if (!next.clusterIP) next = put(next, 'clusterIP', next.clusterIPs?.[0] ?? context.allocate('clusterIP'));
  else if (next.clusterIP !== 'None' && next.clusterIP !== before?.clusterIP) {
    context.allocate('clusterIP', next.clusterIP);
  }
  next = fill(next, { clusterIPs: [next.clusterIP ?? ''], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  const withPorts = hasNodePorts(next.type) && next.allocateLoadBalancerNodePorts !== false;
  return change(next, 'ports', (ports) => each(ports, (port) => (withPorts ? nodePort(port, context, before) : port)));
}

function nodePort(port: Port, context: StrategyContext, before: Spec | undefined): Port {
  const wanted = port.nodePort;
  if (!wanted) return put(port, 'nodePort', Number(context.allocate('nodePort')));
  if (!before?.ports?.some((one) => one.nodePort === wanted)) context.allocate('nodePort', String(wanted));
  return port;
}

const portText = ({ port, nodePort, protocol = 'TCP' }: Port): string =>
  nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;

/** getServiceExternalIP; the server always answers wide, so nothing is cut. */
function externalIP({ spec, status }: Service): string {
  const given = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map((one) => one.ip || one.hostname || '');
      const all = [...ingress.filter(Boolean), ...given];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return given.length > 0 ? given.join(',') : NONE;
  }
}
