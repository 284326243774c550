/**
 * What the pages claim, and where it is to be found: each lesson's `sources.yaml` beside its pages. A claim stands in the words of each
 * language that `sources.yaml` names it in, English always, of a step's prose or of its checkpoints, reasons, hints and questions; a page's address agrees with the file and the heading it is made from; what the lab is said to print is printed again here.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../sandbox/hosts/opening.ts';
import type { CommandResult } from '../sandbox/lesson/observation.ts';
import { LANGUAGES, type Language } from '../sandbox/words/index.ts';

const repository = z.string().regex(/^[\w.-]+\/[\w.-]+$/);
const says = z.string().min(1).max(240).describe('Words of the source, as they stand there');
/** The address as the prose links it; absent where the prose has no link. */
const link = z.url().optional();

const source = z.union([
  z
    .strictObject({
      repository: z.literal('kubernetes/website'),
      path: z.string().regex(/^content\/en\/.+\.md$/),
      heading: z.string().optional().describe('As in the file, with its {#id} if it has one'),
      nth: z.number().int().min(2).optional().describe('Of several headings with these words'),
      slug: z.string().optional().describe("A post's name in its address, from its front matter"),
      says,
      link,
    })
    .describe('A page of kubernetes.io, by its file'),
  z.strictObject({ repository, path: z.string(), says, link }).describe('A file'),
  z
    .strictObject({
      package: z.string(),
      version: z.string().describe('In which the words were read'),
      manual: z.string().regex(/^[\w.-]+\(\d\)$/),
      says,
      link,
    })
    .describe('A manual page of a Debian 12 package, the release of the lab'),
  z.strictObject({ repository, number: z.number().int(), says, link }).describe('An issue or a pull request'),
  z
    .strictObject({ article: z.string().describe('What it shows or says, in English'), link })
    .describe('The article of 2018, tests/article/commands.ts'),
  z
    .strictObject({
      lab: z
        .string()
        .regex(/^[a-z-]+\/[a-z-]+$/)
        .describe('Where the world begins: lesson/step'),
      run: z.array(z.partialRecord(z.enum(['master01', 'node01', 'node02', 'nfs']), z.string())).min(1),
      prints: z.array(z.string()).min(1).describe('Parts of what the last command prints'),
      never: z.array(z.string()).optional(),
    })
    .describe('What the lab prints'),
]);

/** A claim in the words of a language's page: of the step's prose, or of its texts in the frontmatter. */
const words = z.string().min(1);

const claim = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  claim: z.string(),
  at: z.string().describe("A step's id; `beginning` and `end` are what stands before the first and after the last"),
  ...(Object.fromEntries(LANGUAGES.map((language) => [language, words.optional()])) as Record<
    Language,
    z.ZodOptional<typeof words>
  >),
  en: words,
  sources: z.array(source).min(1),
});

type Claim = z.infer<typeof claim>;
type Source = z.infer<typeof source>;

const folders = readdirSync(import.meta.dirname).filter((name) => /^\d\d-/.test(name));
const lessons = lessonsFromDisk();

const tables = folders.map((folder) => ({
  folder,
  lesson: lessons.find((lesson) => folder.endsWith(lesson.id))!,
  claims: z.array(claim).parse(parse(readFileSync(join(import.meta.dirname, folder, 'sources.yaml'), 'utf8'))),
  parts: Object.fromEntries(LANGUAGES.map((language) => [language, partsOf(folder, language)])) as Record<
    Language,
    Map<string, string>
  >,
}));

/** A step's words in the frontmatter: titles, checkpoints, reasons, hints, questions and answers. */
function frontmatterOf(lesson: (typeof lessons)[number], language: Language, step: string): string {
  const words = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(words) : [];
  return words(lesson.texts[language].steps[step]).join('\n');
}

/** A page without its frontmatter, by step, with spaces for line ends. */
function partsOf(folder: string, language: Language): Map<string, string> {
  const body = readFileSync(join(import.meta.dirname, folder, `${language}.mdx`), 'utf8').replace(
    /^---\n.*?\n---\n/s,
    '',
  );
  const parts = new Map<string, string>();
  const plain = (text: string) => text.replace(/\s+/g, ' ');
  parts.set('beginning', plain(body.slice(0, body.indexOf('<Step '))));
  parts.set('end', plain(body.slice(body.lastIndexOf('</Step>'))));
  for (const [, id, text] of body.matchAll(/<Step id="([^"]+)">(.*?)<\/Step>/gs)) parts.set(id!, plain(text!));
  return parts;
}

const linksOf = (parts: Map<string, string>): string[] =>
  [
    ...new Set([...parts.values()].flatMap((text) => [...text.matchAll(/\]\((https?:[^)\s]+)\)/g)].map((m) => m[1]!))),
  ].sort();

const linkOf = (entry: Source): string | undefined => ('link' in entry ? entry.link : undefined);

