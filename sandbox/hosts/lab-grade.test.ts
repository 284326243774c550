/** `lab grade` as a teacher meets it: files, folders and archives in, a table out, and words for what is none. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { live } from '../grading/testing-learners.ts';
import { lab } from './lab-process.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'bound-grade-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const { log } = await live({ lesson: 'the-lab', ways: { 'look-around': 'right', export: 'shown' }, seed: 1 });
  const misread = await live({ lesson: 'the-lab', ways: { 'look-around': 'misread' }, seed: 2 });
  const text = JSON.stringify({ ...log, learner: { name: '青木 あかり' } });
  mkdirSync(join(folder, 'class/monday'), { recursive: true });
  writeFileSync(join(folder, 'class/monday/akari.json'), text);
  writeFileSync(join(folder, 'class/mio.json'), JSON.stringify(misread.log));
  writeFileSync(join(folder, 'class/notes.txt'), 'x');
  writeFileSync(join(folder, 'more.zip'), zipSync({ 'ben.json': strToU8(text.slice(0, 99)) }));
});

const grade = (...args: string[]) => lab(['grade', ...args], { cwd: folder });

test('a folder and an archive, for people', async () => {
  const { stdout, stderr, code } = await grade('class', 'more.zip');
  expect([stderr, code]).toEqual(['', 0]);
  const [head, mio, akari, ben, ...rest] = stdout.split('\n');
  expect(head).toMatch(/^Learner {8}\s*Log {6}\s*Time {3}Commands {2}Shown {2}Not done {2}the-lab$/);
  expect(akari).toMatch(/^青木 あかり\s+whole\s+0 min\s+2\s+1\s+2\s+✓ ss ○○ · ·$/);
  expect(mio).toMatch(/^mio\.json\s+whole\s+0 min\s+0\s+0\s+4\s+✗ ·· ·· · ·$/);
  expect(ben).toMatch(/^more\.zip\/ben\.json\s+damaged/);
  expect(rest.join('\n')).toContain('1 (×1)  the-lab/look-around/not-listed: chose “');
});

test('in Japanese, as CSV, as JSON', async () => {
  const [people, csv, json] = await Promise.all([
    grade('--language', 'ja', 'class'),
    grade('--csv', 'class'),
    grade('--json', 'class'),
  ]);
  expect(people.stdout).toContain('つまずいたところ');
  expect(csv.stdout.split('\r\n')[2]).toMatch(/^monday\/akari\.json,青木 あかり,,whole,,,\d+,2,the-lab\/export,/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    learners: [
      { source: 'mio.json', learner: {} },
      {
        learner: { name: '青木 あかり' },
        shown: ['the-lab/export'],
        marks: { 'the-lab/export/exported': { state: 'shown' } },
      },
    ],
    stumbles: [{ column: 'the-lab/look-around/not-listed', learners: 1 }],
  });
});

test.each([
  [[], 'LOG...'],
  [['nowhere'], 'nowhere: there is no such file or folder'],
  [['--csv', '--json', 'class'], '--csv and --json: one of them'],
  [['--language', 'tlh', 'class'], 'no "tlh" (there are: en, ja)'],
  [['--marks', 'class'], "Unknown option '--marks'"],
  [['class/notes'], 'there is no such file'],
])('a mistake is one line, and exit code 2: %j', async (args, says) => {
  const { stdout, stderr, code } = await grade(...args);
  expect([stdout, code, stderr.trimEnd().split('\n').length]).toEqual(['', 2, 1]);
  expect(stderr).toContain(says);
});

test('a folder without logs, and an archive that is none', async () => {
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'torn.zip'), 'PK');
  expect(await grade('none')).toMatchObject({ code: 2, stderr: expect.stringContaining('no session files in none') });
  expect(await grade('torn.zip')).toMatchObject({ code: 2, stderr: expect.stringContaining('torn.zip: it is no zip') });
});
