/** CEL over the observed world: the named lists and the functions that lessons may use. */

import { Environment } from '@marcbachmann/cel-js';
import { toNumber } from '../api/quantity.ts';
import type { Pod, ResourceName } from '../api/types.ts';
import type { Observation } from './observation.ts';
import { podReady, podStatusText, podWorkload } from './pods.ts';

/** Names of the lists; short where kubectl's short name is what people say. */
const LISTS = {
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

/** The lists now, and under `before` those of the step's beginning. Objects are immutable, so keeping them costs nothing. */
export function lists(world: Observation, before?: Lists): Lists {
  const named: Record<string, unknown> = {};
  for (const [name, resource] of Object.entries(LISTS)) {
    // Getters: a list that no expression names is never built.
    let built: unknown[] | undefined;
    Object.defineProperty(named, name, {
      enumerable: true,
      get: () => {
        built ??= world.list(resource).map((object) => asCel(object, resource));
        return built;
      },
    });
  }
  Object.defineProperty(named, 'exports', { enumerable: true, get: () => world.exports().map(plain) });
  Object.defineProperty(named, 'mounts', { enumerable: true, get: () => world.mounts().map(plain) });
  if (before) Object.defineProperty(named, 'before', { enumerable: true, value: before });
  return named;
}

/** The same lists, held as they are now. */
export function freeze(now: Lists): Lists {
  return Object.fromEntries(Object.entries(now));
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
      .registerFunction('installed(string, string): bool', (host: string, name: string) =>
        world().installed(host, name),
      )
      .registerFunction('containerFiles(string): bool', (path: string) => world().inContainers(path));
  }

  /** Throws on a syntax error, with caret and source line (for authors). */
  parse(source: string): void {
    this.#compiled(source);
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
