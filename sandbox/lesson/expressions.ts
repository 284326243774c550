/** CEL over the observed world: the named lists and the functions that lessons may use. */

import { Environment } from '@marcbachmann/cel-js';
import type { KubeObject } from '../api/object.ts';
import { toNumber } from '../api/quantity.ts';
import type { Pod, ResourceName } from '../api/types.ts';
import type { Observation } from './observation.ts';
import { podReady, podStatusText, podWorkload } from './pods.ts';

/** Names of the lists; short where kubectl's short name is what people say. */
export const LISTS = {
  pods: 'pods',
  pvs: 'persistentvolumes',
  pvcs: 'persistentvolumeclaims',
  storageclasses: 'storageclasses',
  deployments: 'deployments',
  replicasets: 'replicasets',
  statefulsets: 'statefulsets',
  nodes: 'nodes',
  services: 'services',
  namespaces: 'namespaces',
  events: 'events',
} as const satisfies Record<string, ResourceName>;

export type Lists = Readonly<Record<string, unknown>>;

/** Of an observation, what the lists are made of. */
export type Listed = Pick<Observation, 'list' | 'exports' | 'listed' | 'serving' | 'mounts'>;

/** Looked up by their name in one namespace: what the lessons speak of is in `default`. */
const NAMESPACED: ReadonlySet<string> = new Set([
  'pods',
  'pvcs',
  'deployments',
  'replicasets',
  'statefulsets',
  'services',
  'events',
]);

/**
 * The lists now, and under `before` those of the step's beginning, under `began` those of each step of the lesson that has
 * begun, by its id. Namespaced ones are those of the namespace `default`; `everywhere` has them all.
 * Objects are immutable, so keeping them costs nothing.
 */
export function lists(world: Listed, before?: Lists, began: Readonly<Record<string, Lists>> = {}): Lists {
  const named: Record<string, unknown> = {};
  const everywhere: Record<string, unknown> = {};
  for (const [name, resource] of Object.entries(LISTS)) {
    const all = once(() => world.list(resource).map((object) => asCel(object, resource)));
    if (!NAMESPACED.has(name)) lazily(named, name, all);
    else {
      lazily(
        named,
        name,
        once(() => all().filter(inDefault)),
      );
      lazily(everywhere, name, all);
    }
  }
  named.everywhere = everywhere;
  lazily(named, 'exports', () => world.exports().map(plain));
  lazily(named, 'listed', () => world.listed().map(plain));
  lazily(named, 'serving', () => world.serving);
  lazily(named, 'mounts', () => world.mounts().map(plain));
  if (before) named.before = before;
  named.began = began;
  return named;
}

/** A list that no expression names is never built. */
function lazily(on: Record<string, unknown>, name: string, get: () => unknown): void {
  Object.defineProperty(on, name, { enumerable: true, get });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const inDefault = (object: unknown) => (object as KubeObject).metadata.namespace === 'default';

/** The same lists, held as they are now. */
export function freeze(now: Lists): Lists {
  const { before: _, began: __, everywhere, ...named } = now;
  return { ...named, everywhere: { ...(everywhere as Lists) } };
}

/** Parsed once, evaluated often. */
export class Expressions {
  readonly #environment: Environment;
  readonly #parsed = new Map<string, (context: Lists) => unknown>();
  #world: Observation | undefined;

  constructor() {
    const world = () => this.#world!;
    this.#environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
      .registerFunction('quantity(string): double', (text: string) => toNumber(text))
      .registerFunction(
        'file(string, string): string',
        (host: string, path: string) => world().readText(host, path) ?? '',
      )
      .registerFunction('lines(string, string): list<string>', (host: string, path: string) =>
        (world().readText(host, path) ?? '').split('\n'),
      )
      .registerFunction(
        'exists(string, string): bool',
        (host: string, path: string) => world().fileType(host, path) !== undefined,
      )
      .registerFunction(
        'isDirectory(string, string): bool',
        (host: string, path: string) => world().fileType(host, path) === 'directory',
      )
      .registerFunction('entries(string, string): list<string>', (host: string, path: string) => [
        ...(world().entries(host, path) ?? []),
      ])
      .registerFunction(
        'creator(string, string): map',
        (host: string, path: string) => world().authors(host, path)?.creator ?? {},
      )
      .registerFunction(
        'writer(string, string): map',
        (host: string, path: string) => world().authors(host, path)?.writer ?? {},
      )
      .registerFunction('granted(string, string): map', (host: string, path: string) =>
        plain(world().granted(host, path) ?? { path: '', client: '', options: [] }),
      )
      .registerFunction('parsed(string, string): list', (host: string, path: string) =>
        world().parsed(host, path).map(plain),
      )
      .registerFunction('documents(string): list', (host: string) => world().documents(host).map(plain))
      .registerFunction('installed(string, string): bool', (host: string, name: string) =>
        world().installed(host, name),
      )
      .registerFunction('containerFiles(string): bool', (path: string) => world().inContainers(path));
  }

  /** Throws on a syntax error, an unknown function or types that do not fit, with caret and source line (for authors). */
  parse(source: string): void {
    const { valid, error } = this.#environment.check(source);
    if (!valid) throw error;
  }

  /** The value, or undefined where the state lacks something that the expression names. */
  evaluate(source: string, world: Observation, now: Lists): unknown {
    this.#world = world;
    try {
      return this.#compiled(source)(now);
    } catch (error) {
      if (error instanceof Error && error.name === 'ParseError') throw error;
      return undefined;
    } finally {
      this.#world = undefined;
    }
  }

  isTrue(source: string, world: Observation, now: Lists): boolean {
    return this.evaluate(source, world, now) === true;
  }

  #compiled(source: string): (context: Lists) => unknown {
    let parsed = this.#parsed.get(source);
    if (!parsed) {
      parsed = this.#environment.parse(source) as (context: Lists) => unknown;
      this.#parsed.set(source, parsed);
    }
    return parsed;
  }
}

const converted = new WeakMap<object, unknown>();

/** CEL's integers are BigInts; what a pod's row says is added where learners would look for it. */
function asCel(object: object, resource: ResourceName): unknown {
  let value = converted.get(object);
  if (value === undefined) {
    value = plain(object);
    if (resource === 'pods') {
      const pod = object as Pod;
      value = { ...(value as object), ready: podReady(pod), statusText: podStatusText(pod), owner: podWorkload(pod) };
    }
    converted.set(object, value);
  }
  return value;
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') {
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) if (item !== undefined) out[key] = plain(item);
    return out;
  }
  return value;
}
