/** Validation of Services (ValidateService, ValidateServiceUpdate). */

import { validateLabels } from '../../registry/metadata.ts';
import type { Service } from '../../types.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Label, isDNS1123Subdomain, isIP } from './names.ts';
import { portNumber, portNumberOrName } from './numbers.ts';

type Spec = NonNullable<Service['spec']>;
type Port = NonNullable<Spec['ports']>[number];

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const AFFINITIES = ['ClientIP', 'None'];
const POLICIES = ['Cluster', 'Local'];
const MAX_SESSION = 86_400;

const NOT_AN_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

export function validateService({ spec = {} }: Service): FieldErrors {
  const problems = new Problems();
  const headless = spec.clusterIP === 'None';
  if (!spec.ports?.length && !headless && spec.type !== 'ExternalName') problems.add(required('spec.ports'));
  if (spec.type === 'LoadBalancer' && headless)
    problems.add(invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for LoadBalancer services"));
  if (spec.type === 'NodePort' && headless)
    problems.add(invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for NodePort services"));
  if (spec.type === 'ExternalName') externalName(problems, spec);
  ports(problems, spec);
  if (spec.selector) problems.addAll(validateLabels(spec.selector, 'spec.selector'));
  affinity(problems, spec);
  for (const [i, ip] of (spec.clusterIPs ?? []).entries())
    if (ip !== 'None' && !isIP(ip)) problems.add(invalid(`spec.clusterIPs[${i}]`, ip, NOT_AN_IP));
  for (const [i, ip] of (spec.externalIPs ?? []).entries())
    if (!isIP(ip)) problems.add(invalid(`spec.externalIPs[${i}]`, ip, NOT_AN_IP));
  if (!spec.type) problems.add(required('spec.type'));
  else if (!TYPES.includes(spec.type)) problems.add(notSupported('spec.type', spec.type, TYPES));
  if (spec.internalTrafficPolicy && !POLICIES.includes(spec.internalTrafficPolicy))
    problems.add(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, POLICIES));
  if (spec.externalTrafficPolicy) {
    if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer')
      problems.add(
        invalid(
          'spec.externalTrafficPolicy',
          spec.externalTrafficPolicy,
          'may only be set for externally-accessible services',
        ),
      );
    else if (!POLICIES.includes(spec.externalTrafficPolicy))
      problems.add(notSupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, POLICIES));
  }
  return problems.list;
}

function externalName(problems: Problems, spec: Spec): void {
  if (spec.clusterIP) problems.add(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) problems.add(required('spec.externalName'));
  else for (const text of isDNS1123Subdomain(name)) problems.add(invalid('spec.externalName', name, text));
}

function ports(problems: Problems, spec: Spec): void {
  const all = spec.ports ?? [];
  const names = new Set<string>();
  for (const [i, port] of all.entries()) one(problems, port, names, all.length > 1, `spec.ports[${i}]`);
  const nodePorts = new Set<string>();
  const seen = new Set<string>();
  for (const [i, port] of all.entries()) {
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) problems.add(duplicate(`spec.ports[${i}]`, { port: port.port, protocol: port.protocol }));
    seen.add(key);
    if (!port.nodePort) continue;
    const nodeKey = `${port.protocol}/${port.nodePort}`;
    if (spec.type === 'ClusterIP')
      problems.add(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    else if (nodePorts.has(nodeKey)) problems.add(duplicate(`spec.ports[${i}].nodePort`, port.nodePort));
    else if (port.nodePort < 30_000 || port.nodePort > 32_767)
      problems.add(
        invalid(
          `spec.ports[${i}].nodePort`,
          port.nodePort,
          'provided port is not in the valid range. The range of valid ports is 30000-32767',
        ),
      );
    nodePorts.add(nodeKey);
  }
}

function one(problems: Problems, port: Port, names: Set<string>, named: boolean, path: string): void {
  if (named && !port.name) problems.add(required(`${path}.name`));
  else if (port.name) {
    for (const text of isDNS1123Label(port.name)) problems.add(invalid(`${path}.name`, port.name, text));
    if (names.has(port.name)) problems.add(duplicate(`${path}.name`, port.name));
    names.add(port.name);
  }
  portNumber(problems, port.port ?? 0, `${path}.port`);
  if (!port.protocol) problems.add(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(port.protocol)) problems.add(notSupported(`${path}.protocol`, port.protocol, PROTOCOLS));
  portNumberOrName(problems, port.targetPort, `${path}.targetPort`);
}

function affinity(problems: Problems, { sessionAffinity, sessionAffinityConfig }: Spec): void {
  if (!sessionAffinity) problems.add(required('spec.sessionAffinity'));
  else if (!AFFINITIES.includes(sessionAffinity))
    problems.add(notSupported('spec.sessionAffinity', sessionAffinity, AFFINITIES));
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinity === 'ClientIP' && seconds !== undefined && (seconds <= 0 || seconds > MAX_SESSION))
    problems.add(
      invalid(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        seconds,
        `must be greater than 0 and less than ${MAX_SESSION}`,
      ),
    );
}

/** An address given stays, unless the type changes from or to ExternalName. */
export function validateServiceUpdate(service: Service, before: Service): FieldErrors {
  const problems = new Problems();
  problems.addAll(validateService(service));
  const was = before.spec?.clusterIPs?.[0];
  const is = service.spec?.clusterIPs?.[0];
  if (was && is !== was && before.spec?.type !== 'ExternalName' && service.spec?.type !== 'ExternalName')
    problems.add(invalid('spec.clusterIPs[0]', is, 'may not change once set'));
  return problems.list;
}
