/** What a checkpoint may look at: API objects, the machines' files and mounts, the NFS exports. State only, never keystrokes. */

import type { KubeObject } from '../api/object.ts';
import type { ResourceName, Resources } from '../api/types.ts';

export interface ExportEntry {
  readonly path: string;
  /** As in /etc/exports: `*`, `192.168.120.0/24`, a host name. */
  readonly client: string;
  /** All options in force, as `exportfs -v` prints them: `rw`, `no_root_squash` … */
  readonly options: readonly string[];
}

export interface MountedEntry {
  readonly host: string;
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Who made or wrote a file. Empty: nobody did since the lab was set up. */
export interface FileAuthor {
  /** The machine whose process it was; of a file on NFS, the client. */
  readonly host?: string;
  /** The pod whose container the process ran in. */
  readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly container?: string;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The world as checkpoints see it. Reading it changes nothing in the world. */
export interface Observation {
  /** Rises whenever an object, a file or a mount may have changed; equal means nothing to look at again. */
  readonly version: number;
  list<R extends ResourceName>(resource: R): readonly Resources[R][];
  find(apiVersion: string, kind: string): readonly KubeObject[] | undefined;
  /** Whether the NFS server runs. */
  readonly serving: boolean;
  /** What the server exports now. */
  exports(): readonly ExportEntry[];
  /** What /etc/exports would have it export. */
  listed(): readonly ExportEntry[];
  /** The export that a machine gets at a path when it mounts it. */
  granted(host: string, path: string): ExportEntry | undefined;
  mounts(): readonly MountedEntry[];
  /** undefined: no such path. */
  fileType(host: string, path: string): 'file' | 'directory' | 'other' | undefined;
  readText(host: string, path: string): string | undefined;
  entries(host: string, path: string): readonly string[] | undefined;
  /** undefined: no such file. */
  authors(host: string, path: string): { readonly creator: FileAuthor; readonly writer: FileAuthor } | undefined;
  /**
   * The API objects that a file describes, as kubectl would read it (YAML or JSON, several documents, lists), with the
   * API's defaults; none where it cannot be read.
   */
  parsed(host: string, path: string): readonly object[];
  /** The same of all files that somebody made on a machine's own filesystems. */
  documents(host: string): readonly object[];
  /** The same with the files' paths. */
  manifests(host: string): readonly { readonly path: string; readonly objects: readonly object[] }[];
  installed(host: string, packageName: string): boolean;
  /** Whether some running container has this path in its own root filesystem (not on a volume). */
  inContainers(path: string): boolean;
}
