/** What a volume plugin is asked for (pkg/volume/plugins.go): make a volume's directory ready on the node, and take it away again. */

import type { ConfigMap, PersistentVolume, Pod, Secret, ServiceAccount } from '../../api/types.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import type { ResolvedVolume } from './volume.ts';

export interface MountRequest {
  /** Whose system calls do it: the node's init. */
  readonly process: KernelProcess;
  readonly pod: Pod;
  readonly volume: ResolvedVolume;
  /** `/var/lib/kubelet/pods/UID/volumes/PLUGIN/NAME`. */
  readonly directory: string;
  readonly sources: VolumeSources;
}

/** What of the cluster and of the node ends up in files. */
export interface VolumeSources {
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
  serviceAccount(namespace: string, name: string): ServiceAccount | undefined;
  readonly nodeName: string;
  readonly hostIP: string;
  podIP(uid: string): string;
  readonly allocatable: { readonly cpu: number; readonly memory: number };
  /** Whether the attach/detach controller says that the volume is attached to this node, if its driver wants that. */
  isAttached(volume: PersistentVolume): boolean;
  token(pod: Pod, audience: string | undefined, expirationSeconds: number): string;
}

export interface VolumePlugin {
  /** The directory's name: `kubernetes.io~nfs`. */
  readonly name: string;
  setUp(request: MountRequest): Task<void>;
  /** Of a mount point; the directory itself is removed by the manager. */
  tearDown(process: KernelProcess, directory: string): Task<void>;
  /** Containers may only read it, whatever their mounts say (GetAttributes). */
  readonly readOnly?: true;
  /** Where the container's mount starts, if not in the volume's directory. */
  hostPath?(volume: ResolvedVolume): string;
  /** Brings files up to date when what they come from has changed. */
  refresh?(request: MountRequest): Task<void>;
}

/** A failure in the words of the event: `MountVolume.SetUp failed for volume "x" : ` and this. */
export class MountError extends Error {
  /** The operation's name in the event. */
  readonly operation:
    | 'MountVolume.SetUp'
    | 'MountVolume.NewMounter initialization'
    | 'MountVolume.MountDevice'
    | 'MapVolume.MapBlockVolume';
  constructor(message: string, operation: MountError['operation'] = 'MountVolume.SetUp') {
    super(message);
    this.operation = operation;
  }
}

/** The volume is not attached to the node: waited for without a word (VerifyControllerAttachedVolume). */
export class NotAttached extends Error {}

/** mkdir -p. */
export function* makeDirectories(process: Process, path: string, mode = 0o750): Task<void> {
  const parts = path.split('/').filter(Boolean);
  for (let length = parts.length; length >= 0; length--) {
    if (length > 0 && !(yield* exists(process, `/${parts.slice(0, length).join('/')}`))) continue;
    for (let i = length + 1; i <= parts.length; i++) yield* process.mkdir(`/${parts.slice(0, i).join('/')}`, mode);
    return;
  }
}

export function* exists(process: Process, path: string): Task<boolean> {
  try {
    yield* process.lstat(path);
    return true;
  } catch {
    return false;
  }
}
