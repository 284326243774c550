/** Line ends through the editor and back: what was not changed is on the machine as it was. */

import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { fromMachine, toMachine } from './line-ends.ts';
import { linesAsTheyAre } from './lines.ts';

/** What the editor has of a text that it shows. */
const shown = (text: string): string =>
  EditorState.create({ doc: text, extensions: linesAsTheyAre(text) }).doc.toString();

test.each([
  ['of Unix', 'a\nb\n', 'a\nb\n'],
  ['of Windows', 'a\r\nb\r\n', 'a\nb\n'],
  ['of Windows, the last without an end', 'a\r\nb', 'a\nb'],
  ['of both kinds', 'a\r\nb\n', 'a\r\nb\n'],
  ['with a carriage return in a line', 'a\rb\r\n', 'a\rb\r\n'],
  ['none', '', ''],
  ['one without an end', 'a', 'a'],
])('lines %s', (_, machine, text) => {
  const lines = fromMachine(machine);
  expect(lines.text).toBe(text);
  expect(toMachine({ ...lines, text: shown(lines.text) })).toBe(machine);
});

test('a line that is added ends as the others do', () => {
  const lines = fromMachine('a\r\nb\r\n');
  expect(toMachine({ ...lines, text: `${lines.text}c\n` })).toBe('a\r\nb\r\nc\r\n');
});
