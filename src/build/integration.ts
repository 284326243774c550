/** What the build adds to the pages: preloads, `_headers`, the sandbox as a Node program for WebContainers, the script for labs in other pages, and the service worker. */

import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'vite';
import { makeAddressesRelative } from './addresses.ts';
import { forCourses } from './course.ts';
import { nameDataFiles } from './data-files.ts';
import { formatHeaders } from './headers-file.ts';
import { offersWebContainers } from './host.ts';
import { addLabScript } from './lab-script.ts';
import { addServiceWorker } from './offline.ts';
import { immutablePath, securityHeaders } from './policy.ts';
import { addModulePreloads } from './preload.ts';

const launch = new URL('../course/launch.astro', import.meta.url);
const entry = fileURLToPath(new URL('../../sandbox/hosts/webcontainer.ts', import.meta.url));

export function siteFiles(): AstroIntegration {
  return {
    name: 'site-files',
    hooks: {
      'astro:config:setup': ({ injectRoute }) => {
        if (forCourses) injectRoute({ pattern: '/launch/activity', entrypoint: launch });
      },
      'astro:build:done': async ({ dir, logger }) => {
        await addModulePreloads(dir);
        await makeAddressesRelative(dir);
        await nameDataFiles(dir);
        await writeFile(new URL('_headers', dir), headers());
        if (offersWebContainers) await bundleForNode(new URL('webcontainer/', dir));
        await addLabScript(dir);
        // A course system has its own way of bringing a new version.
        if (forCourses) return;
        const { count, size } = await addServiceWorker(dir);
        logger.info(`kept for use without a network: ${count} files, ${(size / 1e6).toFixed(1)} MB`);
      },
    },
  };
}

const headers = () =>
  formatHeaders({
    '/*': securityHeaders,
    [`${immutablePath}*`]: { 'Cache-Control': 'public, max-age=31536000, immutable' },
  });

/** One program and the parts it loads when called, listed in files.json for the page to mount. */
async function bundleForNode(dir: URL): Promise<void> {
  if (!existsSync(entry)) throw new Error(`no sandbox at ${entry}`);
  const outDir = fileURLToPath(dir);
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      minify: true,
      target: 'node22',
      rolldownOptions: {
        output: { format: 'esm', entryFileNames: 'sandbox.mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  const files = (await readdir(outDir)).filter((name) => name.endsWith('.mjs'));
  await writeFile(new URL('files.json', dir), JSON.stringify(files));
}
