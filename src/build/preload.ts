/**
 * Names a page's scripts with all they import, its language's words and the terminal in its head, so that the browser asks for them at
 * once and not one after another; and lets a lesson's early script run as soon as it has come, not only when the page has been read.
 */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = /<script type="module" src="([^"]+)"><\/script>/g;
const ofLanguage = /<html lang="(\w+)"/;
const staticImport = /\b(?:import|from)\s*"(\.[^"]+\.js)"/g;
const dynamicImport = /\bimport\([`"']\.\/([\w.-]+\.js)[`"']\)/g;
/** runtime/early.ts: it starts the sandbox's worker, which everything else waits for. */
const early = /\/early\.[\w-]+\.js$/;

export async function addModulePreloads(dir: URL): Promise<void> {
  const root = fileURLToPath(dir);
  const texts = new Map<string, Promise<string>>();
  const matches = async (path: string, pattern: RegExp) => {
    const text = texts.get(path) ?? readFile(root + path, 'utf8');
    texts.set(path, text);
    return [...(await text).matchAll(pattern)].map(([, name]) => posix.join(dirname(path), name!));
  };
  /** It is imported when the page runs. */
  const terminal = (await readdir(`${root}_astro`))
    .filter((file) => /^terminal\..*\.js$/.test(file))
    .map((file) => `/_astro/${file}`);
  const pages = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(root + page, 'utf8');
    const scripts = [...html.matchAll(script)].map(([, src]) => src!);
    const first = await find(scripts, async (path) =>
      (await matches(path, staticImport)).some((name) => early.test(name)),
    );
    const language = ofLanguage.exec(html)?.[1];
    const needed = new Set([...(first ? [first] : []), ...scripts, ...(first ? terminal : [])]);
    for (const path of needed) {
      for (const imported of await matches(path, staticImport)) needed.add(imported);
      // Of the words that the page begins with, its language's (runtime/words.ts); those of what is loaded later come with it.
      for (const imported of await matches(path, dynamicImport))
        if (posix.basename(imported).startsWith(`${language}.`)) needed.add(imported);
    }
    const links = [...needed].map((path) => `<link rel="modulepreload" href="${path}">`).join('');
    let written = html.replace('</title>', `</title>${links}`);
    // It asks for what stands in the head, so at its end.
    if (first)
      written = written
        .replace(`<script type="module" src="${first}"></script>`, '')
        .replace('</head>', `<script type="module" async src="${first}"></script></head>`);
    await writeFile(root + page, written);
  }
}

async function find<T>(items: readonly T[], is: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await is(item)) return item;
  return undefined;
}
