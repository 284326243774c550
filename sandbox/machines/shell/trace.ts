/** `set -x`: lines on stderr, after $PS4 (print_cmd.c, indirection_level_string). */

import type { Task } from '../../sim/task.ts';
import { expandPrompt } from './prompt.ts';
import type { Shell } from './shell.ts';

/** The first character of $PS4 once for each level of `eval`, traps and command substitutions. */
export function* tracePrefix(shell: Shell): Task<string> {
  const ps4 = yield* expandPrompt(shell, shell.variables.get('PS4') ?? '+ ');
  const [first = ''] = ps4;
  return shell.dialect === 'bash' ? first.repeat(shell.traceDepth) + ps4 : ps4;
}

/** Where the lines go: stderr, or the descriptor that $BASH_XTRACEFD names. */
export function traceDescriptor(shell: Shell): number {
  const fd = shell.variables.get('BASH_XTRACEFD') ?? '';
  return /^\d+$/.test(fd) && shell.process.files.has(Number(fd)) ? Number(fd) : 2;
}

export function* trace(shell: Shell, text: () => string): Task<void> {
  if (!shell.option('xtrace')) return;
  shell.options.delete('xtrace');
  const prefix = yield* tracePrefix(shell);
  shell.options.add('xtrace');
  yield* shell.write(traceDescriptor(shell), `${prefix}${text()}\n`);
}
