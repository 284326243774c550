/** The most and the least that an expression may cost, from its types and what is declared of sizes (cel-go checker/cost.go). */

import type { Checked } from './checker.ts';
import { type CostedCall, callCost } from './cost-calls.ts';
import type { Call, Expression, Fold, Ident, List, MapLiteral, Select } from './expression.ts';
import { ACCU } from './expression.ts';
import { plus, type Range, times, UNKNOWN, union } from './range.ts';
import { type CelType, isOptional } from './type.ts';

/** How many characters, items or entries may stand at a path: `['self', 'names', '@items']`. */
export type SizeAt = (path: readonly string[]) => Range | undefined;

export type Path = readonly string[];

/** What keys and values of a list or map measure. */
export interface EntrySize {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: Path;
  readonly size?: Range | undefined;
  readonly entry?: EntrySize | undefined;
}

const NOTHING: Range = { min: 0, max: 0 };
const ONE: Range = { min: 1, max: 1 };
const LIST_BASE: Range = { min: 10, max: 10 };
const MAP_BASE: Range = { min: 30, max: 30 };

export const costOf = (expression: Expression, checked: Checked, sizeAt: SizeAt): Range =>
  new Coster(checked, sizeAt).cost(expression);

class Coster {
  readonly #checked: Checked;
  readonly #sizeAt: SizeAt;
  readonly #paths = new Map<Expression, Path>();
  readonly #sizes = new Map<Expression, Range>();
  readonly #entries = new Map<Expression, EntrySize>();
  readonly #locals = new Map<string, Local[]>();

