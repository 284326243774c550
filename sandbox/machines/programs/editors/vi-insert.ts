/** What keys do in vi's insert and replace mode. */

import type { Key } from '../../shell/readline/keys.ts';
import { motionOf } from './vi-motions.ts';
import type { ViText } from './vi-text.ts';

export function insertKey(text: ViText, key: Key, replacing: boolean, settings: ReadonlyMap<string, boolean>): void {
  const { row, column } = text;
  switch (key.name) {
    case 'Enter':
    case 'C-j':
      text.insert(`\n${settings.get('autoindent') ? /^[ \t]*/.exec(text.line)![0] : ''}`);
      return;
    case 'Tab':
      text.insert(settings.get('expandtab') ? ' '.repeat(8 - (column % 8)) : '\t');
      return;
    case 'Backspace':
      if (column > 0) text.remove({ row, column: column - 1 }, text.place);
      else if (row > 0) text.remove({ row: row - 1, column: text.lines[row - 1]!.length }, text.place);
      return;
    case 'Delete':
      if (column < text.line.length) text.remove(text.place, { row, column: column + 1 });
      return;
    case 'C-w': {
      const from = motionOf('b')!(text, 1, false)!;
      if (from.row === row) text.remove(from, text.place);
      return;
    }
    case 'C-u':
      text.remove({ row, column: 0 }, text.place);
      return;
    case 'End':
      text.go(row, text.line.length);
      return;
    case 'Up':
    case 'Down':
    case 'Left':
    case 'Right':
    case 'Home': {
      const target = motionOf(key.name)!(text, 1, false);
      if (target) text.go(target.row, target.column);
      return;
    }
  }
  if (key.text === '') return;
  if (replacing && column < text.line.length) text.remove(text.place, { row, column: column + 1 });
  text.insert(key.text);
}
