/** An option's value that is one of a list of words, as argmatch(3) of gnulib reads it. */

import type { Task } from '../../sim/task.ts';
import type { Tool } from './tool.ts';

/** Groups of words that mean the same, the first standing for all. */
export type Choices = readonly (readonly string[])[];

/** The first word of the group that `value` belongs to, also when it is abbreviated; undefined if it is none, or could be several. */
export function chosen(choices: Choices, value: string): string | undefined {
  const exact = choices.find((group) => group.includes(value));
  if (exact) return exact[0];
  const begun = choices.filter((group) => group.some((word) => word.startsWith(value)));
  return begun.length === 1 ? begun[0]![0] : undefined;
}

/** Says that a value is none of the choices, and which there are; the status to end with. */
export function* notChosen(tool: Tool, choices: Choices, value: string, option: string, status = 1): Task<number> {
  const ambiguous = choices.filter((group) => group.some((word) => word.startsWith(value))).length > 1;
  const valid = choices.map((group) => `  - ${group.map((word) => tool.quote(word)).join(', ')}\n`).join('');
  yield* tool.process.error(
    `${tool.name}: ${ambiguous ? 'ambiguous' : 'invalid'} argument ${tool.quote(value)} for ${tool.quote(option)}\nValid arguments are:\n${valid}Try '${tool.name} --help' for more information.\n`,
  );
  return status;
}
