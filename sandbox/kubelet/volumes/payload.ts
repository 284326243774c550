/** The files of configMap, secret, downwardAPI and projected volumes, from the API's objects (pkg/volume/{configmap,secret,downwardapi,projected}). */

import { fromBase64 } from '../../api/base64.ts';
import type { Pod, Volume } from '../../api/types.ts';
import { podField, resourceField } from '../environment.ts';
import { MountError, type VolumeSources } from './plugin.ts';

export interface PayloadFile {
  readonly data: Uint8Array;
  readonly mode: number;
}

/** By path inside the volume. */
export type Payload = Map<string, PayloadFile>;

type ConfigMapSource = NonNullable<Volume['configMap']>;
type SecretSource = NonNullable<Volume['secret']>;
type DownwardSource = NonNullable<Volume['downwardAPI']>;
type ProjectedSource = NonNullable<Volume['projected']>;
type Items = ConfigMapSource['items'];

const encoder = new TextEncoder();

export function configMapPayload(pod: Pod, source: ConfigMapSource, sources: VolumeSources): Payload {
  const { name = '', optional, items, defaultMode = 0o644 } = source;
  const object = sources.configMap(pod.metadata.namespace!, name);
  if (!object && !optional) throw new MountError(`configmap "${name}" not found`);
  const data = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(object?.data ?? {})) data.set(key, encoder.encode(value));
  for (const [key, value] of Object.entries(object?.binaryData ?? {})) data.set(key, fromBase64(value));
  return select(data, items, defaultMode, optional, 'configmap');
}

export function secretPayload(pod: Pod, source: SecretSource, sources: VolumeSources): Payload {
  const { secretName = '', optional, items, defaultMode = 0o644 } = source;
  const object = sources.secret(pod.metadata.namespace!, secretName);
  if (!object && !optional) throw new MountError(`secret "${secretName}" not found`);
  const data = new Map(Object.entries(object?.data ?? {}).map(([key, value]) => [key, fromBase64(value)]));
  return select(data, items, defaultMode, optional, 'secret');
}

function select(
  data: Map<string, Uint8Array>,
  items: Items,
  mode: number,
  optional: boolean | undefined,
  kind: string,
): Payload {
  if (!items) return new Map([...data].map(([key, bytes]) => [key, { data: bytes, mode }]));
  const payload: Payload = new Map();
  for (const item of items) {
    const bytes = data.get(item.key);
    if (bytes) payload.set(item.path, { data: bytes, mode: item.mode ?? mode });
    else if (!optional) throw new MountError(`references non-existent ${kind} key: ${item.key}`);
  }
  return payload;
}

export function downwardPayload(
  pod: Pod,
  items: DownwardSource['items'],
  mode: number,
  sources: VolumeSources,
): Payload {
  const payload: Payload = new Map();
  const node = { nodeName: sources.nodeName, hostIP: sources.hostIP, podIP: sources.podIP(pod.metadata.uid) };
  for (const item of items ?? []) {
    const text = item.fieldRef
      ? podField(pod, item.fieldRef.fieldPath, node)
      : resourceText(pod, item.resourceFieldRef!, sources);
    payload.set(item.path, { data: encoder.encode(text), mode: item.mode ?? mode });
  }
  return payload;
}

function resourceText(
  pod: Pod,
  { containerName, resource, divisor }: NonNullable<NonNullable<DownwardSource['items']>[number]['resourceFieldRef']>,
  sources: VolumeSources,
): string {
  const container = pod.spec!.containers.find((c) => c.name === containerName);
  if (!container) throw new MountError(`container ${containerName} not found`);
  return resourceField(container, resource, String(divisor ?? '0'), sources.allocatable);
}

export function projectedPayload(pod: Pod, source: ProjectedSource, sources: VolumeSources): Payload {
  const defaultMode = source.defaultMode ?? 0o644;
  const payload: Payload = new Map();
  for (const projection of source.sources ?? []) {
    const { configMap, secret, downwardAPI, serviceAccountToken } = projection;
    const parts: Payload[] = [];
    if (configMap) parts.push(configMapPayload(pod, { ...configMap, defaultMode }, sources));
    if (secret) parts.push(secretPayload(pod, { ...secret, secretName: secret.name, defaultMode }, sources));
    if (downwardAPI) parts.push(downwardPayload(pod, downwardAPI.items, defaultMode, sources));
    if (serviceAccountToken) {
      const { audience, expirationSeconds = 3600, path } = serviceAccountToken;
      const token = sources.token(pod, audience, Number(expirationSeconds));
      parts.push(new Map([[path, { data: encoder.encode(token), mode: defaultMode }]]));
    }
    for (const part of parts) for (const [path, file] of part) payload.set(path, file);
  }
  return payload;
}
