/** Plugins: programs in PATH named `kubectl-…`, longest name first (kubectl pkg/cmd/cmd.go HandlePluginCommand). */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { PlainError } from './errors.ts';

/** Runs the plugin that the words name; undefined if there is none. */
export function* runPlugin(environment: KubectlEnvironment, words: readonly string[]): Task<number | undefined> {
  const end = words.findIndex((word) => word.startsWith('-'));
  const names = (end < 0 ? words : words.slice(0, end)).map((word) => word.replaceAll('-', '_'));
  if (names.length === 0) throw new PlainError(`Error: flags cannot be placed before plugin name: ${words[0]}`);
  for (let length = names.length; length > 0; length--) {
    const path = yield* lookUp(environment, `kubectl-${names.slice(0, length).join('-')}`);
    if (path) return yield* environment.run([path, ...words.slice(length)]);
  }
  return undefined;
}

const isExecutable = (mode: number): boolean => (mode & 0o111) !== 0;

/** exec.LookPath. */
function* lookUp({ env, files }: KubectlEnvironment, name: string): Task<string | undefined> {
  if (name.includes('/')) return undefined;
  for (const folder of searchPath(env)) {
    const stat = yield* files.stat(`${folder}/${name}`);
    if (stat && !stat.directory && isExecutable(stat.mode)) return `${folder}/${name}`;
  }
  return undefined;
}

const searchPath = (env: ReadonlyMap<string, string>): string[] => [
  ...new Set((env.get('PATH') ?? '').split(':').filter(Boolean)),
];

export interface FoundPlugin {
  readonly path: string;
  readonly executable: boolean;
}

/** Everything in PATH that is named like a plugin. */
export function* findPlugins({ env, files }: KubectlEnvironment): Task<FoundPlugin[]> {
  const found: FoundPlugin[] = [];
  for (const folder of searchPath(env)) {
    if (!(yield* files.stat(folder))?.directory) continue;
    for (const name of [...(yield* files.list(folder))].sort()) {
      if (!name.startsWith('kubectl-')) continue;
      const stat = yield* files.stat(`${folder}/${name}`);
      if (stat && !stat.directory) found.push({ path: `${folder}/${name}`, executable: isExecutable(stat.mode) });
    }
  }
  return found;
}
