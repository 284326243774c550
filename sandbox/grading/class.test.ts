/** The class as a table: what counts, what is written for spreadsheets, and what is unpacked. */

import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DOUBTS, type DoubtKind, type Grade } from '../channel/grades.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { LANGUAGES } from '../words/languages.ts';
import { teachWords } from '../words/teach/index.ts';
import { columnsOf, markText, nameOf, stonesOf, toCsv, toJson } from './class.ts';
import { doubtText, reasonText } from './doubt-words.ts';
import { ArchiveError, logsIn, mayHoldLogs } from './unpack.ts';

const lessons = lessonsFromDisk();
const grade = (given: Partial<Grade>): Grade => ({
  source: 'a.json',
  learner: {},
  state: 'whole',
  doubts: [],
  seconds: 0,
  commands: 0,
  shown: [],
  undone: [],
  lessons: ['claim'],
  marks: {},
  stumbles: [],
  trace: { whole: 0, inputs: 0, runs: [] },
  ...given,
});
const stumble = { column: 'claim/create/claim-bound', because: 'other-class', message: 'x', times: 2 };

test('columns are those of the lessons that somebody opened, in the course’s order', () => {
  const columns = columnsOf([grade({}), grade({ lessons: ['the-lab'] })], lessons);
  expect([...new Set(columns.map(({ lesson }) => lesson))]).toEqual(['the-lab', 'claim']);
  expect(columns.filter(({ optional }) => optional).map(({ name }) => name)).toEqual([
    'the-lab/challenge/by-hand',
    'claim/challenge/waits',
    'claim/challenge/retained',
  ]);
});

test('where it stumbles: learners are counted, and not those whose log counts for nobody', () => {
  const class_ = [
    grade({ stumbles: [stumble] }),
    grade({
      stumbles: [
        { ...stumble, message: 'y', times: 1 },
        { ...stumble, because: 'pending', times: 9 },
      ],
    }),
    grade({ state: 'copied', stumbles: [stumble] }),
    grade({ state: 'impossible', stumbles: [stumble] }),
    grade({ supersededBy: 'later.json', stumbles: [stumble] }),
  ];
  expect(stonesOf(class_)).toEqual([
    { column: stumble.column, because: 'other-class', message: 'y', learners: 2, times: 3 },
    { column: stumble.column, because: 'pending', message: 'x', learners: 1, times: 9 },
  ]);
});

test('CSV: quotes where they are due, and no formula of a learner’s', () => {
  const text = toCsv(
    [
      grade({
        learner: { name: '=HYPERLINK("http://x")', id: 'a,b' },
        marks: {
          'claim/define/manifest': { state: 'passed', after: 3 },
          [stumble.column]: { state: 'wrong', because: 'missing' },
        },
        shown: ['claim/define', 'claim/create'],
      }),
    ],
    lessons,
  );
  const [head, row, end] = text.split('\r\n');
  expect(head).toMatch(/^file,name,id,state,doubts,.*,claim\/define\/manifest,claim\/create\/claim-bound,/);
  expect(row).toBe(
    `a.json,"'=HYPERLINK(""http://x"")","a,b",whole,,,0,0,claim/define claim/create,,passed,wrong:missing,,,,`,
  );
  expect(end).toBe('');
});

test('JSON keeps what is known, and not what logs are compared by', () => {
  expect(JSON.stringify(toJson([grade({})], lessons))).not.toContain('trace');
  expect(toJson([grade({})], lessons)).toMatchObject({ learners: [{ source: 'a.json', state: 'whole' }] });
});

test('a learner is called by name, else by id, else by file', () => {
  expect(nameOf(grade({ learner: { name: 'A', id: '7' } }))).toBe('A');
  expect(nameOf(grade({ learner: { id: '7' } }))).toBe('7');
  expect(nameOf(grade({}))).toBe('a.json');
  expect(markText(undefined)).toBe('');
});

test.each(LANGUAGES)('each doubt is a sentence, each reason the author’s words: %s', (language) => {
  const words = teachWords[language];
  for (const kind of Object.keys(DOUBTS) as DoubtKind[]) {
    const text = doubtText({ kind, detail: 'DETAIL', entry: 3, command: 2, other: 'b.json', shared: 9 }, words);
    expect(text).toMatch(language === 'en' ? /^command 2: .*\.$/ : /^2番目のコマンド: .*。$/);
  }
  const reason = reasonText(stumble, lessons, language, words);
  expect(reason).not.toBe('x');
  expect(reason).not.toContain('${');
  const choice = { column: 'claim/describe/annotation', because: 'nfs', message: '' };
  expect(reasonText(choice, lessons, language, words)).toContain('nfs');
  expect(reasonText({ ...stumble, because: '' }, lessons, language, words)).toBe('x');
});

test('logs in an archive, and none of what systems put beside them', () => {
  const bytes = zipSync({
    'class/a.json': strToU8('{"a":"あ"}'),
    '__MACOSX/class/a.json': strToU8('x'),
    'class/.hidden.json': strToU8('x'),
    'class/notes.txt': strToU8('x'),
    'class/inner.zip': strToU8('x'),
  });
  expect(logsIn('c.zip', bytes)).toEqual([{ source: 'c.zip/class/a.json', text: '{"a":"あ"}' }]);
  expect(mayHoldLogs('class/a.JSON')).toBe(true);
});

test('what is no archive says so, and one that would fill the memory is not opened', () => {
  expect(() => logsIn('c.zip', strToU8('no'))).toThrow(ArchiveError);
  const bytes = zipSync({ 'a.json': new Uint8Array(65 * 1024 * 1024) });
  expect(bytes.length).toBeLessThan(200_000);
  expect(() => logsIn('c.zip', bytes)).toThrow('a.json unpacks to more than any session holds');
});
