/** The line typed at the bottom of vi: an ex command or a pattern. */

import type { Key } from '../../shell/readline/keys.ts';

export interface LineEdit {
  readonly sign: string;
  line: string;
  at: number;
  /** Place in the history. */
  entry: number;
}

export function promptKey(edit: LineEdit, key: Key, history: readonly string[]): 'editing' | 'done' | 'abandoned' {
  const put = (line: string, at: number): 'editing' => {
    edit.line = line;
    edit.at = at;
    return 'editing';
  };
  const { line, at } = edit;
  switch (key.name) {
    case 'Enter':
    case 'C-j':
      return 'done';
    case 'Escape':
    case 'C-c':
      return 'abandoned';
    case 'Backspace':
      if (line === '') return 'abandoned';
      return at === 0 ? 'editing' : put(line.slice(0, at - 1) + line.slice(at), at - 1);
    case 'C-u':
      return put(line.slice(at), 0);
    case 'C-w': {
      const kept = line.slice(0, at).replace(/\S+\s*$|\s+$/, '');
      return put(kept + line.slice(at), kept.length);
    }
    case 'Left':
      return put(line, Math.max(0, at - 1));
    case 'Right':
      return put(line, Math.min(line.length, at + 1));
    case 'Home':
    case 'C-b':
      return put(line, 0);
    case 'End':
    case 'C-e':
      return put(line, line.length);
    case 'Up':
    case 'Down': {
      edit.entry = Math.max(0, Math.min(history.length, edit.entry + (key.name === 'Up' ? -1 : 1)));
      const entry = history[edit.entry] ?? '';
      return history.length === 0 ? 'editing' : put(entry, entry.length);
    }
    default:
      return put(line.slice(0, at) + key.text + line.slice(at), at + key.text.length);
  }
}
