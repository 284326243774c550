/** A file written from outside, as an editor at the other end of an ssh connection does it: by a process of root's on the machine. */

import { contentHash, type SaveRequest, type SaveResult } from '../channel/files.ts';
import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { Process, Program } from '../machines/process.ts';
import type { Task } from '../sim/task.ts';

/** What OpenSSH runs for it: seen by `ps` while a server of a mount keeps it waiting. */
const SERVER = '/usr/lib/openssh/sftp-server';
const NEW_FILE = 0o666;

/**
 * The file keeps its inode, as with `cat > FILE`: links, NFS clients and who has it open see what was written. Where the disk is
 * full, as much as fits has been.
 */
export function* saveFile(machine: KernelMachine, request: SaveRequest): Task<SaveResult> {
  if (!machine.up) return off(machine);
  let result: SaveResult | undefined;
  const program: Program = function* (process) {
    result = yield* write(process, request);
    return 'modified' in result ? 0 : 1;
  };
  const { init, kernel } = machine;
  try {
    const { pid } = init.fork(program, [SERVER], {
      cwd: '/root',
      group: 'new',
      session: null,
      tasks: kernel.tasks.user,
    });
    let status = yield* init.wait(pid);
    while ('stopped' in status) status = yield* init.wait(pid);
  } catch (error) {
    // No more tasks; or the machine went off, and its kernel with it.
    if (!isErrno(error)) throw error;
    return machine.up ? refused(error.message) : off(machine);
  }
  return result ?? (machine.up ? refused('Killed') : off(machine));
}

function* write(process: Process, { path, data, base }: SaveRequest): Task<SaveResult> {
  try {
    if (base !== undefined && (yield* hashOf(process, path)) !== base) return { changed: true };
    yield* process.writeFile(path, new TextEncoder().encode(data), { mode: NEW_FILE });
    return { modified: (yield* process.stat(path)).mtime };
  } catch (error) {
    if (isErrno(error)) return refused(error.message);
    throw error;
  }
}

/** Also of a file that is not there. */
function* hashOf(process: Process, path: string): Task<number> {
  try {
    return contentHash(new TextDecoder('utf-8', { ignoreBOM: true }).decode(yield* process.readFile(path)));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return contentHash(undefined);
    throw error;
  }
}

const refused = (message: string): SaveResult => ({ problem: { kind: 'refused', message } });

const off = ({ hostname }: KernelMachine): SaveResult => ({
  problem: { kind: 'off', message: `ssh: connect to host ${hostname} port 22: No route to host` },
});
