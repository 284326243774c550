/** The API server as a request handler: routes a request, answers failures as Status objects. */

import { reportFault } from '../../sim/faults.ts';
import { authenticate } from '../authenticator/authenticate.ts';
import { authorize, authorizePath } from '../authorizer/rbac.ts';
import { failure, methodNotAllowed, unknownPath } from '../errors.ts';
import type { ApiRequest, ApiResponse, ApiServer, ExecSession, KubeletServer, PortForwardStream } from '../http.ts';
import { BODY_LIMIT } from '../http.ts';
import { StatusError } from '../object.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import { Kubelets } from '../storage/kubelets.ts';
import { answerVirtual, virtualResources } from '../storage/virtual.ts';
import { Discovery, listed } from './discovery.ts';
import { Encoder } from './encode.ts';
import { acceptedPlain } from './negotiation.ts';
import { OpenApi } from './openapi.ts';
import { patch } from './patch.ts';
import { answerPlain } from './plain.ts';
import { get, list } from './read.ts';
import { type Refusal, Refusals } from './refusals.ts';
import type { ResourcePath } from './request.ts';
import { flag, resourcePath } from './request.ts';
import { json, statusResponse, text, warningHeaders } from './response.ts';
import type { Context, Storage } from './subresources.ts';
import { subresource } from './subresources.ts';
import { watch } from './watch.ts';
import { del, deleteCollection, post, put } from './write.ts';

const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '$Format:%H$',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
};

type Handler = (context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath) => ApiResponse;

/** Verb and handler by method, for a collection and for one object. */
const OF_COLLECTION: Readonly<Record<string, readonly [verb: string, Handler]>> = {
  GET: ['list', list],
  POST: ['create', post],
  DELETE: ['deletecollection', deleteCollection],
};
const OF_OBJECT: Readonly<Record<string, readonly [verb: string, Handler]>> = {
  GET: ['get', get],
  PUT: ['update', put],
  PATCH: ['patch', patch],
  DELETE: ['delete', del],
};

export class Server implements ApiServer {
  readonly #registry: Registry;
  readonly #storages: Readonly<Record<string, Storage>>;
  readonly #encoder: Encoder;
  readonly #kubelets: Kubelets;
  readonly #refusals: Refusals;
  #discovery: Discovery;
  readonly #openApi: OpenApi;
  #served: readonly Endpoint[];

  constructor(registry: Registry, storages: Readonly<Record<string, Storage>>) {
    this.#registry = registry;
    this.#storages = storages;
    this.#encoder = new Encoder(registry.fields);
    this.#kubelets = new Kubelets(registry);
    this.#refusals = new Refusals(registry);
    this.#served = registry.endpoints;
    const resources = listedOf(registry);
    this.#discovery = new Discovery(resources);
    this.#openApi = new OpenApi(registry.clock, resources);
  }

  registerKubelet(node: string, server: KubeletServer | undefined): void {
    this.#kubelets.register(node, server);
  }

  handle(request: ApiRequest): ApiResponse {
    const warnings: string[] = [];
    try {
      const response = this.#route(request, (warning) => warnings.push(warning));
      if (warnings.length === 0) return response;
      return { ...response, headers: [...response.headers, ...warningHeaders(warnings)] };
    } catch (error) {
      if (!(error instanceof StatusError)) return panicked(request, error);
      this.#refusals.note(request, error.status);
      return failed(error, request, warningHeaders(warnings));
    }
  }

  get refusals(): readonly Refusal[] {
    return this.#refusals.list;
  }

