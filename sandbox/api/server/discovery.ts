/** Discovery, legacy and aggregated: which groups, versions and resources there are (apiserver pkg/endpoints/discovery). */

import { compareVersions } from '../apiextensions/versions.ts';
import { unknownPath } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { Resource, Subresource } from '../resource.ts';
import type { Accepted } from './negotiation.ts';
import { acceptedDiscovery, acceptedPlain } from './negotiation.ts';
import { json, jsonText } from './response.ts';
import { storageVersionHash } from './storage-version-hash.ts';

/** The order in which the API server installs its groups. */
const GROUP_ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A resource as discovery lists it: those of the registry, and those that are only answered (reviews, bindings). */
export interface Listed {
  readonly group: string;
  readonly version: string;
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** The version in which it is stored; undefined for what is only answered. */
  readonly stored: Pick<Resource, 'group' | 'version' | 'kind'> | undefined;
  readonly subresources: Readonly<Record<string, Pick<Subresource, 'kind' | 'group' | 'version' | 'verbs'>>>;
  readonly unstructured?: boolean;
  readonly openApi?: Resource['openApi'];
}

export const listed = ({ resource, stored }: Endpoint): Listed => ({
  group: resource.group,
  version: resource.version,
  name: resource.name,
  singular: resource.singular,
  kind: resource.kind,
  namespaced: resource.namespaced,
  verbs: resource.verbs ?? ALL_VERBS,
  ...(resource.shortNames && { shortNames: resource.shortNames }),
  ...(resource.categories && { categories: resource.categories }),
  stored,
  subresources: resource.subresources ?? {},
  ...(resource.unstructured && { unstructured: true }),
  ...(resource.openApi && { openApi: resource.openApi }),
});

interface Group {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

export class Discovery {
  readonly #resources: readonly Listed[];
  readonly #groups: readonly Group[];

  constructor(resources: readonly Listed[]) {
    this.#resources = resources.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const names = [...new Set(resources.map(({ group }) => group))];
    this.#groups = names
      .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map((name) => ({
        name,
        versions: [...new Set(resources.filter(({ group }) => group === name).map(({ version }) => version))].sort(
          (a, b) => compareVersions(b, a),
        ),
      }));
  }

  /** Answers /api, /apis and what is below them, short of resources; undefined for other paths. */
  answer(request: ApiRequest): ApiResponse | undefined {
    const parts = request.path.split('/').filter((part) => part !== '');
    const [root, ...rest] = parts;
    if (root === 'api' && rest.length === 0) return this.#legacyRoot(request);
    if (root === 'api' && rest.length === 1) return this.#resourceList('', rest[0]!, acceptedPlain(request));
    if (root !== 'apis') return undefined;
    if (rest.length === 0) return this.#groupsRoot(request);
    if (rest.length === 1) return this.#group(rest[0]!, acceptedPlain(request));
    if (!this.has(rest[0]!) || (rest.length === 2 && !this.#answers(rest[0]!, rest[1]!))) return undefined;
    return rest.length === 2 ? this.#resourceList(rest[0]!, rest[1]!, acceptedPlain(request)) : undefined;
  }

  #legacyRoot(request: ApiRequest): ApiResponse {
    const accept = acceptedDiscovery(request);
    if (accept.as === 'APIGroupDiscoveryList') return jsonText(200, this.#core(), accept);
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: '192.168.120.231:6443' }];
    return json(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs }, accept);
  }

  #groupsRoot(request: ApiRequest): ApiResponse {
    const accept = acceptedDiscovery(request);
    const named = this.#groups.filter(({ name }) => name !== '');
    if (accept.as === 'APIGroupDiscoveryList') return jsonText(200, this.#named(), accept);
    return json(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(describeGroup) }, accept);
  }

  has(group: string): boolean {
    return this.#groups.some(({ name }) => name === group);
  }

  /** A group of kinds that were built in; below others nothing answers but what is there. */
  isTyped(group: string): boolean {
    return this.#resources.some((each) => each.group === group && !each.unstructured);
  }

  #group(name: string, accept: Accepted): ApiResponse | undefined {
    const group = this.#groups.find((each) => each.name === name);
    if (!group) return undefined;
    return json(200, { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) }, accept);
  }

  /** A version that is not there is an error of a built-in group's, and nothing of another's. */
  #answers(group: string, version: string): boolean {
    return this.isTyped(group) || this.#of(group, version).length > 0;
  }

  #of(group: string, version: string): readonly Listed[] {
    return this.#resources.filter((each) => each.group === group && each.version === version);
  }

  #resourceList(group: string, version: string, accept: Accepted): ApiResponse {
    const resources = this.#of(group, version);
    if (resources.length === 0) throw unknownPath();
    const list = {
      kind: 'APIResourceList',
      ...(group && { apiVersion: 'v1' }),
      groupVersion: group ? `${group}/${version}` : version,
      resources: resources.flatMap(legacy),
    };
    return json(200, list, accept);
  }

  readonly #core = once(() => this.#aggregated(({ name }) => name === ''));
  readonly #named = once(() => this.#aggregated(({ name }) => name !== ''));

  #aggregated(served: (group: Group) => boolean): string {
    return JSON.stringify({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: this.#groups.filter(served).map(({ name, versions }) => ({
        metadata: name ? { name } : {},
        versions: versions.map((version) => ({
          version,
          resources: this.#of(name, version).map(aggregated),
          freshness: 'Current',
        })),
      })),
    });
  }
}

/** What is served never changes: it is written when first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const rank = (group: string): number => {
  const at = GROUP_ORDER.indexOf(group);
  return at < 0 ? GROUP_ORDER.length : at;
};

function describeGroup({ name, versions }: Group): object {
  const described = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: described, preferredVersion: described[0] };
}

const subresourcesOf = ({ subresources, unstructured }: Listed) =>
  unstructured ? Object.entries(subresources) : Object.entries(subresources).sort(([a], [b]) => (a < b ? -1 : 1));

function legacy(resource: Listed): readonly object[] {
  const { name, singular, namespaced, kind, verbs, shortNames, categories, stored } = resource;
  const main = {
    name,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(stored && { storageVersionHash: storageVersionHash(stored.group, stored.version, stored.kind) }),
  };
  const subs = subresourcesOf(resource).map(
    ([sub, { kind: subKind, group: subGroup, version: subVersion, verbs: subVerbs }]) => ({
      name: `${name}/${sub}`,
      singularName: '',
      namespaced,
      ...(subGroup && { group: subGroup }),
      ...(subVersion && { version: subVersion }),
      kind: subKind,
      verbs: subVerbs,
    }),
  );
  return [main, ...subs];
}

function aggregated(resource: Listed): object {
  const { name, singular, namespaced, kind, verbs, shortNames, categories, unstructured } = resource;
  const own = unstructured ? { group: resource.group, version: resource.version } : { group: '', version: '' };
  const subs = subresourcesOf(resource).map(
    ([sub, { kind: subKind, group = own.group, version = own.version, verbs: subVerbs }]) => ({
      subresource: sub,
      responseKind: { group, version, kind: subKind },
      verbs: subVerbs,
    }),
  );
  return {
    resource: name,
    responseKind: { ...own, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(subs.length > 0 && { subresources: subs }),
  };
}
