/** Reads a scenario of Killercoda (and Katacoda before it): index.json, Markdown, scripts, assets (killercoda.com/creators). */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { type Imported, type ImportedFile, type ImportedStep, idOf, type Left } from './imported.ts';
import { takeProse } from './prose.ts';
import { checksOf } from './verify.ts';

const part = z.looseObject({
  title: z.string().optional(),
  text: z.string().optional(),
  verify: z.string().optional(),
  background: z.string().optional(),
  foreground: z.string().optional(),
});
const scenario = z.looseObject({
  title: z.string().default('Untitled'),
  description: z.string().default(''),
  details: z.looseObject({
    intro: part.optional(),
    steps: z.array(part).min(1),
    finish: part.optional(),
    assets: z
      .record(z.string(), z.array(z.looseObject({ file: z.string(), target: z.string().default('/root') })))
      .optional(),
  }),
  backend: z.looseObject({ imageid: z.string() }).optional(),
});
type Part = z.infer<typeof part>;

/** Throws with a sentence when there is no scenario. */
export function readKillercoda(folder: string, left: Left): Imported {
  const index = join(folder, 'index.json');
  if (!existsSync(index)) throw new Error(`${folder}: there is no index.json, as a scenario of Killercoda has`);
  const read = scenario.safeParse(JSON.parse(readFileSync(index, 'utf8')));
  if (!read.success)
    throw new Error(
      `${index}: ${read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    );
  const { title, description, details, backend, ...rest } = read.data;
  for (const name of Object.keys(rest)) if (!['time', 'difficulty'].includes(name)) left.add('index.json', `${name}`);
  if (backend && !backend.imageid.startsWith('kubernetes'))
    left.add('index.json', `the machine "${backend.imageid}": its commands are typed on master01 of the lab`);
  const text = (name: string | undefined): string => {
    if (name === undefined) return '';
    if (existsSync(join(folder, name))) return readFileSync(join(folder, name), 'utf8');
    left.add('index.json', `${name}, which is not there`);
    return '';
  };
  const prepared = (from: Part | undefined, name: string): ImportedFile[] =>
    [from?.background, from?.foreground]
      .filter((path) => path !== undefined)
      .map((path) => {
        const file = `${name}-${basename(path)}`;
        return { name: file, text: text(path), to: `/root/${file}` };
      });
  const intro = takeProse(text(details.intro?.text), details.intro?.text ?? 'intro', left);
  const taken = new Set<string>();
  const steps = details.steps.map((from, number): ImportedStep => {
    const id = idOf(from.title ?? `step-${number + 1}`, taken);
    taken.add(id);
    const { text: prose, commands } = takeProse(text(from.text), from.text ?? id, left);
    const first = number === 0;
    return {
      id,
      title: from.title ?? `Step ${number + 1}`,
      prose,
      files: first ? assetsOf(folder, details.assets ?? {}, left) : [],
      prepare: [...(first ? prepared(details.intro, 'intro') : []), ...prepared(from, id)],
      commands: first ? [...intro.commands, ...commands] : commands,
      solved: [],
      checks: from.verify === undefined ? [] : checksOf(text(from.verify), from.verify, left),
    };
  });
  for (const script of [details.finish?.background, details.finish?.foreground])
    if (script !== undefined) left.add('index.json', `${script}: nothing runs after the last step`);
  const finish = takeProse(text(details.finish?.text), details.finish?.text ?? 'finish', left);
  return { id: idOf(basename(folder)), title, summary: description, intro: intro.text, steps, finish: finish.text };
}

type Assets = NonNullable<z.infer<typeof scenario>['details']['assets']>;

function assetsOf(folder: string, assets: Assets, left: Left): ImportedFile[] {
  const there = existsSync(join(folder, 'assets'))
    ? readdirSync(join(folder, 'assets'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [join(entry.parentPath, entry.name).slice(join(folder, 'assets').length + 1)] : [],
      )
    : [];
  return Object.entries(assets).flatMap(([host, entries]) =>
    entries.flatMap(({ file, target }) => {
      const pattern = new RegExp(`^${file.replaceAll(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`);
      const found = there.filter((name) => pattern.test(name));
      if (found.length === 0) left.add('index.json', `the asset ${file}, which is not there`);
      if (host !== 'host01') left.add('index.json', `the asset ${file} of ${host}: it comes to master01`);
      return found.flatMap((name) => {
        const text = readFileSync(join(folder, 'assets', name), 'utf8');
        if (!text.includes('\0'))
          return [{ name: name.replaceAll('/', '-'), text, to: `${target.replace(/\/$/, '')}/${basename(name)}` }];
        left.add('assets', `${name}: it is no text`);
        return [];
      });
    }),
  );
}
