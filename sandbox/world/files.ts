/** A machine's files for whoever looks at them from outside: listed and read as root, without a trace (glance.ts). */

import type { FileEntry, FileKind, FileListing, FileProblem, FileText } from '../channel/files.ts';
import { isErrno } from '../machines/errno.ts';
import { follow, type Glimpse, glance, MadeWhenRead, Unanswered } from '../machines/glance.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { World } from './world.ts';

/** Names of one directory that are told: nobody reads a tree of more. */
const MOST_ENTRIES = 1_000;
/** Bytes of a text that is read: a manifest is some hundred. */
const MOST_TEXT = 1_000_000;

export function listFiles(world: World, host: string, path: string): FileListing {
  return attempt(world, host, (machine) => {
    const directory = glance(machine, path);
    const names = directory.names();
    const owner = ownersOf(machine);
    const entries = names.slice(0, MOST_ENTRIES).flatMap((name) => entryOf(directory, name, owner) ?? []);
    return { path: directory.path, entries, more: Math.max(0, names.length - MOST_ENTRIES) };
  });
}

export function readFileText(world: World, host: string, path: string): FileText {
  return attempt(world, host, (machine) => {
    const file = glance(machine, path);
    const { type, size, mtime, mode } = file.inode.stat();
    if (type === 'directory') return problem('refused', 'Is a directory');
    if (type !== 'file') return problem('made', `${type} is made when it is read`);
    if (size > MOST_TEXT) return problem('large', `${size} bytes`);
    const text = textOf(file.read(size));
    if (text === undefined) return problem('binary', `${size} bytes`);
    return { path: file.path, text, modified: mtime, mode, inVi: isInVi(machine, file.path) };
  });
}

function isInVi(machine: KernelMachine, path: string): boolean {
  for (const { argv, cwd } of machine.processes.values()) {
    if (!/^(?:.*\/)?(?:vi|vim|view)$/.test(argv[0] ?? '')) continue;
    for (const name of argv.slice(1))
      if (placeOf(machine, name.startsWith('/') ? name : `${cwd}/${name}`) === path) return true;
  }
  return false;
}

function placeOf(machine: KernelMachine, path: string): string | undefined {
  try {
    return glance(machine, path).path;
  } catch (error) {
    problemOf(error);
    return undefined;
  }
}

/** UTF-8 without a NUL byte; undefined for anything else. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function attempt<T>(world: World, host: string, look: (machine: KernelMachine) => T): T | { problem: FileProblem } {
  const machine = world.machines.get(host) as KernelMachine | undefined;
  if (!machine?.up) return problem('off', `ssh: connect to host ${host} port 22: No route to host`);
  try {
    return look(machine);
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

const problem = (kind: FileProblem['kind'], message: string) => ({ problem: { kind, message } });

function problemOf(error: unknown): FileProblem {
  if (error instanceof Unanswered) return { kind: 'unanswered', message: error.message };
  if (error instanceof MadeWhenRead) return { kind: 'made', message: error.message };
  if (isErrno(error)) return { kind: 'refused', message: error.message };
  throw error;
}

/** Undefined for a name that the server does not grant. */
function entryOf(directory: Glimpse, name: string, owner: (uid: number) => string): FileEntry | undefined {
  const at = directory.below(name);
  if (!at) return undefined;
  try {
    const { type, size, mode, uid, mtime } = at.inode.stat();
    const entry = { name, type, size, mode, owner: owner(uid), modified: mtime };
    return type === 'symlink' ? { ...entry, target: at.inode.target(), ...leadOf(at) } : entry;
  } catch (error) {
    const { kind } = problemOf(error);
    // A mount point, of whatever is mounted there.
    const entry = { name, type: 'directory' as const, size: 0, mode: 0o555, owner: 'root', modified: 0 };
    return kind === 'made' ? entry : { ...entry, unreachable: true };
  }
}

function leadOf(link: Glimpse): { leads?: FileKind } {
  try {
    return { leads: follow(link).type };
  } catch (error) {
    problemOf(error);
    // It leads nowhere.
    return {};
  }
}

/** As /etc/passwd names them. */
function ownersOf(machine: KernelMachine): (uid: number) => string {
  const names = new Map<number, string>();
  try {
    const file = glance(machine, '/etc/passwd');
    for (const line of (textOf(file.read(file.inode.size)) ?? '').split('\n')) {
      const [name, , uid] = line.split(':');
      if (name && uid && !names.has(Number(uid))) names.set(Number(uid), name);
    }
  } catch (error) {
    problemOf(error);
  }
  return (uid) => names.get(uid) ?? String(uid);
}
