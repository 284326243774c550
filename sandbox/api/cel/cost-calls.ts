/** What a call costs (cel-go checker/cost.go, functionCost; apiserver pkg/cel/library/cost.go, EstimateCallCost; ext/sets.go). */

import type { EntrySize } from './cost.ts';
import type { Expression } from './expression.ts';
import type { Overload } from './overloads.ts';
import { plus, type Range, scaled, times, UNKNOWN, union } from './range.ts';
import { type CelType, isExactly } from './type.ts';

export interface CostedCall {
  readonly name: string;
  readonly overload: Overload;
  readonly target?: Expression;
  readonly args: readonly Expression[];
  readonly argCosts: readonly Range[];
  readonly measure: {
    readonly size: (expression: Expression) => Range;
    readonly entry: (expression: Expression) => EntrySize | undefined;
    readonly type: (expression: Expression) => CelType;
    readonly itemSize: (list: Expression) => Range;
  };
}

export interface CallCost {
  readonly cost: Range;
  /** How large what comes out may be. */
  readonly result?: Range | undefined;
  readonly entry?: EntrySize | undefined;
}

/** What it costs beside its arguments; undefined where it costs as little as most do. */
type Coster = (call: CostedCall) => CallCost | undefined;

/** For each character of a string that is gone through, and of a pattern. */
const TRAVERSAL = 0.1;
const PATTERN = 0.25;
const ONE: Range = { min: 1, max: 1 };
const LONGEST_NAME_PATTERN = 128;
const FORMAT_LENGTH = 64;
/** The bytes of an address. */
const ADDRESS: Range = { min: 4, max: 16 };

export function callCost(call: CostedCall): CallCost {
  const { name, argCosts } = call;
  if (name === '_&&_' || name === '_||_') {
    const [left, right] = argCosts as [Range, Range];
    return { cost: { min: left.min, max: plus(left, right).max } };
  }
  if (name === '_?_:_') return conditional(call);
  const own = (Object.hasOwn(COSTERS, name) && COSTERS[name]!(call)) || { cost: ONE };
  return { ...own, cost: argCosts.reduce(plus, own.cost) };
}

function conditional({ args, argCosts, measure }: CostedCall): CallCost {
  const [condition, yes, no] = argCosts as [Range, Range, Range];
  const [a, b] = [measure.entry(args[1]!), measure.entry(args[2]!)];
  return {
    cost: plus(condition, union(yes, no)),
    result: union(measure.size(args[1]!), measure.size(args[2]!)),
    entry: entryUnion(a, b),
  };
}

const entryUnion = (a: EntrySize | undefined, b: EntrySize | undefined): EntrySize | undefined =>
  a && b && { container: a.container, key: union(a.key, b.key), value: union(a.value, b.value) };

const isText = ({ overload }: CostedCall): boolean => ['string', 'bytes'].includes(overload.args[0]!.name);

const equality: Coster = ({ args, measure }) => {
  const [a, b] = [measure.type(args[0]!), measure.type(args[1]!)];
  const [left, right] = [measure.size(args[0]!), measure.size(args[1]!)];
  if (isExactly(a, b)) {
    if (['net.IP', 'net.CIDR', 'kubernetes.Quantity', 'kubernetes.Semver'].includes(a.name)) return { cost: ONE };
    if (a.name === 'kubernetes.NamedFormat') return { cost: scaled({ min: 1, max: FORMAT_LENGTH }, TRAVERSAL) };
    if (a.name === 'kubernetes.URL')
      return { cost: scaled({ min: 1, max: right.max === UNKNOWN.max ? 1 : right.max }, TRAVERSAL) };
  }
  const max = Math.min(left.max, right.max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) };
};
const inequality: Coster = ({ args, measure }) => {
  const max = Math.min(measure.size(args[0]!).max, measure.size(args[1]!).max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) };
};
const comparison: Coster = (call) => (isText(call) ? inequality(call) : undefined);

const addition: Coster = (call) => {
  const { overload, args, measure } = call;
  const isList = overload.args[0]!.kind === 'list';
  if (!isList && !isText(call)) return undefined;
  const result = plus(measure.size(args[0]!), measure.size(args[1]!));
  const entry = entryUnion(measure.entry(args[0]!), measure.entry(args[1]!));
  return { cost: isList ? ONE : scaled(result, TRAVERSAL), result, entry };
};

/** Goes once through the first argument, `times` over. */
const through =
  (factor: number, keeps = false): Coster =>
  ({ args, measure }) => {
    const [first] = args;
    if (!first) return undefined;
    const size = measure.size(first);
    return { cost: scaled(size, factor * TRAVERSAL), ...(keeps && { result: size }) };
  };

const throughTarget: Coster = ({ target, measure }) => {
  if (!target) return undefined;
  const size = measure.size(target);
  return { cost: scaled(size, TRAVERSAL), result: size };
};

/** Looks at each item once. */
const eachItem: Coster = ({ name, target, measure }) => {
  if (!target) return undefined;
  const type = measure.type(target);
  const size = measure.size(target);
  const [item] = type.params;
  if (!item) return { cost: name === 'includes' ? size : scaled(size, TRAVERSAL) };
  if (item.name !== 'string' && item.name !== 'bytes') return { cost: size };
  return { cost: times(size, plus(ONE, scaled(measure.itemSize(target), TRAVERSAL))) };
};

const pattern = (text: Range, expression: Range): Range =>
  times(scaled(plus(text, ONE), TRAVERSAL), scaled(expression, PATTERN));

