/** What the global flags stop before a command runs (kubectl pkg/cmd/cmd.go PersistentPreRunE, pkg/kuberc). */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import type { Command } from './command.ts';
import { CommandError, PlainError } from './errors.ts';
import type { Flags } from './flags.ts';

const PROFILES = ['none', 'cpu', 'heap', 'goroutine', 'threadcreate', 'block', 'mutex', 'trace'];

/** The kuberc file named must be there; what it prefers is not read here. */
export function* checkGlobals({ files }: KubectlEnvironment, flags: Flags, command: Command): Task<void> {
  const kuberc = flags.string('kuberc');
  if (kuberc && kuberc !== 'off' && !(yield* files.stat(kuberc)))
    throw new PlainError(
      `error occurred while applying preferences kuberc error kuberc: open ${kuberc}: no such file or directory`,
    );
  const profile = flags.string('profile');
  if (!/\bprofile=/.test(command.flags ?? '') && !PROFILES.includes(profile))
    throw new CommandError(`unknown profile '${profile}'`);
}
