/** Writes a volume's files so that all of them change at once: data in a dated directory, `..data` pointing to it, names pointing through it (pkg/volume/util/atomic_writer.go). */

import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import type { Payload } from './payload.ts';
import { exists, makeDirectories, removeTree } from './plugin.ts';

export function* writePayload(process: Process, directory: string, payload: Payload): Task<void> {
  const before = (yield* exists(process, `${directory}/..data`))
    ? yield* process.readlink(`${directory}/..data`)
    : undefined;
  if (before !== undefined && (yield* isSame(process, `${directory}/..data`, payload))) return;
  const dated = datedName(process);
  yield* process.mkdir(`${directory}/${dated}`, 0o755);
  for (const [path, { data, mode }] of payload) {
    const folder = path.lastIndexOf('/');
    if (folder > 0) yield* makeDirectories(process, `${directory}/${dated}/${path.slice(0, folder)}`, 0o755);
    yield* process.writeFile(`${directory}/${dated}/${path}`, data, { mode });
  }
  yield* process.symlink(dated, `${directory}/..data_tmp`);
  yield* process.rename(`${directory}/..data_tmp`, `${directory}/..data`);
  yield* linkNames(process, directory, payload);
  if (before !== undefined) yield* removeTree(process, `${directory}/${before}`);
}

/** One visible name for each first part of a path. */
function* linkNames(process: Process, directory: string, payload: Payload): Task<void> {
  const names = new Set([...payload.keys()].map((path) => path.split('/')[0]!));
  const there = new Set((yield* process.readdir(directory)).filter((name) => !name.startsWith('..')));
  for (const name of names) if (!there.has(name)) yield* process.symlink(`..data/${name}`, `${directory}/${name}`);
  for (const name of there) if (!names.has(name)) yield* process.unlink(`${directory}/${name}`);
}

function* isSame(process: Process, directory: string, payload: Payload): Task<boolean> {
  for (const [path, { data }] of payload) {
    if (!(yield* exists(process, `${directory}/${path}`))) return false;
    const old = yield* process.readFile(`${directory}/${path}`);
    if (old.length !== data.length || old.some((byte, i) => byte !== data[i])) return false;
  }
  const names = new Set([...payload.keys()].map((path) => path.split('/')[0]!));
  return (yield* process.readdir(directory)).every((name) => names.has(name));
}

/** `..2026_11_22_19_59_16.1234567890`. */
function datedName(process: Process): string {
  const stamp = new Date(process.now()).toISOString().slice(0, 19).replace(/[-T:]/g, '_');
  return `..${stamp}.${process.random.uint32()}`;
}
