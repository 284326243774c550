/** Pod specs and templates, in the order upstream complains (ValidatePodSpec, ValidatePodTemplateSpec). */

import { validateAnnotations, validateLabels } from '../../registry/metadata.ts';
import type { Pod, PodSpec, PodTemplateSpec, Volume } from '../../types.ts';
import { containers, ephemeralContainers, initContainers } from './containers.ts';
import { duplicate, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Label, isDNS1123Subdomain, isIP, isQualifiedName } from './names.ts';
import { activeDeadline } from './numbers.ts';
import { affinity, nodeLabels, tolerations, topologySpread } from './scheduling.ts';
import { podSecurity } from './security.ts';
import { volumes } from './volumes.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never'];

/** `extra` are volumes that are not in the spec yet: a StatefulSet's claims. `isPod`: a pod's own spec, not a template's. */
function podSpec(problems: Problems, spec: PodSpec, path: string, extra: readonly Volume[] = [], isPod = false): void {
  const named = new Map([...volumes(problems, spec.volumes ?? [], `${path}.volumes`), ...byName(extra)]);
  containers(problems, { spec, volumes: named }, `${path}.containers`);
  if (spec.initContainers) initContainers(problems, { spec, volumes: named }, `${path}.initContainers`);
  if (spec.ephemeralContainers) ephemeralContainers(problems, { spec, volumes: named }, `${path}.ephemeralContainers`);
  const { restartPolicy, dnsPolicy, preemptionPolicy } = spec;
  if (spec.hostNetwork) hostPorts(problems, spec, `${path}.containers`, isPod);
  if (restartPolicy && !RESTART_POLICIES.includes(restartPolicy))
    problems.add(notSupported(`${path}.restartPolicy`, restartPolicy, RESTART_POLICIES));
  if (dnsPolicy && !DNS_POLICIES.includes(dnsPolicy))
    problems.add(notSupported(`${path}.dnsPolicy`, dnsPolicy, DNS_POLICIES));
  nodeLabels(problems, spec.nodeSelector, `${path}.nodeSelector`);
  podSecurity(problems, spec, `${path}.securityContext`);
  if (spec.affinity) affinity(problems, spec.affinity, `${path}.affinity`);
  if (spec.dnsConfig || dnsPolicy === 'None') dnsConfig(problems, spec, `${path}.dnsConfig`);
  for (const [i, { conditionType }] of (spec.readinessGates ?? []).entries())
    for (const text of isQualifiedName(conditionType))
      problems.add(invalid(`${path}.readinessGates[${i}].conditionType`, conditionType, text));
  if (spec.schedulingGates) schedulingGates(problems, spec.schedulingGates, `${path}.schedulingGates`);
  if (spec.topologySpreadConstraints)
    topologySpread(problems, spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`);
  if (spec.hostUsers === false) ownUsers(problems, spec, path);
  name(problems, spec.serviceAccountName, `${path}.serviceAccountName`, isDNS1123Subdomain);
  name(problems, spec.nodeName, `${path}.nodeName`, isDNS1123Subdomain);
  activeDeadline(problems, spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`);
  name(problems, spec.hostname, `${path}.hostname`, isDNS1123Label);
  name(problems, spec.subdomain, `${path}.subdomain`, isDNS1123Label);
  if (spec.tolerations) tolerations(problems, spec.tolerations, `${path}.tolerations`);
  for (const [i, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    if (!isIP(ip)) problems.add(invalid(`${path}.hostAliases[${i}].ip`, ip, NOT_AN_IP));
    for (const [j, host] of hostnames.entries())
      for (const text of isDNS1123Subdomain(host))
        problems.add(invalid(`${path}.hostAliases[${i}].hostnames[${j}]`, host, text));
  }
  name(problems, spec.priorityClassName, `${path}.priorityClassName`, isDNS1123Subdomain);
  name(problems, spec.runtimeClassName, `${path}.runtimeClassName`, isDNS1123Subdomain);
  if (preemptionPolicy && !PREEMPTION_POLICIES.includes(preemptionPolicy))
    problems.add(notSupported(`${path}.preemptionPolicy`, preemptionPolicy, PREEMPTION_POLICIES));
}

/** A name of the right shape, if there is one. */
function name(
  problems: Problems,
  value: string | undefined,
  path: string,
  check: (value: string) => readonly string[],
): void {
  if (!value) return;
  for (const text of check(value)) problems.add(invalid(path, value, text));
}

const byName = (all: readonly Volume[]): (readonly [string, Volume])[] => all.map((one) => [one.name, one] as const);

const NOT_AN_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** validatePodDNSConfig: the limits are those of libc. */
function dnsConfig(problems: Problems, { dnsPolicy, dnsConfig: config }: PodSpec, path: string): void {
  const { nameservers = [], searches = [], options = [] } = config ?? {};
  if (dnsPolicy === 'None' && nameservers.length === 0) {
    problems.add(
      config
        ? required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')
        : required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'),
    );
    return;
  }
  if (nameservers.length > MAX_NAMESERVERS)
    problems.add(invalid(`${path}.nameservers`, nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`));
  for (const [i, server] of nameservers.entries())
    if (!isIP(server)) problems.add(invalid(`${path}.nameservers[${i}]`, server, NOT_AN_IP));
  if (searches.length > MAX_SEARCHES)
    problems.add(invalid(`${path}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS)
    problems.add(
      invalid(
        `${path}.searches`,
        searches,
        `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`,
      ),
    );
  for (const [i, { name: option }] of options.entries())
    if (!option) problems.add(required(`${path}.options[${i}]`, 'must not be empty'));
}

/** validatePodHostNetworkDeps: a template may leave the host's port to the defaults of its pods. */
function hostPorts(problems: Problems, spec: PodSpec, path: string, isPod: boolean): void {
  for (const [i, { ports = [] }] of (spec.containers ?? []).entries())
    for (const [j, { hostPort = 0, containerPort }] of ports.entries())
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        problems.add(
          invalid(
            `${path}[${i}].ports[${j}].hostPort`,
            hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        );
}

function schedulingGates(problems: Problems, gates: NonNullable<PodSpec['schedulingGates']>, path: string): void {
  const seen = new Set<string>();
  for (const [i, { name: gate }] of gates.entries()) {
    for (const text of isQualifiedName(gate)) problems.add(invalid(`${path}[${i}]`, gate, text));
    if (seen.has(gate)) problems.add(duplicate(`${path}[${i}]`, gate));
    seen.add(gate);
  }
}

/** validateHostUsers: its paths are those of Go's fields. */
function ownUsers(problems: Problems, spec: PodSpec, path: string): void {
  for (const [field, name] of [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ] as const)
    if (spec[field]) problems.add(forbidden(`${path}.${name}`, 'when `pod.Spec.HostUsers` is false'));
}

/** A template's complaints at `spec.template`, kept by identity while there are none: an update rarely touches it. */
const goodTemplates = new WeakSet<object>();

export function podTemplate(
  problems: Problems,
  given: PodTemplateSpec | undefined,
  path: string,
  extra: readonly Volume[] = [],
): void {
  // One that is left out is empty.
  const template = given ?? {};
  if (goodTemplates.has(template)) return;
  const own = new Problems();
  own.addAll(validateLabels(template.metadata?.labels, `${path}.labels`));
  own.addAll(validateAnnotations(template.metadata?.annotations, `${path}.annotations`));
  podSpec(own, template.spec ?? { containers: [] }, `${path}.spec`, extra);
  if (template.spec?.ephemeralContainers?.length)
    own.add(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  if (own.any) problems.addAll(own.list);
  else if (extra.length === 0) goodTemplates.add(template);
}

/** ValidatePodCreate: a spec, and what only pods are held to. */
export function pod(problems: Problems, { spec }: Pod): void {
  if (!spec) {
    problems.add(required('spec.containers'));
    return;
  }
  podSpec(problems, spec, 'spec', [], true);
  for (const kind of ['containers', 'initContainers'] as const)
    for (const [i, { image }] of (spec[kind] ?? []).entries())
      if (image && image !== image.trim())
        problems.add(invalid(`spec.${kind}[${i}].image`, image, 'must not have leading or trailing whitespace'));
}
