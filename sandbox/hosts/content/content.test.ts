/** Lessons of somebody's own: in one language or several, alone or after the course, and every mistake told with its file and line. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { COURSE, foldersIn, lessonFolders } from './folders.ts';
import { problemLine } from './problems.ts';
import { languagesOf, readLessons } from './read-lessons.ts';
import { filled, HOUSE_VALUES, valuesOf } from './values.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

const LESSON = `id: own
order: 1
hosts: [master01]
steps:
  - id: make
    files: [pod.yaml]
    solution:
      - { host: master01, write: pod.yaml }
    checkpoints:
      - id: there
        expr: pods.exists(p, p.metadata.name == 'web')
        reasons:
          - { id: none, when: "true" }
`;
const PAGE = `---
title: Own
summary: One of our own.
minutes: 3
steps:
  make:
    title: Make it
    checkpoints:
      there:
        says: There is a Pod.
        hints: [Look., Write.]
        reasons:
          none: There are \${size(pods)} Pods.
---

<Step id="make">

From {{server}}.

</Step>
`;

/** A folder of one lesson, with some of its files otherwise; what is null is not there. */
function folder(change: Readonly<Record<string, string | null>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'bound-own-'));
  made.push(path);
  mkdirSync(join(path, 'own/files'), { recursive: true });
  const files = { 'own/lesson.yaml': LESSON, 'own/en.mdx': PAGE, 'own/files/pod.yaml': 'kind: Pod\n', ...change };
  for (const [name, text] of Object.entries(files)) if (text !== null) writeFileSync(join(path, name), text);
  return path;
}

const problems = (path: string): string[] =>
  readLessons([{ path, own: true }]).problems.map((problem) =>
    problemLine({ ...problem, file: problem.file.slice(problem.file.lastIndexOf('bound-own-') + 17) }),
  );

test('a lesson that has one language is shown in it to all readers', () => {
  const path = folder({ 'own/ja.mdx': PAGE.replace('title: Own', 'title: 自作'), 'own/en.mdx': null });
  const { lessons, problems: none } = readLessons([{ path, own: true }]);
  expect(none).toEqual([]);
  expect(lessons[0]!.document.texts).toMatchObject({ en: { title: '自作' }, ja: { title: '自作' } });
  expect(languagesOf(lessons)).toEqual(['ja']);
});

test('values stand where they are named, those of the house unless the folder gives others', () => {
  expect(readLessons([{ path: folder(), own: true }]).lessons[0]!.pages[0]!.body).toContain('From 192.168.120.230.');
  const path = folder({ 'site.yaml': 'server: nas.example.com\nteam: platform\n' });
  expect(readLessons([{ path, own: true }]).lessons[0]!.pages[0]!.body).toContain('From nas.example.com.');
  expect(valuesOf(path)).toEqual({ ...HOUSE_VALUES, server: 'nas.example.com', team: 'platform' });
});

test("Go's templates and CEL are not values", () => {
  const text = `kubectl get po -o go-template='{{range .items}}{{ .metadata.name }}{{else}}{{"\\n"}}{{end}}' \${pods[0].x}`;
  expect(filled('x', text, HOUSE_VALUES)).toEqual({ text, problems: [] });
});

