/** Typed objects in JSON: their fields stand as Go's structs have them (the protobuf numbers tell, but for fields that were put between later). */

import { part } from '../../sim/parts.ts';
import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { byText } from '../text.ts';

type Fields = readonly (readonly [name: string, type: string])[];

/** By the last part of a message's name: a field, and the one it follows in the struct (`''`: the first). */
const MOVED: Readonly<Record<string, readonly (readonly [field: string, after: string])[]>> = {
  ConfigMap: [['immutable', 'metadata']],
  Container: [
    ['envFrom', 'ports'],
    ['resizePolicy', 'resources'],
    ['restartPolicy', 'resizePolicy'],
    ['volumeDevices', 'volumeMounts'],
    ['startupProbe', 'readinessProbe'],
    ['terminationMessagePolicy', 'terminationMessagePath'],
  ],
  DeploymentStatus: [['readyReplicas', 'updatedReplicas']],
  JobSpec: [['backoffLimit', 'activeDeadlineSeconds']],
  NodeSpec: [['podCIDRs', 'podCIDR']],
  PodSpec: [
    ['initContainers', 'volumes'],
    ['ephemeralContainers', 'containers'],
  ],
  PodStatus: [
    ['observedGeneration', ''],
    ['nominatedNodeName', 'reason'],
    ['hostIPs', 'hostIP'],
    ['podIPs', 'podIP'],
    ['initContainerStatuses', 'startTime'],
  ],
  Secret: [
    ['immutable', 'metadata'],
    ['type', 'stringData'],
  ],
  ServicePort: [['appProtocol', 'protocol']],
  ServiceSpec: [
    ['clusterIPs', 'clusterIP'],
    ['ipFamilyPolicy', 'ipFamilies'],
  ],
};

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const NETWORK = 'io.k8s.api.networking.v1.';

/** Kinds whose messages nobody sends here. */
const MORE: Readonly<Record<string, Fields>> = {
  'io.k8s.api.scheduling.v1.PriorityClass': [
    ['metadata', META],
    ...(['value', 'globalDefault', 'description', 'preemptionPolicy'] as const).map((name) => [name, ''] as const),
  ],
  [`${NETWORK}Ingress`]: [
    ['metadata', META],
    ['spec', `${NETWORK}IngressSpec`],
    ['status', ''],
  ],
  [`${NETWORK}IngressSpec`]: [
    ['ingressClassName', ''],
    ['defaultBackend', `${NETWORK}IngressBackend`],
    ['tls', `[]${NETWORK}IngressTLS`],
    ['rules', `[]${NETWORK}IngressRule`],
  ],
  [`${NETWORK}IngressTLS`]: [
    ['hosts', ''],
    ['secretName', ''],
  ],
  [`${NETWORK}IngressRule`]: [
    ['host', ''],
    ['http', `${NETWORK}HTTPIngressRuleValue`],
  ],
  [`${NETWORK}HTTPIngressRuleValue`]: [['paths', `[]${NETWORK}HTTPIngressPath`]],
  [`${NETWORK}HTTPIngressPath`]: [
    ['path', ''],
    ['pathType', ''],
    ['backend', `${NETWORK}IngressBackend`],
  ],
};

const messages = part('kubectl/messages', () => import('../../api/protobuf/generated/messages.ts'));
let structs: ReadonlyMap<string, Fields> | undefined;

/** The function that puts a typed object's fields in their order. */
export function* goOrder(environment: KubectlEnvironment): Task<(object: unknown) => unknown> {
  if (!structs) {
    const { json } = yield* environment.load(messages);
    structs = read(JSON.parse(json) as Record<string, Record<string, [string, string]>>);
  }
  const known = structs;
  return (object) => arrangedObject(object as Record<string, unknown>, known);
}

function read(messages: Readonly<Record<string, Readonly<Record<string, [string, string]>>>>): Map<string, Fields> {
  const out = new Map<string, Fields>(Object.entries(MORE));
  for (const [message, numbered] of Object.entries(messages)) {
    const fields = Object.values(numbered);
    for (const [name, after] of MOVED[message.split('.').pop()!] ?? []) {
      const from = fields.findIndex(([field]) => field === name);
      const [moved] = from < 0 ? [] : fields.splice(from, 1);
      if (moved) fields.splice(fields.findIndex(([field]) => field === after) + 1, 0, moved);
    }
    out.set(message, fields);
  }
  return out;
}

/** `storage.k8s.io/v1 StorageClass` is io.k8s.api.storage.v1.StorageClass. */
function messageOf(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `io.k8s.api.${group!.split('.')[0]}.${version}.${kind}`;
}

function arrangedObject(object: Record<string, unknown>, known: ReadonlyMap<string, Fields>): unknown {
  const { kind, apiVersion, ...rest } = object;
  if (Array.isArray(rest.items)) {
    const { metadata, items, ...more } = rest;
    const type = messageOf(String(apiVersion), String(kind).replace(/List$/, ''));
    const each = (item: unknown) => {
      const { kind: itemKind, apiVersion: itemVersion, ...fields } = item as Record<string, unknown>;
      return { ...named(itemKind, itemVersion), ...(arranged(fields, type, known) as object) };
    };
    return { ...named(kind, apiVersion), metadata, ...more, items: items.map(each) };
  }
  const fields = arranged(rest, messageOf(String(apiVersion), String(kind)), known) as object;
  return { ...named(kind, apiVersion), ...fields };
}

const named = (kind: unknown, apiVersion: unknown): object => ({
  ...(kind === undefined ? {} : { kind }),
  ...(apiVersion === undefined ? {} : { apiVersion }),
});

function arranged(value: unknown, type: string, known: ReadonlyMap<string, Fields>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => arranged(item, type.replace(/^\[\]/, ''), known));
  const map = value as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  if (!type.startsWith('{}')) put(out, map, type, known);
  for (const key of Object.keys(map).sort(byText))
    if (!(key in out)) out[key] = arranged(map[key], type.slice(2), known);
  return out;
}

function put(
  out: Record<string, unknown>,
  map: Record<string, unknown>,
  type: string,
  known: ReadonlyMap<string, Fields>,
): void {
  for (const [name, fieldType] of known.get(type) ?? []) {
    if (fieldType.startsWith('=')) put(out, map, fieldType.slice(1), known);
    else if (name in map) out[name] = arranged(map[name], fieldType, known);
  }
}
