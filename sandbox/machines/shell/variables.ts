/** The shell's variables: scalars, indexed and associative arrays, their attributes, and the dynamic scopes of functions. */

import { hasRawBytes, joinBytes } from '../byte-text.ts';
import { CopiedMap } from '../copied.ts';
import { type Computed, computedOf } from './computed.ts';
import { ShellError } from './errors.ts';
import { evaluateHere } from './expand/arithmetic-text.ts';
import type { Shell } from './shell.ts';

export interface Variable {
  scalar?: string | undefined;
  indexed?: Map<number, string>;
  associative?: Map<string, string>;
  exported?: boolean;
  readonly?: boolean;
  integer?: boolean;
  lower?: boolean;
  upper?: boolean;
  nameref?: boolean;
  /** Who may change it in place; for anybody else it is copied first. */
  owner?: object;
}

export class ReadonlyError extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`${variable}: readonly variable`);
    this.variable = variable;
  }
}

/** Bytes from which on a value is counted. */
const COUNTED = 4096;

interface Scope {
  readonly owner: object;
  readonly variables: Map<string, Variable>;
}

/** A fork's copy costs nothing: scopes and variables are shared, and copied one by one as they are changed on either side. */
export class Variables {
  readonly #shell: Shell;
  /** What it owns carries this; a new one after each fork, which leaves it nothing of its own. */
  #owner: object = {};
  #scopes: Scope[] = [{ owner: this.#owner, variables: new Map() }];
  /** Variables that are computed when read. */
  readonly #scalars: CopiedMap<string, (shell: Shell) => string>;
  #exported: ReadonlyMap<string, string> | undefined;

  constructor(shell: Shell, original?: Variables) {
    this.#shell = shell;
    if (!original) {
      this.#scalars = CopiedMap.of(computedOf(shell.dialect, shell.ash).scalars);
      return;
    }
    original.#owner = {};
    this.#scopes = [...original.#scopes];
    this.#scalars = CopiedMap.of(original.#scalars);
    this.#exported = original.#exported;
  }

  pushScope(): void {
    this.#scopes.push({ owner: this.#owner, variables: new Map() });
  }

  popScope(): void {
    this.#scopes.pop();
    this.#exported = undefined;
  }

  get depth(): number {
    return this.#scopes.length;
  }

  lookup(name: string): Variable | undefined {
    return this.#find(this.#resolve(name));
  }

  /** The variable itself, even if it is a name reference. */
  raw(name: string): Variable | undefined {
    return this.#find(name);
  }

