/** A program stands in a recording of the real one, a test or a lesson, or it is not there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodePrograms } from '../sandbox/kubelet/programs/index.ts';
import { PROGRAMS } from '../sandbox/machines/programs/index.ts';
import { SYSTEM_PROGRAMS } from '../sandbox/machines/system-programs/index.ts';

const root = new URL('..', import.meta.url).pathname;

/** What may run a command: recorded lines, tests, and what lessons have one type. */
const sources = ['sandbox', 'content', 'tests/article'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.test\.ts$|testdata\/.*\.jsonl$|lesson\.yaml$|\.mdx$/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8')),
);
const text = sources.join('\n');

/** Whether `name` stands where a command begins, or is the first of an argument list. */
function runs(name: string): boolean {
  const word = name.replace(/[.[\]]/g, '\\$&');
  const before = '(?:^|[;|&({`\'"]|\\\\n|\\b(?:then|do|else|exec|sudo|xargs|run:|if|while|!|env|time|timeout \\S+)) *';
  return new RegExp(`${before}${word}(?:[\\s;|&)'"\`<>\\\\]|$)`, 'm').test(text);
}

test('every program is run somewhere', () => {
  const programs = [...PROGRAMS.keys(), ...SYSTEM_PROGRAMS.keys(), ...nodePrograms.keys()];
  expect(programs.length).toBeGreaterThan(150);
  expect(programs.filter((name) => !runs(name)).sort()).toEqual([]);
});
