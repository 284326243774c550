/** The last writes that the API server refused to those who asked over HTTP, and why they were asked for. */

import type { Cause } from '../../sim/cause.ts';
import type { ApiRequest } from '../http.ts';
import type { Status } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import { resourcePath } from './request.ts';

export interface Refusal {
  readonly at: number;
  readonly because: Cause;
  readonly kind: string;
  /** '' where it cannot be told. */
  readonly name: string;
  /** `POST /api/v1/namespaces/default/pods`. */
  readonly request: string;
  readonly message: string;
}

const KEPT = 32;

/** Writes that were refused to somebody, the last of them. */
export class Refusals {
  readonly #registry: Registry;
  #list: readonly Refusal[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get list(): readonly Refusal[] {
    return this.#list;
  }

  note({ method, path, body }: ApiRequest, { message = '' }: Status): void {
    const { now: at, cause: because } = this.#registry.clock;
    const meant = method === 'GET' || !because ? undefined : resourcePath(path);
    if (!meant || !because) return;
    const kind = this.#registry.at(meant.group, meant.version, meant.resource)?.resource.kind ?? '';
    const name = meant.name || nameIn(body);
    this.#list = [...this.#list.slice(1 - KEPT), { at, because, kind, name, request: `${method} ${path}`, message }];
  }
}

/** Of what was to be created; kubectl sends JSON. */
function nameIn(body = ''): string {
  try {
    const { metadata } = JSON.parse(body) as { metadata?: { name?: unknown } };
    return typeof metadata?.name === 'string' ? metadata.name : '';
  } catch {
    return '';
  }
}
