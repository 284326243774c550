/** Makes the service worker: names the version that was built, lists its files, and bundles the worker with both. */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { getManifest } from 'workbox-build';

const entry = fileURLToPath(new URL('../offline/service-worker.ts', import.meta.url));
/** WebContainers need the network anyway; the icons are the system's business, and `bound-lab.js` that of other pages. */
const NOT_KEPT = ['_headers', '404.html', 'webcontainer/**', 'icons/**', 'bound-lab.js'];

/** Gives what is kept: how many files, how many bytes. */
export async function addServiceWorker(dir: URL): Promise<{ count: number; size: number }> {
  const folder = fileURLToPath(dir);
  const version = await versionOf(folder);
  await stampPages(folder, version);
  const { manifestEntries, count, size, warnings } = await getManifest({
    globDirectory: folder,
    globPatterns: ['**/*'],
    globIgnores: NOT_KEPT,
    dontCacheBustURLsMatching: /^_astro\//,
    maximumFileSizeToCacheInBytes: 8_000_000,
  });
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { BUILD: JSON.stringify(version), FILES: JSON.stringify(manifestEntries) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: true,
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'service-worker.js' } },
    },
  });
  return { count, size };
}

/** The same files make the same version; their headers count, since they are kept with them. */
async function versionOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((file) => file.isFile()).map((file) => `${file.parentPath}/${file.name}`);
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function stampPages(folder: string, version: string): Promise<void> {
  const pages = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(folder + page, 'utf8');
    await writeFile(folder + page, html.replace(' data-root=', ` data-build="${version}" data-root=`));
  }
}
