/** Validation of nodes, namespaces, endpoints, leases and RBAC. */

import type { EndpointSlice, Endpoints, Lease, Node } from '../../types.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { immutable } from './immutable.ts';
import { isDNS1123Label, isIP } from './names.ts';
import { portNumber } from './numbers.ts';
import { taints } from './scheduling.ts';

const NOT_AN_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** The path of taints is upstream's: that of the metadata. */
export function validateNode({ spec = {} }: Node): FieldErrors {
  const problems = new Problems();
  if (spec.taints) taints(problems, spec.taints, 'metadata.taints');
  return problems.list;
}

export function validateNodeUpdate(node: Node, before: Node): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateNode(node));
  const was = before.spec?.podCIDRs ?? [];
  const is = node.spec?.podCIDRs ?? [];
  if (was.length > 0 && was.join() !== is.join())
    problems.add(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  if (before.spec?.providerID && node.spec?.providerID !== before.spec.providerID)
    problems.add(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  return problems.list;
}

export function validateEndpoints({ subsets = [] }: Endpoints): FieldErrors {
  const problems = new Problems();
  for (const [i, subset] of subsets.entries()) {
    const path = `subsets[${i}]`;
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (addresses.length + notReadyAddresses.length === 0)
      problems.add(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    for (const [j, { ip }] of addresses.entries())
      if (!isIP(ip)) problems.add(invalid(`${path}.addresses[${j}].ip`, ip, NOT_AN_IP));
    for (const [j, { name, port }] of ports.entries()) {
      if (ports.length > 1 && !name) problems.add(required(`${path}.ports[${j}].name`));
      else if (name)
        for (const text of isDNS1123Label(name)) problems.add(invalid(`${path}.ports[${j}].name`, name, text));
      portNumber(problems, port, `${path}.ports[${j}].port`);
    }
  }
  return problems.list;
}

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];

export function validateEndpointSlice({ addressType, endpoints, ports = [] }: EndpointSlice): FieldErrors {
  const problems = new Problems();
  if (!addressType) problems.add(required('addressType'));
  else if (!ADDRESS_TYPES.includes(addressType)) problems.add(notSupported('addressType', addressType, ADDRESS_TYPES));
  for (const [i, { addresses = [] }] of (endpoints ?? []).entries()) {
    if (addresses.length === 0) problems.add(required(`endpoints[${i}].addresses`, 'must contain at least 1 address'));
    if (addressType !== 'FQDN')
      for (const [j, address] of addresses.entries())
        if (!isIP(address)) problems.add(invalid(`endpoints[${i}].addresses[${j}]`, address, NOT_AN_IP));
  }
  const names = new Set<string>();
  for (const [i, { name = '' }] of ports.entries()) {
    if (names.has(name)) problems.add(duplicate(`ports[${i}].name`, name));
    names.add(name);
  }
  return problems.list;
}

export function validateEndpointSliceUpdate(slice: EndpointSlice, before: EndpointSlice): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateEndpointSlice(slice));
  immutable(problems, slice.addressType, before.addressType, 'addressType');
  return problems.list;
}

export function validateLease({ spec = {} }: Lease): FieldErrors {
  const problems = new Problems();
  if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0)
    problems.add(invalid('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0'));
  if (spec.leaseTransitions !== undefined && spec.leaseTransitions < 0)
    problems.add(invalid('spec.leaseTransitions', spec.leaseTransitions, 'must be greater than or equal to 0'));
  return problems.list;
}
