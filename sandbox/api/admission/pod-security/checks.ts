/**
 * The checks of the Pod Security Standards, each with the first minor version it holds in (pod-security-admission/policy/check_*.go).
 * What a check lets pass is what its newest version does, whatever version is pinned.
 */

import type { Container, Pod, PodSpec } from '../../types.ts';
import type { Check, Finding } from './check.ts';
import { containersOf, named, naming, plural, quoted, securityOf, setters, sortedSet } from './check.ts';

const isTrue = (value: unknown): boolean => value === true;

/** A pod in a user namespace is let do more (relaxPolicyForUserNamespacePod). */
const ownUsers = ({ hostUsers }: PodSpec): boolean => hostUsers === false;
const onWindows = ({ os }: PodSpec): boolean => os?.name === 'windows';

/** What the runtimes give a container anyway. */
const DEFAULT_CAPABILITIES =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );

function addedBeyond(allowed: readonly string[], spec: PodSpec): string | undefined {
  const beyond = (one: Container) =>
    (one.securityContext?.capabilities?.add ?? []).filter((each) => !allowed.includes(each));
  const bad = naming(spec, (one) => beyond(one).length > 0);
  if (bad.length === 0) return undefined;
  const added = sortedSet(containersOf(spec).flatMap(beyond));
  return `${named(bad)} must not include ${quoted(added)} in securityContext.capabilities.add`;
}

const SYSCTLS =
  'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem'.split(
    ' ',
  );

const SELINUX_TYPES: readonly string[] = [
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
];

function seLinux(spec: PodSpec): string | undefined {
  const optionsOf = (holder: object | undefined) => securityOf(holder).seLinuxOptions;
  const isBad = (holder: object | undefined): boolean => {
    const { type = '', user, role } = optionsOf(holder) ?? {};
    return !SELINUX_TYPES.includes(type) || Boolean(user) || Boolean(role);
  };
  const bad = setters(spec, isBad);
  if (bad === undefined) return undefined;
  const all = [spec, ...containersOf(spec)].map(optionsOf);
  const types = sortedSet(all.map((one) => one?.type ?? '').filter((type) => !SELINUX_TYPES.includes(type)));
  const faults = [
    ...(types.length > 0 ? [`${plural('type', types.length)} ${quoted(types)}`] : []),
    ...(all.some((one) => one?.user) ? ['user may not be set'] : []),
    ...(all.some((one) => one?.role) ? ['role may not be set'] : []),
  ];
  return `${bad} set forbidden securityContext.seLinuxOptions: ${faults.join('; ')}`;
}

/** A profile's type that is neither the runtime's own nor a file's. */
const badProfile = (profile: { readonly type?: string } | undefined): string | undefined =>
  profile?.type !== undefined && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost'
    ? profile.type
    : undefined;

function profiles(spec: PodSpec, which: 'seccompProfile' | 'appArmorProfile') {
  const typeOf = (holder: object | undefined) => badProfile(securityOf(holder)[which]);
  const bad = setters(spec, (holder) => typeOf(holder) !== undefined);
  const types = sortedSet([spec, ...containersOf(spec)].map(typeOf).filter((type) => type !== undefined));
  return bad === undefined ? undefined : { bad, types };
}

function seccompBaseline(spec: PodSpec): string | undefined {
  const found = profiles(spec, 'seccompProfile');
  return found && `${found.bad} must not set securityContext.seccompProfile.type to ${quoted(found.types)}`;
}

