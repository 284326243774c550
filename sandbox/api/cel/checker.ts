/** Types of an expression, and what is wrong with them in cel-go's words (cel-go checker/checker.go, checker/errors.go). */

import type { Call, Expression, Fold, Select } from './expression.ts';
import { type Overload, overloadsOf } from './overloads.ts';
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  ERROR,
  INT,
  isDynOrError,
  isExactly,
  isOptional,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TIMESTAMP,
  typeOf,
  typeParam,
  typeText,
  UINT,
} from './type.ts';
import { assign, type Mapping, mostGeneral, substituted } from './unify.ts';

export interface Checked {
  readonly errors: readonly CheckError[];
  readonly typeOf: (expression: Expression) => CelType;
  /** What a call may turn out to be. */
  readonly overloadsOf: (call: Call) => readonly Overload[];
  /** The variables that it names. */
  readonly variables: ReadonlySet<string>;
}

export interface CheckError {
  readonly at: number;
  readonly text: string;
}

export type Variables = Readonly<Record<string, CelType>>;

/** Types are values too. */
const TYPE_NAMES: Variables = {
  ...Object.fromEntries([BOOL, BYTES, DOUBLE, INT, STRING, UINT].map((type) => [type.name, typeOf(type)])),
  list: typeOf(listOf(typeParam('A'))),
  map: typeOf(mapOf(typeParam('A'), typeParam('B'))),
  null_type: typeOf(NULL),
  type: typeOf(typeOf(DYN)),
  'google.protobuf.Duration': typeOf(DURATION),
  'google.protobuf.Timestamp': typeOf(TIMESTAMP),
};

const SELECT_OPTIONAL: Overload = { member: false, args: [DYN, STRING], result: optionalOf(DYN) };

/** `mixed`: items of one literal may be of several types. */
export function check(expression: Expression, variables: Variables, mixed: boolean): Checked {
  const checker = new Checker(variables, mixed);
  checker.check(expression);
  return checker.checked();
}

class Checker {
  readonly #errors: CheckError[] = [];
  readonly #types = new Map<Expression, CelType>();
  readonly #overloads = new Map<Expression, readonly Overload[]>();
  readonly #named = new Set<string>();
  readonly #scopes: Record<string, CelType>[];
  #mapping: Mapping = new Map();
  #parameters = 0;
  readonly #mixed: boolean;

  constructor(variables: Variables, mixed: boolean) {
    this.#mixed = mixed;
    this.#scopes = [{ ...TYPE_NAMES, ...variables }];
  }

  checked(): Checked {
    const types = this.#types;
    const overloads = this.#overloads;
    return {
      errors: this.#errors.toSorted((a, b) => a.at - b.at),
      typeOf: (expression) => substituted(this.#mapping, types.get(expression) ?? DYN, DYN),
      overloadsOf: (call) => overloads.get(call) ?? [],
      variables: this.#named,
    };
  }

  #wrong({ at }: Expression, text: string): CelType {
    this.#errors.push({ at, text });
    return ERROR;
  }

