/** What is unwise about a pod or a template of pods, in upstream's order (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go). */

import type { ObjectMeta } from '../object.ts';
import type { Container, PodSpec, Volume } from '../types.ts';
import { claimSpecWarnings, fractionalBytes } from './claim-warnings.ts';
import { deprecatedLabel, termWarnings } from './node-labels.ts';
import { overlappingPaths } from './overlapping-paths.ts';

const DEPRECATED_ANNOTATIONS = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
} as const;

/** By the field of a volume; some are spelt otherwise in the warning. */
const DEPRECATED_BEFORE_EPHEMERAL = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
] as const;
const DEPRECATED_AFTER_EPHEMERAL = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const USE_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';

interface Given {
  readonly spec: PodSpec;
  readonly metadata?: Partial<ObjectMeta> | undefined;
}

/** `at` is the template's path (`spec.template`), '' of a pod itself. */
export function podWarnings({ spec, metadata = {} }: Given, at = ''): readonly string[] {
  const out: string[] = [];
  const prefix = at ? `${at}.` : '';
  const path = `${prefix}spec`;
  const { annotations = {} } = metadata;
  nodeLabels(out, spec, path);
  for (const [key, text] of Object.entries(DEPRECATED_ANNOTATIONS))
    if (key in annotations) out.push(`${prefix}metadata.annotations[${key}]: ${text}`);
  for (const [i, volume] of (spec.volumes ?? []).entries()) volumeWarnings(out, volume, `${path}.volumes[${i}]`);
  out.push(...overlappingPaths(spec.volumes ?? []));
  repeated(out, spec, path);
  for (const resource of ['memory', 'ephemeral-storage'])
    fractionalBytes(out, spec.overhead?.[resource], `${path}.overhead[${resource}]`);
  if (!spec.securityContext?.seccompProfile && SECCOMP_POD in annotations)
    out.push(`${prefix}metadata.annotations[${SECCOMP_POD}]: ${USE_SECCOMP}`);
  for (const [container, own] of visit(spec, path)) {
    const seccomp = SECCOMP_CONTAINER + container.name;
    if (!container.securityContext?.seccompProfile && seccomp in annotations)
      out.push(`${prefix}metadata.annotations[${seccomp}]: ${USE_SECCOMP}`);
    const apparmor = APPARMOR + container.name;
    const profiled = spec.securityContext?.appArmorProfile ?? container.securityContext?.appArmorProfile;
    if (at && !profiled && apparmor in annotations)
      out.push(
        `${prefix}metadata.annotations[${apparmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
      );
    containerWarnings(out, container, own);
  }
  ports(out, spec, path);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    out.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  affinity(out, spec, path);
  return out;
}

/** VisitContainersWithPath. */
function* visit(spec: PodSpec, path: string): Generator<readonly [Container, string]> {
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const [i, container] of (spec[field] ?? []).entries())
      yield [container as Container, `${path}.${field}[${i}]`];
}

function nodeLabels(out: string[], spec: PodSpec, path: string): void {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const text = deprecatedLabel(key);
    if (text) out.push(`${path}.nodeSelector[${key}]: ${text}`);
  }
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    spec.affinity?.nodeAffinity ?? {};
  const at = `${path}.affinity.nodeAffinity`;
  for (const [i, term] of (required?.nodeSelectorTerms ?? []).entries())
    termWarnings(out, term, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`);
  for (const [i, { preference }] of (preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
    termWarnings(out, preference, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`);
  for (const [i, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const own = `${path}.topologySpreadConstraints[${i}]`;
    const text = deprecatedLabel(topologyKey);
    if (text) out.push(`${own}.topologyKey: ${topologyKey} is ${text}`);
    if (!labelSelector) out.push(`${own}.labelSelector: ${NO_POD}`);
  }
}

const NO_POD = 'a null labelSelector results in matching no pod';

function affinity(out: string[], spec: PodSpec, path: string): void {
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const rules = spec.affinity?.[kind];
    const at = `${path}.affinity.${kind}`;
    for (const [i, term] of (rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!term.labelSelector)
        out.push(`${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}].labelSelector: ${NO_POD}`);
    for (const [i, { podAffinityTerm }] of (rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      if (!podAffinityTerm.labelSelector)
        out.push(
          `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm.labelSelector: ${NO_POD}`,
        );
  }
}

function volumeWarnings(out: string[], volume: Volume, path: string): void {
  for (const [field, name, text] of DEPRECATED_BEFORE_EPHEMERAL)
    if (volume[field]) out.push(`${path}.${name}: ${text}`);
  const claim = volume.ephemeral?.volumeClaimTemplate;
  if (claim) claimSpecWarnings(out, claim.spec, `${path}.ephemeral.volumeClaimTemplate.spec`);
  for (const [field, name, text] of DEPRECATED_AFTER_EPHEMERAL) if (volume[field]) out.push(`${path}.${name}: ${text}`);
}

/** Aliases and pull secrets that are there twice. */
function repeated(out: string[], { hostAliases = [], imagePullSecrets = [] }: PodSpec, path: string): void {
  const ips = new Set<string>();
  for (const [i, { ip }] of hostAliases.entries()) {
    if (!ip) out.push(`${path}.hostAliases[${i}].ip: empty IP`);
    else if (ips.has(ip)) out.push(`${path}.hostAliases[${i}].ip: duplicate ip ${JSON.stringify(ip)}`);
    ips.add(ip);
  }
  const names = new Set<string>();
  for (const [i, { name = '' }] of imagePullSecrets.entries()) {
    if (names.has(name)) out.push(`${path}.imagePullSecrets[${i}].name: duplicate name ${JSON.stringify(name)}`);
    names.add(name);
  }
  for (const [i, { name }] of imagePullSecrets.entries())
    if (!name) out.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`);
}

function containerWarnings(out: string[], { env = [], resources }: Container, path: string): void {
  for (const resource of ['memory', 'ephemeral-storage'])
    for (const kind of ['limits', 'requests'] as const)
      fractionalBytes(out, resources?.[kind]?.[resource], `${path}.resources.${kind}[${resource}]`);
  const seen = new Set<string>();
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    // A repeat that adds to the earlier value is how one appends.
    const appends = !valueFrom && value.includes(`$(${name})`) && value !== `$(${name})`;
    if (seen.has(name) && !appends)
      out.push(
        `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
    seen.add(name);
  }
}

interface Port {
  readonly at: string;
  readonly hostPort: number;
  readonly hostIP: string;
}

/** A port of a protocol belongs to one container; which host port it has may make it two. */
function ports(out: string[], spec: PodSpec, path: string): void {
  const all = new Map<string, Port[]>();
  for (const [{ ports: own = [] }, container] of visit(spec, path)) {
    for (const [i, { name = '', containerPort, protocol, hostPort = 0, hostIP = '' }] of own.entries()) {
      const at = `${container}.ports[${i}]`;
      if (hostIP && hostPort === 0)
        out.push(
          `${at}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`,
        );
      const key = `${containerPort}/${protocol}`;
      const others = all.get(key) ?? [];
      for (const other of others) {
        const how = clash({ at, hostPort, hostIP }, other);
        if (how) out.push(`${at}: ${how} port definition with ${other.at}`);
      }
      all.set(key, [...others, { at, hostPort, hostIP }]);
    }
  }
}

function clash(port: Port, other: Port): string | undefined {
  if (port.hostIP === other.hostIP && port.hostPort === other.hostPort) return 'duplicate';
  if (port.hostPort === 0 || other.hostPort === 0) return 'overlapping';
  const oneIsOpen = (port.hostIP === '') !== (other.hostIP === '');
  return port.hostPort === other.hostPort && oneIsOpen ? 'dangerously ambiguous' : undefined;
}