function seccompRestricted(spec: PodSpec): string | undefined {
  if (onWindows(spec)) return undefined;
  const explicit = seccompBaseline(spec);
  if (explicit || securityOf(spec).seccompProfile) return explicit;
  const missing = naming(spec, (one) => !one.securityContext?.seccompProfile);
  if (missing.length === 0) return undefined;
  return `pod or ${named(missing)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
}

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

function appArmor(spec: PodSpec, annotations: Readonly<Record<string, string>> = {}): Finding | undefined {
  const found = profiles(spec, 'appArmorProfile');
  const isBad = (value: string) => value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/');
  const marked = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APPARMOR_ANNOTATION) && isBad(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  if (!found && marked.length === 0) return undefined;
  const bad = [...(found ? [found.bad] : []), ...(marked.length > 0 ? [plural('annotation', marked.length)] : [])];
  const values = [...(found?.types ?? []), ...marked];
  const detail = `${bad.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`;
  return { reason: plural('forbidden AppArmor profile', values.length), detail };
}

function hostPorts(spec: PodSpec): string | undefined {
  const portsOf = ({ ports = [] }: Container) =>
    ports.filter(({ hostPort }) => hostPort).map(({ hostPort }) => String(hostPort));
  const bad = naming(spec, (one) => portsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sortedSet(containersOf(spec).flatMap(portsOf));
  return `${named(bad)} ${bad.length > 1 ? 'use' : 'uses'} ${plural('hostPort', ports.length)} ${ports.join(', ')}`;
}

interface Asking {
  readonly httpGet?: { readonly host?: string } | undefined;
  readonly tcpSocket?: { readonly host?: string } | undefined;
}

function probeHosts(spec: PodSpec): string | undefined {
  const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((one) => {
      const { httpGet, tcpSocket } = (one ?? {}) as Asking;
      return [httpGet?.host, tcpSocket?.host].filter((host) => host !== undefined && host !== '') as string[];
    });
  const bad = sortedSet(naming(spec, (one) => hostsOf(one).length > 0));
  if (bad.length === 0) return undefined;
  const hosts = sortedSet(containersOf(spec).flatMap(hostsOf));
  return `${named(bad)} ${bad.length > 1 ? 'use' : 'uses'} ${plural('probe or lifecycle host', hosts.length)} ${quoted(hosts)}`;
}

function procMount(spec: PodSpec): string | undefined {
  const typeOf = (one: Container) => one.securityContext?.procMount ?? 'Default';
  const bad = naming(spec, (one) => typeOf(one) !== 'Default');
  if (bad.length === 0) return undefined;
  const types = sortedSet(
    containersOf(spec)
      .map(typeOf)
      .filter((type) => type !== 'Default'),
  );
  return `${named(bad)} must not set securityContext.procMount to ${quoted(types)}`;
}

function hostNamespaces({ hostNetwork, hostPID, hostIPC }: PodSpec): string | undefined {
  const shared = Object.entries({ hostNetwork, hostPID, hostIPC }).filter(([, on]) => on);
  return shared.length > 0 ? shared.map(([name]) => `${name}=true`).join(', ') : undefined;
}

function hostPaths({ volumes = [] }: PodSpec): string | undefined {
  const bad = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return bad.length > 0 ? named(bad, 'volume') : undefined;
}

const UNRESTRICTED_VOLUMES =
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' ');
const RESTRICTED_VOLUMES =
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  );

function volumeTypes({ volumes = [] }: PodSpec): string | undefined {
  const typeOf = (volume: object) =>
    Object.keys(volume).find((key) => UNRESTRICTED_VOLUMES.includes(key) || RESTRICTED_VOLUMES.includes(key)) ??
    'unknown';
  const bad = volumes.filter((volume) => !UNRESTRICTED_VOLUMES.includes(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sortedSet(bad.map(typeOf));
  const names = bad.map(({ name }) => name);
  return `${named(names, 'volume')} ${names.length > 1 ? 'use' : 'uses'} ${plural('restricted volume type', types.length)} ${quoted(types)}`;
}

function dropAll(spec: PodSpec): string | undefined {
  if (onWindows(spec)) return undefined;
  const missing = naming(spec, (one) => !one.securityContext?.capabilities?.drop?.includes('ALL'));
  const faults = [
    ...(missing.length > 0 ? [`${named(missing)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...[addedBeyond(['NET_BIND_SERVICE'], spec)].filter((fault) => fault !== undefined),
  ];
  return faults.length > 0 ? faults.join('; ') : undefined;
}

function runAsNonRoot(spec: PodSpec): string | undefined {
  if (ownUsers(spec)) return undefined;
  const bad = setters(spec, (holder) => securityOf(holder).runAsNonRoot === false);
  if (bad) return `${bad} must not set securityContext.runAsNonRoot=false`;
  if (isTrue(securityOf(spec).runAsNonRoot)) return undefined;
  const missing = naming(spec, (one) => one.securityContext?.runAsNonRoot === undefined);
  return missing.length > 0 ? `pod or ${named(missing)} must set securityContext.runAsNonRoot=true` : undefined;
}

function runAsUser(spec: PodSpec): string | undefined {
  if (ownUsers(spec)) return undefined;
  const bad = setters(spec, (holder) => securityOf(holder).runAsUser === 0);
  return bad && `${bad} must not set runAsUser=0`;
}

function escalation(spec: PodSpec): string | undefined {
  if (onWindows(spec)) return undefined;
  const bad = naming(spec, (one) => one.securityContext?.allowPrivilegeEscalation !== false);
  return bad.length > 0 ? `${named(bad)} must set securityContext.allowPrivilegeEscalation=false` : undefined;
}

function privileged(spec: PodSpec): string | undefined {
  const bad = naming(spec, (one) => isTrue(one.securityContext?.privileged));
  return bad.length > 0 ? `${named(bad)} must not set securityContext.privileged=true` : undefined;
}

function hostProcess(spec: PodSpec): string | undefined {
  const bad = setters(spec, (holder) => isTrue(securityOf(holder).windowsOptions?.hostProcess));
  return bad && `${bad} must not set securityContext.windowsOptions.hostProcess=true`;
}

function sysctls({ securityContext }: PodSpec): string | undefined {
  const bad = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !SYSCTLS.includes(name));
  return bad.length > 0 ? bad.join(', ') : undefined;
}

