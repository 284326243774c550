/** Names the files of data that pages ask for after their content: pages of two versions, with the lessons of each, may then be open side by side. */

import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { offeredLanguages } from './course.ts';

/** As the pages name them, in an attribute of their own. */
const FILES = ['lessons.json', 'kinds.json', ...offeredLanguages.map((language) => `${language}/search.json`)];

export async function nameDataFiles(dir: URL): Promise<void> {
  const folder = fileURLToPath(dir);
  const names = new Map<string, string>();
  for (const file of FILES) {
    const hash = createHash('sha256')
      .update(await readFile(folder + file))
      .digest('hex')
      .slice(0, 8);
    const name = `_astro/${file.replace('/', '.').replace(/json$/, `${hash}.json`)}`;
    await rename(folder + file, folder + name);
    names.set(file, name);
  }
  const pages = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(folder + page, 'utf8');
    const named = html.replaceAll(
      /( (?:href|data-texts|data-kinds)="[./]*)((?:\w+\/)?\w+\.json)"/g,
      (whole, before: string, file: string) => (names.has(file) ? `${before}${names.get(file)}"` : whole),
    );
    await writeFile(folder + page, named);
  }
}
