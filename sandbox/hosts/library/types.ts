/** What an importer of the package sees: a lab, a cluster, and what they are asked and answer. */

import type { KubeObject } from '../../api/object.ts';
import type { ResourceName, Resources } from '../../api/types.ts';
import type { OutsideRequest, SessionLog } from '../../channel/inputs.ts';
import type { ImageDeclaration } from '../../images/image.ts';
import type { CommandResult } from '../../lesson/observation.ts';

/** `20s`, `1h30m` as Go reads them, or milliseconds. */
export type Duration = string | number;

export interface ClockOptions {
  /** When the world begins; 22 November 2026, 09:00 UTC unless given. Within 2026 and 2027. */
  readonly start?: Date | string;
  /** Time passes by itself, so many times as fast as the host's. Without it time stands still unless something is waited for. */
  readonly speed?: number;
}

export interface ClusterOptions {
  /** The same seed and the same inputs give the same world, byte for byte. 1 unless given. */
  readonly seed?: number;
  readonly clock?: ClockOptions;
}

/** What a `lesson.yaml` parses to (docs/authoring.md in the project), and what stands beside it in a lesson's folder. Its fields are checked when it is given. */
export interface OwnLesson {
  readonly id: string;
  readonly order: number;
  readonly hosts: readonly string[];
  /** Each with its `id`, `solution`, `checkpoints`, `quiz`. */
  readonly steps: readonly { readonly id: string; readonly [field: string]: unknown }[];
  /** The files of `files/`, by name: what `write` in a solution names. */
  readonly manifests?: Readonly<Record<string, string>>;
  /** The frontmatter of its page: the texts of the reasons that `check` tells. Without it they are the engine's own. */
  readonly frontmatter?: object;
  /** The step that the world begins with, those before it solved; the first unless given. */
  readonly begin?: string;
}

export interface LabOptions extends ClusterOptions {
  /**
   * `LESSON` or `LESSON/STEP` of the course: the world is the one this step begins with. The first lesson's unless given: an empty
   * cluster. Or a lesson of one's own, the only one that this lab knows then.
   */
  readonly lesson?: string | OwnLesson;
  /** Images that can be pulled beside the lab's own; one of the same name takes its place. */
  readonly images?: readonly ImageDeclaration[];
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What any cluster here has: an API and a clock. */
export interface Cluster extends AsyncDisposable {
  /** The API server as a fetch. An address without a host (`/api/v1/pods`) is the cluster's own; another host is refused. */
  readonly fetch: Fetch;
  /** The same API, typed. */
  readonly client: ApiClient;
  /** The cluster's time. */
  readonly now: Date;
  /** Lets time pass: `"20s"`, or milliseconds. */
  advance(duration: Duration): Promise<void>;
  /** Lets time pass until nothing but periodic work is left (an hour at most). */
  settle(): Promise<void>;
  /**
   * Lets time pass until the condition holds, and returns what it gave. It is asked once an instant, and may ask the API. After
   * `within` (10 minutes of the cluster's time unless given) it throws TimeoutError.
   */
  until<T>(condition: () => T | Promise<T>, options?: { readonly within?: Duration }): Promise<NonNullable<T>>;
  close(): Promise<void>;
}

/** A lab as inputs: plain data, for JSON. */
export type Snapshot = SessionLog;

export interface ClusterSnapshot {
  readonly version: 1;
  readonly seed: number;
  readonly entries: readonly ({ readonly at: number } & OutsideRequest)[];
  readonly until: number;
}

/** The cluster by itself: API server, controllers, scheduler and kubelets that run nothing. */
export interface BareCluster extends Cluster {
  snapshot(): ClusterSnapshot;
  restore(snapshot: ClusterSnapshot): Promise<void>;
}

export interface Checked {
  readonly passed: boolean;
  /** By the ids of lesson.yaml; `message` says why not, '' when passed. */
  readonly checks: readonly { readonly id: string; readonly passed: boolean; readonly message: string }[];
}

/** The cluster on three machines, and a file server beside them. */
export interface Lab extends Cluster {
  /** `master01`, `node01`, `node02`, `nfs`. */
  readonly hosts: readonly string[];
  /** Runs a command line in the host's shell without a terminal: cwd, variables and jobs stay. After ten minutes of the lab's time it is ended, with exit code 124. */
  run(host: string, command: string): Promise<CommandResult>;
  terminal(host: string): LabTerminal;
  /** The power button: off is at once, as by pulling the plug. */
  power(host: string, on: boolean): Promise<void>;
  /** The checkpoints of a step, `LESSON/STEP`, as the world is now. */
  check(step: string): Promise<Checked>;
  /** Types a step's solution. Throws when the step has not passed then. */
  solve(step: string): Promise<void>;
  snapshot(): Snapshot;
  /** Comes back to a snapshot of a lab with the same options, by doing again what was done. Rejects, and leaves the lab as it is, when that leads elsewhere. */
  restore(snapshot: Snapshot): Promise<void>;
}

export interface LabTerminal {
  readonly host: string;
  /** What it has written, escape sequences and all: the last MiB. */
  readonly output: string;
  /** Called with what it writes from now on. A restored lab begins with a reset (`ESC c`). Returns how to stop. */
  onOutput(listener: (data: string) => void): () => void;
  /** Puts in keys (`\r` is Enter, `\x03` Ctrl-C), for a terminal emulator: they come when time passes. */
  input(keys: string): void;
  /** Puts in keys and waits until the terminal has been quiet for 400 ms (10 s at most); what it wrote meanwhile. */
  type(keys: string): Promise<string>;
  resize(columns: number, rows: number): void;
}

/** A built-in resource by its plural (`pods`); any other, a custom one, too (`crontabs`, `crontabs.stable.example.com`). */
export type ObjectOf<R extends string> = R extends ResourceName
  ? Resources[R]
  : KubeObject & Readonly<Record<string, unknown>>;
export type AnyResource = ResourceName | (string & {});
/** As a caller writes it: what the server fills in may be missing. */
export type Given = { readonly metadata?: { readonly name?: string; readonly generateName?: string } } & Readonly<
  Record<string, unknown>
>;
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Requests to the API server. Cluster-scoped resources take the namespace ''. Refusals throw ApiError. */
export interface ApiClient {
  /** Undefined when it is not there. */
  get<R extends AnyResource>(resource: R, namespace: string, name: string): Promise<ObjectOf<R> | undefined>;
  /** Of all namespaces unless one is named. */
  list<R extends AnyResource>(resource: R, namespace?: string, selection?: Selection): Promise<readonly ObjectOf<R>[]>;
  create<R extends AnyResource>(resource: R, namespace: string, object: Given): Promise<ObjectOf<R>>;
  update<R extends AnyResource>(resource: R, object: ObjectOf<R>, subresource?: string): Promise<ObjectOf<R>>;
  /** A merge patch (an object) or a JSON patch (an array). */
  patch<R extends AnyResource>(
    resource: R,
    namespace: string,
    name: string,
    patch: object,
    subresource?: string,
  ): Promise<ObjectOf<R>>;
  /** Nothing happens when it is not there. */
  delete<R extends AnyResource>(resource: R, namespace: string, name: string): Promise<void>;
  /** What there is now as ADDED, then what changes, until the loop is left or the cluster closed. */
  watch<R extends AnyResource>(
    resource: R,
    namespace?: string,
    selection?: Selection,
  ): AsyncIterable<WatchEvent<ObjectOf<R>>>;
}
