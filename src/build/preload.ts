/** Names a page's scripts with all they import, and its language's words, in its head, so that the browser asks for them at once and not one after another. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = /<script type="module" src="([^"]+)"><\/script>/g;
const ofLanguage = /<html lang="(\w+)"/;
const staticImport = /\b(?:import|from)\s*"(\.[^"]+\.js)"/g;

export async function addModulePreloads(dir: URL): Promise<void> {
  const root = fileURLToPath(dir);
  const imports = new Map<string, Promise<readonly string[]>>();
  const importsOf = (path: string) => {
    let found = imports.get(path);
    if (!found) {
      found = readFile(root + path, 'utf8').then((text) =>
        [...text.matchAll(staticImport)].map(([, name]) => posix.join(dirname(path), name!)),
      );
      imports.set(path, found);
    }
    return found;
  };
  const assets = await readdir(`${root}_astro`);
  const pages = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(root + page, 'utf8');
    const needed = new Set([...html.matchAll(script)].map(([, src]) => src!));
    // runtime/words.ts imports them by the page's language.
    const words = assets.find((name) => name.startsWith(`${ofLanguage.exec(html)?.[1]}.`) && name.endsWith('.js'));
    if (words && needed.size > 0) needed.add(`/_astro/${words}`);
    for (const path of needed) for (const imported of await importsOf(path)) needed.add(imported);
    const links = [...needed].map((path) => `<link rel="modulepreload" href="${path}">`).join('');
    await writeFile(root + page, html.replace('</title>', `</title>${links}`));
  }
}
