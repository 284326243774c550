/** How the rollout commands find their workloads. */

import { CommandError } from '../../cli/errors.ts';
import { FILE_FLAGS } from '../../cli/flags.ts';
import { type Selection, selectionOf } from '../../resource/builder.ts';
import type { Session } from '../../session.ts';

export const WORKLOAD_FLAGS = `-l,selector='' ${FILE_FLAGS}`;

export function workloads(session: Session): Selection {
  const { flags, args } = session;
  if (args.length === 0 && flags.list('filename').length === 0 && !flags.string('kustomize'))
    throw new CommandError('required resource not specified');
  return { ...selectionOf(session), latest: true, typeAloneIsAll: true, continueOnError: true, builtIn: true };
}
