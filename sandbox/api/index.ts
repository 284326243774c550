/** The API room's one assembly: store, registry, API server, and clients for the components of the cluster. */

import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { Plugin } from './admission/plugin.ts';
import { serveDefinitions } from './apiextensions/controller.ts';
import type { Client } from './client.ts';
import { expireEvents } from './event-expiry.ts';
import { FieldHistory } from './fields/history.ts';
import { afterUpdate } from './fields/managed.ts';
import type { ApiServer, KubeletServer } from './http.ts';
import { Informers } from './informer.ts';
import { LocalClient } from './local-client.ts';
import type { KubeObject } from './object.ts';
import { otherVersions } from './other-versions.ts';
import { Registry } from './registry/registry.ts';
import type { Resource } from './resource.ts';
import { definition } from './schema/schemas.ts';
import { Server } from './server/handler.ts';
import type { Refusal } from './server/refusals.ts';
import { storages } from './storage/index.ts';
import { Store } from './store.ts';

export interface ApiOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly resources: readonly Resource[];
  /** The admission plugins, in their order; upstream's unless given. */
  readonly plugins?: readonly Plugin[];
}

export interface Api {
  readonly server: ApiServer;
  readonly store: Store;
  readonly registry: Registry;
  /** The last writes that were refused over HTTP. */
  readonly refusals: readonly Refusal[];
  /** The API for one component; its name is the field manager of its writes. */
  client(component: string): Client;
  /** Where the API server reaches a node's kubelet; undefined when it no longer answers. */
  registerKubelet(node: string, server: KubeletServer | undefined): void;
}

/** A young cluster has a few hundred writes behind it. */
const FIRST_REVISION = 199;

export function createApi({ clock, random, resources, plugins }: ApiOptions): Api {
  const store = new Store(FIRST_REVISION, clock);
  const fields = new FieldHistory((entries, write) => afterUpdate(entries, write, rules(write.after)));
  const registry: Registry = new Registry({
    clock,
    random: random.fork('api'),
    store,
    fields,
    resources: [...resources, ...otherVersions(resources)],
    ...(plugins && { plugins }),
  });
  const rules = ({ apiVersion, kind }: KubeObject) => {
    const resource = registry.ofKind(apiVersion, kind)?.resource;
    return { schema: definition(resource?.schema ?? ''), statusApart: resource?.subresources?.status !== undefined };
  };
  serveDefinitions(registry);
  const informers = new Informers(clock, store);
  const server = new Server(registry, storages);
  expireEvents(clock, store);
  return {
    server,
    store,
    registry,
    get refusals() {
      return server.refusals;
    },
    client: (component) => new LocalClient(registry, informers, component),
    registerKubelet: (node, kubelet) => server.registerKubelet(node, kubelet),
  };
}
