/** Namespace, ResourceQuota, LimitRange, Service, Endpoints, EndpointSlice, ServiceAccount, ConfigMap, Secret, PodDisruptionBudget, PriorityClass. */

import { fromBase64 } from '../../api/base64.ts';
import type { KubeObject } from '../../api/object.ts';
import type {
  ConfigMap,
  EndpointSlice,
  Endpoints,
  LimitRange,
  Namespace,
  PodDisruptionBudget,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { byText, decode, encode } from '../text.ts';
import { type Context, listOf } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels } from './metadata.ts';
import { formatLabels, formatSelector, orNone, quantity, rfc1123, sortedEntries } from './values.ts';
import type { Writer } from './writer.ts';

function head(w: Writer, { metadata }: KubeObject): void {
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
}

function headWithLabels(w: Writer, object: KubeObject): void {
  head(w, object);
  labels(w, 'Labels', object.metadata.labels);
  annotations(w, 'Annotations', object.metadata.annotations);
}

export function* namespace(w: Writer, object: Namespace, context: Context): Task<void> {
  const { metadata, status } = object;
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Status:\t${status?.phase ?? ''}`);
  const conditions = status?.conditions ?? [];
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t------------------\t------\t-------');
    for (const c of conditions)
      w.line(1, `${c.type}\t${c.status}\t${rfc1123(c.lastTransitionTime)}\t${c.reason ?? ''}\t${c.message ?? ''}`);
  }
  w.line(0, '');
  quotas(
    w,
    yield* listOf<ResourceQuota>(context, { group: '', version: 'v1', resource: 'resourcequotas' }, metadata.name),
  );
  w.line(0, '');
  limitRanges(
    w,
    yield* listOf<LimitRange>(context, { group: '', version: 'v1', resource: 'limitranges' }, metadata.name),
  );
}

const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function scopes(w: Writer, level: number, bullet: string, list: readonly string[] | undefined): void {
  if (!list || list.length === 0) return;
  const sorted = [...list].sort(byText);
  w.line(level, `Scopes:\t${sorted.join(', ')}`);
  for (const scope of sorted) if (SCOPES[scope]) w.line(level, `${bullet}${SCOPES[scope]}`);
}

function quotas(w: Writer, list: readonly ResourceQuota[]): void {
  if (list.length === 0) {
    w.line(0, 'No resource quota.');
    return;
  }
  w.line(0, 'Resource Quotas');
  for (const { metadata, spec, status } of [...list].sort((a, b) => byText(a.metadata.name, b.metadata.name))) {
    w.line(1, `Name:\t${metadata.name}`);
    scopes(w, 1, '* ', spec?.scopes);
    w.line(1, 'Resource\tUsed\tHard');
    w.line(1, '--------\t---\t---');
    for (const [name, hard] of sortedEntries(status?.hard as Record<string, string> | undefined))
      w.line(1, `${name}\t${quantity(status?.used?.[name] as string | undefined)}\t${quantity(hard)}`);
  }
}

export function* resourceQuota(w: Writer, object: ResourceQuota): Task<void> {
  const { spec, status } = object;
  head(w, object);
  scopes(w, 0, ' * ', spec?.scopes);
  w.line(0, 'Resource\tUsed\tHard');
  w.line(0, '--------\t----\t----');
  for (const [name, hard] of sortedEntries(status?.hard as Record<string, string> | undefined))
    w.line(0, `${name}\t${quantity(status?.used?.[name] as string | undefined)}\t${quantity(hard)}`);
}

const LIMIT_TITLES = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const LIMIT_RULES = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

function limitRanges(w: Writer, list: readonly LimitRange[]): void {
  if (list.length === 0) {
    w.line(0, 'No LimitRange resource.');
    return;
  }
  w.line(0, 'Resource Limits');
  w.line(0, ` ${LIMIT_TITLES}`);
  w.line(0, ` ${LIMIT_RULES}`);
  for (const one of list) limits(w, one, ' ');
}

export function* limitRange(w: Writer, object: LimitRange): Task<void> {
  head(w, object);
  w.line(0, LIMIT_TITLES);
  w.line(0, LIMIT_RULES);
  limits(w, object, '');
}

function limits(w: Writer, { spec }: LimitRange, prefix: string): void {
  for (const item of spec?.limits ?? []) {
    const columns = [item.min, item.max, item.defaultRequest, item.default, item.maxLimitRequestRatio] as (
      | Record<string, string>
      | undefined
    )[];
    const names = new Set(columns.flatMap((column) => Object.keys(column ?? {})));
    for (const name of names) {
      const cells = columns.map((column) => (column?.[name] === undefined ? '-' : quantity(column[name])));
      w.line(0, `${prefix}${item.type}\t${name}\t${cells.join('\t')}`);
    }
  }
}

export function* service(w: Writer, object: Service, context: Context): Task<void> {
  const { metadata, status } = object;
  const spec = object.spec!;
  const slices = yield* listOf<EndpointSlice>(
    context,
    { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
    metadata.namespace!,
    [['labelSelector', `kubernetes.io/service-name=${metadata.name}`]],
  );
  headWithLabels(w, object);
  w.line(0, `Selector:\t${formatLabels(spec.selector)}`);
  w.line(0, `Type:\t${spec.type ?? ''}`);
  if (spec.ipFamilyPolicy) w.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  w.line(0, `IP Families:\t${orNone(spec.ipFamilies?.join(','))}`);
  w.line(0, `IP:\t${spec.clusterIP ?? ''}`);
  w.line(0, `IPs:\t${orNone(spec.clusterIPs?.join(','))}`);
  if (spec.externalIPs && spec.externalIPs.length > 0) w.line(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec.loadBalancerIP) w.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec.externalName) w.line(0, `External Name:\t${spec.externalName}`);
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0)
    w.line(
      0,
      `LoadBalancer Ingress:\t${ingress.map(({ ip, ipMode, hostname }) => (ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : (hostname ?? ''))).join(', ')}`,
    );
  for (const port of spec.ports ?? []) {
    const name = port.name || '<unset>';
    w.line(0, `Port:\t${name}\t${port.port}/${port.protocol ?? 'TCP'}`);
    w.line(0, `TargetPort:\t${port.targetPort ?? 0}/${port.protocol ?? 'TCP'}`);
    if (port.appProtocol) w.line(0, `AppProtocol:\t${port.appProtocol}`);
    if (port.nodePort) w.line(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol ?? 'TCP'}`);
    w.line(0, `Endpoints:\t${endpointList(slices, port.name ?? '')}`);
  }
  w.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`);
  if (spec.externalTrafficPolicy) w.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy) w.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec.healthCheckNodePort) w.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  if (spec.loadBalancerSourceRanges && spec.loadBalancerSourceRanges.length > 0)
    w.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`);
  if (spec.trafficDistribution) w.line(0, `Traffic Distribution:\t${spec.trafficDistribution}`);
  describeEvents(w, context.events, context.now);
}

