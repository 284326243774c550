/** A real cluster as checkpoints see it: asked once for each thing they name, and silent about what cannot be seen there. */

import type { KubeObject } from '../../api/object.ts';
import { resources } from '../../api/resources/index.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, ResourceName, Resources } from '../../api/types.ts';
import { type PartialObservation, type Sight, Unseen } from '../../lesson/judgement.ts';
import type { ExportEntry, FileAuthor, MountedEntry } from '../../lesson/observation.ts';
import type { Cluster } from './cluster.ts';
import { lookAt, type Seen, seenIn } from './looking.ts';
import type { Exporting, Machines } from './machines.ts';
import { freeOf, type Window, windowsTo } from './windows.ts';

/** The machine that the lessons call so. */
const NFS = 'nfs';
/** Containers that are looked into for a file: more would take longer than anybody waits. */
const MOST_CONTAINERS = 50;
/** Containers that are asked for one path on the NFS server. */
const MOST_WINDOWS = 10;

/** What one look came to; not yet anything where it is pending. */
interface Tried<T> {
  readonly value?: T;
  readonly sight?: Sight;
  readonly pending?: true;
}

type Answer = { readonly value: unknown } | { readonly sight: Sight } | { readonly fault: unknown };

/**
 * Reading is immediate and the cluster is not: what has not been asked for yet is not seen, and goes on the list of what `ask` then asks.
 * Whoever judges looks again until nothing is on it.
 */
export class ClusterObservation implements PartialObservation {
  readonly version = 0;
  readonly #cluster: Cluster;
  readonly #machines: Machines;
  readonly #hosts: readonly string[];
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, () => Promise<unknown>>();
  #unseen: Sight[] = [];

  /** `hosts` are the machines that a lesson may speak of. */
  constructor(cluster: Cluster, machines: Machines, hosts: readonly string[]) {
    this.#cluster = cluster;
    this.#machines = machines;
    this.#hosts = hosts;
  }

