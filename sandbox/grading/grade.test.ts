/** Thirty made-up learners: what is said of each is what was made of it. */

import { beforeAll, expect, test } from 'vitest';
import type { Grade, Mark } from '../channel/grades.ts';
import type { SessionLog } from '../channel/messages.ts';
import { hostTimers } from '../hosts/timers.ts';
import { createWorld } from '../world/lab.ts';
import { compare } from './compare.ts';
import { type GradeOptions, gradeText } from './grade.ts';
import { lessons, type Made, madeClass } from './testing-learners.ts';

const options: GradeOptions = {
  lessons,
  language: 'en',
  createWorld: (seed) => createWorld({ seed }),
  replay: { timers: hostTimers, onProgress: () => {} },
};

let made: Made[];
let grades: Grade[];
beforeAll(async () => {
  made = await madeClass();
  const single: Grade[] = [];
  for (const { file, text } of made) single.push(await gradeText(file, text, options));
  grades = compare(single);
}, 120_000);

const shown = ({ state, because }: Mark): string => (because === undefined ? state : `${state}:${because}`);

test('there are thirty', () => {
  expect(made).toHaveLength(30);
});

test('each log is what it was made to be', () => {
  const stateOf = ({ source, state, doubts }: Grade) => ({ source, state, doubts: doubts.map(({ kind }) => kind) });
  expect(grades.map(stateOf)).toEqual(
    made.map(({ file, state, doubts }) => ({ source: file, state, doubts: [...doubts] })),
  );
});

test('each learner came as far as was lived', () => {
  const saysOf = ({ source, learner, marks, commands, shown: solutions, undone, stumbles }: Grade) => ({
    source,
    learner,
    marks: Object.fromEntries(
      Object.entries(marks)
        // What the open step had to be looked at for, and was not touched, is no news.
        .filter(([column, { state }]) => state !== 'open' || expected.get(source)!.marks[column] !== undefined)
        .map(([column, mark]) => [column, shown(mark)]),
    ),
    commands,
    shown: solutions,
    undone,
    stumbles: stumbles.map(({ column, because }) => `${column} ${because}`),
  });
  const expected = new Map(made.flatMap(({ file, says }) => (says ? [[file, says] as const] : [])));
  const lived = made.flatMap(({ file, says }) => (says ? [{ source: file, ...says }] : []));
  expect(lived.length).toBeGreaterThan(20);
  expect(grades.find(({ source }) => source === 'uma.json')!.learner).toEqual({ name: 'Uma' });
  expect(grades.filter(({ source }) => expected.has(source)).map(saysOf)).toEqual(lived);
});

const slow = () => {
  let now = 0;
  return { ...hostTimers, now: () => (now += 1_000) };
};

test('a log that never ends is given up, and says where', async () => {
  const { file, text } = made[0]!;
  const log = JSON.parse(text) as SessionLog;
  const entries = [...log.entries, { at: log.until + 1, type: 'keys', host: 'nfs', data: 'while :; do :; done\r' }];
  const endless = JSON.stringify({ ...log, entries, until: log.until + 3_600_000 });
  const grade = await gradeText(file, endless, { ...options, replay: { timers: slow(), onProgress: () => {} } });
  expect(grade).toMatchObject({ state: 'endless', doubts: [{ kind: 'endless' }] });
  expect(grade.doubts[0]!.entry).toBeGreaterThan(0);
});

const only = async (change: (log: SessionLog) => object) =>
  (await gradeText('x.json', JSON.stringify(change(JSON.parse(made[0]!.text) as SessionLog)), options)).doubts;

test.each<[string, string, (log: SessionLog) => object]>([
  ['a lesson that is not there', 'unknown-name', (log) => ({ ...log, start: { lesson: 'alchemy', step: 'gold' } })],
  [
    'a machine that is not there',
    'unknown-name',
    (log) => ({
      ...log,
      entries: log.entries.map((entry) => ('host' in entry ? { ...entry, host: 'node99' } : entry)),
    }),
  ],
  ['hashes taken out', 'no-hash', (log) => ({ ...log, entries: log.entries.map(({ hash: _, ...entry }) => entry) })],
  [
    'inputs of a program',
    'program',
    (log) => ({
      ...log,
      entries: [...log.entries, { at: log.until, type: 'run', host: 'nfs', command: 'true', hash: 1 }],
    }),
  ],
  ['an end of another kind', 'whole', (log) => ({ ...log, until: 'soon' })],
])('%s', async (_, kind, change) => {
  const kinds = (await only(change)).map((doubt) => doubt.kind as string);
  if (kind === 'whole') expect(kinds).toEqual([]);
  else expect(kinds).toContain(kind);
});

test('an earlier save of one’s own is no copy; the later one counts', async () => {
  const log = JSON.parse(made[0]!.text) as SessionLog;
  const half = { ...log, entries: log.entries.slice(0, 60), until: log.entries[59]!.at };
  const both = [
    await gradeText('later.json', made[0]!.text, options),
    await gradeText('earlier.json', JSON.stringify(half), options),
  ];
  const [later, earlier] = compare(both);
  expect([later!.state, later!.supersededBy]).toEqual(['whole', undefined]);
  expect([earlier!.state, earlier!.supersededBy]).toEqual(['whole', 'later.json']);
});

test('what a page had not heard of when it went away lacks its hash, and nothing else', async () => {
  const log = JSON.parse(made[0]!.text) as SessionLog;
  const pending = ['l', 's', '\r'].map((data, i) => ({ at: log.until + 1 + i, type: 'keys', host: 'nfs', data }));
  expect(await only(() => ({ ...log, entries: [...log.entries, ...pending], until: log.until + 3 }))).toEqual([]);
});