/** A heading's anchor as the site makes it. */
function slug(heading: string, nth?: number): string {
  const given = /\{#([^}]+)\}$/.exec(heading);
  if (given) return given[1]!;
  const made = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
  return nth ? `${made}-${nth - 1}` : made;
}

/** Where kubernetes.io has a file of its repository. */
function addressOf(path: string, slug?: string): string {
  const post = /^content\/en\/blog\/_posts\/(\d{4})-(\d\d)-(\d\d)-(.*)\.md$/.exec(path);
  if (post) return `https://kubernetes.io/blog/${post[1]}/${post[2]}/${post[3]}/${slug ?? post[4]}/`;
  return `https://kubernetes.io/${path.replace(/^content\/en\//, '').replace(/(\/_index)?\.md$/, '')}/`;
}

test('ids are unique in the whole course', () => {
  const ids = tables.flatMap(({ claims }) => claims.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(tables)('$folder', ({ lesson, claims, parts }) => {
  const { en } = parts;

  test('every step that says something has its sources', () => {
    const written = lesson.steps.map(({ id }) => id).filter((id) => en.has(id));
    const silent = written.filter((id) => !/[.。]/.test(en.get(id)!.replace(/<[^>]+>/g, '')));
    const cited = new Set(claims.map(({ at }) => at));
    expect(written.filter((id) => !cited.has(id) && !silent.includes(id))).toEqual([]);
  });

  test.each(claims)('$id stands in each language that says it', ({ at, ...claim }) => {
    expect([...en.keys(), ...lesson.steps.map(({ id }) => id)]).toContain(at);
    for (const language of LANGUAGES.filter((each) => claim[each] !== undefined))
      expect(`${parts[language].get(at)}\n${frontmatterOf(lesson, language, at)}`).toContain(claim[language]);
  });

  test('a language whose words are given is given them for every claim', () => {
    const given = LANGUAGES.filter((language) => claims.some((one) => one[language] !== undefined));
    for (const language of given)
      expect(claims.filter((one) => one[language] === undefined).map(({ id }) => id)).toEqual([]);
  });

  test('each link of the prose is in the table, and each of the table in the prose, in every language', () => {
    const cited = [
      ...new Set(claims.flatMap(({ sources }) => sources.map(linkOf)).filter((url) => url !== undefined)),
    ].sort();
    for (const language of LANGUAGES) expect(linksOf(parts[language]), language).toEqual(cited);
  });

  test.each(claims.flatMap((claim) => claim.sources.map((entry) => ({ id: claim.id, entry }))))(
    '$id: the address is that of its source',
    ({ entry }) => {
      const url = linkOf(entry);
      if (!url) return expect(Object.keys(entry)).not.toContain('link');
      if ('article' in entry) return expect(url).toMatch(/^https:\/\/qiita\.com\/sugimount\/items\/[0-9a-f]+$/);
      if ('manual' in entry) {
        const [, page, section] = /^([\w.-]+)\((\d)\)$/.exec(entry.manual)!;
        return expect(url).toBe(`https://manpages.debian.org/bookworm/${entry.package}/${page}.${section}.en.html`);
      }
      if (!('repository' in entry)) throw new Error(`a link to nowhere: ${url}`);
      if ('number' in entry)
        return expect(url).toMatch(
          new RegExp(`^https://github\\.com/${entry.repository}/(issues|pull)/${entry.number}$`),
        );
      if (entry.repository !== 'kubernetes/website')
        return expect([
          `https://github.com/${entry.repository}`,
          `https://github.com/${entry.repository}/blob/master/${entry.path}`,
        ]).toContain(url);
      const [page, anchor] = url.split('#');
      const {
        path,
        heading,
        nth,
        slug: name,
      } = entry as { path: string; heading?: string; nth?: number; slug?: string };
      expect(page).toBe(addressOf(path, name));
      expect(anchor).toBe(heading && slug(heading, nth));
    },
  );
});

const prints = tables.flatMap(({ claims }) =>
  claims.flatMap((claim: Claim) => claim.sources.flatMap((entry) => ('lab' in entry ? [{ id: claim.id, entry }] : []))),
);

test.each(prints)('the lab prints it: $id', async ({ entry }) => {
  const [lesson, step] = entry.lab.split('/') as [string, string];
  const session = await openSession({
    seed: 7,
    start: { lesson, step },
    language: 'en',
    lessons,
    follow: true,
  });
  let printed = '';
  for (const line of entry.run)
    for (const [host, command] of Object.entries(line)) {
      const { stdout, stderr } = (await session.result<CommandResult>(
        session.input({ type: 'run', host, command }),
        900_000,
      ))!;
      printed = `${stdout}${stderr}`;
    }
  for (const part of entry.prints) expect(printed).toContain(part);
  for (const part of entry.never ?? []) expect(printed).not.toContain(part);
});