  #variable(name: string): CelType | undefined {
    const scope = this.#scopes.findLast((each) => Object.hasOwn(each, name));
    if (scope) this.#named.add(name);
    return scope?.[name];
  }

  #assign(from: readonly CelType[], to: readonly CelType[]): boolean {
    const mapping = assign(this.#mapping, from, to);
    if (mapping) this.#mapping = mapping;
    return mapping !== undefined;
  }

  #fresh(): CelType {
    return typeParam(`_var${this.#parameters++}`);
  }

  check(expression: Expression): CelType {
    const type = this.#typeOf(expression);
    this.#types.set(expression, type);
    return type;
  }

  #typeOf(expression: Expression): CelType {
    switch (expression.kind) {
      case 'literal':
        return literalType(expression.value);
      case 'ident':
        return (
          this.#variable(expression.name) ??
          this.#wrong(expression, `undeclared reference to '${expression.name}' (in container '')`)
        );
      case 'select':
        return this.#select(expression);
      case 'call':
        return this.#call(expression);
      case 'list': {
        let item: CelType | undefined;
        for (const each of expression.items) item = this.#joined(each, item);
        return listOf(item ?? this.#fresh());
      }
      case 'map': {
        let key: CelType | undefined;
        let value: CelType | undefined;
        for (const entry of expression.entries) {
          key = this.#joined(entry[0], key);
          value = this.#joined(entry[1], value);
        }
        return mapOf(key ?? this.#fresh(), value ?? this.#fresh());
      }
      case 'fold':
        return this.#fold(expression);
    }
  }

  /** The type of a literal's items so far. */
  #joined(item: Expression, before: CelType | undefined): CelType {
    const type = this.check(item);
    if (!before) return type;
    if (this.#assign([before], [type])) return mostGeneral(before, type);
    if (this.#mixed) return DYN;
    return this.#wrong(item, `expected type '${typeText(before)}' but found '${typeText(type)}'`);
  }

  #select(expression: Select): CelType {
    const { operand, field, test } = expression;
    const name = qualified(expression);
    if (name !== undefined && !test) {
      const type = this.#variable(name);
      if (type) return type;
    }
    const type = this.#field(expression, operand, field, false);
    return test ? BOOL : substituted(this.#mapping, type);
  }

  #field(expression: Expression, operand: Expression, field: string, optional: boolean): CelType {
    this.check(operand);
    const type = substituted(this.#mapping, this.#types.get(operand)!);
    const target = isOptional(type) ? type.params[0]! : type;
    const result = this.#fieldOf(expression, target, field);
    return optional || target !== type ? optionalOf(result) : result;
  }

  #fieldOf(expression: Expression, target: CelType, field: string): CelType {
    switch (target.kind) {
      case 'map':
        return target.params[1]!;
      case 'struct':
        return target.fields && Object.hasOwn(target.fields, field)
          ? target.fields[field]!
          : this.#wrong(expression, `undefined field '${field}'`);
      case 'param':
        this.#assign([DYN], [target]);
        return DYN;
      default:
        if (!isDynOrError(target))
          this.#wrong(expression, `type '${typeText(target)}' does not support field selection`);
        return DYN;
    }
  }

  #call(expression: Call): CelType {
    const { name, target, args } = expression;
    if (name === '_?._') {
      const [operand, field] = args;
      this.#overloads.set(expression, [SELECT_OPTIONAL]);
      const value = field?.kind === 'literal' ? String(field.value) : '';
      return substituted(this.#mapping, this.#field(expression, operand!, value, true));
    }
    for (const arg of args) this.check(arg);
    const prefix = target && qualified(target);
    const inNamespace = prefix === undefined ? undefined : overloadsOf(`${prefix}.${name}`);
    if (inNamespace) return this.#resolve(expression, `${prefix}.${name}`, inNamespace, args);
    if (target) this.check(target);
    const overloads = overloadsOf(name);
    if (!overloads) return this.#wrong(expression, `undeclared reference to '${name}' (in container '')`);
    return this.#resolve(expression, name, overloads, args, target);
  }

  #resolve(
    expression: Call,
    name: string,
    overloads: readonly Overload[],
    args: readonly Expression[],
    target?: Expression,
  ): CelType {
    const types = [...(target ? [target] : []), ...args].map((each) => this.#types.get(each)!);
    if (name === '_&&_' || name === '_||_') return this.#logical(expression, overloads, args, types);
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.member !== (target !== undefined)) continue;
      const fresh = this.#instance(overload);
      if (!this.#assign(types, fresh.args)) continue;
      matching.push(overload);
      const type = substituted(this.#mapping, fresh.result);
      if (!result) result = type;
      else if (result.kind !== 'dyn' && !isExactly(type, result)) result = DYN;
    }
    this.#overloads.set(expression, matching);
    if (result) return result;
    const texts = types.map((type) => typeText(substituted(this.#mapping, type, DYN)));
    const signature = target ? `${texts[0]}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
    return this.#wrong(expression, `found no matching overload for '${name}' applied to '${signature}'`);
  }

  #logical(
    expression: Call,
    overloads: readonly Overload[],
    args: readonly Expression[],
    types: readonly CelType[],
  ): CelType {
    let result = BOOL;
    for (const [i, arg] of args.entries())
      if (!this.#assign([types[i]!], [BOOL]))
        result = this.#wrong(arg, `expected type 'bool' but found '${typeText(types[i]!)}'`);
    this.#overloads.set(expression, overloads);
    return result;
  }

  /** With parameters of its own. */
  #instance(overload: Overload): Overload {
    const mine = new Map<string, CelType>();
    const renamed = (type: CelType): CelType => {
      if (type.kind !== 'param') return type.params.length === 0 ? type : { ...type, params: type.params.map(renamed) };
      if (!mine.has(type.name)) mine.set(type.name, this.#fresh());
      return mine.get(type.name)!;
    };
    return { ...overload, args: overload.args.map(renamed), result: renamed(overload.result) };
  }

  #fold({ range, init, accu, variables, condition, step, result }: Fold): CelType {
    this.check(range);
    const accuType = this.check(init);
    const types = this.#entryTypes(range, variables.length === 2);
    this.#scopes.push({ [accu]: accuType });
    this.#scopes.push(Object.fromEntries(variables.map((name, i) => [name, types[i]!])));
    this.check(condition);
    this.#expect(condition, BOOL);
    this.check(step);
    this.#expect(step, accuType);
    this.#scopes.pop();
    const type = substituted(this.#mapping, this.check(result));
    this.#scopes.pop();
    return type;
  }

  #entryTypes(range: Expression, two: boolean): readonly CelType[] {
    const type = substituted(this.#mapping, this.#types.get(range)!);
    if (type.kind === 'list') return two ? [INT, type.params[0]!] : type.params;
    if (type.kind === 'map') return type.params;
    if (isDynOrError(type) || type.kind === 'param') {
      this.#assign([DYN], [type]);
      return [DYN, DYN];
    }
    const why = 'cannot be range of a comprehension (must be list, map, or dynamic)';
    this.#wrong(range, `expression of type '${typeText(type)}' ${why}`);
    return [ERROR, ERROR];
  }

  #expect(expression: Expression, type: CelType): void {
    const is = this.#types.get(expression)!;
    if (!this.#assign([type], [is]))
      this.#wrong(expression, `expected type '${typeText(type)}' but found '${typeText(is)}'`);
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return NULL;
  if (typeof value === 'bigint') return INT;
  if (typeof value === 'number') return DOUBLE;
  if (typeof value === 'boolean') return BOOL;
  if (value instanceof Uint8Array) return BYTES;
  // cel-js has a class of its own for these, which it keeps to itself.
  return typeof value === 'object' ? UINT : STRING;
}

/** `a.b.c`, of which any part may be a name with dots. */
function qualified(expression: Expression): string | undefined {
  if (expression.kind === 'ident') return expression.name;
  if (expression.kind !== 'select' || expression.test) return undefined;
  const before = qualified(expression.operand);
  return before === undefined ? undefined : `${before}.${expression.field}`;
}
