/** Validation of Services (ValidateService, ValidateServiceUpdate). */

import { validateLabels } from '../../registry/metadata.ts';
import type { Service } from '../../types.ts';
import { duplicate, type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Label, isDNS1123Subdomain, isIP, isQualifiedName } from './names.ts';
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
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && headless)
    problems.add(invalid('spec.clusterIPs[0]', spec.clusterIP, `may not be set to 'None' for ${spec.type} services`));
  if (spec.type === 'ExternalName') externalName(problems, spec);
  const all = spec.ports ?? [];
  const names = new Set<string>();
  for (const [i, port] of all.entries()) one(problems, port, names, all.length > 1, `spec.ports[${i}]`);
  if (spec.selector) problems.addAll(validateLabels(spec.selector, 'spec.selector'));
  affinity(problems, spec);
  if (spec.type !== 'ExternalName') addresses(problems, spec);
  for (const [i, ip] of (spec.externalIPs ?? []).entries()) {
    if (isIP(ip)) nonSpecial(problems, ip, `spec.externalIPs[${i}]`);
    else problems.add(invalid(`spec.externalIPs[${i}]`, ip, NOT_AN_IP));
  }
  if (!spec.type) problems.add(required('spec.type'));
  else if (!TYPES.includes(spec.type)) problems.add(notSupported('spec.type', spec.type, TYPES));
  ports(problems, spec);
  balancing(problems, spec);
  externalTraffic(problems, spec);
  if (spec.internalTrafficPolicy && !POLICIES.includes(spec.internalTrafficPolicy))
    problems.add(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, POLICIES));
  if (!problems.any) nodePortRange(problems, spec);
  return problems.list;
}

