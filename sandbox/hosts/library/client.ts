/** A typed client over the API server's fetch: it learns from discovery which resources there are, custom ones among them. */

import type { Status } from '../../api/object.ts';
import { UsageError } from './errors.ts';
import type { AnyResource, ApiClient, Fetch, Given, ObjectOf, Selection, WatchEvent } from './types.ts';

/** How the API server refused: `status` as `kubectl -v8` shows it, `code` and `reason` of it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;
  readonly code: number;
  readonly reason: string;

  constructor(status: Status, code: number) {
    super(status.message ?? status.reason ?? `the API server answered ${code}`);
    this.status = status;
    this.code = status.code ?? code;
    this.reason = status.reason ?? '';
  }
}

interface Served {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Of all its objects: `/api/v1`, `/apis/apps/v1`. */
  readonly root: string;
  readonly name: string;
}

/** apidiscovery.k8s.io/v2, as far as it is read here. */
interface DiscoveryList {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: 'Namespaced' | 'Cluster';
        readonly responseKind?: { readonly kind: string };
      }[];
    }[];
  }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const JSON_TYPE = { 'content-type': 'application/json' };

export class FetchClient implements ApiClient {
  readonly #fetch: Fetch;
  #served = new Map<string, Served>();

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async get<R extends AnyResource>(resource: R, namespace: string, name: string): Promise<ObjectOf<R> | undefined> {
    return this.#unlessMissing(this.#ask<ObjectOf<R>>('GET', await this.#path(resource, namespace, name)));
  }

  async list<R extends AnyResource>(
    resource: R,
    namespace = '',
    selection: Selection = {},
  ): Promise<readonly ObjectOf<R>[]> {
    const { apiVersion, kind } = await this.#find(resource);
    const path = await this.#path(resource, namespace);
    const { items } = await this.#ask<{ items: ObjectOf<R>[] }>(
      'GET',
      `${path}?${new URLSearchParams({ ...selection })}`,
    );
    // In a list the items do not say what they are (apimachinery, EachListItem).
    return items.map((item) => Object.assign({ apiVersion, kind }, item));
  }

  async create<R extends AnyResource>(resource: R, namespace: string, object: Given): Promise<ObjectOf<R>> {
    return this.#ask('POST', await this.#path(resource, namespace), await this.#whole(resource, object));
  }

  async update<R extends AnyResource>(resource: R, object: ObjectOf<R>, subresource?: string): Promise<ObjectOf<R>> {
    const { namespace = '', name } = object.metadata;
    return this.#ask(
      'PUT',
      await this.#path(resource, namespace, name, subresource),
      await this.#whole(resource, object),
    );
  }

  async patch<R extends AnyResource>(
    resource: R,
    namespace: string,
    name: string,
    patch: object,
    subresource?: string,
  ): Promise<ObjectOf<R>> {
    const type = Array.isArray(patch) ? 'application/json-patch+json' : 'application/merge-patch+json';
    const path = await this.#path(resource, namespace, name, subresource);
    return this.#ask('PATCH', path, patch, { 'content-type': type });
  }

  async delete<R extends AnyResource>(resource: R, namespace: string, name: string): Promise<void> {
    await this.#unlessMissing(this.#ask('DELETE', await this.#path(resource, namespace, name)));
  }

  async *watch<R extends AnyResource>(
    resource: R,
    namespace = '',
    selection: Selection = {},
  ): AsyncGenerator<WatchEvent<ObjectOf<R>>, void, undefined> {
    const query = new URLSearchParams({ ...selection, watch: 'true' });
    const response = await this.#answer('GET', `${await this.#path(resource, namespace)}?${query}`);
    const reader = response.body!.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        rest += decoder.decode(next.value, { stream: true });
        const lines = rest.split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
    } finally {
      await reader.cancel();
    }
  }

  async #path(resource: string, namespace: string, name?: string, subresource?: string): Promise<string> {
    const { root, namespaced, name: plural } = await this.#find(resource);
    if (!namespaced && namespace) throw new UsageError(`${resource} are of no namespace: say ''`);
    if (namespaced && !namespace && name !== undefined)
      throw new UsageError(`${resource} are of a namespace: say which`);
    const parts = [
      namespaced && namespace ? ['namespaces', namespace] : [],
      plural,
      name ?? [],
      subresource ?? [],
    ].flat();
    return [root, ...parts.map(encodeURIComponent)].join('/');
  }

  async #whole(resource: string, object: object): Promise<object> {
    const { apiVersion, kind } = await this.#find(resource);
    return { apiVersion, kind, ...object };
  }

  /** A kind may have come since it was last asked. */
  async #find(resource: string): Promise<Served> {
    const found = this.#served.get(resource) ?? (await this.#discover()).get(resource);
    if (!found) throw new UsageError(`the server has no resource "${resource}" (kubectl api-resources lists them)`);
    return found;
  }

  async #discover(): Promise<Map<string, Served>> {
    const served = new Map<string, Served>();
    for (const path of ['/api', '/apis']) {
      const { items } = await this.#ask<DiscoveryList>('GET', path, undefined, { accept: AGGREGATED });
      for (const { metadata, versions } of items) {
        const group = metadata?.name ?? '';
        for (const { version, resources = [] } of versions) {
          const apiVersion = group === '' ? version : `${group}/${version}`;
          for (const { resource, scope, responseKind } of resources) {
            const one = {
              apiVersion,
              kind: responseKind?.kind ?? '',
              namespaced: scope === 'Namespaced',
              root: `${path}/${apiVersion}`,
              name: resource,
            };
            // Of two groups the first named has the plain name, of two versions the preferred one, which comes first.
            for (const name of [resource, `${resource}.${group}`]) if (!served.has(name)) served.set(name, one);
          }
        }
      }
    }
    this.#served = served;
    return served;
  }

  async #ask<T>(method: string, path: string, body?: object, headers: Record<string, string> = JSON_TYPE): Promise<T> {
    const response = await this.#answer(method, path, body, headers);
    return (await response.json()) as T;
  }

  async #answer(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.#fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (response.ok) return response;
    throw new ApiError(await statusOf(response), response.status);
  }

  async #unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'NotFound') return undefined;
      throw error;
    }
  }
}

/** What comes before the API's handlers answers in plain text. */
async function statusOf(response: Response): Promise<Status> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Status;
  } catch {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: text.trim(),
      code: response.status,
    };
  }
}
