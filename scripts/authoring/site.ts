/** Builds the site whole or not at all: beside its place, then in it. */

import { spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orProblems } from './arguments.ts';
import { assemble } from './assemble.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `outDir` is taken from the repository's root. Ends the program when something is wrong. */
export function buildSite(outDir: string, options: readonly string[] = [], output: 'inherit' | 2 = 'inherit'): void {
  // Before Astro is started, so that its own words do not stand around ours.
  orProblems(() => assemble());
  if (output === 2) console.error('Building the site …');
  const made = `${resolve(root, outDir)}.new`;
  const { status } = spawnSync('npx', ['--no-install', 'astro', 'build', '--outDir', made, ...options], {
    cwd: root,
    stdio: ['ignore', output, 2],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) {
    rmSync(made, { recursive: true, force: true });
    process.exit(status ?? 1);
  }
  rmSync(resolve(root, outDir), { recursive: true, force: true });
  renameSync(made, resolve(root, outDir));
}
