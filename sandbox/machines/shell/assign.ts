/** Assignments: `x=…`, `x+=…`, `x[i]=…`, `x=(…)`. */

import type { Assignment } from 'unbash';
import type { Task } from '../../sim/task.ts';
import { ShellError } from './errors.ts';
import { expandSubscript } from './expand/parameter.ts';
import { expandString, expandWords } from './expand/word.ts';
import type { Shell } from './shell.ts';
import { wordOf } from './syntax.ts';

export function* assign(shell: Shell, assignment: Assignment): Task<void> {
  const { variables } = shell;
  const { name, value } = assignment;
  const append = assignment.append ?? false;
  if (value.type === 'ArrayValue') {
    const elements: { key?: string; value: string }[] = [];
    for (const word of value.elements) {
      const keyed = /^\[((?:[^\][]|\[[^\]]*\])+)\](\+?)=(.*)$/s.exec(word.text);
      if (keyed) {
        const key = yield* expandSubscript(shell, name, wordOf(keyed[1]!));
        elements.push({ key, value: yield* expandString(shell, wordOf(keyed[3]!), true) });
      } else for (const item of yield* expandWords(shell, [word])) elements.push({ value: item });
    }
    variables.setArray(name, elements, append);
    return;
  }
  const text = value.text === '' ? '' : yield* expandString(shell, value, true);
  if (!assignment.index) {
    variables.set(name, text, append);
    return;
  }
  const subscript = yield* expandSubscript(shell, name, assignment.index);
  if (subscript === '') throw new ShellError(`${name}[]: bad array subscript`);
  variables.setElement(name, subscript, text, append);
}
