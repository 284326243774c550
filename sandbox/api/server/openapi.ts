/** /openapi/v3 and /openapi/v2, as far as kubectl asks: schemas to validate with and explain, and which writes take fieldValidation. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Channel } from '../../sim/channel.ts';
import type { Clock } from '../../sim/clock.ts';
import { own } from '../../sim/own.ts';
import { part } from '../../sim/parts.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Schema } from '../resource.ts';
import { definition } from '../schema/schemas.ts';
import type { Listed } from './discovery.ts';
import { rootDocument, rootDocuments } from './openapi-roots.ts';
import { swagger } from './openapi-v2.ts';
import { text } from './response.ts';

const VERSION = 'v1.36.2';

const loadDescriptions = part('api/descriptions', () => import('../schema/generated/descriptions.ts'));

type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

export class OpenApi {
  readonly #clock: Clock;
  #resources: readonly Listed[];
  #descriptions: Descriptions | undefined;
  readonly #documents = new Map<string, string>();

  constructor(clock: Clock, resources: readonly Listed[]) {
    this.#clock = clock;
    this.#resources = resources;
  }

  serve(resources: readonly Listed[]): void {
    this.#resources = resources;
    this.#documents.clear();
  }

  answer({ path }: ApiRequest): ApiResponse | undefined {
    if (path === '/openapi/v3')
      return text(
        200,
        this.#rendered(path, () => this.#index()),
        'application/json',
      );
    if (path === '/openapi/v2')
      return text(
        200,
        this.#rendered(path, () => this.#swagger()),
        'application/json',
      );
    const root = own(this.#roots(), path.slice('/openapi/v3/'.length));
    if (root && path.startsWith('/openapi/v3/')) {
      return text(200, JSON.stringify(rootDocument(root, VERSION)), 'application/json');
    }
    const version = /^\/openapi\/v3\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))$/.exec(path);
    const groupVersion = version?.[1] ?? version?.[2];
    if (!groupVersion || this.#of(groupVersion).length === 0) return undefined;
    return this.#document(groupVersion);
  }

  /** Rendered when it is first asked for, until something else is served. */
  #rendered(name: string, make: () => object): string {
    let rendered = this.#documents.get(name);
    if (rendered === undefined) {
      rendered = JSON.stringify(make());
      this.#documents.set(name, rendered);
    }
    return rendered;
  }

  /** Without texts: who explains asks for version 3. */
  #swagger(): object {
    const versions = [...new Set(this.#resources.map(apiVersionOf))].sort();
    return swagger(
      versions.map((version) => document(version, this.#of(version), {})),
      VERSION,
    );
  }

  #of(groupVersion: string): readonly Listed[] {
    return this.#resources.filter((resource) => apiVersionOf(resource) === groupVersion);
  }

  #index(): object {
    const versions = [...new Set(this.#resources.map(apiVersionOf))];
    const paths = versions.map((version) => (version.includes('/') ? `apis/${version}` : `api/${version}`));
    const entries = [...paths, ...Object.keys(this.#roots())]
      .sort()
      .map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash(path + this.#made(path))}` }]);
    return { paths: Object.fromEntries(entries) };
  }

  /** What of a document can change while the server runs. */
  #made(path: string): string {
    const made = this.#of(path.replace(/^apis\//, '')).flatMap(({ openApi }) => (openApi ? [openApi] : []));
    return made.length > 0 ? JSON.stringify(made) : '';
  }

  #roots() {
    const typed = this.#resources.filter(({ group, unstructured }) => group !== '' && !unstructured);
    return rootDocuments([...new Set(typed.map(({ group }) => group))]);
  }

  /** The texts of a document are loaded when the first one is asked for; the world waits meanwhile. */
  #document(groupVersion: string): ApiResponse {
    if (this.#descriptions) return text(200, this.#render(groupVersion), 'application/json');
    const body = new Channel<string>();
    const release = this.#clock.hold();
    loadDescriptions().then(
      ({ json }) => {
        this.#descriptions = JSON.parse(json) as Descriptions;
        body.push(this.#render(groupVersion));
        body.close();
        release();
      },
      () => {
        body.close();
        release();
      },
    );
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }

  #render(groupVersion: string): string {
    return this.#rendered(groupVersion, () => document(groupVersion, this.#of(groupVersion), this.#descriptions!));
  }
}

const apiVersionOf = ({ group, version }: Listed): string => (group ? `${group}/${version}` : version);

const hash = (value: string): string => bytesToHex(sha256(new TextEncoder().encode(value))).toUpperCase();

function document(groupVersion: string, resources: readonly Listed[], descriptions: Descriptions): object {
  const schemas: Record<string, object> = {};
  const paths: Record<string, object> = {};
  for (const resource of resources) {
    const name = schemaName(resource);
    if (resource.openApi) {
      collect(OBJECT_META, schemas, descriptions);
      schemas[name] = resource.openApi.schema;
    } else if (definition(name).properties) collect(name, schemas, descriptions);
    else continue;
    const gvk = { group: resource.group, kind: resource.kind, version: resource.version };
    schemas[name] = { ...schemas[name], 'x-kubernetes-group-version-kind': [gvk] };
    Object.assign(paths, pathsOf(resource, gvk));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: VERSION },
    paths,
    components: { schemas },
    groupVersion,
  };
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const APIEXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions';

/** `storage.k8s.io/v1 StorageClass` is io.k8s.api.storage.v1.StorageClass. */
const schemaName = ({ group, version, kind, openApi }: Listed): string => {
  if (openApi) return openApi.name;
  if (group === 'apiextensions.k8s.io') return `${APIEXTENSIONS}.${version}.${kind}`;
  const short = group === '' ? 'core' : group.split('.')[0];
  return `io.k8s.api.${short}.${version}.${kind}`;
};

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function collect(name: string, into: Record<string, object>, descriptions: Descriptions): void {
  if (into[name]) return;
  into[name] = {};
  const texts = descriptions[name] ?? {};
  const schema = definition(name);
  const visit = (target: string) => collect(target, into, descriptions);
  into[name] = {
    ...(texts[''] && { description: texts[''] }),
    ...(Object.keys(schema).length === 0
      ? { oneOf: [{ type: 'string' }, { type: 'number' }] }
      : convert(schema, visit, texts)),
  };
}

function convert(schema: Schema, visit: (name: string) => void, texts: Readonly<Record<string, string>> = {}): object {
  if (schema.ref) {
    visit(schema.ref);
    return { ...extensions(schema), allOf: [ref(schema.ref)] };
  }
  if (schema.intOrString) return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
  const { type, format, required, items, additionalProperties, properties } = schema;
  return {
    ...(type && { type }),
    ...(format && { format }),
    ...(required && { required }),
    ...(schema.enum && { enum: schema.enum }),
    ...(items && { items: inner(items, visit) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: inner(additionalProperties, visit) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, property]) => [
            name,
            { ...(texts[name] && { description: texts[name] }), ...convert(property, visit) },
          ]),
      ),
    }),
    ...extensions(schema),
  };
}

