/** What lessons may look at, read from the machines and the store without leaving a trace. */

import type { Api } from '../api/index.ts';
import type { KubeObject } from '../api/object.ts';
import { resources } from '../api/resources/index.ts';
import type { ResourceName, Resources } from '../api/types.ts';
import type { ExportEntry, FileAuthor, MountedEntry, Observation } from '../lesson/observation.ts';
import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { Location } from '../machines/kernel/mounts.ts';
import type { PathView } from '../machines/kernel/paths.ts';
import { type Export, readExports } from '../machines/nfs/exports.ts';
import { describeOptions } from '../machines/nfs/options.ts';
import type { NfsServer } from '../machines/nfs/server.ts';
import { runSync } from '../sim/task.ts';
import { manifests, objectsIn, writtenObjects } from './written-objects.ts';

export interface ObservedWorld {
  readonly api: Api;
  readonly machines: ReadonlyMap<string, KernelMachine>;
  readonly nfs: NfsServer;
  installed(host: string, packageName: string): boolean;
  /** Root directories of the running containers of all nodes. */
  containerRoots(): Iterable<PathView>;
}

const byKind = new Map(
  resources.map((resource) => [`${resource.group}/${resource.version} ${resource.kind}`, resource]),
);
const decoder = new TextDecoder();

/** The nodes' leases are renewed every few seconds for ever: nobody looks again because of that. */
const HEARTBEATS: ReadonlySet<string> = new Set(['leases']);

export class WorldObservation implements Observation {
  readonly #world: ObservedWorld;
  readonly #client;
  #writes = 0;

  constructor(world: ObservedWorld) {
    this.#world = world;
    this.#client = world.api.client('observer');
    const { store } = world.api;
    store.subscribe(({ collection }) => {
      if (!HEARTBEATS.has(collection.name)) this.#writes++;
    });
  }

  get version(): number {
    let version = this.#writes + this.#world.nfs.revision;
    for (const machine of this.#world.machines.values()) version += machine.disk.changes;
    return version;
  }

  list<R extends ResourceName>(resource: R): readonly Resources[R][] {
    return this.#client.list(resource, '');
  }

  find(apiVersion: string, kind: string): readonly KubeObject[] | undefined {
    const key = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    const resource = byKind.get(`${key} ${kind}`);
    return resource && this.#client.list(resource.name as ResourceName, '');
  }

  exports(): readonly ExportEntry[] {
    return this.serving ? this.#world.nfs.exports.map(entryOf) : [];
  }

  get serving(): boolean {
    return this.#world.nfs.running;
  }

  listed(): readonly ExportEntry[] {
    const file = '/etc/exports';
    const text = this.readText(this.#world.nfs.machine.hostname, file) ?? '';
    return [...readExports(text, file)].filter((one): one is Export => 'options' in one).map(entryOf);
  }

  granted(host: string, path: string): ExportEntry | undefined {
    const machine = this.#world.machines.get(host);
    const found = machine && this.serving ? this.#world.nfs.exportOf(machine.address, path) : undefined;
    return found && entryOf(found);
  }

  mounts(): readonly MountedEntry[] {
    return [...this.#world.machines].flatMap(([host, machine]) =>
      machine.init
        .mounts()
        .map(({ source, target, type, options }) => ({ host, source, target, type, options: options.split(',') })),
    );
  }

  fileType(host: string, path: string): 'file' | 'directory' | 'other' | undefined {
    const type = this.#locate(host, path)?.inode.type;
    return type === undefined || type === 'file' || type === 'directory' ? type : 'other';
  }

  readText(host: string, path: string): string | undefined {
    const inode = this.#locate(host, path)?.inode;
    return inode?.type === 'file' ? decoder.decode(inode.read(0, inode.stat().size)) : undefined;
  }

  entries(host: string, path: string): readonly string[] | undefined {
    const inode = this.#locate(host, path)?.inode;
    return inode?.type === 'directory' ? inode.names() : undefined;
  }

  authors(host: string, path: string): { creator: FileAuthor; writer: FileAuthor } | undefined {
    const inode = this.#locate(host, path)?.inode;
    return inode && { creator: inode.creator ?? {}, writer: inode.writer ?? {} };
  }

  parsed(host: string, path: string): readonly object[] {
    const inode = this.#locate(host, path)?.inode;
    return inode?.type === 'file' ? objectsIn(inode) : [];
  }

  documents(host: string): readonly object[] {
    const machine = this.#world.machines.get(host);
    return machine ? writtenObjects(machine) : [];
  }

  manifests(host: string): readonly { readonly path: string; readonly objects: readonly object[] }[] {
    const machine = this.#world.machines.get(host);
    return machine ? [...manifests(machine.rootFileSystem.root)] : [];
  }

  installed(host: string, packageName: string): boolean {
    return this.#world.installed(host, packageName);
  }

  inContainers(path: string): boolean {
    for (const view of this.#world.containerRoots()) if (locate(view, path)) return true;
    return false;
  }

  #locate(host: string, path: string): Location | undefined {
    const machine = this.#world.machines.get(host);
    return machine && locate(machine.init.view, path);
  }
}

const entryOf = ({ path, client, options }: Export): ExportEntry => ({
  path,
  client,
  options: describeOptions(options).split(','),
});

/** Trusts network filesystems to answer: looking must not wait. */
function locate(view: PathView, path: string): Location | undefined {
  try {
    return runSync(view.walk(path, { trusting: true }));
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}
