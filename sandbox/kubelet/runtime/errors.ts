/** How containerd and runc word their failures. */

import type { Errno } from '../../machines/errno.ts';
import type { ContainerMountError } from '../../machines/kernel/namespaces.ts';

/** A container that could not be created or started. */
export class RuntimeError extends Error {
  readonly stage: 'create' | 'start';
  constructor(stage: 'create' | 'start', message: string) {
    super(message);
    this.stage = stage;
  }
}

/** What runc says of an executable it cannot run (libcontainer/init_linux.go, os/exec). */
function execFailure(command: string, error: Errno): string {
  const quoted = JSON.stringify(command);
  if (error.code === 'ENOENT') {
    return command.includes('/')
      ? `exec: ${quoted}: stat ${command}: no such file or directory: unknown`
      : `exec: ${quoted}: executable file not found in $PATH: unknown`;
  }
  if (error.code === 'EACCES') return `exec: ${quoted}: permission denied: unknown`;
  return `exec ${command}: ${error.message.toLowerCase()}: unknown`;
}

const INIT =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';

export const startFailure = (command: string, error: Errno): string => INIT + execFailure(command, error);

/**
 * A mount that runc could not make (libcontainer/rootfs_linux.go, mountToRootfs): for a directory, its mount point is made
 * first (createMountpoint, utils.MkdirAllInRoot), and that a file is there is found out then; else mount(2) itself says so (mountError).
 */
export function mountFailure(id: string, isDirectory: boolean, { source, target, errno }: ContainerMountError): string {
  const rootfs = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`;
  const step =
    isDirectory && errno.code === 'ENOTDIR'
      ? `create mountpoint for ${target} mount: cannot create subdirectories in "${rootfs}${target}"`
      : `mount src=${source}, dst=${target}, dstFd=/proc/thread-self/fd/11, flags=MS_BIND|MS_REC`;
  return `${INIT}error mounting "${source}" to rootfs at "${target}": ${step}: ${errno.message.toLowerCase()}: unknown`;
}

export const execSessionFailure = (id: string, command: string, error: Errno): string =>
  `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${execFailure(command, error)}`;
