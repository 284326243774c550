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
  /** '' where the answer names none. */
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

  note({ method, path }: ApiRequest, { message = '', details }: Status): void {
    const { now: at, cause: because } = this.#registry.clock;
    const meant = method === 'GET' || !because ? undefined : resourcePath(path);
    if (!meant || !because) return;
    const kind = this.#registry.at(meant.group, meant.version, meant.resource)?.resource.kind ?? '';
    const name = details?.name || meant.name;
    this.#list = [...this.#list.slice(1 - KEPT), { at, because, kind, name, request: `${method} ${path}`, message }];
  }
}
