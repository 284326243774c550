/** What whoever answers looks at: the objects, the machines and their causes. Looking changes nothing. */

import type { Api } from '../api/index.ts';
import type { KubeObject } from '../api/object.ts';
import { resources } from '../api/resources/index.ts';
import type { ResourceName, Resources } from '../api/types.ts';
import type { Says, WhySubject, WhyWait } from '../channel/why.ts';
import { isErrno } from '../machines/errno.ts';
import type { Inode } from '../machines/filesystem/inode.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { Cause } from '../sim/cause.ts';
import { runSync } from '../sim/task.ts';
import type { World } from '../world/world.ts';

/** Something that happened, without being a write: a file was changed, a service stopped, a request refused. */
export interface Act {
  readonly at: number;
  readonly component: string;
  readonly says: Says;
  readonly subject?: WhySubject;
  readonly because: Cause | undefined;
}

/** What is waited for, and what made it so. */
export interface Finding extends WhyWait {
  readonly evidence?: readonly (Act | Cause | undefined)[];
}

export const says = (key: Says['key'], params: Says['params'] = {}): Says => ({ key, params });

export const finding = (
  key: Says['key'],
  params: Says['params'] = {},
  subject?: WhySubject,
  evidence?: Finding['evidence'],
): Finding => ({ says: says(key, params), ...(subject && { subject }), ...(evidence && { evidence }) });

export const NAMESPACE = 'default';

const byKind = new Map(resources.map((resource) => [resource.kind, resource]));
const byName = new Map(resources.map((resource) => [resource.name, resource]));

/** `pods` is a Pod. */
export const kindOf = (resource: string): string => byName.get(resource)?.kind ?? resource;

const resourceOf = (kind: string): ResourceName | undefined =>
  (byKind.get(kind)?.collection ?? byKind.get(kind)?.name) as ResourceName | undefined;

export function objectSubject(kind: string, name: string, namespace = NAMESPACE): WhySubject {
  const elsewhere = byKind.get(kind)?.namespaced !== false && namespace !== NAMESPACE && namespace !== '';
  return { type: 'object', kind, name, ...(elsewhere && { namespace }) };
}

export const subjectOf = ({ kind, metadata }: KubeObject): WhySubject =>
  objectSubject(kind, metadata.name, metadata.namespace);

export class Scene {
  readonly world: World;
  readonly api: Api;
  readonly machines: ReadonlyMap<string, KernelMachine>;

  constructor(world: World) {
    this.world = world;
    this.api = world.api;
    this.machines = world.machines as ReadonlyMap<string, KernelMachine>;
  }

  get now(): number {
    return this.world.clock.now;
  }

  get<R extends ResourceName>(resource: R, namespace: string, name: string): Resources[R] | undefined {
    return this.api.store.collection(resource).get(namespace, name) as Resources[R] | undefined;
  }

  list<R extends ResourceName>(resource: R, namespace = ''): readonly Resources[R][] {
    return this.api.store.collection(resource).list(namespace) as readonly Resources[R][];
  }

  object(kind: string, namespace: string, name: string): KubeObject | undefined {
    const resource = byKind.get(kind);
    if (!resource) return undefined;
    const collection = this.api.store.collection(resource.collection ?? resource.name);
    return collection.get(resource.namespaced ? namespace : '', name);
  }

  lastWrite({ kind, metadata }: KubeObject): Cause | undefined {
    const resource = resourceOf(kind);
    return resource && this.api.store.collection(resource).lastWrite(metadata.namespace ?? '', metadata.name);
  }

  machine(host: string): KernelMachine | undefined {
    return this.machines.get(host);
  }

  /** By address or by name. */
  server(address: string): { readonly host: string; readonly machine: KernelMachine } | undefined {
    for (const [host, machine] of this.machines)
      if (machine.address === address || host === address) return { host, machine };
    return undefined;
  }

  inode(host: string, path: string): Inode | undefined {
    const machine = this.machine(host);
    if (!machine) return undefined;
    try {
      return runSync(machine.init.view.walk(path, { trusting: true })).inode;
    } catch (error) {
      if (isErrno(error)) return undefined;
      throw error;
    }
  }

  /** The last change of a file; of what is not there, that of the directory it would be in. Undefined where nobody did anything. */
  fileAct(host: string, path: string): Act | undefined {
    const inode = this.inode(host, path);
    if (!inode) return path === '/' ? undefined : this.fileAct(host, path.replace(/\/[^/]*$/, '') || '/');
    const because = 'because' in inode ? (inode.because as Cause | undefined) : undefined;
    if (!because) return undefined;
    const key = inode.type === 'directory' ? 'act.directory' : 'act.file';
    const subject: WhySubject = { type: 'path', host, path };
    return { at: inode.stat().ctime, component: host, says: says(key, { host, path }), subject, because };
  }
}