  /** Asks for what was looked at in vain; says whether there was anything. Throws what is no matter of seeing. */
  async ask(): Promise<boolean> {
    const questions = [...this.#pending];
    this.#pending.clear();
    await Promise.all(questions.map(async ([key, question]) => this.#answers.set(key, await answerOf(question))));
    for (const [key] of questions) {
      const answer = this.#answers.get(key)!;
      if ('fault' in answer) throw answer.fault;
    }
    return questions.length > 0;
  }

  /** All of a kind, asked for at once; undefined where it may not be seen. */
  async all(resource: ResourceName): Promise<readonly KubeObject[] | undefined> {
    for (;;) {
      const { value, pending } = this.#tried(() => this.list(resource));
      if (!pending) return value as readonly KubeObject[] | undefined;
      await this.ask();
    }
  }

  takeUnseen(): readonly Sight[] {
    const found = new Map(this.#unseen.map((sight) => [JSON.stringify(sight), sight]));
    this.#unseen = [];
    return [...found.values()];
  }

  list<R extends ResourceName>(resource: R): readonly Resources[R][] {
    return this.#answer(
      `list ${resource}`,
      () => this.#cluster.list(resource) as Promise<unknown>,
    ) as readonly Resources[R][];
  }

  find(apiVersion: string, kind: string): readonly KubeObject[] | undefined {
    const resource = resources.find(
      (one) => `${one.group === '' ? '' : `${one.group}/`}${one.version}` === apiVersion && one.kind === kind,
    );
    return resource && this.list(resource.name as ResourceName);
  }

  get serving(): boolean {
    return this.#exporting().serving;
  }

  exports(): readonly ExportEntry[] {
    return this.#exporting().exports();
  }

  listed(): readonly ExportEntry[] {
    return this.#exporting().listed();
  }

  granted(host: string, path: string): ExportEntry | undefined {
    const exporting = this.#exporting();
    const node = this.list('nodes').find(({ metadata }) => metadata.name === host) as Node | undefined;
    const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    if (address === undefined) return this.cannot({ kind: 'address', host });
    const names = () => this.#ofMachine(NFS, `names ${address}`, () => this.#machines.names(NFS, address));
    const granted = exporting.granted(path, address, () => [host, ...names()]);
    return granted === 'netgroup' ? this.cannot({ kind: 'netgroup', path }) : granted;
  }

  mounts(): readonly MountedEntry[] {
    return this.#hosts.flatMap((host) => this.#ofMachine(host, `mounts ${host}`, () => this.#machines.mounts(host)));
  }

  fileType(host: string, path: string): Seen['type'] | undefined {
    return this.#look(host, path)?.type;
  }

  readText(host: string, path: string): string | undefined {
    const seen = this.#look(host, path);
    if (seen?.type === 'file' && seen.text === undefined) return this.cannot({ kind: 'unreadable', host, path });
    return seen?.text;
  }

  entries(host: string, path: string): readonly string[] | undefined {
    const seen = this.#look(host, path);
    if (seen?.type === 'directory' && !seen.entries) return this.cannot({ kind: 'unreadable', host, path });
    return seen?.entries;
  }

  authors(host: string, path: string): { creator: FileAuthor; writer: FileAuthor } | undefined {
    return this.#look(host, path) && this.cannot({ kind: 'author', host, path });
  }

  parsed(host: string): readonly object[] {
    return this.cannot({ kind: 'documents', host });
  }

  documents(host: string): readonly object[] {
    return this.cannot({ kind: 'documents', host });
  }

  manifests(host: string): readonly { readonly path: string; readonly objects: readonly object[] }[] {
    return this.cannot({ kind: 'documents', host });
  }

  installed(host: string, packageName: string): boolean {
    return this.#ofMachine(host, `installed ${host} ${packageName}`, () => this.#machines.installed(host, packageName));
  }

  inContainers(path: string): boolean {
    const windows = (this.list('pods') as readonly Pod[])
      .filter(({ metadata }) => metadata.namespace === 'default')
      .flatMap((pod) => freeOf(pod, path));
    const answers = windows.slice(0, MOST_CONTAINERS).map((window) => this.#tried(() => this.#through(window)));
    if (answers.some(({ value }) => value !== undefined)) return true;
    if (answers.some(({ pending }) => pending)) throw new NotAsked();
    for (const { sight } of answers) if (sight) return this.cannot(sight);
    if (windows.length > MOST_CONTAINERS)
      return this.cannot({ kind: 'container', pod: '*', why: `${windows.length} containers` });
    return false;
  }

  #look(host: string, path: string): Seen | undefined {
    if (this.#machines.has(host) || host !== NFS)
      return this.#ofMachine(host, `look ${host} ${path}`, () => this.#machines.look(host, path));
    const windows = windowsTo(path, {
      pods: this.list('pods') as readonly Pod[],
      claims: this.list('persistentvolumeclaims') as readonly PersistentVolumeClaim[],
      volumes: this.list('persistentvolumes') as readonly PersistentVolume[],
    });
    // A node's NFS client may go on for a while without a file that another one made: who sees it is right.
    const looks = windows.slice(0, MOST_WINDOWS).map((window) => this.#tried(() => this.#through(window)));
    const found = looks.find(({ value }) => value !== undefined);
    if (found) return found.value;
    if (looks.some(({ pending }) => pending)) throw new NotAsked();
    const [first] = looks;
    if (first === undefined) return this.cannot({ kind: 'machine', host });
    const nobody = looks.every(({ sight }) => sight);
    return nobody ? this.cannot(first.sight!) : undefined;
  }

  #through({ pod, container, path }: Window): Seen | undefined {
    const where = `${pod.metadata.namespace}/${pod.metadata.name}`;
    return this.#answer(`exec ${where} ${container} ${path}`, async () => {
      const { stdout, stderr } = await this.#cluster.exec(pod, container, ['sh', '-c', lookAt(path)]);
      let seen: Seen | 'hidden' | undefined;
      try {
        seen = seenIn(stdout);
      } catch (error) {
        const why = stderr.trim().split('\n')[0] || (error as Error).message;
        throw new Unseen({ kind: 'container', pod: where, why });
      }
      if (seen === 'hidden') throw new Unseen({ kind: 'container', pod: where, why: `${path}: permission denied` });
      return seen;
    }) as Seen | undefined;
  }

  #exporting(): Exporting {
    return this.#ofMachine(NFS, 'exporting', () => this.#machines.exports(NFS));
  }

  #ofMachine<T>(host: string, key: string, question: () => Promise<T>): T {
    if (!this.#machines.has(host)) return this.cannot({ kind: 'machine', host });
    return this.#answer(key, question);
  }

  #answer<T>(key: string, question: () => Promise<T>): T {
    const answer = this.#answers.get(key);
    if (!answer) {
      this.#pending.set(key, question);
      throw new NotAsked();
    }
    if ('value' in answer) return answer.value as T;
    if ('sight' in answer) return this.cannot(answer.sight);
    throw answer.fault;
  }

  /** Looks without noting what is not seen. */
  #tried<T>(look: () => T): Tried<T> {
    const noted = this.#unseen.length;
    try {
      return { value: look() };
    } catch (error) {
      this.#unseen.length = noted;
      if (error instanceof NotAsked) return { pending: true };
      if (error instanceof Unseen) return { sight: error.sight };
      throw error;
    }
  }

  /** Notes what cannot be told. */
  cannot(sight: Sight): never {
    this.#unseen.push(sight);
    throw new Unseen(sight);
  }
}

/** It is not known yet: the sight is never told, for whoever judges asks and looks again. */
class NotAsked extends Unseen {
  constructor() {
    super({ kind: 'before', step: '' });
  }
}

async function answerOf(question: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await question() };
  } catch (error) {
    return error instanceof Unseen ? { sight: error.sight } : { fault: error };
  }
}