function inner(schema: Schema, visit: (name: string) => void): object {
  if (!schema.ref) return convert(schema, visit);
  visit(schema.ref);
  return ref(schema.ref);
}

const extensions = (schema: Schema): object => ({
  ...(schema.listMapKeys && { 'x-kubernetes-list-map-keys': schema.listMapKeys }),
  ...(schema.listType && { 'x-kubernetes-list-type': schema.listType }),
  ...(schema.mapType && { 'x-kubernetes-map-type': schema.mapType }),
  ...(schema.patchMergeKey && { 'x-kubernetes-patch-merge-key': schema.patchMergeKey }),
  ...(schema.patchStrategy && { 'x-kubernetes-patch-strategy': schema.patchStrategy }),
});

type Gvk = { readonly group: string; readonly kind: string; readonly version: string };

/** The operations kubectl looks for: that PATCH takes fieldValidation and dryRun (resource.QueryParamVerifierV3). */
function pathsOf(resource: Listed, gvk: Gvk): Record<string, object> {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const collection = resource.namespaced
    ? `${root}/namespaces/{namespace}/${resource.name}`
    : `${root}/${resource.name}`;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const operation = (action: string) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    parameters,
  });
  const has = (verb: string) => resource.verbs.includes(verb);
  return {
    ...(has('create') && { [collection]: { post: operation('post') } }),
    ...(has('patch') && {
      [`${collection}/{name}`]: {
        ...(has('get') && { get: { 'x-kubernetes-action': 'get', 'x-kubernetes-group-version-kind': gvk } }),
        put: operation('put'),
        patch: operation('patch'),
        delete: operation('delete'),
      },
    }),
  };
}
