/** Relative addresses: one build runs at a host's root, in a folder, and in a folder that nobody knew when it was built. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The way from a page (`en/lessons/claim/`) back to the site's root. */
export const rootFrom = (page: string): string => '../'.repeat(page.split('/').length - 1) || './';

/** Our own links are written relative; what Astro itself puts into a page (scripts, stylesheets) begins at the host's root. */
export async function makeAddressesRelative(dir: URL): Promise<void> {
  const folder = fileURLToPath(dir);
  const pages = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(folder + page, 'utf8');
    await writeFile(folder + page, html.replaceAll(/ (href|src)="\/(?!\/)/g, ` $1="${rootFrom(page)}`));
  }
}
