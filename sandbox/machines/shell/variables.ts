/** The shell's variables: scalars, indexed and associative arrays, their attributes, and the dynamic scopes of functions. */

import { hasRawBytes, joinBytes } from '../byte-text.ts';
import { ShellError } from './errors.ts';

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
}

export class ReadonlyError extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`${variable}: readonly variable`);
    this.variable = variable;
  }
}

/** Evaluates an arithmetic expression for integer variables and array subscripts; set by the shell. */
export type Evaluate = (expression: string) => bigint;

/** Bytes from which on a value is counted. */
const COUNTED = 4096;

type Scope = Map<string, Variable>;

export class Variables {
  #scopes: Scope[] = [new Map()];
  /** Variables that are computed when read: RANDOM, SECONDS, LINENO … */
  readonly dynamic = new Map<string, () => string>();
  /** Arrays that are computed when read: PIPESTATUS, FUNCNAME … */
  readonly dynamicArrays = new Map<string, () => readonly string[]>();
  /** Told of every assignment by name, e.g. so that SECONDS=0 restarts its count. */
  readonly assigned = new Map<string, (value: string) => void>();
  evaluate: Evaluate = () => 0n;
  /** Told of large values that come (bytes) and go (negative); throws where memory ends. */
  hold: (bytes: number) => void = () => {};

  clone(): Variables {
    const copy = new Variables();
    copy.#scopes = this.#scopes.map((scope) => new Map([...scope].map(([name, v]) => [name, copyVariable(v)])));
    return copy;
  }

  pushScope(): void {
    this.#scopes.push(new Map());
  }

  popScope(): void {
    this.#scopes.pop();
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
    const dynamic = this.dynamic.get(name);
    if (dynamic) return dynamic();
    const list = this.dynamicArrays.get(name);
    if (list) return list()[0];
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
    return this.dynamic.has(name) || this.lookup(name) !== undefined;
  }

  element(name: string, subscript: string): string | undefined {
    const list = this.dynamicArrays.get(name);
    if (list) return list().at(Number(this.evaluate(subscript)));
    const variable = this.lookup(name);
    if (!variable) return undefined;
    if (variable.associative) return variable.associative.get(subscript);
    if (variable.indexed) return variable.indexed.get(this.#index(variable.indexed, subscript));
    return Number(this.evaluate(subscript)) === 0 ? variable.scalar : undefined;
  }

  /** Values of `${name[@]}`; a scalar is an array of one. */
  values(name: string): string[] {
    const list = this.dynamicArrays.get(name);
    if (list) return [...list()];
    const variable = this.lookup(name);
    if (variable?.indexed) return this.#sorted(variable.indexed).map(([, v]) => v);
    if (variable?.associative) return [...variable.associative.values()];
    const value = this.get(name);
    return value === undefined ? [] : [value];
  }

  /** `${#name[@]}`. */
  count(name: string): number {
    const variable = this.dynamicArrays.has(name) ? undefined : this.lookup(name);
    return variable?.indexed?.size ?? variable?.associative?.size ?? this.values(name).length;
  }

  keys(name: string): string[] {
    const list = this.dynamicArrays.get(name);
    if (list) return list().map((_, i) => String(i));
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
    this.assigned.get(target)?.(variable.scalar);
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
      const variable = this.#scopes[i]!.get(name);
      if (!variable) continue;
      if (variable.readonly) throw new ReadonlyError(name);
      this.#scopes[i]!.delete(name);
      this.#count(-(variable.scalar?.length ?? 0), 0);
      return;
    }
    this.dynamic.delete(name);
  }

  unsetElement(name: string, subscript: string): void {
    const variable = this.lookup(name);
    if (variable?.readonly) throw new ReadonlyError(name);
    if (variable?.associative) variable.associative.delete(subscript);
    else if (variable?.indexed) variable.indexed.delete(this.#index(variable.indexed, subscript));
  }

  /** The variable to give attributes to: made if there is none, in the innermost scope if `local`. */
  declare(name: string, local = false): Variable {
    const scope = local ? this.#scopes.at(-1)! : this.#scopeOf(name);
    let variable = scope.get(name);
    if (!variable) {
      variable = {};
      scope.set(name, variable);
    }
    return variable;
  }

  exported(): Map<string, string> {
    const env = new Map<string, string>();
    for (const scope of this.#scopes) {
      for (const [name, variable] of scope) {
        if (variable.exported && variable.scalar !== undefined) env.set(name, variable.scalar);
        else if (!variable.exported) env.delete(name);
      }
    }
    return env;
  }

  /** All names, sorted as bash lists them. */
  names(): string[] {
    const names = new Set<string>(this.dynamic.keys());
    for (const scope of this.#scopes) for (const name of scope.keys()) names.add(name);
    return [...names].sort();
  }

  localNames(): string[] {
    return [...this.#scopes.at(-1)!.keys()].sort();
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
      const variable = this.#scopes[i]!.get(name);
      if (variable) return variable;
    }
    return undefined;
  }

  #scopeOf(name: string): Scope {
    for (let i = this.#scopes.length - 1; i >= 0; i--) if (this.#scopes[i]!.has(name)) return this.#scopes[i]!;
    return this.#scopes[0]!;
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
    const index = Number(this.evaluate(subscript));
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
    if (size >= COUNTED || change <= -COUNTED) this.hold(change);
  }

  #convert(variable: Variable, old: string | undefined, value: string, append: boolean): string {
    if (variable.integer) {
      const sum = (append ? this.evaluate(old ?? '0') : 0n) + this.evaluate(value === '' ? '0' : value);
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