  constructor(checked: Checked, sizeAt: SizeAt) {
    this.#checked = checked;
    this.#sizeAt = sizeAt;
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'literal':
        return NOTHING;
      case 'ident':
        return this.#ident(expression);
      case 'select':
        return this.#select(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'fold':
        return expression.bind ? this.#bind(expression) : this.#fold(expression);
    }
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #within<T>(name: string, local: Local, work: () => T): T {
    const stack = this.#locals.get(name) ?? [];
    this.#locals.set(name, [...stack, local]);
    const result = work();
    this.#locals.set(name, stack);
    return result;
  }

  path(expression: Expression): Path {
    return (expression.kind === 'ident' && this.#local(expression.name)?.path) || (this.#paths.get(expression) ?? []);
  }

  /** Of what is declared, from its root variable. */
  #declaredPath(expression: Expression): Path {
    const path = this.path(expression);
    return path[0] === ACCU ? [] : path;
  }

  size(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression) ?? literalSize(expression);
    if (known) return known;
    const path = this.path(expression);
    const declared = path.length > 0 ? this.#sizeAt(path) : undefined;
    if (declared) {
      this.#sizes.set(expression, declared);
      return declared;
    }
    if (isFixed(this.#checked.typeOf(expression))) return ONE;
    return expression.kind === 'ident' ? this.#local(expression.name)?.size : undefined;
  }

  entry(expression: Expression): EntrySize | undefined {
    return (
      this.#entries.get(expression) ?? (expression.kind === 'ident' ? this.#local(expression.name)?.entry : undefined)
    );
  }

  #keep(expression: Expression, size: Range | undefined, entry?: EntrySize): void {
    if (size) this.#sizes.set(expression, size);
    if (entry) this.#entries.set(expression, entry);
  }

  #ident(expression: Ident): Range {
    this.#paths.set(expression, this.#local(expression.name)?.path ?? [expression.name]);
    return ONE;
  }

  #select(expression: Select): Range {
    const { operand, field, test } = expression;
    const sum = this.cost(operand);
    // What `has` asks is free, as it was before cel-go charged for it (PresenceTestHasCost(false)).
    if (test) return sum;
    this.#paths.set(expression, [...this.path(operand), field]);
    const { kind } = this.#checked.typeOf(operand);
    return kind === 'map' || kind === 'struct' || kind === 'param' ? plus(sum, ONE) : sum;
  }

  #call(expression: Call): Range {
    const { name, args, target } = expression;
    if (name === 'dyn') {
      const sum = this.cost(args[0]!);
      this.#keep(expression, this.size(args[0]!), this.entry(args[0]!));
      return plus(sum, ONE);
    }
    const argCosts = args.map((arg) => this.cost(arg));
    const overloads = this.#checked.overloadsOf(expression);
    if (overloads.length === 0) return NOTHING;
    // A namespace is no receiver.
    const isMember = target && overloads.some(({ member }) => member);
    const targetCost = isMember ? this.cost(target) : NOTHING;
    let cost: Range = { min: UNKNOWN.max, max: 0 };
    let result: Range | undefined;
    for (const overload of overloads) {
      const costed: CostedCall = {
        name: fullName(expression, Boolean(isMember)),
        overload,
        args,
        argCosts,
        measure: this.#measure,
        ...(isMember && { target }),
      };
      const one = callCost(costed);
      cost = union(cost, one.cost);
      if (one.entry) this.#keep(expression, undefined, one.entry);
      if (one.result) result = result ? union(result, one.result) : one.result;
      const [first] = overload.args;
      if (name === '_[_]' && (first!.kind === 'list' || first!.kind === 'map')) {
        result = this.entry(args[0]!)?.value;
        this.#paths.set(expression, [...this.path(args[0]!), first!.kind === 'list' ? '@items' : '@values']);
      }
      result ??= this.size(expression);
    }
    this.#keep(expression, result);
    return plus(targetCost, cost);
  }

  readonly #measure = {
    size: (expression: Expression): Range => this.size(expression) ?? UNKNOWN,
    entry: (expression: Expression): EntrySize | undefined => this.entry(expression),
    type: (expression: Expression): CelType => this.#checked.typeOf(expression),
    /** The estimator of Kubernetes asks the declarations once more, for what was not computed. */
    itemSize: (list: Expression): Range => {
      const path = this.#declaredPath(list);
      return (path.length > 0 ? this.#sizeAt([...path, '@items']) : undefined) ?? UNKNOWN;
    },
  };

  #list(expression: List): Range {
    const { items } = expression;
    let value: Range = items.length === 0 ? NOTHING : { min: UNKNOWN.max, max: 0 };
    let sum = LIST_BASE;
    for (const item of items) {
      sum = plus(sum, this.cost(item));
      value = union(value, this.size(item) ?? UNKNOWN);
    }
    this.#keep(expression, undefined, { container: 'list', key: ONE, value });
    return sum;
  }

  #map(expression: MapLiteral): Range {
    const { entries } = expression;
    const none: Range = entries.length === 0 ? NOTHING : { min: UNKNOWN.max, max: 0 };
    let [key, value, sum] = [none, none, MAP_BASE];
    for (const [k, v] of entries) {
      sum = plus(plus(sum, this.cost(k)), this.cost(v));
      key = union(key, this.size(k) ?? UNKNOWN);
      value = union(value, this.size(v) ?? UNKNOWN);
    }
    this.#keep(expression, undefined, { container: 'map', key, value });
    return sum;
  }

  #fold(expression: Fold): Range {
    const { range, init, accu, variables, condition, step, result } = expression;
    let sum = plus(this.cost(range), this.cost(init));
    let each = NOTHING;
    this.#within(accu, { path: this.path(init), size: this.size(init), entry: this.entry(init) }, () => {
      const work = () => {
        each = plus(this.cost(step), this.cost(condition));
      };
      variables
        .map((name, i) => [name, this.#variable(range, i, variables.length)] as const)
        .reduceRight<() => void>(
          (inner, [name, local]) =>
            () =>
              this.#within(name, local, inner),
          work,
        )();
      sum = plus(sum, this.cost(result));
    });
    const count = this.size(range) ?? UNKNOWN;
    if (init.kind === 'literal') this.#keep(expression, this.size(init));
    else if (init.kind === 'list' || init.kind === 'map') this.#keep(expression, count, this.entry(step));
    return plus(sum, times(count, each));
  }

  #variable(range: Expression, i: number, count: number): Local {
    const entry = this.entry(range);
    const isList = (entry?.container ?? this.#checked.typeOf(range).kind) === 'list';
    const path = this.path(range);
    const isValue = count === 2 ? i === 1 : isList;
    const part = isValue ? (isList ? '@items' : '@values') : isList ? '@indices' : '@keys';
    return { path: [...path, part], size: isValue ? entry?.value : entry?.key };
  }

  #bind(expression: Fold): Range {
    const { range, init, accu, result } = expression;
    const sum = plus(this.cost(range), this.cost(init));
    const local = { path: this.path(init), size: this.size(init), entry: this.entry(init) };
    return this.#within(accu, local, () => {
      const cost = this.cost(result);
      this.#keep(expression, this.size(result), this.entry(result));
      return plus(sum, cost);
    });
  }
}

/** `sets.contains`, whose namespace was read as a receiver. */
const fullName = ({ name, target }: Call, isMember: boolean): string =>
  !isMember && target?.kind === 'ident' ? `${target.name}.${name}` : name;

function literalSize(expression: Expression): Range | undefined {
  if (expression.kind === 'list') return fixed(expression.items.length);
  if (expression.kind === 'map') return fixed(expression.entries.length);
  if (expression.kind !== 'literal') return undefined;
  const { value } = expression;
  if (typeof value === 'string') return fixed([...value].length);
  return fixed(value instanceof Uint8Array ? value.length : 1);
}

const fixed = (size: number): Range => ({ min: size, max: size });

const FIXED = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

/** Whether a value of the type measures the same whatever it is. */
const isFixed = (type: CelType): boolean =>
  isOptional(type) ? isFixed(type.params[0]!) : type.kind === 'scalar' && FIXED.has(type.name);
