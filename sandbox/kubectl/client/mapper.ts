/** What the server serves, and which resource a word of the command line means (client-go restmapper, cli-runtime builder.go mappingFor). */

import type { Task } from '../../sim/task.ts';
import { ApiError, NoKindMatch } from '../cli/errors.ts';
import { quote } from '../text.ts';
import type { ApiClient } from './client.ts';

/** A resource and the kind it serves (meta.RESTMapping). */
export interface Mapping {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version;
/** `deployments.apps`, `pods`. */
export const groupResource = ({ group, resource }: Mapping): string => (group ? `${resource}.${group}` : resource);
/** GroupVersionResource.String(): `/v1, Resource=pods`. */
export const gvrText = (m: Mapping): string => `${m.group}/${m.version}, Resource=${m.resource}`;
export const gvkText = (m: Mapping): string => `${m.group}/${m.version}, Kind=${m.kind}`;
/** What stands before the name: `pod`, `deployment.apps`. */
export const kindWithGroup = (m: Mapping): string =>
  m.group ? `${m.kind.toLowerCase()}.${m.group}` : m.kind.toLowerCase();

const rootPath = (m: { group: string; version: string }): string =>
  m.group ? `/apis/${m.group}/${m.version}` : `/api/${m.version}`;

/** The path of a collection, or of one object in it. */
export function resourcePath(m: Mapping, namespace: string, name = '', subresource = ''): string {
  const scope = m.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${rootPath(m)}${scope}/${m.resource}${name ? `/${encodeURIComponent(name)}` : ''}${subresource ? `/${subresource}` : ''}`;
}

export interface GroupVersions {
  readonly name: string;
  /** Preferred first. */
  readonly versions: readonly string[];
}

/** What a command asks for resources. */
export interface Mapper {
  readonly groups: readonly GroupVersions[];
  /** In order of preference: the core group first, a group's preferred version first. */
  readonly resources: readonly Mapping[];
  /** `pods`, `po`, `deploy.apps`, `deployments.v1.apps`, `Pod`. Throws what kubectl says of an unknown one. */
  find(word: string): Mapping;
  /** The resource of a manifest's kind; the lower-case kind is known too. Throws NoKindMatch. */
  forKind(apiVersion: string, kind: string): Mapping;
  /** The resources of a category (`all`), as `name.group`. */
  category(name: string): readonly string[];
}

export class DiscoveredMapper implements Mapper {
  readonly groups: readonly GroupVersions[];
  readonly resources: readonly Mapping[];

  constructor(groups: readonly GroupVersions[], resources: readonly Mapping[]) {
    this.groups = groups;
    this.resources = resources;
  }

  /** A short name may be another's too: `warn` is told whose. */
  find(word: string, warn?: (text: string) => void): Mapping {
    const { resource, version, group, partial } = parseResourceWord(word);
    const found =
      (version && this.#byResource(resource, group, version)) ||
      this.#byResource(partial.resource, partial.group, '', warn) ||
      this.#byKind(resource, group, version) ||
      this.#byKind(partial.resource, partial.group, '');
    if (!found) throw new Error(`the server doesn't have a resource type ${quote(partial.resource)}`);
    return found;
  }

  forKind(apiVersion: string, kind: string): Mapping {
    const [group, version] = splitApiVersion(apiVersion);
    const found = this.resources.find(
      (m) => m.group === group && m.version === version && (m.kind === kind || m.kind.toLowerCase() === kind),
    );
    if (!found) throw new NoKindMatch(kind, apiVersion);
    return found;
  }

  category(name: string): readonly string[] {
    return [...new Set(this.resources.filter((m) => m.categories.includes(name)).map(groupResource))];
  }

  #byResource(given: string, group: string, version = '', warn?: (text: string) => void): Mapping | undefined {
    const word = given.toLowerCase();
    const fits = (m: Mapping) =>
      (!group || (version ? m.group === group : m.group.startsWith(group))) && (!version || m.version === version);
    const candidates = this.resources.filter(fits);
    return (
      candidates.find((m) => (m.resource === word || m.singular === word) && (!group || m.group === group)) ??
      candidates.find((m) => m.resource === word || m.singular === word) ??
      shortNamed(given, candidates, warn)
    );
  }

  #byKind(kind: string, group: string, version: string): Mapping | undefined {
    return this.resources.find(
      (m) =>
        (m.kind === kind || m.kind.toLowerCase() === kind) && m.group === group && (!version || m.version === version),
    );
  }
}

/** expandResourceShortcut: the first that has the name, and a word on those that have it too. */
function shortNamed(
  name: string,
  candidates: readonly Mapping[],
  warn: ((text: string) => void) | undefined,
): Mapping | undefined {
  const [first, ...others] = candidates.filter((m) => m.shortNames.includes(name));
  if (!first) return undefined;
  for (const other of new Set(others.map(groupResource)))
    if (other !== groupResource(first))
      warn?.(`short name ${quote(name)} could also match lower priority resource ${other}`);
  return first;
}

/** What was known before is believed until something is not found in it: then it is what the server says now. */
export class RememberingMapper implements Mapper {
  readonly #now: DiscoveredMapper;
  readonly #warn: (text: string) => void;
  #believed: DiscoveredMapper;

  constructor(before: DiscoveredMapper | undefined, now: DiscoveredMapper, warn: (text: string) => void) {
    this.#believed = before ?? now;
    this.#now = now;
    this.#warn = warn;
  }

