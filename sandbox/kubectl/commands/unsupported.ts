/** Commands whose work needs what the lab has not got: they stop where the real ones would without it. */

import type { Command } from '../cli/command.ts';

export const alpha: Command = {
  name: 'alpha',
  helpOnly: true,
  commands: [{ name: 'kuberc', commands: [], helpTo: 'stderr' }],
};
