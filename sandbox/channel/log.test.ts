/** Logs as data: where a command begins, and what a log from outside must be. */

import { expect, test } from 'vitest';
import { beforeLastCommand, isTouched, LogError, lastCommand, readLog, sizesOf, withoutLastCommand } from './log.ts';
import type { Input, LogEntry, SessionLog } from './messages.ts';
import type { Noted } from './typed.ts';

const place = { lesson: 'the-lab', step: 'look' };
const keys = (data: string, host = 'master01'): Input => ({ type: 'keys', host, data });
const told = (data: string, inside: boolean, host?: string): Noted => ({ ...keys(data, host), inside });
const NOW = Date.UTC(2026, 10, 22, 9);
const logOf = (...inputs: Input[]): SessionLog => ({
  version: 1,
  seed: 1,
  start: place,
  entries: inputs.map((input, index): LogEntry => ({ at: NOW + 1_000 * index, ...input })),
  until: NOW + 60_000,
});

test.each<[string, Noted[], number]>([
  ['nothing typed', [], 0],
  ['keys without an Enter: none', [keys('l'), keys('s')], 2],
  ['one command', [keys('l'), keys('s'), keys('\r')], 0],
  ['the second of two', [keys('ls\r'), keys('p'), keys('wd\r')], 1],
  ['with a half-typed line after it', [keys('ls\r'), keys('pwd\r'), keys('k')], 1],
  [
    'a size between its keys',
    [keys('ls\r'), keys('p'), { type: 'resize', host: 'master01', columns: 80, rows: 24 }, keys('wd\r')],
    1,
  ],
  ['keys of another terminal before it', [keys('ls\r'), keys('x', 'nfs'), keys('pwd\r')], 2],
  ['a page opened before it', [keys('ls\r'), { type: 'open', place }, keys('pwd\r')], 2],
  ['a solution', [keys('ls\r'), { type: 'solve', place }], 1],
  [
    'vi, with all that was typed in it',
    [keys('ls\r'), told('vi f\r', false), told('ia\r', true), told(':wq\r', true)],
    1,
  ],
  [
    'a watch that was interrupted, with its Ctrl-C',
    [told('ls\r', false), told('kubectl get pods -w\r', false), told('\x03', true)],
    1,
  ],
  ['a line after a Ctrl-C, without it', [keys('sleep 9\r'), keys('\x03'), keys('l'), keys('s\r')], 2],
  [
    'a line after vi was left, without what left it',
    [told('less f\r', false), told('q', true), told('ls\r', false)],
    2,
  ],
  ['an empty line is no command', [keys('ls\r'), keys('\r')], 0],
  [
    'lines of a shell that were typed after a command elsewhere, from there on',
    [told('bash\r', false), told('touch a\r', true), told('date\r', false, 'nfs'), told('touch b\r', true)],
    3,
  ],
  [
    'a command elsewhere, after which nothing was typed in the shell',
    [told('bash\r', false), told('touch a\r', true), told('date\r', false, 'nfs')],
    2,
  ],
  [
    'a line of vi after the editor has saved, without what was saved',
    [told('vi f\r', false), { type: 'save', host: 'nfs', path: '/etc/exports', data: '' }, told(':wq\r', true)],
    2,
  ],
  ['a line whose beginning was pasted with the one before it', [keys('touch a\rtouch b'), keys('\r')], 1],
  [
    'what was pasted after a document’s end',
    [told('cat > f <<EOF\r', false), told('one\rEOF\rtouch a', true), told('\r', false)],
    2,
  ],
  [
    'what was pasted with a document’s end is no part of it',
    [told('cat > f <<EOF\r', false), told('one\rEOF\rtouch a\r', true), told('ls\r', false)],
    2,
  ],
  ['a half-typed line that a solution cleared', [keys('rm'), { type: 'solve', place }, keys('ls\r')], 2],
  ['a command block that was run', [keys('ls\r'), { type: 'run', host: 'master01', command: 'pwd' }], 1],
])('the last command begins: %s', (_, entries, at) => {
  expect(beforeLastCommand(entries)).toBe(at);
});

test('without its last command a log ends the moment before that was typed', () => {
  const log = logOf(keys('ls\r'), keys('\x05\x15rm -rf'), keys('x', 'nfs'), keys(' /\r'), keys('half'));
  expect(lastCommand(log.entries)).toEqual({ host: 'master01', command: 'rm -rf /' });
  const cut = withoutLastCommand(logOf(keys('ls\r'), keys('\x05\x15rm -rf'), keys(' /\r')));
  expect(cut.entries).toHaveLength(1);
  expect(cut.until).toBe(NOW + 999);
});

