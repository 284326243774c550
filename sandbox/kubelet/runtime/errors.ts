/** How containerd and runc word their failures. */

import type { Errno } from '../../machines/errno.ts';

/** A container that could not be created or started. */
export class RuntimeError extends Error {
  readonly stage: 'create' | 'start';
  constructor(stage: 'create' | 'start', message: string) {
    super(message);
    this.stage = stage;
  }
}

/** What runc says of an executable it cannot run (libcontainer/init_linux.go, os/exec). */
export function execFailure(command: string, error: Errno): string {
  const quoted = JSON.stringify(command);
  if (error.code === 'ENOENT') {
    return command.includes('/')
      ? `exec: ${quoted}: stat ${command}: no such file or directory: unknown`
      : `exec: ${quoted}: executable file not found in $PATH: unknown`;
  }
  if (error.code === 'EACCES') return `exec: ${quoted}: permission denied: unknown`;
  return `exec ${command}: ${error.message.toLowerCase()}: unknown`;
}

export const startFailure = (command: string, error: Errno): string =>
  `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${execFailure(command, error)}`;

export const execSessionFailure = (id: string, command: string, error: Errno): string =>
  `failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${execFailure(command, error)}`;