  /** To be remembered anew. */
  get isRenewed(): boolean {
    return this.#believed === this.#now;
  }

  get groups(): readonly GroupVersions[] {
    return this.#believed.groups;
  }

  get resources(): readonly Mapping[] {
    return this.#believed.resources;
  }

  /** Invalidate. */
  renew(): void {
    this.#believed = this.#now;
  }

  find(word: string): Mapping {
    return this.#ask((mapper) => mapper.find(word, this.#warn));
  }

  forKind(apiVersion: string, kind: string): Mapping {
    return this.#ask((mapper) => mapper.forKind(apiVersion, kind));
  }

  category(name: string): readonly string[] {
    return this.#believed.category(name);
  }

  #ask(question: (mapper: DiscoveredMapper) => Mapping): Mapping {
    try {
      return question(this.#believed);
    } catch (error) {
      if (this.isRenewed) throw error;
      this.renew();
      return question(this.#believed);
    }
  }
}

export function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** schema.ParseResourceArg: `a.b.c` may be resource.version.group; `a.b` is resource.group. */
function parseResourceWord(word: string): {
  resource: string;
  version: string;
  group: string;
  partial: { resource: string; group: string };
} {
  const [resource = '', ...rest] = word.split('.');
  const full =
    rest.length >= 2 ? { version: rest[0]!, group: rest.slice(1).join('.') } : { version: '', group: rest.join('.') };
  return { resource, ...full, partial: { resource, group: rest.join('.') } };
}

interface DiscoveredResource {
  resource: string;
  responseKind?: { group: string; version: string; kind: string };
  scope: string;
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: { subresource: string }[];
}

interface AggregatedDiscovery {
  kind: string;
  items: { metadata: { name?: string }; versions?: { version: string; resources?: DiscoveredResource[] }[] }[];
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** The last answers, parsed: discovery seldom changes between two commands. */
let cached: { readonly core: string; readonly groups: string; readonly mapper: DiscoveredMapper } | undefined;

/** Aggregated discovery (two requests), or the old kind from servers that know no other. */
export function* discover(client: ApiClient): Task<DiscoveredMapper> {
  const options = { accept: AGGREGATED, query: [['timeout', '32s']] as const, quiet: true };
  const core = yield* client.text('GET', '/api', options);
  const groups = yield* client.text('GET', '/apis', options);
  if (cached?.core === core && cached.groups === groups) return cached.mapper;
  const parsed = [core, groups].map((text) => JSON.parse(text) as AggregatedDiscovery);
  if (parsed.some(({ kind }) => kind !== 'APIGroupDiscoveryList')) return yield* legacyDiscovery(client, core, groups);
  const mapper = fromAggregated(parsed);
  cached = { core, groups, mapper };
  return mapper;
}

function fromAggregated(parsed: readonly AggregatedDiscovery[]): DiscoveredMapper {
  const groups: GroupVersions[] = [];
  const resources: Mapping[] = [];
  for (const { items } of parsed) {
    for (const { metadata, versions = [] } of items) {
      const group = metadata.name ?? '';
      groups.push({ name: group, versions: versions.map((v) => v.version) });
      for (const { version, resources: list = [] } of versions)
        for (const r of list) resources.push(mappingOf(group, version, r));
    }
  }
  return new DiscoveredMapper(groups, resources);
}

const mappingOf = (group: string, version: string, r: DiscoveredResource): Mapping => ({
  group: r.responseKind?.group || group,
  version: r.responseKind?.version || version,
  resource: r.resource,
  singular: r.singularResource,
  kind: r.responseKind?.kind ?? '',
  namespaced: r.scope === 'Namespaced',
  shortNames: r.shortNames ?? [],
  categories: r.categories ?? [],
  verbs: r.verbs,
  subresources: (r.subresources ?? []).map((s) => s.subresource),
});

export interface LegacyResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  kind: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
}

function* legacyDiscovery(client: ApiClient, core: string, groupsText: string): Task<DiscoveredMapper> {
  const { versions = [] } = JSON.parse(core) as { versions?: string[] };
  const { groups: list = [] } = JSON.parse(groupsText) as {
    groups?: { name: string; versions: { version: string }[]; preferredVersion?: { version: string } }[];
  };
  const groups: GroupVersions[] = [{ name: '', versions }];
  for (const g of list) {
    const preferred = g.preferredVersion?.version;
    const all = g.versions.map((v) => v.version);
    groups.push({ name: g.name, versions: preferred ? [preferred, ...all.filter((v) => v !== preferred)] : all });
  }
  const resources: Mapping[] = [];
  for (const { name: group, versions: each } of groups) {
    for (const version of each) {
      try {
        const answer = yield* client.json<{ resources: LegacyResource[] }>('GET', rootPath({ group, version }), {
          quiet: true,
        });
        resources.push(...legacyMappings(group, version, answer.resources));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }
  }
  return new DiscoveredMapper(groups, resources);
}

export function legacyMappings(group: string, version: string, list: readonly LegacyResource[]): Mapping[] {
  return list
    .filter((r) => !r.name.includes('/'))
    .map((r) => ({
      group,
      version,
      resource: r.name,
      singular: r.singularName || r.kind.toLowerCase(),
      kind: r.kind,
      namespaced: r.namespaced,
      shortNames: r.shortNames ?? [],
      categories: r.categories ?? [],
      verbs: r.verbs,
      subresources: list.filter((s) => s.name.startsWith(`${r.name}/`)).map((s) => s.name.slice(r.name.length + 1)),
    }));
}
