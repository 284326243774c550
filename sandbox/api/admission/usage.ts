/** What an object uses of a namespace's quota (pkg/quota/v1/evaluator/core). */

import type { KubeObject } from '../object.ts';
import type { Quantity } from '../quantity.ts';
import { addQuantities, compareQuantities, parseQuantity } from '../quantity.ts';
import type { Container, PersistentVolumeClaim, Pod, Service } from '../types.ts';

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
  const containers = spec?.containers ?? [];
  const inits = spec?.initContainers ?? [];
  const out: Record<string, Quantity> = { pods: ONE };
  for (const kind of ['requests', 'limits'] as const) {
    for (const [name, amount] of Object.entries(podAmounts(containers, inits, kind))) {
      out[`${kind}.${name}`] = amount;
      if (kind === 'requests') out[name] = amount;
    }
  }
  return out;
}

/** The sum over containers, or the largest init container if that is more. */
function podAmounts(containers: readonly Container[], inits: readonly Container[], kind: 'requests' | 'limits'): Usage {
  const amounts = (container: Container): Usage =>
    Object.fromEntries(
      Object.entries(container.resources?.[kind] ?? {}).map(([name, amount]) => [
        name,
        parseQuantity(amount as string),
      ]),
    );
  const sum: Record<string, Quantity> = { ...containers.map(amounts).reduce(add, {}) };
  for (const init of inits.map(amounts)) {
    for (const [name, amount] of Object.entries(init)) {
      if (!sum[name] || compareQuantities(amount, sum[name]) > 0) sum[name] = amount;
    }
  }
  return sum;
}