  get(name: string): string | undefined {
    const computed = this.#scalars.get(name);
    if (computed) return computed(this.#shell);
    const list = this.#computedArray(name);
    if (list) return list[0];
    const target = this.#resolve(name);
    const element = /^(\w+)\[(.*)\]$/s.exec(target);
    if (element) return this.element(element[1]!, element[2]!);
    const variable = this.#find(target);
    if (!variable) return undefined;
    if (variable.indexed) return variable.indexed.get(0);
    if (variable.associative) return variable.associative.get('0');
    return variable.scalar;
  }

  /** Whether the name exists at all, with or without a value. */
  has(name: string): boolean {
    return this.#scalars.has(name) || this.lookup(name) !== undefined;
  }

  element(name: string, subscript: string): string | undefined {
    const list = this.#computedArray(name);
    if (list) return list.at(Number(this.#evaluate(subscript)));
    const variable = this.lookup(name);
    if (!variable) return undefined;
    if (variable.associative) return variable.associative.get(subscript);
    if (variable.indexed) return variable.indexed.get(this.#index(variable.indexed, subscript));
    return Number(this.#evaluate(subscript)) === 0 ? variable.scalar : undefined;
  }

  /** Values of `${name[@]}`; a scalar is an array of one. */
  values(name: string): string[] {
    const list = this.#computedArray(name);
    if (list) return [...list];
    const variable = this.lookup(name);
    if (variable?.indexed) return this.#sorted(variable.indexed).map(([, v]) => v);
    if (variable?.associative) return [...variable.associative.values()];
    const value = this.get(name);
    return value === undefined ? [] : [value];
  }

  /** `${#name[@]}`. */
  count(name: string): number {
    const variable = this.#computed.arrays.has(name) ? undefined : this.lookup(name);
    return variable?.indexed?.size ?? variable?.associative?.size ?? this.values(name).length;
  }

  keys(name: string): string[] {
    const list = this.#computedArray(name);
    if (list) return list.map((_, i) => String(i));
    const variable = this.lookup(name);
    if (variable?.indexed) return this.#sorted(variable.indexed).map(([k]) => String(k));
    if (variable?.associative) return [...variable.associative.keys()];
    return this.get(name) === undefined ? [] : ['0'];
  }

  set(name: string, value: string, append = false): void {
    const target = this.#resolve(name);
    const element = /^(\w+)\[(.*)\]$/s.exec(target);
    if (element) {
      this.setElement(element[1]!, element[2]!, value, append);
      return;
    }
    const variable = this.#writable(target);
    if (variable.indexed) {
      variable.indexed.set(0, this.#convert(variable, variable.indexed.get(0), value, append));
      return;
    }
    if (variable.associative) {
      variable.associative.set('0', this.#convert(variable, variable.associative.get('0'), value, append));
      return;
    }
    variable.scalar = this.#convert(variable, variable.scalar, value, append);
    this.#computed.assigned.get(target)?.(this.#shell, variable.scalar);
  }

  setElement(name: string, subscript: string, value: string, append = false): void {
    const variable = this.#writable(this.#resolve(name));
    if (variable.associative) {
      const old = variable.associative.get(subscript);
      variable.associative.set(subscript, this.#convert(variable, old, value, append));
      return;
    }
    const indexed = this.#toIndexed(variable);
    const index = this.#index(indexed, subscript);
    if (index < 0) throw new ShellError(`${name}[${subscript}]: bad array subscript`);
    indexed.set(index, this.#convert(variable, indexed.get(index), value, append));
  }

  /** `name=(…)` and `name+=(…)`: elements with an explicit key or the next index. */
  setArray(name: string, elements: readonly { key?: string; value: string; append?: boolean }[], append = false): void {
    const variable = this.#writable(this.#resolve(name));
    if (variable.associative) {
      const map = append ? variable.associative : new Map<string, string>();
      let pending: string | undefined;
      for (const { key, value } of elements) {
        if (key !== undefined) map.set(key, value);
        else if (pending === undefined) pending = value;
        else {
          map.set(pending, value);
          pending = undefined;
        }
      }
      if (pending !== undefined) map.set(pending, '');
      variable.associative = map;
      return;
    }
    const map = append ? this.#toIndexed(variable) : new Map<number, string>();
    delete variable.scalar;
    let next = append ? highest(map) + 1 : 0;
    for (const { key, value } of elements) {
      if (key !== undefined) next = this.#index(map, key);
      map.set(next, this.#convert(variable, undefined, value, false));
      next++;
    }
    variable.indexed = map;
  }

  unset(name: string): void {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.variables.get(name);
      if (!variable) continue;
      if (variable.readonly) throw new ReadonlyError(name);
      this.#own(i).delete(name);
      this.#count(-(variable.scalar?.length ?? 0), 0);
      return;
    }
    this.#scalars.delete(name);
  }

  unsetElement(name: string, subscript: string): void {
    const known = this.lookup(name);
    if (known?.readonly) throw new ReadonlyError(name);
    const variable = known && this.declare(this.#resolve(name));
    if (variable?.associative) variable.associative.delete(subscript);
    else if (variable?.indexed) variable.indexed.delete(this.#index(variable.indexed, subscript));
  }

  /** The variable to give attributes to: made if there is none, in the innermost scope if `local`. */
  declare(name: string, local = false): Variable {
    const scope = this.#own(local ? this.#scopes.length - 1 : this.#scopeOf(name));
    const known = scope.get(name);
    if (known?.owner === this.#owner) return known;
    const variable = known ? copyVariable(known) : {};
    variable.owner = this.#owner;
    scope.set(name, variable);
    return variable;
  }

  /** The same map until a variable changes. */
  exported(): ReadonlyMap<string, string> {
    this.#exported ??= this.#environment();
    return this.#exported;
  }

  #environment(): ReadonlyMap<string, string> {
    const env = CopiedMap.empty<string, string>();
    for (const scope of this.#scopes) {
      for (const [name, variable] of scope.variables) {
        if (variable.exported && variable.scalar !== undefined) env.set(name, variable.scalar);
        else if (!variable.exported) env.delete(name);
      }
    }
    return env;
  }

  /** All names, sorted as bash lists them. */
  names(): string[] {
    const names = new Set<string>(this.#scalars.keys());
    for (const scope of this.#scopes) for (const name of scope.variables.keys()) names.add(name);
    return [...names].sort();
  }

  localNames(): string[] {
    return [...this.#scopes.at(-1)!.variables.keys()].sort();
  }

  #resolve(name: string): string {
    let target = name;
    for (let hops = 0; hops < 10; hops++) {
      const variable = this.#find(target);
      if (!variable?.nameref || variable.scalar === undefined || variable.scalar === '') return target;
      target = variable.scalar;
    }
    return target;
  }

  #find(name: string): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.variables.get(name);
      if (variable) return variable;
    }
    return undefined;
  }

  #scopeOf(name: string): number {
    for (let i = this.#scopes.length - 1; i >= 0; i--) if (this.#scopes[i]!.variables.has(name)) return i;
    return 0;
  }

  /** A scope to be changed. */
  #own(index: number): Map<string, Variable> {
    this.#exported = undefined;
    const scope = this.#scopes[index]!;
    if (scope.owner === this.#owner) return scope.variables;
    const variables = new Map(scope.variables);
    this.#scopes[index] = { owner: this.#owner, variables };
    return variables;
  }

  get #computed(): Computed {
    return computedOf(this.#shell.dialect, this.#shell.ash);
  }

  #computedArray(name: string): readonly string[] | undefined {
    return this.#computed.arrays.get(name)?.(this.#shell);
  }

  /** An arithmetic expression: an integer variable's value, a subscript. */
  #evaluate(expression: string): bigint {
    return evaluateHere(this.#shell, expression);
  }

  #writable(name: string): Variable {
    const variable = this.declare(name);
    if (variable.readonly) throw new ReadonlyError(name);
    return variable;
  }

  #toIndexed(variable: Variable): Map<number, string> {
    if (!variable.indexed) {
      variable.indexed = new Map();
      if (variable.scalar !== undefined) variable.indexed.set(0, variable.scalar);
      delete variable.scalar;
    }
    return variable.indexed;
  }

  #index(map: Map<number, string>, subscript: string): number {
    const index = Number(this.#evaluate(subscript));
    return index < 0 && map.size > 0 ? highest(map) + 1 + index : index;
  }

  #sorted(map: Map<number, string>): [number, string][] {
    const entries = [...map];
    return entries.every(([key], i) => i === 0 || entries[i - 1]![0] < key)
      ? entries
      : entries.sort((a, b) => a[0] - b[0]);
  }

  /** Small values are not worth counting one by one. */
  #count(change: number, size: number): void {
    if (size >= COUNTED || change <= -COUNTED) this.#shell.hold(change);
  }

  #convert(variable: Variable, old: string | undefined, value: string, append: boolean): string {
    if (variable.integer) {
      const sum = (append ? this.#evaluate(old ?? '0') : 0n) + this.#evaluate(value === '' ? '0' : value);
      return String(sum);
    }
    this.#count(append ? value.length : value.length - (old?.length ?? 0), value.length);
    const joined = append ? (old ?? '') + value : value;
    const text = hasRawBytes(value) ? joinBytes(joined) : joined;
    if (variable.lower) return text.toLowerCase();
    if (variable.upper) return text.toUpperCase();
    return text;
  }
}

const highestKeys = new WeakMap<Map<number, string>, { size: number; key: number }>();

/** The largest index of an array, -1 if it is empty. Looked for only where elements were removed since. */
function highest(map: Map<number, string>): number {
  const known = highestKeys.get(map);
  if (known && map.size >= known.size && map.has(known.key)) {
    let key = known.key;
    while (map.has(key + 1)) key++;
    if (map.size === known.size + (key - known.key)) {
      highestKeys.set(map, { size: map.size, key });
      return key;
    }
  }
  let key = -1;
  for (const index of map.keys()) if (index > key) key = index;
  highestKeys.set(map, { size: map.size, key });
  return key;
}

function copyVariable(variable: Variable): Variable {
  const copy = { ...variable };
  if (variable.indexed) copy.indexed = new Map(variable.indexed);
  if (variable.associative) copy.associative = new Map(variable.associative);
  return copy;
}
