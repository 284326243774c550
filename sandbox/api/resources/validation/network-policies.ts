/** Validation of NetworkPolicies (ValidateNetworkPolicySpec in pkg/apis/networking/validation/validation.go). */

import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { Served } from '../../types.ts';
import { type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { contains, parseCIDR } from './ip.ts';
import { isPortName } from './names.ts';
import { portNumber } from './numbers.ts';
import { labelSelector } from './selectors.ts';

export type NetworkPolicy = Served<INetworkPolicy>;
type Spec = NonNullable<NetworkPolicy['spec']>;
type Port = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number];
type Peer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number];

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const TYPES = ['Ingress', 'Egress'];

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldErrors {
  const problems = new Problems();
  labelSelector(problems, spec?.podSelector ?? {}, 'spec.podSelector');
  for (const [i, { ports = [], from = [] }] of (spec?.ingress ?? []).entries())
    rule(problems, ports, from, `spec.ingress[${i}]`, 'from');
  for (const [i, { ports = [], to = [] }] of (spec?.egress ?? []).entries())
    rule(problems, ports, to, `spec.egress[${i}]`, 'to');
  const types = spec?.policyTypes ?? [];
  if (types.length > TYPES.length)
    problems.add(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'));
  else
    for (const [i, type] of types.entries())
      if (!TYPES.includes(type)) problems.add(notSupported(`spec.policyTypes[${i}]`, type, TYPES));
  return problems.list;
}

function rule(problems: Problems, ports: readonly Port[], peers: readonly Peer[], path: string, side: string): void {
  for (const [i, port] of ports.entries()) validatePort(problems, port, `${path}.ports[${i}]`);
  for (const [i, peer] of peers.entries()) validatePeer(problems, peer, `${path}.${side}[${i}]`);
}

function validatePort(problems: Problems, { protocol, port, endPort }: Port, path: string): void {
  if (protocol !== undefined && !PROTOCOLS.includes(protocol))
    problems.add(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  const end = (text: string) => problems.add(invalid(`${path}.endPort`, endPort, text));
  if (port === undefined) {
    if (endPort !== undefined) end('may not be specified when `port` is not specified');
  } else if (typeof port === 'string') {
    if (endPort !== undefined) end('may not be specified when `port` is non-numeric');
    for (const text of isPortName(port)) problems.add(invalid(`${path}.port`, port, text));
  } else {
    portNumber(problems, port, `${path}.port`);
    if (endPort === undefined) return;
    if (endPort < port) end('must be greater than or equal to `port`');
    portNumber(problems, endPort, `${path}.endPort`);
  }
}

function validatePeer(problems: Problems, peer: Peer, path: string): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (podSelector) labelSelector(problems, podSelector, `${path}.podSelector`);
  if (namespaceSelector) labelSelector(problems, namespaceSelector, `${path}.namespaceSelector`);
  if (ipBlock) block(problems, ipBlock, `${path}.ipBlock`);
  const selected = podSelector !== undefined || namespaceSelector !== undefined;
  if (!selected && !ipBlock) problems.add(required(path, 'must specify a peer'));
  else if (selected && ipBlock) problems.add(forbidden(path, 'may not specify both ipBlock and another peer'));
}

const NOT_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

function block(problems: Problems, { cidr, except = [] }: NonNullable<Peer['ipBlock']>, path: string): void {
  if (!cidr) {
    problems.add(required(`${path}.cidr`));
    return;
  }
  const whole = parseCIDR(cidr);
  if (!whole) {
    problems.add(invalid(`${path}.cidr`, cidr, NOT_CIDR));
    return;
  }
  for (const [i, text] of except.entries()) {
    const part = parseCIDR(text);
    if (!part) problems.add(invalid(`${path}.except[${i}]`, text, NOT_CIDR));
    else if (!contains(whole, part) || whole.bits >= part.bits)
      problems.add(invalid(`${path}.except[${i}]`, text, 'must be a strict subset of `cidr`'));
  }
}
