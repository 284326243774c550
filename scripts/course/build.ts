/** A build of the site for a package, and its files. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { PackageOptions } from './options.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a server is told, and pages that no course leads to. */
const NOT_PACKED = /^(?:_headers|404\.html|index\.html|service-worker\.js|icons\/|[a-z]+\/manifest\.webmanifest$)/;

/** Every file by its path in the package; for any standard. */
export async function buildSite(
  options: Pick<PackageOptions, 'lessons' | 'language'>,
): Promise<Record<string, Uint8Array>> {
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'course-'));
  try {
    await astro(folder, options);
    return filesOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function astro(folder: string, { lessons, language }: Parameters<typeof buildSite>[0]): Promise<void> {
  const child = spawn('npx', ['--no-install', 'astro', 'build', '--outDir', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: '1',
      // No course system sends the headers that a WebContainer needs.
      PUBLIC_SANDBOX_HOST: 'worker',
      PUBLIC_COURSE: '1',
      BOUND_COURSE_LESSONS: lessons.map(({ id }) => id).join(','),
      BOUND_COURSE_LANGUAGE: language ?? '',
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`astro build ended with ${code}:\n${printed}`);
}

function filesOf(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'));
  const packed = paths.filter((path) => !NOT_PACKED.test(path)).sort();
  return Object.fromEntries(packed.map((path) => [path, readFileSync(join(folder, path))]));
}
