/** The API objects that the files of a machine describe: what kubectl would read there. */

import type { KubeObject } from '../api/object.ts';
import { resources } from '../api/resources/index.ts';
import { documents } from '../kubectl/yaml/documents.ts';
import type { Value } from '../kubectl/yaml/parser.ts';
import type { Inode } from '../machines/filesystem/inode.ts';
import { MemoryFileSystem } from '../machines/filesystem/memory.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';

/** No manifest of a lesson is a tenth of this long; what is longer is not read (bytes). */
const LONGEST = 100_000;

const byKind = new Map(
  resources.map((resource) => [
    `${resource.group ? `${resource.group}/` : ''}${resource.version} ${resource.kind}`,
    resource,
  ]),
);
const decoder = new TextDecoder();

interface Known {
  readonly mtime: number;
  readonly size: number;
  readonly objects: readonly object[];
}
/** Files are read again when they have changed. */
const known = new WeakMap<Inode, Known>();
const walked = new WeakMap<KernelMachine, { readonly changes: number; readonly objects: readonly object[] }>();

/** The objects of every file that a process made on the machine's own filesystems (not on network mounts, not in containers). */
export function writtenObjects(machine: KernelMachine): readonly object[] {
  const own = new Set<MemoryFileSystem>();
  for (const { fs } of machine.init.view.namespace.mounts) if (fs instanceof MemoryFileSystem) own.add(fs);
  let changes = 0;
  for (const { disk } of own) changes += disk.changes;
  const last = walked.get(machine);
  if (last?.changes === changes) return last.objects;
  const objects = [...own].flatMap((fs) => [...madeFiles(fs.root)].flatMap(objectsIn));
  walked.set(machine, { changes, objects });
  return objects;
}

/** The objects of one file, lists taken apart; none when it is not a manifest that kubectl could read. */
export function objectsIn(inode: Inode): readonly object[] {
  const { mtime, size } = inode.stat();
  const last = known.get(inode);
  if (last?.mtime === mtime && last.size === size) return last.objects;
  const objects = size > LONGEST ? [] : readObjects(decoder.decode(inode.read(0, size)));
  known.set(inode, { mtime, size, objects });
  return objects;
}

/** The files that a process made below a directory, with their paths and the objects they describe. */
export function* manifests(directory: Inode, path = ''): Generator<{ path: string; objects: readonly object[] }> {
  for (const name of directory.names()) {
    const inode = directory.lookup(name);
    if (inode?.type === 'directory') yield* manifests(inode, `${path}/${name}`);
    else if (inode?.type === 'file' && inode.creator) yield { path: `${path}/${name}`, objects: objectsIn(inode) };
  }
}

function* madeFiles(directory: Inode): Generator<Inode> {
  for (const name of directory.names()) {
    const inode = directory.lookup(name);
    if (inode?.type === 'directory') yield* madeFiles(inode);
    else if (inode?.type === 'file' && inode.creator) yield inode;
  }
}

function readObjects(text: string): object[] {
  const found: object[] = [];
  try {
    for (const value of documents(text)) found.push(...objectsOf(value));
  } catch {
    // kubectl acts on the documents before the broken one.
  }
  return found;
}

function objectsOf(value: Value): object[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  if (value.kind === 'List' && Array.isArray(value.items)) return value.items.flatMap(objectsOf);
  const resource = byKind.get(`${value.apiVersion} ${value.kind}`);
  if (!resource) return [];
  try {
    return [resource.defaults?.(value as unknown as KubeObject) ?? value];
  } catch {
    // A field of the wrong type: the API server would refuse the object, and says so better.
    return [value];
  }
}