/** The first three ready addresses, and how many more. */
export function endpointList(slices: readonly EndpointSlice[], port: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports = [], endpoints = [] }) => {
    const ready = endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .map(({ addresses }) => addresses[0] ?? '');
    if (ports.length === 0) return ready;
    return ports
      .filter(({ name = '' }) => name === port)
      .flatMap((p) => ready.map((address) => `${address.includes(':') ? `[${address}]` : address}:${p.port}`));
  });
  const shown = all.slice(0, 3).join(',');
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown;
}

export function* endpoints(w: Writer, object: Endpoints, { events, now }: Context): Task<void> {
  headWithLabels(w, object);
  w.line(0, 'Subsets:');
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of object.subsets ?? []) {
    w.line(1, `Addresses:\t${orNone(addresses.map(({ ip }) => ip).join(','))}`);
    w.line(1, `NotReadyAddresses:\t${orNone(notReadyAddresses.map(({ ip }) => ip).join(','))}`);
    if (ports.length > 0) {
      w.line(1, 'Ports:');
      w.line(2, 'Name\tPort\tProtocol');
      w.line(2, '----\t----\t--------');
      for (const { name, port, protocol } of ports) w.line(2, `${name || '<unset>'}\t${port}\t${protocol ?? 'TCP'}`);
    }
    w.line(0, '');
  }
  describeEvents(w, events, now);
}

