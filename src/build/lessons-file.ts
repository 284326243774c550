/** Names the lessons' file after its content: pages of two versions, with the lessons of each, may then be open side by side. */

import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export async function nameLessonsFile(dir: URL): Promise<void> {
  const folder = fileURLToPath(dir);
  const content = await readFile(`${folder}lessons.json`);
  const name = `_astro/lessons.${createHash('sha256').update(content).digest('hex').slice(0, 8)}.json`;
  await rename(`${folder}lessons.json`, folder + name);
  const pages = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html'));
  for (const page of pages) {
    const html = await readFile(folder + page, 'utf8');
    await writeFile(folder + page, html.replace(/(<link [^>]*href="[./]*)lessons\.json"/, `$1${name}"`));
  }
}
