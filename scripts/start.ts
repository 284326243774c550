/** `npm start`: builds the site if anything changed since it was built, and serves it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['content', 'src', 'sandbox', 'public', 'astro.config.mjs', 'package-lock.json'];
const built = join(root, 'dist', 'index.html');

if (!existsSync(built) || SOURCES.some((source) => newest(join(root, source)) > statSync(built).mtimeMs)) {
  console.error('Building the site …');
  const { status } = spawnSync('npx', ['--no-install', 'astro', 'build', '--silent'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}
await import('./serve.ts');

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
