/** The linter: a new lesson passes, and each thing that can be wrong with it is told with its file and line. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { COURSE } from '../../sandbox/hosts/content/folders.ts';
import { problemLine } from '../../sandbox/hosts/content/problems.ts';
import { COMPONENTS } from '../../scripts/authoring/components.ts';
import { lintLessons } from '../../scripts/authoring/lint.ts';
import { writeLesson } from '../../scripts/authoring/new-lesson.ts';
import { sampled } from '../support/sample.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** A new lesson in a folder of its own, with something in one of its files replaced. */
function lesson(file = 'en.mdx', from: string | RegExp = '', to = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'bound-lint-'));
  made.push(folder);
  writeLesson(join(folder, 'new'), 'new', ['en']);
  const path = join(folder, 'new', file);
  const text = readFileSync(path, 'utf8');
  expect(text.search(from), `${file} has ${from}`).toBeGreaterThanOrEqual(0);
  writeFileSync(path, text.replace(from, to));
  return folder;
}

async function lint(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const problem of lintLessons([{ path: folder, own: folder !== COURSE }]))
    found.push(problemLine({ ...problem, file: problem.file.slice(problem.file.lastIndexOf('new/') + 4) }));
  return found;
}

test('nothing is wrong with a new lesson, in any language', async () => {
  expect(await lint(lesson())).toEqual([]);
});

const WRONG: readonly (readonly [what: string, file: string, from: string | RegExp, to: string, says: RegExp])[] = [
  [
    'a solution that does nothing',
    'lesson.yaml',
    /run: kubectl create.*(?= })/,
    'run: "true"',
    /^lesson.yaml:13: the solution of step "create" leaves checkpoint "volume" red: There is no PersistentVolume called `new` yet\.$/,
  ],
  [
    'a checkpoint that is green before',
    'lesson.yaml',
    /assert:[\s\S]*?spec:.*$/m,
    'expr: size(nodes) == 3',
    /^lesson.yaml:13: checkpoint "volume" of step "create" is green before anything was done$/,
  ],
  [
    'no solution',
    'lesson.yaml',
    / {4}solution:[\s\S]*?(?= {4}checkpoints)/,
    '',
    /^lesson.yaml:6: step "create" has checkpoints but no solution/,
  ],
  [
    'an expression without reasons',
    'lesson.yaml',
    /assert:[\s\S]*?reasons:.*\n.*$/m,
    'expr: size(pvs) == 1',
    /^lesson.yaml:13: checkpoint "volume" has no reasons/,
  ],
  [
    'a command that fails',
    'en.mdx',
    'kubectl get pv\n',
    'kubectl get pvs\n',
    /^en.mdx:38: the command on master01 ends with exit code 1: error: the server doesn't have a resource type "pvs"$/,
  ],
  [
    'a command that was to fail',
    'en.mdx',
    '```sh host=nfs',
    '```sh host=nfs exit=2',
    /^en.mdx:55: the command on nfs ends with exit code 0, not with 2: drwx/,
  ],
  [
    'a manifest that the cluster refuses',
    'files/volume.yaml',
    'ReadWriteMany',
    'ReadWriteAll',
    /^files\/volume.yaml: the cluster refuses this: The PersistentVolume "new" is invalid: spec.accessModes: Unsupported value: "ReadWriteAll"/,
  ],
  [
    'a field that no object has',
    'files/volume.yaml',
    'nfs:',
    'nsf:',
    /^files\/volume.yaml: the cluster refuses this: .*unknown field "spec.nsf"/,
  ],
  [
    'an empty text',
    'en.mdx',
    'summary: One sentence for the table of contents.',
    'summary: ""',
    /^en.mdx:3: summary: this text is empty$/,
  ],
  [
    'an unknown component',
    'en.mdx',
    '<Predict question',
    '<Prediction question',
    /^en.mdx:\d+: MDX cannot read this: .*Prediction/,
  ],
  [
    'another unknown component',
    'en.mdx',
    '<Manifest file="volume.yaml" />',
    '<Manifesto />',
    /^en.mdx:36: there is no component <Manifesto>; there are Step, Run, Manifest/,
  ],
  [
    'a manifest that is not there',
    'en.mdx',
    'file="volume.yaml"',
    'file="volumes.yaml"',
    /^en.mdx:36: there is no files\/volumes.yaml \(there are: volume.yaml\)$/,
  ],
  ['a brace in the prose', 'en.mdx', 'Three lines.', 'Three {lines}.', /^en.mdx:65: \{lines} is JavaScript to MDX/],
  ['a tag that is not closed', 'en.mdx', '</Step>\n\n## What', '## What', /^en.mdx:\d+: MDX cannot read this: /],
  [
    'a fence for no host',
    'en.mdx',
    '```sh host=nfs',
    '```sh host=node01',
    /^en.mdx:55: host node01 is not among the lesson's hosts \(master01, nfs\)$/,
  ],
  [
    'a word that a fence does not know',
    'en.mdx',
    '```sh host=nfs',
    '```sh on=nfs',
    /^en.mdx:55: a fence knows host=…, in=… and exit=…, not "on=nfs"$/,
  ],
  [
    'a link to no lesson',
    'en.mdx',
    'Three lines.',
    '[Next](../nxt/)',
    /^en.mdx:65: the link \.\.\/nxt\/ leads nowhere: there is no lesson "nxt" \(there are: new\)$/,
  ],
  ['a link to no step', 'en.mdx', 'Three lines.', '[Up](#craete)', /^en.mdx:65: the link #craete leads nowhere/],
  [
    'a link into the host’s root',
    'en.mdx',
    'Three lines.',
    '[Up](/lessons/new)',
    /^en.mdx:65: the link \/lessons\/new leads nowhere: another lesson is \.\.\/ID\//,
  ],
];

test.each(sampled(WRONG))('%s', async (_, file, from, to, says) => {
  const found = await lint(lesson(file, from, to));
  expect(found.length, found.join('\n')).toBeGreaterThan(0);
  expect(
    found.find((line) => says.test(line)),
    found.join('\n'),
  ).toBeDefined();
});

test('links to lessons, steps, headings and other sites lead somewhere', async () => {
  const links = '[a](../new/) [b](#create) [c](#what-you-learned) [d](https://kubernetes.io/docs/)';
  expect(await lint(lesson('en.mdx', 'Three lines.', links))).toEqual([]);
});

test('the components that the linter knows are those that a page has', () => {
  const index = readFileSync(new URL('../../src/components/lesson/index.ts', import.meta.url), 'utf8');
  const names = /lessonComponents = \{([^}]*)\}/.exec(index)![1]!.match(/\b[A-Z]\w*(?=,)/g)!;
  const own = names.filter((name) => !['Fence', 'Table'].includes(name));
  expect(Object.keys(COMPONENTS).sort()).toEqual(own.sort());
});

test('nothing is wrong with the course', async () => {
  expect(await lint(COURSE)).toEqual([]);
}, 120_000);