const find: Coster = ({ target, args, measure }) => {
  if (!target) return undefined;
  const size = measure.size(target);
  return { cost: pattern(size, measure.size(args[0]!)), result: { min: 0, max: size.max } };
};

const replace: Coster = ({ target, args, measure }) => {
  if (!target || args.length < 2) return undefined;
  const [size, from, to] = [measure.size(target), measure.size(args[0]!), measure.size(args[1]!)];
  let [count, kept] = [
    { min: 0, max: 0 },
    { min: 0, max: 0 },
  ];
  if (from.min === 0)
    [count, kept] = [
      { ...count, max: size.max + 1 },
      { ...kept, max: size.max },
    ];
  else if (to.max <= from.min) kept = { ...kept, max: size.max };
  else count = { ...count, max: Math.ceil(size.max / from.min) };
  if (from.max === 0)
    [count, kept] = [
      { ...count, min: size.min + 1 },
      { ...kept, min: size.min },
    ];
  else if (from.max <= to.min) kept = { ...kept, min: size.min };
  else count = { ...count, min: Math.ceil(size.min / from.max) };
  return { cost: scaled(size, 2 * TRAVERSAL), result: plus(times(count, to), kept) };
};

const split: Coster = ({ target, args, measure }) => {
  if (!target) return undefined;
  const size = measure.size(target);
  const limit = args[1]?.kind === 'literal' && typeof args[1].value === 'bigint' ? Number(args[1].value) : size.max;
  return { cost: scaled(size, 2 * TRAVERSAL), result: { min: 0, max: limit } };
};

const join: Coster = ({ target, args, measure }) => {
  if (!target) return undefined;
  const items = measure.size(target);
  const between = args[0] ? measure.size(args[0]) : { min: 0, max: 0 };
  const gaps = { min: Math.max(0, items.min - 1), max: Math.max(0, items.max - 1) };
  const size = plus(times(items, measure.itemSize(target)), times(between, gaps));
  return { cost: scaled(size, TRAVERSAL), result: size };
};

const conversion: Coster = ({ name, overload, args, measure }) => {
  const from = overload.args[0]!.name;
  const size = measure.size(args[0]!);
  if (name === 'bytes' && from === 'string')
    return { cost: scaled(size, TRAVERSAL), result: { min: size.min, max: size.max * 4 } };
  if (name === 'string' && from === 'bytes')
    return { cost: scaled(size, TRAVERSAL), result: { min: Math.floor(size.min / 4), max: size.max } };
  return undefined;
};

/** Two addresses are compared byte by byte; one that is a string is read first. */
const contains =
  (more: Range): Coster =>
  ({ overload, args, measure }) => {
    const compared = plus(scaled(plus(ADDRESS, ADDRESS), TRAVERSAL), more);
    const isText = overload.args[1]!.name === 'string';
    return { cost: isText ? plus(compared, scaled(measure.size(args[0]!), TRAVERSAL)) : compared };
  };

const sets =
  (factor: number): Coster =>
  ({ args, measure }) => ({
    cost: plus(scaled(times(measure.size(args[0]!), measure.size(args[1]!)), factor), ONE),
  });

const COSTERS: Readonly<Record<string, Coster>> = {
  '_==_': equality,
  '_!=_': inequality,
  '_<_': comparison,
  '_<=_': comparison,
  '_>_': comparison,
  '_>=_': comparison,
  '_+_': addition,
  '@in': ({ overload, args, measure }) =>
    overload.args[1]!.kind === 'list' ? { cost: scaled(measure.size(args[1]!), 1) } : undefined,
  string: conversion,
  bytes: conversion,
  'strings.quote': ({ args, measure }) => {
    const size = measure.size(args[0]!);
    return { cost: scaled(size, TRAVERSAL), result: { min: size.min + 2, max: size.max * 2 + 2 } };
  },
  format: ({ target, measure }) => (target ? { cost: scaled(measure.size(target), TRAVERSAL) } : undefined),
  startsWith: through(1),
  endsWith: through(1),
  contains: ({ target, args, measure }) =>
    target && {
      cost: times(scaled(measure.size(target), TRAVERSAL), scaled(measure.size(args[0]!), TRAVERSAL)),
    },
  matches: ({ target, args, measure }) => target && { cost: pattern(measure.size(target), measure.size(args[0]!)) },
  isSorted: eachItem,
  sum: eachItem,
  min: eachItem,
  max: eachItem,
  indexOf: eachItem,
  lastIndexOf: eachItem,
  includes: eachItem,
  url: through(1, true),
  lowerAscii: throughTarget,
  upperAscii: throughTarget,
  substring: throughTarget,
  trim: throughTarget,
  replace,
  split,
  join,
  find,
  findAll: find,
  cidr: through(1),
  isIP: through(1),
  isCIDR: through(1),
  ip: (call) => (call.target ? { cost: ONE } : through(1)(call)),
  'ip.isCanonical': through(2),
  containsIP: contains({ min: 0, max: 0 }),
  // One is masked before.
  containsCIDR: contains(plus(scaled(ADDRESS, TRAVERSAL), ONE)),
  quantity: through(1),
  isQuantity: through(1),
  semver: through(1),
  isSemver: through(1),
  validate: ({ args, measure }) => ({
    cost: scaled(scaled(measure.size(args[0]!), TRAVERSAL), LONGEST_NAME_PATTERN * PATTERN),
  }),
  'sets.contains': sets(1),
  'sets.intersects': sets(1),
  'sets.equivalent': sets(2),
};