interface About {
  /** Restricted has a stricter one in its place (OverrideCheckIDs). */
  readonly overridden?: boolean;
  readonly since?: number;
}

const check = (reason: string, find: (spec: PodSpec) => string | undefined, { since = 0, ...about }: About = {}) => ({
  ...about,
  since,
  find: ({ spec }: Pick<Pod, 'spec'>): Finding | undefined => {
    const detail = spec && find(spec);
    return detail ? { reason, detail } : undefined;
  },
});

/** In the order of their ids, as they are told. */
export const baseline: readonly (Check & About)[] = [
  { since: 0, find: ({ spec, metadata }) => spec && appArmor(spec, metadata?.annotations) },
  check('non-default capabilities', (spec) => addedBeyond(DEFAULT_CAPABILITIES, spec), { overridden: true }),
  check('host namespaces', hostNamespaces),
  check('hostPath volumes', hostPaths, { overridden: true }),
  check('hostPort', hostPorts),
  check('probe or lifecycle host', probeHosts, { since: 34 }),
  check('privileged', privileged),
  check('procMount', (spec) => (ownUsers(spec) ? undefined : procMount(spec)), { overridden: true }),
  check('seLinuxOptions', seLinux),
  check('seccompProfile', seccompBaseline, { since: 19, overridden: true }),
  check('forbidden sysctls', sysctls),
  check('hostProcess', hostProcess),
];

export const restricted: readonly Check[] = [
  ...baseline.filter(({ overridden }) => !overridden),
  check('allowPrivilegeEscalation != false', escalation, { since: 8 }),
  check('unrestricted capabilities', dropAll, { since: 22 }),
  check('procMount', procMount),
  check('restricted volume types', volumeTypes),
  check('runAsNonRoot != true', runAsNonRoot),
  check('runAsUser=0', runAsUser, { since: 23 }),
  check('seccompProfile', seccompRestricted, { since: 19 }),
];