export function* endpointSlice(w: Writer, object: EndpointSlice, { events, now }: Context): Task<void> {
  headWithLabels(w, object);
  w.line(0, `AddressType:\t${object.addressType}`);
  const ports = object.ports ?? [];
  w.line(0, ports.length > 0 ? 'Ports:' : 'Ports: <unset>');
  if (ports.length > 0) {
    w.line(1, 'Name\tPort\tProtocol');
    w.line(1, '----\t----\t--------');
  }
  for (const { name, port, protocol } of ports)
    w.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol ?? 'TCP'}`);
  const list = object.endpoints ?? [];
  w.line(0, list.length > 0 ? 'Endpoints:' : 'Endpoints: <none>');
  for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of list) {
    w.line(1, `- Addresses:\t${orNone(addresses.join(', '))}`);
    w.line(2, 'Conditions:');
    w.line(3, `Ready:\t${conditions?.ready ?? '<unset>'}`);
    w.line(2, `Hostname:\t${hostname ?? '<unset>'}`);
    if (targetRef) w.line(2, `TargetRef:\t${targetRef.kind}/${targetRef.name}`);
    w.line(2, `NodeName:\t${nodeName ?? '<unset>'}`);
    w.line(2, `Zone:\t${zone ?? '<unset>'}`);
  }
  describeEvents(w, events, now);
}

export function* serviceAccount(w: Writer, object: ServiceAccount, { events, now }: Context): Task<void> {
  headWithLabels(w, object);
  const secrets = object.imagePullSecrets ?? [];
  if (secrets.length === 0) w.line(0, 'Image pull secrets:\t<none>');
  for (const [i, { name }] of secrets.entries())
    w.line(0, `${i === 0 ? 'Image pull secrets:' : '                   '}\t${name}`);
  describeEvents(w, events, now);
}

export function* configMap(w: Writer, object: ConfigMap, { events, now }: Context): Task<void> {
  headWithLabels(w, object);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of sortedEntries(object.data)) w.write(0, `${key}:\n----\n${value}\n\n`);
  w.write(0, '\nBinaryData\n====\n');
  for (const [key, value] of sortedEntries(object.binaryData)) w.line(0, `${key}: ${decodedLength(value)} bytes`);
  w.line(0, '');
  describeEvents(w, events, now);
}

export function* secret(w: Writer, object: Secret): Task<void> {
  headWithLabels(w, object);
  w.line(0, `\nType:\t${object.type ?? ''}`);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of sortedEntries(object.data)) {
    const shown = key === 'token' && object.type === 'kubernetes.io/service-account-token';
    w.line(0, `${key}:\t${shown ? decode(fromBase64(value)) : `${decodedLength(value)} bytes`}`);
  }
}

/** Bytes behind base64. */
function decodedLength(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (encode(text).length / 4) * 3 - padding;
}

export function* podDisruptionBudget(w: Writer, object: PodDisruptionBudget, { events, now }: Context): Task<void> {
  const { spec, status } = object;
  head(w, object);
  if (spec?.minAvailable !== undefined) w.line(0, `Min available:\t${spec.minAvailable}`);
  else if (spec?.maxUnavailable !== undefined) w.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
  w.line(0, `Selector:\t${spec?.selector ? formatSelector(spec.selector) : '<unset>'}`);
  w.line(0, 'Status:');
  w.line(2, `Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`);
  w.line(2, `Current:\t${status?.currentHealthy ?? 0}`);
  w.line(2, `Desired:\t${status?.desiredHealthy ?? 0}`);
  w.line(2, `Total:\t${status?.expectedPods ?? 0}`);
  describeEvents(w, events, now);
}
