/** What discovery said before, in `~/.kube/cache/discovery` as kubectl keeps it (client-go discovery/cached/disk/cached_discovery.go). */

import type { Task } from '../../sim/task.ts';
import { schemaFor } from '../apply/schema.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { decode } from '../text.ts';
import {
  apiVersionOf,
  DiscoveredMapper,
  type GroupVersions,
  type LegacyResource,
  legacyMappings,
  type Mapper,
  type Mapping,
} from './mapper.ts';

/** After so long nothing is believed any more. */
const LIFETIME = 6 * 3_600_000;

interface GroupList {
  readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
}

/** `$HOME/.kube/cache/discovery/192.168.120.231_6443`. */
function folderOf({ env, files }: KubectlEnvironment, server: string, given: string): string {
  const cache = given || env.get('KUBECACHEDIR') || `${files.home}/.kube/cache`;
  return `${cache}/discovery/${server.replace(/^https?:\/\//, '').replace(/[^\w/.]/g, '_')}`;
}

const groupsFile = (folder: string): string => `${folder}/servergroups.json`;
const resourcesFile = (folder: string, group: string, version: string): string =>
  `${folder}/${group ? `${group}/` : ''}${version}/serverresources.json`;

/** The files' texts last parsed, and what the server said then: they seldom change between two commands. */
let last: { readonly text: string; readonly now: Mapper; readonly mapper: DiscoveredMapper } | undefined;

interface Place {
  readonly group: string;
  readonly version: string;
}

const builtIn = new WeakMap<Mapper, ReadonlySet<string>>();

/** What kubectl itself has types for does not change while a server runs: only the rest is read. */
function isOwn(place: Place, now: Mapper): boolean {
  let known = builtIn.get(now);
  if (!known) {
    known = new Set(now.resources.filter((each) => schemaFor(each) !== undefined).map(apiVersionOf));
    builtIn.set(now, known);
  }
  return !known.has(apiVersionOf(place));
}

export class Remembered {
  readonly #environment: KubectlEnvironment;
  readonly #folder: string;

  constructor(environment: KubectlEnvironment, server: string, cacheFolder: string) {
    this.#environment = environment;
    this.#folder = folderOf(environment, server, cacheFolder);
  }

  /** Undefined when nothing is, when it is too old, or when a part of it is missing. */
  *read(now: Mapper): Task<DiscoveredMapper | undefined> {
    const { files } = this.#environment;
    const file = groupsFile(this.#folder);
    const stat = yield* files.stat(file);
    if (!stat || this.#environment.now() - stat.mtime > LIFETIME) return undefined;
    try {
      const groupsText = decode(yield* files.read(file));
      const { groups } = JSON.parse(groupsText) as GroupList;
      const places = groups.flatMap(({ name, versions }) => versions.map(({ version }) => ({ group: name, version })));
      const texts = new Map<Place, string>();
      for (const place of places)
        if (isOwn(place, now))
          texts.set(place, decode(yield* files.read(resourcesFile(this.#folder, place.group, place.version))));
      const text = [groupsText, ...texts.values()].join('\n');
      if (last?.text !== text || last.now !== now) last = { text, now, mapper: parsed(groups, places, texts, now) };
      return last.mapper;
    } catch {
      return undefined;
    }
  }

  /** A place that cannot be written to is no failure of the command. */
  *write({ groups, resources }: Pick<Mapper, 'groups' | 'resources'>): Task<void> {
    const { files } = this.#environment;
    const write = function* (file: string, value: unknown): Task<void> {
      yield* files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
      yield* files.write(file, JSON.stringify(value), 0o660);
    };
    try {
      for (const { name, versions } of groups)
        for (const version of versions) {
          const list = resources.filter((each) => each.group === name && each.version === version);
          yield* write(resourcesFile(this.#folder, name, version), resourceList(name, version, list));
        }
      yield* write(groupsFile(this.#folder), groupList(groups));
    } catch {
      // It is asked for again.
    }
  }
}

function parsed(
  groups: GroupList['groups'],
  places: readonly Place[],
  texts: ReadonlyMap<Place, string>,
  now: Mapper,
): DiscoveredMapper {
  const versions = groups.map((group) => ({
    name: group.name,
    versions: group.versions.map(({ version }) => version),
  }));
  const resources = places.flatMap((place) => {
    const { group, version } = place;
    const text = texts.get(place);
    return text === undefined
      ? now.resources.filter((each) => each.group === group && each.version === version)
      : legacyMappings(group, version, (JSON.parse(text) as { resources: LegacyResource[] }).resources);
  });
  return new DiscoveredMapper(versions, resources);
}

const groupList = (groups: readonly GroupVersions[]) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.map(({ name, versions: [preferred = '', ...others] }) => {
    const named = (version: string) => ({ groupVersion: apiVersionOf({ group: name, version }), version });
    return { name, versions: [preferred, ...others].map(named), preferredVersion: named(preferred) };
  }),
});

const resourceList = (group: string, version: string, list: readonly Mapping[]) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: apiVersionOf({ group, version }),
  resources: list.flatMap(({ resource, singular, namespaced, kind, verbs, shortNames, categories, subresources }) => [
    {
      name: resource,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    },
    ...subresources.map((name) => ({ name: `${resource}/${name}`, singularName: '', namespaced, kind, verbs: [] })),
  ]),
});
