/** A pod's sandbox: its pause process, its address and the files that its containers share. */

import type { Process } from '../../machines/process.ts';

export interface Sandbox {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly ip: string;
  readonly hostname: string;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  /** `/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/ID`. */
  readonly directory: string;
  readonly logDirectory: string;
  readonly ready: boolean;
  /** Its pause process, while it runs. */
  readonly pause: Process | undefined;
}
