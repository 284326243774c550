/** What a registry serves: an image's configuration, size and files. */

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
