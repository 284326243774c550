/** Pod specs and templates, in the order upstream complains (ValidatePodSpec, ValidatePodTemplateSpec). */

import { validateAnnotations, validateLabels } from '../../registry/metadata.ts';
import type { Pod, PodSpec, PodTemplateSpec, Volume } from '../../types.ts';
import { containers, ephemeralContainers, initContainers } from './containers.ts';
import { invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Label, isDNS1123Subdomain, isIP } from './names.ts';
import { activeDeadline } from './numbers.ts';
import { affinity, nodeLabels, tolerations, topologySpread } from './scheduling.ts';
import { podSecurity } from './security.ts';
import { volumes } from './volumes.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PREEMPTION_POLICIES = ['Never', 'PreemptLowerPriority'];

/** `extra` are volumes that are not in the spec yet: a StatefulSet's claims. */
export function podSpec(problems: Problems, spec: PodSpec, path: string, extra: readonly Volume[] = []): void {
  const named = new Map([...volumes(problems, spec.volumes ?? [], `${path}.volumes`), ...byName(extra)]);
  containers(problems, { spec, volumes: named }, `${path}.containers`);
  if (spec.initContainers) initContainers(problems, { spec, volumes: named }, `${path}.initContainers`);
  if (spec.ephemeralContainers) ephemeralContainers(problems, { spec, volumes: named }, `${path}.ephemeralContainers`);
  const { restartPolicy, dnsPolicy, preemptionPolicy } = spec;
  if (restartPolicy && !RESTART_POLICIES.includes(restartPolicy))
    problems.add(notSupported(`${path}.restartPolicy`, restartPolicy, RESTART_POLICIES));
  if (dnsPolicy && !DNS_POLICIES.includes(dnsPolicy))
    problems.add(notSupported(`${path}.dnsPolicy`, dnsPolicy, DNS_POLICIES));
  nodeLabels(problems, spec.nodeSelector, `${path}.nodeSelector`);
  if (spec.securityContext) podSecurity(problems, spec.securityContext, `${path}.securityContext`);
  if (spec.affinity) affinity(problems, spec.affinity, `${path}.affinity`);
  if (spec.dnsConfig || dnsPolicy === 'None') dnsConfig(problems, spec, `${path}.dnsConfig`);
  if (spec.topologySpreadConstraints)
    topologySpread(problems, spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`);
  name(problems, spec.serviceAccountName, `${path}.serviceAccountName`, isDNS1123Subdomain);
  name(problems, spec.nodeName, `${path}.nodeName`, isDNS1123Subdomain);
  activeDeadline(problems, spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`);
  name(problems, spec.hostname, `${path}.hostname`, isDNS1123Label);
  name(problems, spec.subdomain, `${path}.subdomain`, isDNS1123Label);
  if (spec.tolerations) tolerations(problems, spec.tolerations, `${path}.tolerations`);
  for (const { ip, hostnames = [] } of spec.hostAliases ?? []) {
    if (!isIP(ip))
      problems.add(
        invalid(`${path}.hostAliases.ip`, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
    for (const host of hostnames) name(problems, host, `${path}.hostAliases.hostnames`, isDNS1123Subdomain);
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

function dnsConfig(problems: Problems, { dnsPolicy, dnsConfig: config }: PodSpec, path: string): void {
  const servers = config?.nameservers ?? [];
  if (dnsPolicy === 'None' && servers.length === 0)
    problems.add(
      required(
        config ? `${path}.nameservers` : path,
        `must provide at least one DNS nameserver when \`dnsPolicy\` is None`,
      ),
    );
  for (const [i, server] of servers.entries())
    if (!isIP(server))
      problems.add(
        invalid(`${path}.nameservers[${i}]`, server, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
}

/** A template's complaints at `spec.template`, kept by identity while there are none: an update rarely touches it. */
const goodTemplates = new WeakSet<object>();

export function podTemplate(
  problems: Problems,
  template: PodTemplateSpec,
  path: string,
  extra: readonly Volume[] = [],
): void {
  if (goodTemplates.has(template)) return;
  const own = new Problems();
  own.addAll(validateLabels(template.metadata?.labels, `${path}.labels`));
  own.addAll(validateAnnotations(template.metadata?.annotations, `${path}.annotations`));
  podSpec(own, template.spec ?? { containers: [] }, `${path}.spec`, extra);
  if (own.any) problems.addAll(own.list);
  else if (extra.length === 0) goodTemplates.add(template);
}

/** ValidatePodCreate: a spec, and what only pods are held to. */
export function pod(problems: Problems, { spec }: Pod): void {
  if (!spec) {
    problems.add(required('spec.containers'));
    return;
  }
  podSpec(problems, spec, 'spec');
  for (const [i, { image }] of (spec.containers ?? []).entries())
    if (image && image !== image.trim())
      problems.add(invalid(`spec.containers[${i}].image`, image, 'must not have leading or trailing whitespace'));
}
