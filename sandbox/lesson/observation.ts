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
  exports(): readonly ExportEntry[];
  mounts(): readonly MountedEntry[];
  /** undefined: no such path. */
  fileType(host: string, path: string): 'file' | 'directory' | 'other' | undefined;
  readText(host: string, path: string): string | undefined;
  entries(host: string, path: string): readonly string[] | undefined;
  installed(host: string, packageName: string): boolean;
  /** Whether some running container has this path in its own root filesystem (not on a volume). */
  inContainers(path: string): boolean;
}
