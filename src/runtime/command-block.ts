/** A command block, typed: where it belongs, and as which keys. */

import { CLEAR_LINE } from '../../sandbox/channel/cut.ts';

/** What is typed for it, Enter included: what stands half typed at the prompt is not part of the command. */
export const keysOf = (command: string): string =>
  `${CLEAR_LINE}${command.replace(/\n$/, '').replaceAll('\n', '\r')}\r`;

/** Whether a block may be typed as it is: at a prompt, or into what it is meant for. */
export function fits(prompt: boolean, running: string, inside: string | undefined): boolean {
  if (inside === 'vi') return isEditor(running);
  if (inside === 'container')
    return /^(?:kubectl (?:.* )?(?:exec|attach|run|debug)|docker exec|crictl exec)\b/.test(running);
  return prompt;
}

/** What holds text that may not be saved yet. */
export const isEditor = (running: string): boolean => /^(?:vi|vim|view)\b/.test(running);
