/** What an image is: as it is declared, and as a registry serves it under one tag. */

import type { ProgramEntry } from '../machines/machine.ts';
import type { Tree } from './tree.ts';

/** The part of an OCI image configuration that the runtime reads (image-spec, config.md). */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env: readonly string[];
  readonly workdir?: string;
  /** `uid`, `uid:gid` or a name of its /etc/passwd. */
  readonly user?: string;
  readonly exposedPorts?: readonly string[];
  readonly stopSignal?: 'SIGTERM' | 'SIGQUIT' | 'SIGINT' | 'SIGWINCH';
  /** Anonymous volumes of the Dockerfile. */
  readonly volumes?: readonly string[];
}

/** An image as it is declared once, for all its names and tags (images/declarations.ts has the lab's own). */
export interface ImageDeclaration {
  /** The repositories that serve it, as a pod may write them: `nginx`, `registry.k8s.io/pause`. */
  readonly names: readonly string[];
  /** The release that `latest` is, `1.31.2`; lower ones can be pulled too. What runs in its containers says the one of their tag. */
  readonly version?: string;
  /** Tags that are no version numbers, besides `latest`; between spaces. */
  readonly tags?: string;
  /** Compressed size of `latest` in bytes. */
  readonly size: number;
  /** `release` is what the tag means: for `latest` the version, without one the tag itself. */
  readonly config: ImageConfig | ((release: string) => ImageConfig);
  /** Its files by absolute path. Executables are shell scripts (`text` with a mode), or name a program. */
  readonly tree: (tag: string, release: string) => Tree;
  /** The alpine flavour, if there is one. */
  readonly alpine?: { readonly size: number; readonly tree: (release: string) => Tree };
  /** Programs that the tree names and that no other image has. */
  readonly programs?: Readonly<Record<string, ProgramEntry>>;
}

export interface Image {
  /** `docker.io/library/nginx:latest`. */
  readonly name: string;
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string;
  /** Of the manifest: `sha256:…`. */
  readonly digest: string;
  /** Of the configuration, what `crictl images` shows: `sha256:…`. */
  readonly id: string;
  /** Compressed bytes, as the Pulled event gives them. */
  readonly size: number;
  readonly config: ImageConfig;
  /** Made when first unpacked; equal for every container of the image. */
  readonly tree: () => Tree;
}

/** A pull that failed: a gRPC status, as containerd answers it. */
export class PullError extends Error {
  readonly code: 'NotFound' | 'Unknown';
  constructor(code: 'NotFound' | 'Unknown', message: string) {
    super(message);
    this.code = code;
  }
}
