/** docs/authoring.md followed to the letter in an empty folder outside of the repository: its lesson has nothing wrong with it. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = join(root, 'tests/fixtures/our-lessons/sub-path');
const guide = readFileSync(join(root, 'docs/authoring.md'), 'utf8');

/** What the guide has one write, by file; what it gives in two pieces is one after the other. */
function written(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, , file, text] of guide.matchAll(/^(`{3,})\w+ file=(\S+)\n([\s\S]*?)^\1$/gm)) {
    const before = files.get(file!);
    files.set(file!, before === undefined ? text! : `${before}\n${text}`);
  }
  return files;
}

const npm = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts', `${script}.ts`), ...args], { encoding: 'utf8' });

test('the lesson of the guide is made, passes the linter, and is the one that the site is tested with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bound-guide-'));
  const lesson = join(folder, 'our-lessons/sub-path');
  expect(npm('new-lesson', lesson)).toMatchObject({ status: 0, stderr: '' });
  rmSync(join(lesson, 'files/volume.yaml'));
  for (const [file, text] of written()) writeFileSync(join(lesson, file), text);
  const { status, stdout } = npm('lint-lessons', join(folder, 'our-lessons'));
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  const list = (path: string) => readdirSync(path, { recursive: true }).map(String).sort();
  expect(list(lesson)).toEqual(list(fixture));
  for (const file of written().keys())
    expect(readFileSync(join(lesson, file), 'utf8')).toBe(readFileSync(join(fixture, file), 'utf8'));
  rmSync(folder, { recursive: true });
}, 120_000);

test.each([
  ['lint-lessons', ['nowhere'], 1, /nowhere: there is no such folder/],
  ['lint-lessons', ['a', 'b'], 2, /^lint-lessons: what is "b"\?/],
  ['new-lesson', [], 2, /^new-lesson: name one lesson/],
  ['new-lesson', ['x/Not an id'], 2, /^new-lesson: "Not an id" is no id/],
  ['new-lesson', [fixture], 2, /is there already; nothing was written/],
  ['new-lesson', ['x/y', '--language', 'fr'], 2, /^new-lesson: --language fr: there are en, ja/],
  ['build', ['--content'], 2, /^--content: name the folder of your lessons/],
  ['start', ['--with-course'], 2, /^--with-course goes with --content DIR/],
  ['start', ['--content', 'nowhere'], 1, /^nowhere: there is no such folder\n$/],
])('%s %j is told in a line', (script, args, status, says) => {
  const ended = npm(script, ...args);
  expect(ended.status, ended.stderr).toBe(status);
  expect(`${ended.stdout}${ended.stderr}`).toMatch(says);
  expect(ended.stderr).not.toMatch(/^ +at /m);
});
