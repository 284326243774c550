/** Typed lines from keys: what is a command, what went to a program, with and without what the sandbox notes of keys. */

import { expect, test } from 'vitest';
import { isCommand, type Noted, typedLines } from './typed.ts';

const keys = (data: string, inside?: boolean, host = 'master01'): Noted => ({
  type: 'keys',
  host,
  data,
  ...(inside !== undefined && { inside }),
});
const lines = (...entries: Noted[]) => [...typedLines(entries)];
const commands = (...entries: Noted[]) =>
  lines(...entries)
    .filter(isCommand)
    .map(({ from, to, text }) => `${from}-${to} ${text}`);

test('a line begins with its first key and ends with its Enter, in each terminal by itself', () => {
  expect(commands(keys('l'), keys('p', undefined, 'nfs'), keys('s\r'), keys('wd\r', undefined, 'nfs'))).toEqual([
    '0-2 ls',
    '1-3 pwd',
  ]);
});

test('lines that a program was given are no commands, nor is what it was left by', () => {
  expect(
    commands(
      keys('vi f\r', false),
      keys('ihello\r', true),
      keys('\x1b:wq\r', true),
      keys('l', false),
      keys('s\r', false),
    ),
  ).toEqual(['0-0 vi f', '3-4 ls']);
  expect(commands(keys('less f\r', false), keys('q', true), keys('ls\r', false))).toEqual(['0-0 less f', '2-2 ls']);
});

test('what was typed before Ctrl-C is no part of the next line, and neither is Ctrl-C', () => {
  expect(commands(keys('rm -rf'), keys('\x03'), keys('ls\r'))).toEqual(['2-2 ls']);
  expect(commands(keys('kubectl get pods -w\r', false), keys('\x03', true), keys('ls\r', false))).toEqual([
    '0-0 kubectl get pods -w',
    '2-2 ls',
  ]);
});

test('an empty line is none, one that history made is', () => {
  expect(commands(keys('\r'), keys('  \r'), keys('\x1b[A'), keys('\r'))).toEqual(['2-3 ']);
});

test('of several lines at once their words tell a document, which is no here-string and no shift', () => {
  expect(commands(keys('cat > f <<EOF\ra\rEOF\rls\r'))).toEqual(['0-0 cat > f <<EOF', '0-0 ls']);
  // Where the sandbox has noted nothing, line by line nothing is guessed: a wrong guess would take what came after it.
  expect(commands(keys('touch x # see <<there\r'), keys('ls\r'))).toHaveLength(2);
  for (const line of ['cat <<< EOF', 'echo $((1 << x))'])
    expect(commands(keys(`${line}\rls\r`))).toEqual([`0-0 ${line}`, '0-0 ls']);
});

test('what Ctrl-U leaves behind the caret, and what Ctrl-V quotes, is a command', () => {
  expect(commands(keys('xtouch a'), keys('\x01'), keys('\x1b[C'), keys('\x15'), keys('\r'))).toHaveLength(1);
  expect(commands(keys('\x16'), keys('\x03'), keys('\r'))).toHaveLength(1);
  // A block that is run clears the line to its end first.
  expect(commands(keys('rm\x01'), keys('\x05\x15'), keys('\r'))).toEqual([]);
  expect(commands(keys('ls\r'), keys('\x0c'), keys('\r'))).toEqual(['0-0 ls']);
});

test('what is pasted is known, its brackets being no keys', () => {
  expect(lines(keys('\x1b[200~ls\x1b[201~'), keys('\r'))).toMatchObject([{ text: 'ls', edited: false }]);
});

test('a solution, an interrupt and the power button leave no line half typed', () => {
  const place = { lesson: 'claim', step: 'create' };
  for (const deed of [
    { type: 'solve', place },
    { type: 'interrupt', host: 'master01' },
    { type: 'power', host: 'master01', on: false },
  ] as const)
    expect(commands(keys('abc'), deed, keys('ls\r'))).toEqual(['2-2 ls']);
});

test('a line without end is read in time', () => {
  expect(commands(keys(`${'('.repeat(200_000)}\r`))).toHaveLength(1);
});

test('where the sandbox tells, nothing is guessed', () => {
  expect(commands(keys("echo '<<EOF'\r", false), keys('ls\r', false))).toEqual(["0-0 echo '<<EOF'", '1-1 ls']);
  expect(commands(keys('cat <<E\r', false), keys('a\r', true), keys('E\r', true), keys('ls\r', false))).toHaveLength(2);
});
