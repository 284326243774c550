/** What a pod asks of a node, in numbers (component-helpers resource.PodRequests, scheduler framework.Resource). */

import { type Amounts as PodAmounts, podAmounts, type ResourceList } from '../../api/pod-resources.ts';
import { milliUnits, wholeUnits } from '../../api/quantity.ts';
import type { Node, PodSpec } from '../../api/types.ts';

export interface Amounts {
  /** Thousandths of a core. */
  readonly cpu: number;
  readonly memory: number;
  readonly storage: number;
  /** Extended resources and huge pages, if any. */
  readonly others?: ReadonlyMap<string, number>;
}

const NOTHING: Amounts = { cpu: 0, memory: 0, storage: 0 };
const known = new WeakMap<object, Amounts>();

function amountsOf(list: ResourceList | undefined): Amounts {
  if (!list) return NOTHING;
  const before = known.get(list);
  if (before) return before;
  const amounts = parse(list);
  known.set(list, amounts);
  return amounts;
}

function parse({ cpu = 0, memory = 0, 'ephemeral-storage': storage = 0, ...rest }: ResourceList): Amounts {
  const others = Object.entries(rest).filter(([name]) => name !== 'pods');
  return {
    cpu: milliUnits(cpu),
    memory: wholeUnits(memory),
    storage: wholeUnits(storage),
    ...(others.length > 0 && { others: new Map(others.map(([name, value]) => [name, wholeUnits(value)])) }),
  };
}

export const allocatableOf = (node: Node): Amounts => amountsOf(node.status?.allocatable);

export const allowedPods = (node: Node): number => wholeUnits(node.status?.allocatable?.pods ?? 0);

export const add = (a: Amounts, b: Amounts): Amounts => (b === NOTHING ? a : a === NOTHING ? b : combine(a, b, sum));
export const subtract = (a: Amounts, b: Amounts): Amounts => (b === NOTHING ? a : combine(a, b, difference));
const most = (a: Amounts, b: Amounts): Amounts => (b === NOTHING ? a : combine(a, b, Math.max));

const sum = (a: number, b: number): number => a + b;
const difference = (a: number, b: number): number => a - b;

function combine(a: Amounts, b: Amounts, fn: (a: number, b: number) => number): Amounts {
  const names = a.others || b.others ? new Set([...(a.others?.keys() ?? []), ...(b.others?.keys() ?? [])]) : undefined;
  return {
    cpu: fn(a.cpu, b.cpu),
    memory: fn(a.memory, b.memory),
    storage: fn(a.storage, b.storage),
    ...(names && {
      others: new Map([...names].map((name) => [name, fn(a.others?.get(name) ?? 0, b.others?.get(name) ?? 0)])),
    }),
  };
}

const both = (a: Amounts, b: Amounts, name: string): number =>
  b.others?.has(name) ? b.others.get(name)! : (a.others?.get(name) ?? 0);

/** A pod's own say holds for what it names; nothing that it names is zero by not being named, for zeros are not named. */
function override(a: Amounts, b: Amounts): Amounts {
  const names = b.others ? [...new Set([...(a.others?.keys() ?? []), ...b.others.keys()])] : undefined;
  const others = names ? new Map(names.map((name) => [name, both(a, b, name)])) : a.others;
  return {
    cpu: b.cpu || a.cpu,
    memory: b.memory || a.memory,
    storage: a.storage,
    ...(others && { others }),
  };
}

const numbers: PodAmounts<Amounts> = { none: NOTHING, read: amountsOf, add, most, override, raise: add };

export const podRequests = (spec: PodSpec): Amounts => podAmounts(spec, 'requests', numbers);

/** Scoring counts a container that asks for nothing as one that asks for a little (scheduler util.GetNonzeroRequests). */
const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;
const A_LITTLE: Amounts = { cpu: DEFAULT_CPU, memory: DEFAULT_MEMORY, storage: 0 };

const readContainer = (list: ResourceList | undefined): Amounts => {
  if (!list) return A_LITTLE;
  const amounts = amountsOf(list);
  if (list.cpu !== undefined && list.memory !== undefined) return amounts;
  return {
    ...amounts,
    cpu: list.cpu === undefined ? DEFAULT_CPU : amounts.cpu,
    memory: list.memory === undefined ? DEFAULT_MEMORY : amounts.memory,
  };
};

export const nonzeroRequests = (spec: PodSpec): Amounts => podAmounts(spec, 'requests', numbers, { readContainer });
