/** An expression with its macros expanded, as cel-go's parser makes it (cel-go parser/macro.go, ext/comprehensions.go, cel/library.go). */

import type { ASTNode } from '@marcbachmann/cel-js';

interface Part {
  /** Where cel-go points when something is wrong with it. */
  readonly at: number;
}
export interface Literal extends Part {
  readonly kind: 'literal';
  readonly value: unknown;
}
export interface Ident extends Part {
  readonly kind: 'ident';
  readonly name: string;
}
export interface Select extends Part {
  readonly kind: 'select';
  readonly operand: Expression;
  readonly field: string;
  /** What `has` asks. */
  readonly test: boolean;
}
export interface Call extends Part {
  readonly kind: 'call';
  readonly name: string;
  readonly target?: Expression;
  readonly args: readonly Expression[];
}
export interface List extends Part {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
export interface MapLiteral extends Part {
  readonly kind: 'map';
  readonly entries: readonly (readonly [Expression, Expression])[];
}
/** A comprehension: `variables` go over the range, `accu` gathers. */
export interface Fold extends Part {
  readonly kind: 'fold';
  readonly range: Expression;
  readonly variables: readonly string[];
  readonly accu: string;
  readonly init: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
  /** `cel.bind`, which goes over nothing. */
  readonly bind?: true;
}
export type Expression = Literal | Ident | Select | Call | List | MapLiteral | Fold;

/** What cannot be expanded. */
export class MacroError extends Error {
  readonly at: number;
  constructor(at: number, text: string) {
    super(text);
    this.at = at;
  }
}

export const ACCU = '@result';

const BINARY: Readonly<Record<string, string>> = { in: '@in', '[]': '_[_]', '[?]': '_[?_]' };

/** Past white space and the brackets that close what stands before an operator. */
function operatorAt({ args, input }: ASTNode, text: string): number {
  const [left] = args as unknown as readonly ASTNode[];
  let at = left!.end;
  while (at < input.length && /[\s)]/.test(input[at]!)) at++;
  return input.startsWith(text, at) ? at : left!.end;
}

export function expressionOf(node: ASTNode): Expression {
  switch (node.op) {
    case 'value':
      return { kind: 'literal', at: node.start, value: node.args };
    case 'id':
      return { kind: 'ident', at: node.start, name: node.args };
    case '.':
      return select(expressionOf(node.args[0]), node.args[1], node.input.lastIndexOf('.', node.pos));
    case '.?': {
      const field = { kind: 'literal', at: node.pos, value: node.args[1] } as const;
      return call('_?._', node.input.lastIndexOf('.', node.pos), expressionOf(node.args[0]), field);
    }
    case 'list':
      return { kind: 'list', at: node.start, items: node.args.map(expressionOf) };
    case 'map':
      return {
        kind: 'map',
        at: node.start,
        entries: node.args.map(([key, value]) => [expressionOf(key), expressionOf(value)] as const),
      };
    case '?:':
      return call('_?_:_', operatorAt(node, '?'), ...node.args.map(expressionOf));
    case '!_':
    case '-_':
      return negated(node);
    case 'call':
      return globalCall(node.args[0], node.args[1], node.input.indexOf('(', node.start + node.args[0].length));
    case 'rcall':
      return memberCall(node);
    default: {
      const text = node.op === '[]' || node.op === '[?]' ? '[' : node.op;
      return call(BINARY[node.op] ?? `_${node.op}_`, operatorAt(node, text), ...node.args.map(expressionOf));
    }
  }
}

/** A sign belongs to the number it stands before. */
function negated(node: ASTNode & { readonly op: '!_' | '-_' }): Expression {
  const { op, args, start } = node;
  if (op === '-_' && args.op === 'value' && (typeof args.args === 'bigint' || typeof args.args === 'number'))
    return { kind: 'literal', at: start, value: -args.args };
  return call(op, start, expressionOf(args));
}

function globalCall(name: string, args: readonly ASTNode[], at: number): Expression {
  const [first] = args;
  if (name === 'has' && args.length === 1) {
    if (first?.op !== '.') throw new MacroError(at, 'invalid argument to has() macro');
    const { args: parts } = first;
    return { ...select(expressionOf(parts[0]), parts[1], at), test: true };
  }
  return call(name, at, ...args.map(expressionOf));
}

function memberCall(node: ASTNode & { readonly op: 'rcall' }): Expression {
  const [name, receiver, args] = node.args;
  const at = node.input.indexOf('(', node.input.indexOf(name, receiver.end));
  const macro = receiver.op === 'id' && receiver.args === 'cel' ? (name === 'bind' ? bind : undefined) : MACROS[name];
  return (
    macro?.(receiver, args, at) ?? {
      kind: 'call',
      at,
      name,
      target: expressionOf(receiver),
      args: args.map(expressionOf),
    }
  );
}

type Macro = (receiver: ASTNode, args: readonly ASTNode[], at: number) => Expression | undefined;

