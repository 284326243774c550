/** Reading a text as the shell that runs it does: bash's grammar, dash's or ash's. */

import type { Shell } from '../shell.ts';
import { type Reading, readScript, scriptOf } from '../syntax.ts';
import { readPosix } from './grammar.ts';

/** A reading, and the text that its positions belong to. */
export interface DialectReading extends Reading {
  readonly text: string;
}

export function readFor(shell: Shell, source: string): DialectReading {
  if (shell.dialect === 'bash') return { ...readScript(source), text: source };
  const { text, problem, incomplete } = readPosix(source, shell);
  const script = scriptOf(text);
  return {
    text,
    script,
    problem: problem && { kind: 'refused', ...problem },
    complete: script.commands.length,
    incomplete,
    openHereDocs: [],
  };
}