test('a log without a command stays as it is', () => {
  const log = logOf(keys('half'), { type: 'request', method: 'POST', path: '/', query: [], headers: {} });
  expect(withoutLastCommand(log)).toEqual(log);
  expect(lastCommand(log.entries)).toBeUndefined();
});

test('a command is named by its first line, and by an arrow where history brought it', () => {
  expect(lastCommand([told('vi f\r', false), told('ione\r', true)])?.command).toBe('vi f');
  expect(lastCommand([keys('\x1b[A'), keys('\r')])?.command).toBe('↑');
});

test('looking is no work', () => {
  expect(
    isTouched([
      { type: 'open', place },
      { type: 'resize', host: 'nfs', columns: 1, rows: 1 },
    ]),
  ).toBe(false);
  expect(isTouched([keys('l')])).toBe(true);
});

test('a terminal opened or closed after the last command stays without it', () => {
  const opened = { type: 'terminal', host: 'nfs', terminal: 'nfs:2' } as const;
  const closed = { type: 'close', host: 'nfs:2' } as const;
  const { entries } = withoutLastCommand(logOf(keys('ls\r'), opened, keys('half', 'nfs:2'), closed));
  expect(entries.map(({ type }) => type)).toEqual(['terminal', 'close']);
});

test('the last size of each terminal', () => {
  const size = (host: string, columns: number): Input => ({ type: 'resize', host, columns, rows: 24 });
  expect(sizesOf([size('nfs', 80), size('master01', 90), size('nfs', 100)]).get('nfs')).toMatchObject({ columns: 100 });
});

test('a log is read as it is', () => {
  const log = logOf(keys('ls\r'), { type: 'terminal', host: 'nfs', terminal: 'nfs:2' }, keys('x', 'nfs:2'));
  expect(readLog(JSON.parse(JSON.stringify(log)))).toEqual(log);
});

test.each<[unknown, unknown]>([
  [
    { name: ' 青木 あかり ', id: 'x-7' },
    { name: '青木 あかり', id: 'x-7' },
  ],
  [{ name: 'A', grade: 100 }, { name: 'A' }],
  [{ name: 'A'.repeat(500) }, { name: 'A'.repeat(200) }],
  [{ name: ' ', id: 7 }, undefined],
  ['Akari', undefined],
  [undefined, undefined],
])('who lived it, as far as it is said: %j', (learner, read) => {
  expect(readLog({ ...logOf(keys('ls\r')), learner }).learner).toEqual(read);
});

test('an absurd end is the last entry’s', () => {
  const log = logOf(keys('a'), keys('b'));
  expect(readLog({ ...log, until: 9e15 }).until).toBe(NOW + 1_000);
  expect(readLog({ ...log, until: 'soon' }).until).toBe(NOW + 1_000);
});

const good = logOf(keys('a'), keys('b'), keys('c'));
const withEntry = (index: number, change: object) => ({
  ...good,
  entries: good.entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)),
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'it is not a session of this lab'],
  ['a text', 'x', 'it is not a session of this lab'],
  ['an array', [], 'it is not a session of this lab'],
  ['another version', { ...good, version: 2 }, 'it is of version 2, and this lab reads version 1'],
  ['no seed', { ...good, seed: 'x' }, 'its seed is no whole number'],
  ['no start', { ...good, start: { lesson: 'x' } }, 'it does not say where it begins'],
  ['no entries', { ...good, entries: {} }, 'it has no entries'],
  ['an entry that is none', { ...good, entries: [null] }, 'entry 1 of 1 is damaged'],
  ['an unknown input', withEntry(1, { type: 'telepathy' }), 'entry 2 of 3 is damaged'],
  ['a name of Object’s', withEntry(1, { type: '__proto__' }), 'entry 2 of 3 is damaged'],
  ['a field of another kind', withEntry(2, { data: 7 }), 'entry 3 of 3 is damaged'],
  ['a note of another kind', withEntry(0, { inside: 'vi' }), 'entry 1 of 3 is damaged'],
  ['no time', withEntry(0, { at: undefined }), 'entry 1 of 3 is damaged'],
  ['half a millisecond', withEntry(0, { at: NOW + 0.5 }), 'entry 1 of 3 is damaged'],
  ['a time beyond reason', withEntry(1, { at: 9e15 }), 'entry 2 of 3 is damaged'],
  ['a time before all worlds', withEntry(0, { at: 5 }), 'entry 1 of 3 is out of time'],
  ['a time that runs backwards', withEntry(2, { at: NOW }), 'entry 3 of 3 is out of time'],
])('is no log: %s', (_, value, says) => {
  expect(() => readLog(value)).toThrow(new LogError(says, says.endsWith('out of time') ? 'time' : 'form'));
});