const call = (name: string, at: number, ...args: readonly Expression[]): Call => ({ kind: 'call', at, name, args });
const select = (operand: Expression, field: string, at: number): Select => ({
  kind: 'select',
  at,
  operand,
  field,
  test: false,
});
const literal = (value: unknown, at: number): Literal => ({ kind: 'literal', at, value });
const ident = (name: string, at: number): Ident => ({ kind: 'ident', at, name });
const list = (at: number, ...items: readonly Expression[]): List => ({ kind: 'list', at, items });

interface Shape {
  readonly init: Expression;
  readonly condition?: Expression;
  readonly step: Expression;
  readonly result?: Expression;
}

/** Goes over the receiver with the one or two variables that stand first; undefined where these are no names. */
const over =
  (bodies: number, shape: (at: number, ...bodies: readonly Expression[]) => Shape, counts: readonly number[]): Macro =>
  (receiver, args, at) => {
    const count = args.length - bodies;
    const names = args.slice(0, count);
    if (!counts.includes(count) || !names.every(({ op }) => op === 'id')) return undefined;
    const variables = names.map((each) => each.args as string);
    const { init, condition, step, result } = shape(at, ...args.slice(count).map(expressionOf));
    return {
      kind: 'fold',
      at,
      range: expressionOf(receiver),
      variables,
      accu: ACCU,
      init,
      condition: condition ?? literal(true, at),
      step: step.kind === 'call' && step.name === 'cel.@mapInsert' ? inserted(step, variables[0]!) : step,
      result: result ?? ident(ACCU, at),
    };
  };

const inserted = (step: Call, key: string): Call =>
  step.args.length === 1 ? step : { ...step, args: [step.args[0]!, ident(key, step.at), step.args[1]!] };

const accu = (at: number) => ident(ACCU, at);
const all = (at: number, body: Expression): Shape => ({
  init: literal(true, at),
  condition: call('@not_strictly_false', at, accu(at)),
  step: call('_&&_', at, accu(at), body),
});
const exists = (at: number, body: Expression): Shape => ({
  init: literal(false, at),
  condition: call('@not_strictly_false', at, call('!_', at, accu(at))),
  step: call('_||_', at, accu(at), body),
});
const existsOne = (at: number, body: Expression): Shape => ({
  init: literal(0n, at),
  step: call('_?_:_', at, body, call('_+_', at, accu(at), literal(1n, at)), accu(at)),
  result: call('_==_', at, accu(at), literal(1n, at)),
});
const mapped = (at: number, body: Expression): Shape => ({
  init: list(at),
  step: call('_+_', at, accu(at), list(at, body)),
});
const filtered = (at: number, filter: Expression, body: Expression): Shape => ({
  init: list(at),
  step: call('_?_:_', at, filter, call('_+_', at, accu(at), list(at, body)), accu(at)),
});

const quantifier = (shape: (at: number, body: Expression) => Shape): Macro => over(1, shape, [1, 2]);

const MACROS: Readonly<Record<string, Macro>> = {
  all: quantifier(all),
  exists: quantifier(exists),
  exists_one: quantifier(existsOne),
  existsOne: quantifier(existsOne),
  map: (receiver, args, at) => over(args.length - 1, args.length === 3 ? filtered : mapped, [1])(receiver, args, at),
  filter: (receiver, args, at) => {
    const [variable] = args;
    if (variable?.op !== 'id') return undefined;
    return over(1, (place, body) => filtered(place, body!, ident(variable.args, place)), [1])(receiver, args, at);
  },
  transformList: (receiver, args, at) =>
    over(args.length - 2, args.length === 4 ? filtered : mapped, [2])(receiver, args, at),
  transformMap: (receiver, args, at) =>
    over(1, (place, body) => ({ init: EMPTY(place), step: call('cel.@mapInsert', place, accu(place), body!) }), [2])(
      receiver,
      args,
      at,
    ),
  optMap: (receiver, args, at) => optional(receiver, args, at, (result) => call('optional.of', at, result)),
  optFlatMap: (receiver, args, at) => optional(receiver, args, at, (result) => result),
};

const EMPTY = (at: number): MapLiteral => ({ kind: 'map', at, entries: [] });

function bind(_receiver: ASTNode, args: readonly ASTNode[], at: number): Expression | undefined {
  const [name, value, body] = args;
  if (args.length !== 3 || name!.op !== 'id') return undefined;
  return bound(name!.args as string, expressionOf(value!), expressionOf(body!), at);
}

const bound = (name: string, init: Expression, result: Expression, at: number): Fold => ({
  kind: 'fold',
  at,
  range: list(at),
  variables: ['#unused'],
  accu: name,
  init,
  condition: literal(false, at),
  step: ident(name, at),
  result,
  bind: true,
});

function optional(
  receiver: ASTNode,
  [name, body]: readonly ASTNode[],
  at: number,
  wrap: (result: Expression) => Expression,
): Expression | undefined {
  if (name?.op !== 'id' || !body) return undefined;
  const target = expressionOf(receiver);
  const member = (called: string): Call => ({ kind: 'call', at, name: called, target, args: [] });
  const result = bound(name.args, member('value'), expressionOf(body), at);
  return call('_?_:_', at, member('hasValue'), wrap(result), call('optional.none', at));
}
