/** What a pod asks for and may have, all in all: containers, sidecars, init containers, the pod's own say, overhead (component-helpers resource/helpers.go). */

import type { Quantity } from './quantity.ts';
import { addQuantities, parseQuantity } from './quantity.ts';
import type { PodSpec } from './types.ts';

export type ResourceList = Readonly<Record<string, string | number>>;
export type Which = 'requests' | 'limits';

/** How amounts of several resources are read, added and compared: exactly, or as the scheduler's numbers. */
export interface Amounts<T> {
  readonly none: T;
  read(list: ResourceList | undefined): T;
  add(a: T, b: T): T;
  /** The larger, resource by resource. */
  most(a: T, b: T): T;
  /** `a`, but what `b` names is as `b` says. */
  override(a: T, b: T): T;
  /** `b` added to that of which `a` has some. */
  raise(a: T, b: T): T;
}

interface Options<T> {
  readonly withoutOverhead?: boolean;
  /** How a container's list is read, where one that says nothing counts for something (NonMissingContainerRequests). */
  readonly readContainer?: (list: ResourceList | undefined) => T;
}

/** PodRequests or PodLimits. */
export function podAmounts<T>(spec: PodSpec, which: Which, amounts: Amounts<T>, options: Options<T> = {}): T {
  const read = options.readContainer ?? amounts.read;
  const listOf = ({ resources }: { readonly resources?: object | undefined }) =>
    read((resources as { readonly [K in Which]?: ResourceList } | undefined)?.[which]);
  let total = amounts.none;
  for (const container of spec.containers ?? []) total = amounts.add(total, listOf(container));
  // Init containers run one after another, each beside the sidecars that were started before it.
  let sidecars = amounts.none;
  let starting = amounts.none;
  for (const container of spec.initContainers ?? []) {
    const own = listOf(container);
    if (container.restartPolicy === 'Always') {
      total = amounts.add(total, own);
      sidecars = amounts.add(sidecars, own);
      starting = amounts.most(starting, sidecars);
    } else starting = amounts.most(starting, amounts.add(own, sidecars));
  }
  total = amounts.most(total, starting);
  const own = podLevel(spec, which);
  if (own) total = amounts.override(total, amounts.read(own));
  if (!spec.overhead || options.withoutOverhead) return total;
  const overhead = amounts.read(spec.overhead as ResourceList);
  return which === 'requests' ? amounts.add(total, overhead) : amounts.raise(total, overhead);
}

/** What a pod may say for all its containers together (IsSupportedPodLevelResource). */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

const levels = new WeakMap<object, ResourceList | null>();

function podLevel(spec: PodSpec, which: Which): ResourceList | undefined {
  const list = (spec as { resources?: { readonly [K in Which]?: ResourceList } }).resources?.[which];
  if (!list) return undefined;
  let known = levels.get(list);
  if (known === undefined) {
    const supported = Object.entries(list).filter(([name]) => isPodLevel(name));
    known = supported.length > 0 ? Object.fromEntries(supported) : null;
    levels.set(list, known);
  }
  return known ?? undefined;
}

export type Quantities = Readonly<Record<string, Quantity>>;

const NONE: Quantities = {};

const merged = (a: Quantities, b: Quantities, both: (a: Quantity, b: Quantity) => Quantity): Quantities => {
  if (b === NONE) return a;
  const out: Record<string, Quantity> = { ...a };
  for (const [name, amount] of Object.entries(b)) out[name] = Object.hasOwn(a, name) ? both(a[name]!, amount) : amount;
  return out;
};

const exact: Amounts<Quantities> = {
  none: NONE,
  read: (list) =>
    list ? Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, parseQuantity(amount)])) : NONE,
  add: (a, b) => merged(a, b, addQuantities),
  most: (a, b) => merged(a, b, (one, other) => (other.nanos > one.nanos ? other : one)),
  override: (a, b) => ({ ...a, ...b }),
  raise: (a, b) =>
    Object.fromEntries(
      Object.entries(a).map(([name, amount]) => [
        name,
        b[name] && amount.nanos > 0n ? addQuantities(amount, b[name]) : amount,
      ]),
    ),
};

export const podRequests = (spec: PodSpec, options?: Options<Quantities>): Quantities =>
  podAmounts(spec, 'requests', exact, options);
export const podLimits = (spec: PodSpec, options?: Options<Quantities>): Quantities =>
  podAmounts(spec, 'limits', exact, options);