  exec(request: ApiRequest): ExecSession | ApiResponse {
    return orPanicked(request, () => this.#refused(request) ?? this.#kubelets.exec(request));
  }

  portForward(request: ApiRequest, port: number): PortForwardStream | ApiResponse {
    return orPanicked(request, () => this.#refused(request) ?? this.#kubelets.portForward(request, port));
  }

  /** Streams are opened by those who may. */
  #refused(request: ApiRequest): ApiResponse | undefined {
    try {
      const path = resourcePath(request.path);
      if (path) authorize(this.#registry, authenticate(this.#registry, request), request, path);
      return undefined;
    } catch (error) {
      if (error instanceof StatusError) return failed(error, request, []);
      throw error;
    }
  }

  refusesPortForward(request: ApiRequest): ApiResponse | undefined {
    return orPanicked(request, () => this.#refused(request) ?? this.#kubelets.refusesPortForward(request));
  }

  /** What is told of the kinds served is told anew when they change. */
  #current(): Discovery {
    if (this.#served !== this.#registry.endpoints) {
      this.#served = this.#registry.endpoints;
      const resources = listedOf(this.#registry);
      this.#discovery = new Discovery(resources);
      this.#openApi.serve(resources);
    }
    return this.#discovery;
  }

  #route(request: ApiRequest, warn: (text: string) => void): ApiResponse {
    const { path } = request;
    const meant = resourcePath(path);
    if (!meant) return this.#nonResource(request);
    const context: Context = {
      registry: this.#registry,
      encoder: this.#encoder,
      kubelets: this.#kubelets,
      storages: this.#storages,
      user: authenticate(this.#registry, request),
      warn,
    };
    authorize(this.#registry, context.user, request, meant);
    const virtual = answerVirtual(context, request, meant);
    if (virtual) return virtual;
    const endpoint = this.#registry.at(meant.group, meant.version, meant.resource);
    // Nobody routes what is below a group that is not served.
    if (!endpoint && !this.#current().isTyped(meant.group)) return notFoundPage();
    if (!endpoint) throw unknownPath();
    if (endpoint.resource.namespaced && !meant.namespace && meant.name) throw unknownPath();
    return this.#resource(context, meant.watch ? watching(request) : request, endpoint, meant);
  }

  #nonResource(request: ApiRequest): ApiResponse {
    const { path, method } = request;
    const discovery = this.#current();
    authorizePath(this.#registry, authenticate(this.#registry, request), request);
    const plain = answerPlain(this.#registry, request);
    if (plain) return plain;
    if (path.startsWith('/openapi/')) return this.#openApi.answer(request) ?? notFoundPage();
    if (path === '/') return rootPaths(this.#registry);
    // What go-restful routes knows one method.
    if (/^\/(?:apis?|version)(?:\/|$)/.test(path) && method !== 'GET') throw methodNotAllowed();
    if (path === '/version' || path === '/version/') return json(200, VERSION, acceptedPlain(request));
    return discovery.answer(request) ?? notFoundPage();
  }

  #resource(context: Context, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
    deprecation(context, endpoint);
    limitBody(request);
    if (path.subresource) return subresource(context, request, endpoint, path);
    // Only the old form watches one object by its path; a `watch` beside a name means nothing.
    const watched = path.watch || (!path.name && flag(request, 'watch'));
    if (request.method === 'GET' && watched) return watch(context, request, endpoint, path);
    const entry = (path.name ? OF_OBJECT : OF_COLLECTION)[request.method];
    const { resource } = endpoint;
    if (!entry || (resource.verbs && !resource.verbs.includes(entry[0]))) throw methodNotAllowed();
    if (request.method === 'POST' && resource.namespaced && !path.namespace) throw methodNotAllowed();
    return entry[1](context, request, endpoint, path);
  }
}

/** Three bytes are the most that a character of a string takes, so a short one need not be counted. */
function limitBody({ body = '' }: ApiRequest): void {
  if (body.length * 3 <= BODY_LIMIT || new TextEncoder().encode(body).length <= BODY_LIMIT) return;
  throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${BODY_LIMIT}`);
}

function deprecation({ warn }: Context, { resource }: Endpoint): void {
  if (resource.deprecated) warn(resource.deprecated);
}

/** Errors are negotiated too: who takes nothing plain is told that instead (responsewriters.ErrorNegotiated). */
function failed(error: StatusError, request: ApiRequest, headers: ApiResponse['headers']): ApiResponse {
  try {
    return statusResponse(error.status, acceptedPlain(request), headers);
  } catch (worse) {
    if (worse instanceof StatusError) return statusResponse(worse.status, undefined, headers);
    throw worse;
  }
}

/** One request's fault is its own answer (apiserver pkg/server/filters/wrap.go, WithPanicRecovery). */
function panicked({ method, path }: ApiRequest, error: unknown): ApiResponse {
  reportFault(`${method} ${path}`, error);
  return text(500, 'This request caused apiserver to panic. Look in the logs for details.\n');
}

function orPanicked<T>(request: ApiRequest, answer: () => T): T | ApiResponse {
  try {
    return answer();
  } catch (error) {
    return panicked(request, error);
  }
}

const watching = (request: ApiRequest): ApiRequest => ({ ...request, query: [...request.query, ['watch', '1']] });

/** http.NotFound. */
function notFoundPage(): ApiResponse {
  const page = text(404, '404 page not found\n');
  return { ...page, headers: [...page.headers, ['x-content-type-options', 'nosniff']] };
}

const listedOf = ({ endpoints }: Registry) => [...endpoints.map(listed), ...virtualResources];

function rootPaths({ endpoints }: Registry): ApiResponse {
  const versions = [...new Set(endpoints.map(({ apiVersion }) => apiVersion))].filter((version) =>
    version.includes('/'),
  );
  const groups = [...new Set(versions.map((version) => version.split('/')[0]!))];
  const paths = [
    '/api',
    '/api/v1',
    '/apis',
    ...groups.map((group) => `/apis/${group}`),
    ...versions.map((version) => `/apis/${version}`),
  ];
  return json(200, {
    paths: [...paths, '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'].sort(),
  });
}
