/** One object of a watch, flattened to its fields, without what no two clusters share: times, uids, revisions, addresses. */

import type { KubeObject } from '../../sandbox/api/object.ts';

export type Value = string | number | boolean;
/** By path: `status.conditions.Ready.status`. */
export type Fields = Readonly<Record<string, Value>>;

/** Of a list whose order means something, or might: its keys in order. */
const ORDER = 'order';

export function project(object: KubeObject): Fields {
  const fields: Record<string, Value> = {};
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object as KubeObject & Record<string, unknown>;
  flatten(fields, '', rest);
  return fields;
}

function flatten(fields: Record<string, Value>, path: string, value: unknown): void {
  if (value === null || value === undefined || DROPPED.some((dropped) => dropped.test(path))) return;
  if (Array.isArray(value) && COUNTED.test(path)) fields[path] = value.length;
  else if (Array.isArray(value)) {
    const keys = value.map((item, i) => keyOf(item) ?? String(i));
    if (keys.some((key, i) => key !== String(i))) fields[join(path, ORDER)] = keys.join(' ');
    for (const [i, item] of value.entries()) flatten(fields, join(path, keys[i]!), item);
    if (value.length === 0) fields[path] = '[]';
  } else if (typeof value === 'object') {
    const entries = Object.entries(value);
    for (const [key, item] of entries) flatten(fields, join(path, key), item);
    if (entries.length === 0 && path !== '') fields[path] = '{}';
  } else {
    fields[path] = PRESENCE.some((only) => only.test(path)) ? true : (value as Value);
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Lists that are maps by one of these (x-kubernetes-list-map-keys). */
function keyOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { type, name, kind } = item as { type?: string; name?: string; kind?: string };
  return kind !== undefined && name !== undefined ? `${kind}/${name}` : (name ?? type);
}

/** What a cluster draws or counts for itself. */
const DROPPED: readonly RegExp[] = [
  /^metadata\.(uid|resourceVersion|creationTimestamp|managedFields|name|generateName|namespace)$/,
  /^metadata\.annotations\.kubectl\.kubernetes\.io\/last-applied-configuration$/,
  /^metadata\.ownerReferences\.[^.]+\.uid$/,
  /^status\.conditions\.[^.]+\.(lastTransitionTime|lastUpdateTime|lastProbeTime)$/,
];

/** Lists of what has generated names and addresses. */
const COUNTED = /^subsets\.\d+\.(addresses|notReadyAddresses)$/;

/** What is there or not, whatever it says. */
const PRESENCE: readonly RegExp[] = [
  /(Time|Timestamp|At|\.time)$/,
  /restartedAt$|last-change-trigger-time$/,
  /\.(uid|resourceVersion|containerID|imageID|hostIP|podIP|ip)$/,
  /[iI]P$/,
  // Drawn for a pod that was never bound: where it would have come to, nobody recorded.
  /selected-node$|nominatedNodeName$/,
];
