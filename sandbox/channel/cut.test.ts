/** Cutting a log at a moment: what was half typed at a prompt is cleared, and nothing is left out. */

import { expect, test } from 'vitest';
import { cutAt } from './cut.ts';
import type { LogEntry, SessionLog } from './messages.ts';

const place = { lesson: 'the-lab', step: 'export' };
const AT = Date.UTC(2026, 10, 22, 9);
const keys = (at: number, data: string, host = 'master01', hash?: number): LogEntry => ({
  at: AT + at,
  type: 'keys',
  host,
  data,
  ...(hash !== undefined && { hash }),
});
const log = (...entries: LogEntry[]): SessionLog => ({ version: 1, seed: 1, start: place, entries, until: AT + 1_000 });
const typed = ({ entries }: SessionLog) =>
  entries.map((entry) => (entry.type === 'keys' ? `${entry.host}: ${entry.data}` : entry.type));

const session = log(
  keys(1, 'ls\r', 'master01', 11),
  { at: AT + 2, type: 'open', place },
  keys(3, 'kubectl dele'),
  keys(4, 'ls\r', 'nfs', 12),
  { at: AT + 5, type: 'resize', host: 'master01', columns: 80, rows: 24 },
  keys(6, 'te pod'),
  keys(7, ' web\r', 'master01', 13),
);

test('a command half typed at the prompt is cleared away, and nothing is left out', () => {
  const cut = cutAt(session, AT + 6, ['master01', 'nfs']);
  expect(cut.entries.slice(0, -1)).toEqual(session.entries.slice(0, -1));
  expect(cut.entries.at(-1)).toEqual(keys(6, '\x05\x15'));
  expect(cut.until).toBe(AT + 6);
});

test('the key that ended a program stays', () => {
  const watch = log(keys(1, 'kubectl get pods -w\r'), keys(2, '\x03'), keys(3, 'echo later\r'));
  expect(typed(cutAt(watch, AT + 2, ['master01']))).toEqual([
    'master01: kubectl get pods -w\r',
    'master01: \x03',
    'master01: \x05\x15',
  ]);
});

test('with its Enter it stays, sums and all', () => {
  const cut = cutAt(session, AT + 7, ['nfs']);
  expect(cut.entries).toEqual(session.entries);
});

test('keys typed into a program stay: they are part of what is shown', () => {
  expect(typed(cutAt(session, AT + 6, ['nfs']))).toEqual([
    'master01: ls\r',
    'open',
    'master01: kubectl dele',
    'nfs: ls\r',
    'resize',
    'master01: te pod',
  ]);
});

test('before everything there is nothing', () => {
  expect(cutAt(session, AT, ['master01']).entries).toEqual([]);
});
