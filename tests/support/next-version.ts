/** Another version of a built site: the same words but for the title of its contents, and not one script or stylesheet of the same name. */

import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addServiceWorker } from '../../src/build/offline.ts';

const TEXT = new Set(['.html', '.js', '.css', '.json']);

export async function nextVersion(from: string, to: string, title: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  rmSync(join(to, 'service-worker.js'));
  const hashes = readdirSync(join(to, '_astro')).flatMap((name) => /[-.]([\w-]{8})\.\w+$/.exec(name)?.[1] ?? []);
  const renamed = (text: string) =>
    hashes.reduce((changed, hash) => changed.replaceAll(hash, `${[...hash].reverse().join('')}`), text);
  for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' }).filter((name) => TEXT.has(extname(name)))) {
    const text = renamed(readFileSync(join(to, file), 'utf8'));
    writeFileSync(join(to, file), text.replace(/ data-build="\w+"/, '').replace(/(<h1>)[^<]*/, `$1${title}`));
  }
  for (const name of readdirSync(join(to, '_astro')))
    renameSync(join(to, '_astro', name), join(to, '_astro', renamed(name)));
  await addServiceWorker(pathToFileURL(`${to}/`));
}
