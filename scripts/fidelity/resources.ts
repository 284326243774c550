/** What the API serves and who acts on it: from the resource declarations, from discovery, and from the informers that controllers ask for. */

import { orderedPlugins } from '../../sandbox/api/admission/chain.ts';
import type { Client } from '../../sandbox/api/client.ts';
import { qualified } from '../../sandbox/api/errors.ts';
import { type Api, createApi } from '../../sandbox/api/index.ts';
import { recorder } from '../../sandbox/api/recorder.ts';
import type { Endpoint } from '../../sandbox/api/registry/registry.ts';
import type { Resource } from '../../sandbox/api/resource.ts';
import { resources as declared } from '../../sandbox/api/resources/index.ts';
import { virtualResources } from '../../sandbox/api/storage/virtual.ts';
import { CreationRate } from '../../sandbox/controllers/creation-rate.ts';
import { controllers as controllerTable, startScheduler } from '../../sandbox/controllers/index.ts';
import { SCHEDULER_NAME } from '../../sandbox/controllers/scheduler/scheduler.ts';
import { Clock } from '../../sandbox/sim/clock.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { code, codes, sorted, table } from './markdown.ts';

const clock = new Clock(0);
const random = new Random(1);
const api: Api = createApi({ clock, random, resources: declared });

/** The rules a declaration may bring; a kind with none is stored and served as its schema says. */
const RULES: readonly (readonly [name: string, has: (resource: Resource) => boolean])[] = [
  ['defaults', ({ defaults }) => defaults !== undefined],
  ['admission', (resource) => orderedPlugins.some(({ resources }) => resources.includes(qualified(resource)))],
  ['validation', ({ validate }) => validate !== undefined],
  ['update validation', ({ validateUpdate }) => validateUpdate !== undefined],
  ['strategy', ({ prepareForCreate, prepareForUpdate }) => Boolean(prepareForCreate ?? prepareForUpdate)],
  ['warnings', ({ warnings }) => warnings !== undefined],
  ['grace', ({ gracePeriod }) => gracePeriod !== undefined],
];

const rulesOf = (resource: Resource): string[] => RULES.filter(([, has]) => has(resource)).map(([name]) => name);

/** Rules beyond keeping clients' hands off the status, which every kind with a status has. */
const hasRules = (resource: Resource): boolean =>
  RULES.some(([name, has]) => name !== 'strategy' && has(resource)) || resource.conversion !== undefined;

export function resources(): string {
  const watchers = watchersOf();
  const own = api.registry.endpoints.filter(({ resource }) => hasRules(resource));
  const generic = api.registry.endpoints.filter(({ resource }) => !hasRules(resource));
  return `**With rules of their own** (${own.length}), and the components that act on their changes:

${table(
  ['resource', 'group/version', 'scope', 'short', 'subresources', 'rules', 'acted on by'],
  own.map((endpoint) => row(endpoint, watchers)),
)}

**By schema alone** (${generic.length}): decoded strictly, stored, watched, patched, applied and shown in columns like all others, but held to no rules beyond their types.
Where a component acts on them, it is named; the garbage collector acts on all kinds but events.

${table(
  ['group/version', 'resources'],
  byGroup(generic).map(([group, endpoints]) => [
    group,
    endpoints.map(({ resource }) => brief(resource, watchers)).join(', '),
  ]),
)}

**Admission plugins**, in the order in which a write passes them: ${codes(orderedPlugins.map(({ name }) => name))}.

**Answered, not stored**: ${codes(virtualResources.map(({ group, version, name }) => `${name}.${version}${group && `.${group}`}`))}.`;
}

/** It works by discovery: naming it with each kind would tell nothing. */
const ACTS_ON_ALL = 'garbage-collector-controller';

type Watchers = ReadonlyMap<string, readonly string[]>;

function row({ resource, apiVersion }: Endpoint, watchers: Watchers): readonly string[] {
  const verbs = resource.verbs ? ` (${resource.verbs.join(', ')})` : '';
  const rules = resource.conversion ? ['converted from and to the stored version'] : rulesOf(resource);
  return [
    `${code(resource.name)} ${resource.kind}${verbs}`,
    apiVersion,
    resource.namespaced ? 'namespace' : 'cluster',
    (resource.shortNames ?? []).join(', '),
    Object.keys(resource.subresources ?? {}).join(', '),
    rules.join(', '),
    resource.conversion ? '' : (watchers.get(resource.name) ?? []).join(', '),
  ];
}

function brief({ name, namespaced }: Resource, watchers: Watchers): string {
  const notes = [...(namespaced ? [] : ['cluster']), ...(watchers.get(name) ?? [])];
  return notes.length > 0 ? `${code(name)} (${notes.join(', ')})` : code(name);
}

function byGroup(endpoints: readonly Endpoint[]): [string, Endpoint[]][] {
  const groups = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    groups.set(endpoint.apiVersion, [...(groups.get(endpoint.apiVersion) ?? []), endpoint]);
  }
  return [...groups];
}

export const controllers = (): string =>
  `${codes([...controllerTable.map(([component]) => component), SCHEDULER_NAME])}.`;

/** The components of the control plane by the resources whose changes each asks to be told when it is started. */
function watchersOf(): Watchers {
  const watchers = new Map<string, string[]>();
  const note = (component: string) => (resource: string) =>
    watchers.set(resource, sorted([...(watchers.get(resource) ?? []), component]));
  for (const [component, start] of controllerTable) {
    if (component === ACTS_ON_ALL) continue;
    const client = listening(api.client(component), note(component));
    start({
      clock,
      random,
      client,
      creations: new CreationRate(clock),
      recorder: recorder({ clock, random, client, component }),
    });
  }
  startScheduler({ clock, random, client: listening(api.client(SCHEDULER_NAME), note(SCHEDULER_NAME)) });
  return watchers;
}

/** The same client, noting whose changes are asked for. */
function listening(client: Client, note: (resource: string) => void): Client {
  return new Proxy(client, {
    get(target, key) {
      if (key === 'as') return (component: string) => listening(target.as(component), note);
      if (key === 'informer') {
        return (resource: Parameters<Client['informer']>[0]) => {
          const informer = target.informer(resource);
          return {
            ...informer,
            handle: (handler: Parameters<typeof informer.handle>[0]) => {
              note(resource);
              informer.handle(handler);
            },
          };
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