const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** ValidateServiceClusterIPsRelatedFields, as far as one family goes. */
function addresses(problems: Problems, spec: Spec): void {
  const { clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (clusterIP) {
    if (clusterIPs.length === 0) problems.add(required('spec.clusterIPs'));
    else if (clusterIPs[0] !== clusterIP)
      problems.add(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
  } else if (clusterIPs.length > 0)
    problems.add(invalid('spec.clusterIPs', clusterIPs, 'must be empty when `clusterIP` is not specified'));
  for (const [i, family] of ipFamilies.entries()) {
    if (!FAMILIES.includes(family)) problems.add(notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES));
    if (ipFamilies.indexOf(family) < i) problems.add(duplicate(`spec.ipFamilies[${i}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !FAMILY_POLICIES.includes(ipFamilyPolicy))
    problems.add(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, FAMILY_POLICIES));
  let bad = false;
  for (const [i, ip] of clusterIPs.entries()) {
    if (i === 0 && ip === 'None') {
      if (clusterIPs.length > 1) {
        bad = true;
        problems.add(invalid('spec.clusterIPs', clusterIPs, "'None' must be the first and only value"));
      }
    } else if (!isIP(ip)) {
      bad = true;
      problems.add(invalid(`spec.clusterIPs[${i}]`, ip, NOT_AN_IP));
    }
  }
  if (clusterIPs.length > 2) problems.add(invalid('spec.clusterIPs', clusterIPs, 'may only hold up to 2 values'));
  if (bad || clusterIPs[0] === 'None') return;
  for (const [i, ip] of clusterIPs.entries()) {
    const is = ip.includes(':') ? 'IPv6' : 'IPv4';
    const family = ipFamilies[i];
    if (family && FAMILIES.includes(family) && family !== is)
      problems.add(
        invalid(`spec.clusterIPs[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``),
      );
  }
}

/** ValidateNonSpecialIP. */
function nonSpecial(problems: Problems, ip: string, path: string): void {
  if (ip === '0.0.0.0' || ip === '::') problems.add(invalid(path, ip, `may not be unspecified (${ip})`));
  if (/^127\./.test(ip) || ip === '::1')
    problems.add(invalid(path, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (/^169\.254\./.test(ip) || /^fe80:/i.test(ip))
    problems.add(invalid(path, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  if (/^224\.0\.0\./.test(ip) || /^ff02:/i.test(ip))
    problems.add(invalid(path, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
}

/** What only load balancers may have. */
function balancing(problems: Problems, spec: Spec): void {
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (spec.type === 'LoadBalancer') return;
  if (spec.loadBalancerSourceRanges?.length) problems.add(forbidden('spec.LoadBalancerSourceRanges', only));
  if (spec.allocateLoadBalancerNodePorts !== undefined)
    problems.add(forbidden('spec.allocateLoadBalancerNodePorts', only));
  if (spec.loadBalancerClass !== undefined) problems.add(forbidden('spec.loadBalancerClass', only));
}

/** validateServiceExternalTrafficPolicy: nodes answer for services with ports or addresses outside the cluster. */
function externalTraffic(problems: Problems, spec: Spec): void {
  const { type, externalTrafficPolicy: policy, healthCheckNodePort } = spec;
  const accessible =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
  const path = 'spec.externalTrafficPolicy';
  if (!accessible) {
    if (policy) problems.add(invalid(path, policy, 'may only be set for externally-accessible services'));
  } else if (!policy) problems.add(required(path));
  else if (!POLICIES.includes(policy)) problems.add(notSupported(path, policy, POLICIES));
  if (healthCheckNodePort && !(type === 'LoadBalancer' && policy === 'Local'))
    problems.add(
      invalid(
        'spec.healthCheckNodePort',
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
}

function externalName(problems: Problems, spec: Spec): void {
  const not = 'may not be set for ExternalName services';
  if (spec.clusterIP) problems.add(forbidden('spec.clusterIPs', not));
  if (spec.ipFamilies?.length) problems.add(forbidden('spec.ipFamilies', not));
  if (spec.ipFamilyPolicy !== undefined) problems.add(forbidden('spec.ipFamilyPolicy', not));
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) problems.add(required('spec.externalName'));
  else for (const text of isDNS1123Subdomain(name)) problems.add(invalid('spec.externalName', name, text));
}

/** What ports are to each other. */
function ports(problems: Problems, spec: Spec): void {
  const all = spec.ports ?? [];
  if (spec.type === 'ClusterIP')
    for (const [i, { nodePort }] of all.entries())
      if (nodePort) problems.add(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const nodePorts = new Set<string>();
  for (const [i, { protocol, nodePort }] of all.entries()) {
    if (!nodePort) continue;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) problems.add(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    nodePorts.add(key);
  }
  const seen = new Set<string>();
  for (const [i, { protocol, port }] of all.entries()) {
    const key = `${protocol}/${port}`;
    if (seen.has(key)) problems.add(duplicate(`spec.ports[${i}]`, { port, protocol }));
    seen.add(key);
  }
}

/** What the allocator of node ports says, after all validation. */
function nodePortRange(problems: Problems, spec: Spec): void {
  for (const [i, { nodePort }] of (spec.ports ?? []).entries())
    if (nodePort && (nodePort < 30_000 || nodePort > 32_767))
      problems.add(
        invalid(
          `spec.ports[${i}].nodePort`,
          nodePort,
          'provided port is not in the valid range. The range of valid ports is 30000-32767',
        ),
      );
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
  if (port.appProtocol !== undefined)
    for (const text of isQualifiedName(port.appProtocol))
      problems.add(invalid(`${path}.appProtocol`, port.appProtocol, text));
}

function affinity(problems: Problems, { sessionAffinity, sessionAffinityConfig }: Spec): void {
  if (!sessionAffinity) problems.add(required('spec.sessionAffinity'));
  else if (!AFFINITIES.includes(sessionAffinity))
    problems.add(notSupported('spec.sessionAffinity', sessionAffinity, AFFINITIES));
  if (sessionAffinity === 'None' && sessionAffinityConfig)
    problems.add(forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None'));
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
  const was = before.spec?.clusterIPs?.[0];
  const all = service.spec?.clusterIPs ?? [];
  if (was && all[0] !== was && before.spec?.type !== 'ExternalName' && service.spec?.type !== 'ExternalName')
    problems.add(
      invalid(
        'spec.clusterIPs[0]',
        all,
        all.length > 0 ? 'may not change once set' : 'primary clusterIP can not be unset',
      ),
    );
  problems.addAll(validateService(service));
  return problems.list;
}
