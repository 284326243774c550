/** What an object uses of a namespace's quota (pkg/quota/v1/evaluator/core). */

import type { KubeObject } from '../object.ts';
import { podLimits, podRequests } from '../pod-resources.ts';
import type { Quantity } from '../quantity.ts';
import { addQuantities, parseQuantity } from '../quantity.ts';
import type { PersistentVolumeClaim, Pod, Service } from '../types.ts';

export type Usage = Readonly<Record<string, Quantity>>;

const ONE = parseQuantity(1);
const ZERO = parseQuantity(0);

export function add(a: Usage, b: Usage): Usage {
  const out: Record<string, Quantity> = { ...a };
  for (const [name, amount] of Object.entries(b)) out[name] = addQuantities(out[name] ?? ZERO, amount);
  return out;
}

/** Kinds whose plain name is a quota resource of its own; every kind also counts as `count/NAME.GROUP`. */
const COUNTED = [
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
];

export function usageOf(resource: { readonly group: string; readonly name: string }, object: KubeObject): Usage {
  const count = `count/${resource.group ? `${resource.name}.${resource.group}` : resource.name}`;
  const own = EVALUATORS[resource.group ? '' : resource.name]?.(object) ?? {};
  return { [count]: ONE, ...(COUNTED.includes(resource.name) && !resource.group && { [resource.name]: ONE }), ...own };
}

/** Whether objects of a resource use anything of these. */
export function isMeasured(
  { group, name }: { readonly group: string; readonly name: string },
  hard: readonly string[],
) {
  if (hard.includes(`count/${group ? `${name}.${group}` : name}`)) return true;
  return !group && (name in EVALUATORS || (COUNTED.includes(name) && hard.includes(name)));
}

const EVALUATORS: Readonly<Record<string, (object: KubeObject) => Usage>> = {
  pods: (object) => podUsage(object as Pod),
  persistentvolumeclaims: (object) => claimUsage(object as PersistentVolumeClaim),
  services: (object) => serviceUsage(object as Service),
};

/** The class as the annotation of old or the field names it. */
function claimUsage({ metadata, spec }: PersistentVolumeClaim): Usage {
  const storage = spec?.resources?.requests?.storage;
  const className = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName;
  const classPrefix = className ? `${className}.storageclass.storage.k8s.io/` : undefined;
  const amount = storage === undefined ? undefined : parseQuantity(storage);
  return {
    ...(amount && { 'requests.storage': amount }),
    ...(classPrefix && { [`${classPrefix}persistentvolumeclaims`]: ONE }),
    ...(classPrefix && amount && { [`${classPrefix}requests.storage`]: amount }),
  };
}

function serviceUsage({ spec }: Service): Usage {
  const ports = parseQuantity(spec?.ports?.length ?? 0);
  return {
    'services.nodeports': spec?.type === 'NodePort' || spec?.type === 'LoadBalancer' ? ports : ZERO,
    'services.loadbalancers': spec?.type === 'LoadBalancer' ? ONE : ZERO,
  };
}

/** A pod that has ended uses nothing but its place in the count. */
function podUsage({ spec, status }: Pod): Usage {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return {};
  const out: Record<string, Quantity> = { pods: ONE };
  for (const [name, amount] of Object.entries(spec ? podRequests(spec) : {})) {
    out[`requests.${name}`] = amount;
    out[name] = amount;
  }
  for (const [name, amount] of Object.entries(spec ? podLimits(spec) : {})) out[`limits.${name}`] = amount;
  return out;
}
