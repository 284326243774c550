/** What a pod asks of a node, in numbers (component-helpers resource.PodRequests, scheduler framework.Resource). */

import { milliUnits, wholeUnits } from '../../api/quantity.ts';
import type { Container, Node, PodSpec } from '../../api/types.ts';

export interface Amounts {
  /** Thousandths of a core. */
  readonly cpu: number;
  readonly memory: number;
  readonly storage: number;
  /** Extended resources and huge pages, if any. */
  readonly others?: ReadonlyMap<string, number>;
}

type ResourceList = Readonly<Record<string, string | number>>;

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

/** Containers together, or the largest init container if that is more. */
export function podRequests({ containers, initContainers = [], overhead }: PodSpec): Amounts {
  let total = containers.map(containerRequests).reduce(add, NOTHING);
  let largest = NOTHING;
  for (const container of initContainers) {
    const requests = containerRequests(container);
    if (container.restartPolicy === 'Always') total = add(total, requests);
    largest = most(largest, container.restartPolicy === 'Always' ? total : add(requests, NOTHING));
  }
  return add(most(total, largest), amountsOf(overhead as ResourceList | undefined));
}

const containerRequests = ({ resources }: Container): Amounts => amountsOf(resources?.requests as ResourceList);

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

/** Scoring counts a pod that asks for nothing as one that asks for a little (scheduler util.GetNonzeroRequests). */
const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

export function nonzeroRequests({ containers }: PodSpec): { cpu: number; memory: number } {
  let cpu = 0;
  let memory = 0;
  for (const container of containers) {
    const list = container.resources?.requests as ResourceList | undefined;
    const requests = amountsOf(list);
    cpu += list?.cpu === undefined ? DEFAULT_CPU : requests.cpu;
    memory += list?.memory === undefined ? DEFAULT_MEMORY : requests.memory;
  }
  return { cpu, memory };
}
