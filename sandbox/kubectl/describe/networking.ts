/** Ingress and NetworkPolicy (kubectl pkg/describe/describe.go). */

import type { EndpointSlice, Ingress, NetworkPolicy, Service } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { ApiError } from '../cli/errors.ts';
import { endpointList } from './cluster.ts';
import { type Context, type Describer, listOf } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels } from './metadata.ts';
import { formatSelector } from './values.ts';
import type { Writer } from './writer.ts';

type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>;
type Peer = NonNullable<NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number]['from']>[number];
type PolicyPort = NonNullable<NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number]['ports']>[number];

export const ingress: Describer = function* (w: Writer, object: Ingress, context: Context): Task<void> {
  const { metadata, spec = {}, status } = object;
  const namespace = metadata.namespace ?? '';
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  const fallback = spec.defaultBackend ? yield* backend(context, namespace, spec.defaultBackend) : '<default>';
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  w.line(0, `Namespace:\t${namespace}`);
  w.line(0, `Address:\t${addresses.join(',')}`);
  w.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
  w.line(0, `Default backend:\t${fallback}`);
  if (spec.tls?.length) w.line(0, 'TLS:');
  for (const { secretName, hosts = [] } of spec.tls ?? [])
    w.line(1, secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`);
  w.line(0, 'Rules:\n  Host\tPath\tBackends');
  w.line(1, '----\t----\t--------');
  const rules = (spec.rules ?? []).filter(({ http }) => http !== undefined);
  for (const { host, http } of rules) {
    w.line(1, `${host || '*'}\t`);
    for (const path of http!.paths)
      w.line(2, `\t${path.path ?? ''} \t${yield* backend(context, namespace, path.backend)}`);
  }
  if (rules.length === 0) w.line(1, `*\t*\t${fallback}`);
  annotations(w, 'Annotations', metadata.annotations);
  describeEvents(w, context.events, context.now);
} as Describer;

/** `web:80 (10.244.1.3:8080)`: where it leads, or why it does not. */
function* backend(context: Context, namespace: string, { service, resource }: Backend): Task<string> {
  if (!service)
    return resource ? `APIGroup: ${resource.apiGroup ?? ''}, Kind: ${resource.kind}, Name: ${resource.name}` : '';
  const { number, name: portName } = service.port ?? {};
  const text = `${service.name}:${number || portName || ''}`;
  try {
    const slices = yield* listOf<EndpointSlice>(
      context,
      { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
      namespace,
      [['labelSelector', `kubernetes.io/service-name=${service.name}`]],
    );
    const client = yield* context.session.client();
    const found = yield* client.json<Service>('GET', `/api/v1/namespaces/${namespace}/services/${service.name}`);
    const port = found.spec?.ports?.find((p) => (number ? p.port === number : portName && p.name === portName));
    return `${text} (${endpointList(slices, port?.name ?? '')})`;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${text} (<error: ${error.message}>)`;
  }
}

export const networkPolicy: Describer = function* (w: Writer, { metadata, spec }: NetworkPolicy): Task<void> {
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  w.line(0, `Created on:\t${(metadata.creationTimestamp ?? '').replace('T', ' ').replace('Z', ' +0000 UTC')}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  const chosen = formatSelector(spec?.podSelector);
  const types = spec?.policyTypes ?? [];
  w.line(0, 'Spec:');
  w.line(
    1,
    `PodSelector:     ${chosen === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : chosen}`,
  );
  if (types.includes('Ingress')) {
    w.line(1, 'Allowing ingress traffic:');
    traffic(
      w,
      'ingress',
      (spec?.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from })),
    );
  } else w.line(1, 'Not affecting ingress traffic');
  if (types.includes('Egress')) {
    w.line(1, 'Allowing egress traffic:');
    traffic(
      w,
      'egress',
      (spec?.egress ?? []).map(({ ports, to }) => ({ ports, peers: to })),
    );
  } else w.line(1, 'Not affecting egress traffic');
  w.line(1, `Policy Types: ${types.length > 0 ? types.join(', ') : '<none>'}`);
} as Describer;

const WORDS = { ingress: ['From', 'source'], egress: ['To', 'destination'] } as const;

function traffic(
  w: Writer,
  direction: 'ingress' | 'egress',
  rules: readonly { readonly ports?: readonly PolicyPort[]; readonly peers?: readonly Peer[] }[],
): void {
  const [word, end] = WORDS[direction];
  if (rules.length === 0) w.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`);
  rules.forEach(({ ports = [], peers = [] }, i) => {
    if (ports.length === 0) w.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const { port, protocol = 'TCP' } of ports) w.line(2, `To Port: ${port ?? '<nil>'}/${protocol}`);
    if (peers.length === 0) w.line(2, `${word}: <any> (traffic not restricted by ${end})`);
    for (const { podSelector, namespaceSelector, ipBlock } of peers) {
      w.line(2, `${word}:`);
      if (namespaceSelector) w.line(3, `NamespaceSelector: ${formatSelector(namespaceSelector)}`);
      if (podSelector) w.line(3, `PodSelector: ${formatSelector(podSelector)}`);
      if (podSelector || namespaceSelector || !ipBlock) continue;
      w.line(3, 'IPBlock:');
      w.line(4, `CIDR: ${ipBlock.cidr}`);
      w.line(4, `Except: ${(ipBlock.except ?? []).join(', ')}`);
    }
    if (i < rules.length - 1) w.line(2, '----------');
  });
}
