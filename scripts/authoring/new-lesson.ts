/** Writes the skeleton of a lesson, which is scripts/authoring/skeleton/ with the lesson's name in it. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { LANGUAGES } from '../../sandbox/words/index.ts';

const SKELETON = join(import.meta.dirname, 'skeleton');

/** `path` is not there yet. */
export function writeLesson(path: string, id: string, languages: readonly string[]): void {
  const order = nextOrder(dirname(path));
  const left = LANGUAGES.filter((language) => !languages.includes(language)).map((language) => `${language}.mdx`);
  for (const entry of readdirSync(SKELETON, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || left.includes(entry.name)) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(path, from.slice(SKELETON.length));
    mkdirSync(dirname(to), { recursive: true });
    const text = readFileSync(from, 'utf8').replaceAll('__ID__', id).replaceAll('__ORDER__', String(order));
    writeFileSync(to, text);
  }
}

/** After the last lesson of the folder. */
export function nextOrder(folder: string): number {
  if (!existsSync(folder)) return 1;
  const orders = readdirSync(folder)
    .map((name) => join(folder, name, 'lesson.yaml'))
    .filter((file) => existsSync(file))
    .map((file) => Number((parse(readFileSync(file, 'utf8')) as { order?: unknown } | null)?.order) || 0);
  return Math.max(0, ...orders) + 1;
}