test.each<[what: string, change: Readonly<Record<string, string | null>>, says: readonly RegExp[]]>([
  [
    'a name that nobody gave',
    { 'own/en.mdx': PAGE.replace('{{server}}', '{{sever}}') },
    [/^own\/en.mdx:18: \{\{sever}} names no value; there are server, export, class, registry/],
  ],
  [
    'an address that is none',
    { 'site.yaml': 'export: /srv\nserver: 10.0.0.256.x_\n' },
    [/^site.yaml:2: server is "10.0.0.256.x_", but it must be the NFS server's address/],
  ],
  [
    'a value that would break a line',
    { 'site.yaml': 'team: "a; rm -rf /"\n' },
    [/^site.yaml:1: team: a value is one line without/],
  ],
  ['YAML that is none', { 'own/lesson.yaml': `${LESSON}  - id: [\n` }, [/^own\/lesson.yaml:\d+: /]],
  [
    'a field misspelt',
    { 'own/lesson.yaml': LESSON.replace('order:', 'ordr:') },
    [/^own\/lesson.yaml:1: order: this field is missing/, /^own\/lesson.yaml:2: ordr: there is no such field/],
  ],
  [
    'a host that there is not',
    { 'own/lesson.yaml': LESSON.replace('[master01]', '[master]') },
    [/^own\/lesson.yaml:3: hosts.0: this must be one of master01, node01, node02, nfs/],
  ],
  ['no page', { 'own/en.mdx': null }, [/^own: there is no page: a lesson has en.mdx or ja.mdx/]],
  ['no frontmatter', { 'own/en.mdx': 'Hello\n' }, [/^own\/en.mdx:1: a page begins with its texts/]],
  [
    'one hint',
    { 'own/en.mdx': PAGE.replace('[Look., Write.]', '[Look.]') },
    [/^own\/en.mdx:11: steps.make.checkpoints.there.hints: there must be .* 2 here/],
  ],
  [
    'a text too much',
    { 'own/ja.mdx': PAGE.replace('          none', '          gone') },
    [
      /^own\/ja.mdx:12: make\/there: reason "none" has no text here/,
      /^own\/ja.mdx:13: make\/there: reason "gone" is not in lesson.yaml/,
    ],
  ],
  [
    'a step that the prose forgot',
    { 'own/en.mdx': PAGE.replace('<Step id="make">', '<Step id="mak">') },
    [
      /^own\/en.mdx:15: <Step id="make"> is missing/,
      /^own\/en.mdx:16: step "mak" is not in own\/lesson.yaml|own\/en.mdx:16: step "mak" is not in/,
    ],
  ],
  [
    'a manifest that is not there',
    { 'own/files/pod.yaml': null },
    [
      /^own\/lesson.yaml:6: there is no files\/pod.yaml; the lesson has no files/,
      /^own\/lesson.yaml:8: the solution writes files\/pod.yaml/,
    ],
  ],
  [
    'a condition that cannot be read',
    { 'own/lesson.yaml': LESSON.replace("== 'web'", "= 'web'") },
    [/^own\/lesson.yaml:11: the expression cannot be read: /],
  ],
  [
    'a text whose CEL cannot be read',
    { 'own/en.mdx': PAGE.replace('size(pods)', 'size(') },
    [/^own\/en.mdx:13: the expression cannot be read: /],
  ],
  [
    'a step that asks nothing',
    {
      'own/lesson.yaml': LESSON.slice(0, LESSON.indexOf('    checkpoints')),
      'own/en.mdx': PAGE.replace(/ {4}checkpoints:[\s\S]*(?=---\n\n)/, ''),
    },
    [/^own\/lesson.yaml:5: step "make" asks nothing/],
  ],
])('%s', (_, change, says) => {
  const found = problems(folder(change));
  expect(found, found.join('\n')).toHaveLength(says.length);
  for (const [index, pattern] of says.entries()) expect(found[index]).toMatch(pattern);
});

test('two lessons with one id and one place are told of each other', () => {
  const path = folder();
  cpSync(join(path, 'own'), join(path, 'second'), { recursive: true });
  expect(problems(path)).toEqual([
    expect.stringMatching(/^second\/lesson.yaml:1: id: "own" is the id of .*own\/lesson.yaml too$/),
    expect.stringMatching(/^second\/lesson.yaml:2: order: 1 is the order of .*own\/lesson.yaml too$/),
  ]);
});

test('no folder, a file, an empty folder, a lesson in the place of the folder that holds it', () => {
  const path = folder();
  const says = (at: string) => readLessons([{ path: at, own: true }]).problems.map((problem) => problem.says);
  expect(says(join(path, 'none'))).toEqual(['there is no such folder']);
  expect(says(join(path, 'own/en.mdx'))).toEqual(['this is a file, and no folder of lessons']);
  expect(says(join(path, 'own/files'))).toEqual([expect.stringContaining('there is no lesson in this folder')]);
  expect(says(join(path, 'own'))).toEqual(['this is a lesson itself; name the folder that holds it']);
});

test('after the course: its own order stays, and a lesson with an id of the course takes its place', () => {
  const course = foldersIn(COURSE).length;
  const path = folder({ 'own/lesson.yaml': LESSON.replace('id: own', 'id: claim') });
  const beside = readLessons(lessonFolders({ BOUND_CONTENT: folder(), BOUND_WITH_COURSE: '1' }));
  expect(beside.problems).toEqual([]);
  expect(beside.lessons.map(({ document }) => document.id).slice(course)).toEqual(['own']);
  const instead = readLessons(lessonFolders({ BOUND_CONTENT: path, BOUND_WITH_COURSE: '1' })).lessons;
  expect(instead).toHaveLength(course);
  expect(instead[2]!.document.texts.en.title).toBe('Own');
  expect(lessonFolders({ BOUND_CONTENT: path })).toEqual([{ path, own: true }]);
});

test('the course names no value, so what the site says of it is what its files say', () => {
  for (const { folder: at, pages, document } of readLessons(lessonFolders({})).lessons) {
    for (const { language, text } of pages) expect(text).toBe(readFileSync(join(at, `${language}.mdx`), 'utf8'));
    for (const [name, text] of Object.entries(document.manifests))
      expect(text).toBe(readFileSync(join(at, 'files', name), 'utf8'));
  }
});
