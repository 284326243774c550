/** How programs go down a tree of any depth: each directory is held open while what it holds is visited, as fts(3) does. */

import { call, type Task } from '../../../sim/task.ts';
import type { Process } from '../../process.ts';

/**
 * Visits the names of a directory, in directory order or in that of `order`. The visitor may go on below `path` with paths longer than
 * PATH_MAX, and as deep as it likes. Throws what opening the directory throws.
 */
export function* eachIn(
  process: Process,
  path: string,
  visit: (name: string) => Task<void>,
  order: (names: string[]) => string[] = (names) => names,
): Task<void> {
  const names = order(yield* process.readdir(path));
  if (names.length === 0) return;
  const close = yield* process.anchor(path);
  try {
    for (const name of names) yield* call(visit(name));
  } finally {
    close();
  }
}
