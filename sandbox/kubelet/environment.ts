/** A container's environment variables: values, references, `$(NAME)` and the variables of services (pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables). */

import { fromBase64 } from '../api/base64.ts';
import type { Client } from '../api/client.ts';
import { milliUnits, wholeUnits } from '../api/quantity.ts';
import type { ConfigMap, Container, Pod, Secret, Service } from '../api/types.ts';

export interface EnvironmentSources {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  /** Services of the pod's namespace, and `kubernetes` of `default`. */
  services(): readonly Service[];
  /** Cores and bytes of the node, for resourceFieldRef without a limit. */
  readonly allocatable: { readonly cpu: number; readonly memory: number };
  readonly nodeName: string;
  readonly hostIP: string;
  readonly podIP: string;
}

/** What a pod of this namespace can refer to. */
export const objectSources = (
  client: Client,
  namespace: string,
): Pick<EnvironmentSources, 'configMap' | 'secret' | 'services'> => ({
  configMap: (name) => client.get('configmaps', namespace, name),
  secret: (name) => client.get('secrets', namespace, name),
  services: () => {
    const own = client.list('services', namespace);
    const master = namespace === 'default' ? undefined : client.get('services', 'default', 'kubernetes');
    return master ? [master, ...own] : own;
  },
});

/** A container that cannot be configured: CreateContainerConfigError. */
export class ConfigError extends Error {}

export function containerEnvironment(pod: Pod, container: Container, sources: EnvironmentSources): Map<string, string> {
  const services = serviceVariables(sources.services(), pod.spec!.enableServiceLinks ?? true, pod.metadata.namespace!);
  const env = new Map<string, string>();
  for (const from of container.envFrom ?? []) addAll(env, from, sources);
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? referenced(variable.valueFrom, pod, container, sources)
      : expand(variable.value ?? '', (name) => env.get(name) ?? services.get(name));
    if (value !== undefined) env.set(variable.name, value);
  }
  for (const [name, value] of services) if (!env.has(name)) env.set(name, value);
  return env;
}

type EnvFrom = NonNullable<Container['envFrom']>[number];
type ValueFrom = NonNullable<NonNullable<Container['env']>[number]['valueFrom']>;

function addAll(env: Map<string, string>, from: EnvFrom, sources: EnvironmentSources): void {
  const prefix = from.prefix ?? '';
  if (from.configMapRef) {
    const { name = '', optional } = from.configMapRef;
    const data = required(sources.configMap(name), optional, `configmap "${name}" not found`)?.data ?? {};
    for (const [key, value] of Object.entries(data)) env.set(prefix + key, value);
  }
  if (from.secretRef) {
    const { name = '', optional } = from.secretRef;
    const data = required(sources.secret(name), optional, `secret "${name}" not found`)?.data ?? {};
    for (const [key, value] of Object.entries(data)) env.set(prefix + key, decodeText(value));
  }
}

function referenced(from: ValueFrom, pod: Pod, container: Container, sources: EnvironmentSources): string | undefined {
  const where = `${pod.metadata.namespace}/`;
  if (from.configMapKeyRef) {
    const { name = '', key, optional } = from.configMapKeyRef;
    const object = required(sources.configMap(name), optional, `configmap "${name}" not found`);
    return required(object?.data?.[key], optional, `couldn't find key ${key} in ConfigMap ${where}${name}`);
  }
  if (from.secretKeyRef) {
    const { name = '', key, optional } = from.secretKeyRef;
    const object = required(sources.secret(name), optional, `secret "${name}" not found`);
    const value = required(object?.data?.[key], optional, `couldn't find key ${key} in Secret ${where}${name}`);
    return value === undefined ? undefined : decodeText(value);
  }
  if (from.fieldRef) return podField(pod, from.fieldRef.fieldPath, sources);
  if (from.resourceFieldRef) {
    const { resource, divisor, containerName } = from.resourceFieldRef;
    const named = containerName ? pod.spec!.containers.find((c) => c.name === containerName) : container;
    return resourceField(named ?? container, resource, String(divisor ?? '0'), sources.allocatable);
  }
  return undefined;
}

function required<T>(value: T | undefined, optional: boolean | undefined, message: string): T | undefined {
  if (value === undefined && !optional) throw new ConfigError(message);
  return value;
}

/** The fields the downward API gives (pkg/fieldpath/fieldpath.go). */
export function podField(
  pod: Pod,
  path: string,
  node: Pick<EnvironmentSources, 'nodeName' | 'hostIP' | 'podIP'>,
): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'spec.nodeName':
      return node.nodeName;
    case 'spec.serviceAccountName':
      return spec!.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return node.hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return node.podIP;
    default:
      throw new ConfigError(`unsupported fieldPath: ${path}`);
  }
}

/** FormatMap: `key="value"` lines in order. */
const formatMap = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

export function resourceField(
  container: Container,
  resource: string,
  divisor: string,
  allocatable: { readonly cpu: number; readonly memory: number },
): string {
  const [kind, name] = resource.split('.') as ['limits' | 'requests', 'cpu' | 'memory'];
  const given = container.resources?.[kind]?.[name];
  const fallback = kind === 'limits' ? allocatable[name] : 0;
  // convertResourceCPUToString and its like count in thousandths, or in whole units (pkg/api/v1/resource/helpers.go).
  const count = name === 'cpu' ? milliUnits : wholeUnits;
  const amount = count((given as string | undefined) ?? fallback ?? 0);
  return String(Math.ceil(amount / count(divisor === '0' ? '1' : divisor)));
}

/** `$(NAME)` where it is known, `$$` for a dollar (third_party/forked/golang/expansion). */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, inner: string, name: string | undefined) =>
    inner === '$' ? '$' : (value(name!) ?? whole),
  );
}

/** FromServices of pkg/kubelet/envvars: Docker-link style variables, for services with a cluster IP. */
function serviceVariables(services: readonly Service[], links: boolean, namespace: string): Map<string, string> {
  const env = new Map<string, string>();
  for (const service of services) {
    const master = service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes';
    const linked = links && service.metadata.namespace === namespace;
    const ip = service.spec?.clusterIP;
    if (!ip || ip === 'None' || !(master || linked)) continue;
    const name = service.metadata.name.toUpperCase().replaceAll('-', '_');
    const ports = service.spec?.ports ?? [];
    const first = ports[0];
    if (!first) continue;
    env.set(`${name}_SERVICE_HOST`, ip);
    env.set(`${name}_SERVICE_PORT`, String(first.port));
    for (const port of ports) {
      if (port.name) env.set(`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`, String(port.port));
    }
    const protocol = (port: (typeof ports)[number]) => (port.protocol ?? 'TCP').toLowerCase();
    env.set(`${name}_PORT`, `${protocol(first)}://${ip}:${first.port}`);
    for (const port of ports) {
      const prefix = `${name}_PORT_${port.port}_${protocol(port).toUpperCase()}`;
      env.set(prefix, `${protocol(port)}://${ip}:${port.port}`);
      env.set(`${prefix}_PROTO`, protocol(port));
      env.set(`${prefix}_PORT`, String(port.port));
      env.set(`${prefix}_ADDR`, ip);
    }
  }
  return env;
}

const decodeText = (text: string): string => new TextDecoder().decode(fromBase64(text));
