/** Logs that cannot be replayed: each is set aside by name, the lab stands where the reader had come to, and nothing is thrown away. */

import { readFile } from 'node:fs/promises';
import type { JournalEntry, SessionRecord } from '../../src/runtime/journal/records.ts';
import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';
import { long, sampled } from '../support/sample.ts';
import { keptSessions, spoil } from './kept.ts';

const PATH = '/en/lessons/persistent-volume/';

interface Row {
  readonly log: string;
  /** What is done to the journal, given what it is. */
  spoil(kept: { record: SessionRecord; entries: readonly JournalEntry[] }): Parameters<typeof spoil>[1];
  readonly says: RegExp;
}

const enter = (entries: readonly JournalEntry[]) =>
  entries.findIndex((entry) => entry.type === 'keys' && entry.data.includes('\r'));

const table: readonly Row[] = [
  {
    log: 'a lesson renamed where it begins',
    spoil: ({ record }) => ({ record: { start: { lesson: 'renamed', step: record.start.step } } }),
    says: /a step that is no longer in the course/,
  },
  {
    log: 'a step renamed where it begins',
    spoil: ({ record }) => ({ record: { start: { lesson: record.start.lesson, step: 'renamed' } } }),
    says: /a step that is no longer in the course/,
  },
  {
    log: 'a step renamed within',
    spoil: ({ entries }) => ({
      entry: [1, { at: entries[1]!.at, type: 'open', place: { lesson: 'persistent-volume', step: 'renamed' } }],
    }),
    says: /a step that is no longer in the course/,
  },
  {
    log: 'a host renamed',
    spoil: ({ entries }) => ({ entry: [enter(entries), { ...entries[enter(entries)], host: 'node99' }] }),
    says: /a machine that is no longer in the lab/,
  },
  {
    log: 'a record that is no record',
    spoil: () => ({ entry: [2, 'garbage'] }),
    says: /is damaged/,
  },
  {
    log: 'a record of another kind',
    spoil: ({ entries }) => ({ entry: [2, { at: entries[2]!.at, type: 'telepathy', host: 'master01' }] }),
    says: /is damaged/,
  },
  {
    log: 'bytes flipped in what was typed',
    spoil: ({ entries }) => ({ entry: [enter(entries) - 1, { ...entries[enter(entries) - 1], data: '\ufffd' }] }),
    says: /no longer leads to the same state/,
  },
  {
    log: 'a time beyond reason',
    spoil: ({ entries }) => ({ entry: [3, { ...entries[3], at: 9e15 }] }),
    says: /is damaged/,
  },
  {
    log: 'times that run backwards',
    spoil: ({ entries }) => ({ entry: [5, { ...entries[5], at: entries[2]!.at! - 100_000 }] }),
    says: /is damaged/,
  },
  {
    log: 'entries that are missing',
    spoil: ({ record }) => ({ record: { length: record.length + 5 } }),
    says: /is damaged/,
  },
  {
    log: 'the hashes of another version',
    spoil: ({ entries }) => ({ entry: [enter(entries), { ...entries[enter(entries)], hash: 12345 }] }),
    says: /no longer leads to the same state/,
  },
];

for (const row of sampled(table))
  test(`log: ${row.log}`, async ({ page }) => {
    const thrown: string[] = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    const lesson = await twoCommands(page);
    const before = await awayFromIt(page);
    await spoil(page, row.spoil(before));
    await lesson.open(PATH);
    const notice = page.getByRole('alert');
    await expect(notice).toContainText(row.says);
    await expect(notice).toContainText('The lab stands at the beginning of the step you had reached.');
    await expect(lesson.screen).not.toContainText('what was done');
    await lesson.type('echo goes on');
    await expect(lesson.screen).toContainText('# echo goes on');
    // The old one: to be had as a file, and among the sessions.
    expect(await downloaded(page)).toContain('echo second');
    const kept = await keptSessions(page);
    expect(kept.find(({ record }) => record.id === before.record.id)?.record.problem).toBeDefined();
    await notice.getByRole('button', { name: 'Close' }).click();
    await expect(notice).toHaveCount(0);
    await page.reload();
    await expect(lesson.screen).toContainText('# echo goes on');
    await expect(notice).toHaveCount(0);
    expect(thrown).toEqual([]);
  });

const runaways: readonly {
  readonly log: string;
  readonly command?: string;
  readonly hours?: number;
  readonly long?: boolean;
  readonly says: RegExp;
}[] = [
  {
    log: 'a fork bomb as its last command',
    command: ':(){ :|:& };:',
    long: true,
    says: /fills the machines|never ends/,
  },
  {
    log: 'a loop that never ends as its last command',
    command: 'while :; do :; done',
    hours: 3,
    long: true,
    says: /never ends/,
  },
  { log: 'a replay of which the tab died, twice', says: /this tab died of it/ },
];

for (const { log, command, hours = 0.2, long: isLong, says } of runaways)
  test(`log: ${log}`, isLong ? long : {}, async ({ page }) => {
    test.setTimeout(120_000);
    const thrown: string[] = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    const lesson = await twoCommands(page);
    const { record, entries } = await awayFromIt(page);
    if (command) {
      const at = record.until + 1_000;
      await spoil(page, {
        entry: [entries.length, { at, type: 'keys', host: 'master01', data: `${command}\r` }],
        record: { length: entries.length + 1, until: at + hours * 3_600_000 },
      });
    } else await spoil(page, { record: { replaying: 2 } });
    await page.goto(PATH);
    const notice = page.getByRole('alert');
    await expect(notice).toContainText(says, { timeout: 90_000 });
    await expect(notice).toContainText(`before its last command: ${command ?? 'echo second'}`);
    await expect(lesson.screen).toContainText('# echo what was done');
    if (command) await expect(lesson.screen).toContainText('# echo second');
    await lesson.type('echo goes on');
    await expect(lesson.screen).toContainText('# echo goes on');
    expect(await downloaded(page)).toContain(JSON.stringify(`${command ?? 'd'}\r`).slice(1, -1));
    await page.reload();
    await expect(lesson.screen).toContainText('# echo goes on');
    expect(thrown).toEqual([]);
  });

test('a replay that takes long says how far it is, and can be stopped', async ({ page }) => {
  test.setTimeout(60_000);
  const lesson = await twoCommands(page);
  const { record, entries } = await awayFromIt(page);
  const at = record.until + 1_000;
  await spoil(page, {
    entry: [entries.length, { at, type: 'keys', host: 'master01', data: 'while :; do :; done\r' }],
    record: { length: entries.length + 1, until: at + 10_800_000 },
  });
  await page.goto(PATH);
  await expect(page.getByText(/Restoring your session: \d+ of \d+ inputs/)).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('before its last command: while :; do :; done');
  await expect(lesson.screen).toContainText('# echo second');
});

async function twoCommands(page: Page): Promise<LessonPage> {
  const lesson = await new LessonPage(page).open(PATH);
  await lesson.type('echo what was done');
  await expect(lesson.screen).toContainText('# echo what was done');
  await lesson.type('echo second');
  await expect(lesson.screen).toContainText('# echo second');
  return lesson;
}

/** The journal at rest, with no tab in it. */
async function awayFromIt(page: Page) {
  await page.goto('/en/');
  await page.waitForTimeout(300);
  return (await keptSessions(page))[0]!;
}

async function downloaded(page: Page): Promise<string> {
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the old session' }).click(),
  ]);
  const log = JSON.parse(await readFile(await saved.path(), 'utf8')) as { entries: { data?: string }[] };
  return JSON.stringify(log.entries.map((entry) => entry?.data ?? '').join(''));
}
