/**
 * What an expression costs as it runs, and where it is cancelled (cel-go interpreter/runtimecost.go; apiserver pkg/apis/cel/config.go). cel-js counts nothing:
 * each node of a program that was read tells the meter of what it is about to do.
 */

import type { ASTNode } from '@marcbachmann/cel-js';
import { CelError } from './errors.ts';
import { MATCHES } from './library/strings.ts';

/** What one expression may cost (PerCallLimit). */
const PER_CALL = 1_000_000;

/** What all the expressions of one object, or of one policy, may still cost (RuntimeCELCostBudget). */
export interface Budget {
  left: number;
}
export const budget = (): Budget => ({ left: 10_000_000 });

export class CostLimitError extends CelError {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}
export class OutOfBudgetError extends CelError {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

let spent = 0;

function spend(cost: number): void {
  spent += cost;
  if (spent > PER_CALL) throw new CostLimitError();
}

/** A variable's expression runs while another does: each has its own limit, and all draw on one budget. */
export function measured<T>(run: () => T, budget: Budget): T {
  if (budget.left < 0) throw new OutOfBudgetError();
  const outer = spent;
  spent = 0;
  try {
    const value = run();
    // `all`, `||` and `&&` go on after an error; not after this one.
    if (spent > PER_CALL) throw new CostLimitError();
    return value;
  } finally {
    budget.left -= spent;
    spent = outer;
    // biome-ignore lint/correctness/noUnsafeFinally: a budget that ran out is told before what went wrong meanwhile.
    if (budget.left < 0) throw new OutOfBudgetError();
  }
}

/** What cel-js keeps at a node: `handle` is set when types are known, and takes values that are worked out. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
  evaluate: (...args: unknown[]) => unknown;
  handle?: (...args: unknown[]) => unknown;
}
interface Comprehension {
  condition?: (accu: unknown) => boolean;
}

/** common/cost.go; what gathers a list makes one of one item each time. */
const NODES: Readonly<Record<string, number>> = { id: 1, list: 10, map: 30, accuValue: 1, accuInc: 2, accuPush: 12 };
const ITERATION = 3;

/** Nodes of the program, and those that its macros stand for. */
export function meter(root: ASTNode): void {
  const seen = new Set<unknown>();
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isNode(value)) {
      watch(value);
      left.push(value.args, value.meta.alternate, value.meta.macro);
    } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
      left.push(...Object.values(value));
  }
}

const isNode = (value: object): value is Node => 'op' in value && 'meta' in value && 'evaluate' in value;

function watch(node: Node): void {
  if (node.op === 'rcall' && (node.args as string[])[0] === 'matches') (node.args as string[])[0] = MATCHES;
  const cost = NODES[node.op];
  if (cost !== undefined) before(node, 'evaluate', () => spend(cost));
  if (node.op === 'comprehension') {
    const args = node.args as Comprehension;
    const { condition } = args;
    // Asked outside of what catches the errors of a step: here a loop that costs too much ends.
    args.condition = (accu) => {
      spend(ITERATION);
      return condition ? condition(accu) : true;
    };
  }
  before(node, 'handle', (values) => spend(callCost(node, values)));
}

function before(node: Node, name: 'evaluate' | 'handle', tell: (values: readonly unknown[]) => void): void {
  // The node's own way asks itself again once it knows how; what it says is told once.
  let inner: Node['handle'] = name === 'handle' ? node.handle : (...values) => ownWay(node).apply(node, values);
  let outer: Node['handle'];
  Object.defineProperty(node, name, {
    configurable: true,
    get: () => inner && outer,
    set: (made) => {
      inner = made;
    },
  });
  outer = (...values) => {
    tell(values);
    return inner!.apply(node, values);
  };
}

const ownWay = ({ meta }: Node): NonNullable<Node['handle']> =>
  meta.alternate
    ? (evaluator, _, context) => (meta.alternate as Node).evaluate(evaluator, meta.alternate, context)
    : (meta.evaluate as NonNullable<Node['handle']>);

const TRAVERSAL = 0.1;
const PATTERN = 0.25;
const share = (value: unknown, factor = TRAVERSAL): number => Math.ceil(weight(value) * factor);

/** Where each character of the one may be looked at for each of the other. */
const PRODUCTS = new Set(['contains', 'indexOf', 'lastIndexOf', 'equivalent', 'intersects']);
const PATTERNS = new Set([MATCHES, 'find', 'findAll']);

function callCost({ op, args }: Node, values: readonly unknown[]): number {
  switch (op) {
    case 'call':
    case 'rcall':
      return 1 + functionCost((args as readonly string[])[0]!, values[0] as readonly unknown[]);
    case 'comprehension':
      // The keys of a map are listed before the first is looked at.
      return Array.isArray(values[0]) ? 0 : share(values[0]);
    case '+': {
      const [a, b] = values;
      // cel-js copies lists.
      if (Array.isArray(a) && Array.isArray(b)) return 1 + a.length + b.length;
      return typeof a === 'string' && typeof b === 'string' ? share(a) + share(b) : 1;
    }
    case 'in':
      return Array.isArray(values[1]) ? 1 + values[1].length : 1;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return Math.max(1, Math.min(share(values[0]), share(values[1])));
    default:
      return 1;
  }
}

function functionCost(name: string, values: readonly unknown[]): number {
  const [a, b, c] = values;
  if (PATTERNS.has(name)) return share(a) * share(b, PATTERN);
  if (PRODUCTS.has(name)) return share(values.at(-2)) * share(values.at(-1));
  if (name === 'replace') return share(a) * Math.max(1, share(c));
  return values.reduce<number>((sum, value) => sum + share(value), 0);
}

const weights = new WeakMap<object, number>();

/** How much there is to go through. */
function weight(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let known = weights.get(value);
  if (known === undefined) {
    known = 1;
    if (Array.isArray(value) || value instanceof Set) for (const item of value) known += weight(item);
    else if (value instanceof Map) for (const [key, item] of value) known += weight(key) + weight(item);
    else if (Object.getPrototypeOf(value) === Object.prototype)
      for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value)))
        known += weight(key) + ('value' in descriptor ? weight(descriptor.value) : 1);
    weights.set(value, known);
  }
  return known;
}
