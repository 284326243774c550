/** Running mount(8) on the node, as the kubelet does: what it prints becomes part of the event (k8s.io/mount-utils, mount_linux.go). */

import { type ErrnoCode, isErrno } from '../../machines/errno.ts';
import type { KernelProcess } from '../../machines/kernel/process.ts';
import type { OpenFile, Process } from '../../machines/process.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import { MountError } from './plugin.ts';

/** Throws MountError with exit status, command, arguments and output. */
export function* mount(
  process: Process,
  source: string,
  target: string,
  type: string,
  options: readonly string[],
): Task<void> {
  const args = ['-t', type, ...(options.length > 0 ? ['-o', options.join(',')] : []), source, target];
  const { status, output } = yield* run(process, ['mount', ...args]);
  if (status === 0) return;
  throw new MountError(
    `mount failed: exit status ${status}\nMounting command: mount\nMounting arguments: ${args.join(' ')}\nOutput: ${output}`,
  );
}

/** What stat(2) says of a mount that no longer works (IsCorruptedMnt). */
const CORRUPTED: readonly ErrnoCode[] = ['ESTALE', 'EIO', 'EACCES'];

/**
 * CleanupMountPoint (mount_helper_common.go): unmounts what is mounted at the directory, works or not, and removes the directory. Throws
 * MountError. What is known of the directory is enough for the look at it; umount(8) is what waits for a server that is gone.
 */
export function* cleanUpMountPoint(process: KernelProcess, directory: string): Task<void> {
  let corrupted = false;
  try {
    const at = yield* process.view.walk(directory, { trusting: true });
    at.inode.stat();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    if (!isErrno(error, ...CORRUPTED)) throw new MountError(`Error checking path: ${(error as Error).message}`);
    corrupted = true;
  }
  if (corrupted || process.mounts().some((one) => one.target === directory)) yield* unmount(process, directory);
  try {
    yield* process.rmdir(directory);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw new MountError((error as Error).message);
  }
}

/** Runs umount(8). Throws MountError. */
function* unmount(process: Process, target: string): Task<void> {
  const { status, output } = yield* run(process, ['umount', target]);
  if (status === 0 || output.includes('not mounted')) return;
  throw new MountError(`unmount failed: exit status ${status}\nUnmounting arguments: ${target}\nOutput: ${output}\n`);
}

/** MakeMountArgs joins the options of the volume and of the plugin as a sorted set (pkg/volume/util, JoinMountOptions). */
export const joinOptions = (...options: readonly string[]): string[] => [...new Set(options)].sort();

/** Starts a program of the node and collects stdout and stderr together (CombinedOutput). It runs in a scope of its own (systemd-run), so it outlives a kubelet that is stopped. */
export function* run(process: Process, argv: readonly string[]): Task<{ status: number; output: string }> {
  const pipe = process.pipe();
  const { child } = yield* start(process, argv, pipe.write);
  pipe.write.release();
  if (!child) return { status: 127, output: `exec: "${argv[0]}": executable file not found in $PATH` };
  const reading = new Coroutine(process.machine.clock, readAll(pipe.read));
  try {
    const status = yield* process.wait(child.pid);
    const read = yield* reading.join();
    pipe.read.release();
    return { status: 'code' in status ? status.code : 255, output: read.status === 'done' ? read.value : '' };
  } finally {
    if (child.status === undefined) new Coroutine(process.machine.clock, process.wait(child.pid));
  }
}

const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function* start(process: Process, argv: readonly string[], output: OpenFile): Task<{ child?: KernelProcess }> {
  const files = new Map([
    [1, output],
    [2, output],
  ]);
  for (const folder of FOLDERS) {
    const path = `${folder}/${argv[0]}`;
    try {
      return { child: (yield* process.spawn(path, argv, { files, group: 'new' })) as KernelProcess };
    } catch {
      // Not in this folder.
    }
  }
  return {};
}

function* readAll(file: OpenFile): Task<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const chunk = yield* file.read();
    if (chunk.length === 0) return text;
    text += decoder.decode(chunk, { stream: true });
  }
}
