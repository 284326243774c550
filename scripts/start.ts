/**
 * `npm start`: builds the site if anything changed since it was built, and serves it. `--content DIR` has the lessons of that folder in
 * the place of the course, with `--with-course` after it; what else is given goes to scripts/serve.ts.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeContent } from './authoring/arguments.ts';
import { buildSite } from './authoring/site.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['content', 'src', 'sandbox', 'public', 'astro.config.mjs', 'package-lock.json'];

const rest = takeContent(process.argv.slice(2));
const own = process.env.BOUND_CONTENT;
/** One's own site does not take the place of the other. */
const outDir = own
  ? `.cache/site-${createHash('sha256').update(`${own}\0${process.env.BOUND_WITH_COURSE}`).digest('hex').slice(0, 8)}`
  : 'dist';
const built = join(root, outDir, 'index.html');
const sources = [...SOURCES.map((source) => join(root, source)), ...(own ? [own] : [])];

if (
  !sources.every(existsSync) ||
  !existsSync(built) ||
  sources.some((source) => newest(source) > statSync(built).mtimeMs)
) {
  buildSite(outDir, ['--silent'], 2);
}
process.argv.splice(2, process.argv.length, ...(own ? ['--dir', join(root, outDir)] : []), ...rest);
await import('./serve.ts');

/** Of a folder also when its own list changed: a lesson may have been taken away. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
