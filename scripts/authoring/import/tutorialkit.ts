/** Reads chapters of TutorialKit: each lesson of a chapter is a step of ours (content.md, _files, _solution; tutorialkit.dev). */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import {
  type Imported,
  type ImportedCheck,
  type ImportedFile,
  type ImportedStep,
  idOf,
  type Left,
} from './imported.ts';
import { takeProse } from './prose.ts';

/** What the format has for its own screen. */
const SCREEN = [
  'focus',
  'previews',
  'autoReload',
  'editor',
  'terminal',
  'scope',
  'editPageLink',
  'openInStackBlitz',
  'downloadAsZip',
  'filesystem',
  'custom',
  'i18n',
  'meta',
];

/** The chapters in a folder, or the one that it is; throws with a sentence when there is none. */
export function readTutorialKit(folder: string, left: Left): Imported[] {
  if (contentOf(folder)) return [chapter(folder, [folder], left)];
  const lessons = foldersIn(folder).filter((path) => contentOf(path));
  if (lessons.length > 0) return [chapter(folder, lessons, left)];
  const found = foldersIn(folder).flatMap((path) => (existsSync(path) ? inside(path, left) : []));
  if (found.length === 0)
    throw new Error(`${folder}: there is no content.md or content.mdx in it, as a lesson of TutorialKit has`);
  return found;
}

function inside(folder: string, left: Left): Imported[] {
  const lessons = foldersIn(folder).filter((path) => contentOf(path));
  if (lessons.length > 0) return [chapter(folder, lessons, left)];
  return foldersIn(folder).flatMap((path) => inside(path, left));
}

/** In the order of their numbers. */
const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => name)
    .sort((a, b) => (Number.parseInt(a, 10) || 0) - (Number.parseInt(b, 10) || 0) || a.localeCompare(b))
    .map((name) => join(folder, name));

const contentOf = (folder: string): string | undefined =>
  ['content.md', 'content.mdx'].map((name) => join(folder, name)).find((path) => existsSync(path));

function page(path: string): { front: Record<string, unknown>; body: string } {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const found = /^---\n([\s\S]*?)\n---\n?/.exec(text);
  return {
    front: (found && (parse(found[1]!) as Record<string, unknown> | null)) || {},
    body: text.slice(found?.[0].length ?? 0),
  };
}

function chapter(folder: string, lessons: readonly string[], left: Left): Imported {
  const meta = join(folder, 'meta.md');
  const front: Record<string, unknown> = existsSync(meta) ? page(meta).front : {};
  const taken = new Set<string>();
  const steps = lessons.map((lesson) => stepOf(lesson, taken, left));
  const title =
    typeof front.title === 'string' ? front.title : lessons[0] === folder ? steps[0]!.title : basename(folder);
  return { id: idOf(basename(folder)), title, summary: title, intro: '', steps, finish: '' };
}

function stepOf(folder: string, taken: Set<string>, left: Left): ImportedStep {
  const path = contentOf(folder)!;
  const { front, body } = page(path);
  const where = join(basename(folder), basename(path));
  const id = idOf(basename(folder), taken);
  taken.add(id);
  const title = typeof front.title === 'string' ? front.title : id;
  for (const name of Object.keys(front).filter((key) => SCREEN.includes(key)))
    left.add(where, `${name}: the lab has a screen of its own`);
  if (front.template !== undefined) left.add(where, `template: copy its files into _files first`);
  for (const name of ['mainCommand', 'prepareCommands'])
    if (front[name] !== undefined)
      left.add(where, `${name}: ${JSON.stringify(front[name])} – nothing is run before the reader is there`);
  const { text, commands } = takeProse(body.replace(/^#\s+.*\n/, ''), where, left);
  const files = filesIn(join(folder, '_files'), where, left);
  const solved = filesIn(join(folder, '_solution'), where, left);
  return { id, title, prose: text, files, prepare: [], commands, solved, checks: solved.map(checkOf) };
}

function filesIn(folder: string, where: string, left: Left): ImportedFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length + 1);
      const text = readFileSync(path, 'utf8');
      if (!text.includes('\0')) return [{ name: name.replaceAll('/', '-'), text, to: `/root/${name}` }];
      left.add(where, `${name}: it is no text`);
      return [];
    });
}

/** The file is as its solution has it; spaces at its end do not count. */
const checkOf = ({ name, text, to }: ImportedFile): ImportedCheck => ({
  id: idOf(name),
  says: `\`${to}\` is as the lesson wants it`,
  expr: `file('master01', ${JSON.stringify(to)}).trim() == ${JSON.stringify(text.trim())}`,
});
