/** Lessons of Killercoda and TutorialKit taken over: they pass the linter as they come, and what they lost is said. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { problemLine } from '../../sandbox/hosts/content/problems.ts';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { Left } from '../../scripts/authoring/import/imported.ts';
import { takeProse } from '../../scripts/authoring/import/prose.ts';
import { checksOf } from '../../scripts/authoring/import/verify.ts';
import { lintLessons } from '../../scripts/authoring/lint.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = join(root, 'tests/fixtures/import');
const folder = mkdtempSync(join(tmpdir(), 'bound-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/import-lesson.ts'), ...args], { encoding: 'utf8' });

test('a scenario and a chapter become lessons that can be lived through', async () => {
  const scenario = run('--from', 'killercoda', join(samples, 'killercoda/volumes-with-claims'), folder);
  expect(scenario).toMatchObject({ status: 0, stderr: '' });
  expect(scenario.stdout.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- index.json: interface',
    '- intro/text.md: the picture ../assets/picture.png',
    '- step1/verify.sh: the line "[[ $(kubectl -n team get pvc data -o jsonpath={.spec.storageClassName}) == fast ]]": write a checkpoint for what it asks',
    '- step2/text.md: the address {{TRAFFIC_HOST1_8080}}: no page of the lab can be opened in a browser',
    '- step2/text.md: the link to `TRAFFIC_HOST1_8080`: what it led to is elsewhere now',
    '- step2/text.md: the link to ../step3.md: what it led to is elsewhere now',
    '- volumes-with-claims: step "look-around" checks nothing that could be taken over: it asks the reader whether it is done',
  ]);
  const chapter = run('--from', 'tutorialkit', join(samples, 'tutorialkit'), folder, '--language', 'ja');
  expect(chapter).toMatchObject({ status: 0, stderr: '' });
  expect(chapter.stdout).toContain('mainCommand: ["npm run dev","Starting the server"] – nothing is run');

  const lessons = lessonsFromDisk(folder);
  expect(lessons.map(({ id, order, steps }) => [id, order, steps.map((step) => step.id)])).toEqual([
    ['volumes-with-claims', 1, ['create-a-claim', 'delete-it-again', 'look-around']],
    ['storage', 2, ['first-pod', 'why']],
  ]);
  expect(existsSync(join(folder, 'storage/ja.mdx'))).toBe(true);
  // Byte for byte.
  const sample = join(samples, 'tutorialkit/1-storage/1-first-pod/_files/manifests/pod.yaml');
  expect(lessons[1]!.manifests['manifests-pod.yaml']).toBe(readFileSync(sample, 'utf8'));
  const problems: string[] = [];
  for await (const problem of lintLessons([{ path: folder, own: true }])) problems.push(problemLine(problem));
  expect(problems).toEqual([]);
}, 120_000);

test.each([
  ['kubectl get pod web', [{ assert: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } } }]],
  [
    'kubectl -n a get deploy/b >/dev/null || exit 1',
    [{ assert: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'b', namespace: 'a' } } }],
  ],
  ['! kubectl get pv v', [{ expr: '!pvs.exists(o, o.metadata.name == "v")' }]],
  [
    'test -d /srv && [ ! -f /srv/x ]',
    [{ expr: `isDirectory('master01', "/srv")` }, { expr: `!exists('master01', "/srv/x")` }],
  ],
  ['grep -q "a b" /etc/x', [{ expr: `file('master01', "/etc/x").contains("a b")` }]],
  ['#!/bin/bash\nset -e\nexit 0', []],
])('a script that verifies: %s', (script, wanted) => {
  const left = new Left();
  expect(checksOf(script, 'verify.sh', left)).toMatchObject(wanted);
  expect(left.sentences).toEqual([]);
});

test.each(['curl -s localhost | grep ok', 'kubectl get pods | wc -l', 'kubectl get widget x', '[ "$(cat /x)" = 1 ]'])(
  'what a script asks otherwise is told: %s',
  (line) => {
    const left = new Left();
    expect(checksOf(line, 'verify.sh', left)).toEqual([]);
    expect(left.sentences).toEqual([`verify.sh: the line "${line}": write a checkpoint for what it asks`]);
  },
);

test('text that MDX would read as its own stays text', () => {
  const left = new Left();
  const { text } = takeProse('Use {x}, a < b and `{y}`.\n\n```\n{z} <\n```\n\n<Tabs>no</Tabs>', 'a.md', left);
  expect(text).toBe('Use \\{x}, a \\< b and `{y}`.\n\n```text\n{z} <\n```\n\n\\<Tabs>no\\</Tabs>');
});

test.each([
  [['--from', 'katacoda', 'a', 'b'], 2, /^import-lesson: --from is one of killercoda, tutorialkit\n$/],
  [['--from', 'killercoda', samples], 2, /^import-lesson: name the folder to read, and your folder of lessons\n$/],
  [['--from', 'killercoda', 'nowhere', folder], 2, /^import-lesson: nowhere: there is no such folder\n$/],
  [
    ['--from', 'killercoda', samples, folder],
    1,
    /^import-lesson: .*there is no index.json, as a scenario of Killercoda has\n$/,
  ],
  [
    ['--from', 'tutorialkit', join(samples, 'killercoda'), folder],
    1,
    /^import-lesson: .*there is no content.md or content.mdx in it/,
  ],
])('%j is told in a line', (args, status, says) => {
  const ended = run(...args);
  expect(ended).toMatchObject({ status, stdout: '' });
  expect(ended.stderr).toMatch(says);
});
