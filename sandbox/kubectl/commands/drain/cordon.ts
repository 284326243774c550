/** `kubectl cordon` and `uncordon` (kubectl pkg/cmd/drain, pkg/drain/cordon.go). */

import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { DRY_RUN_FLAG } from '../../cli/flags.ts';
import { patchObject } from '../../client/helper.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../../printers/output.ts';
import { findAll } from '../../resource/builder.ts';
import type { Info, KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { differencePatch } from '../change.ts';

const cordoning = (name: 'cordon' | 'uncordon'): Command => ({
  name,
  flags: `${DRY_RUN_FLAG} -l,selector=''`,
  complete: 'names',
  completeType: 'nodes',
  *run(session) {
    const dryRun = yield* dryRunOf(session);
    yield* setUnschedulable(session, yield* nodesOf(session), name === 'cordon', dryRun);
  },
});

export const cordon = cordoning('cordon');
export const uncordon = cordoning('uncordon');

/** The nodes named or selected, read from the server. */
export function* nodesOf(session: Session): Task<readonly Info[]> {
  const { args, flags } = session;
  const selector = flags.string('selector');
  const word = session.path.split(' ').at(-1);
  if (args.length === 0 && !flags.changed('selector')) throw session.usage(`USAGE: ${word} NODE [flags]`);
  if (args.length > 0 && selector !== '')
    throw session.usage('error: cannot specify both a node name and a --selector option');
  const named = { args: args[0]?.includes('/') ? args : ['nodes', ...args] };
  const selection = args.length > 0 ? named : { args: ['nodes'], selector, typeAloneIsAll: true };
  return yield* findAll(session, { ...selection, builtIn: true });
}

export function* setUnschedulable(
  session: Session,
  nodes: readonly Info[],
  wanted: boolean,
  dryRun: DryRun,
): Task<void> {
  const word = wanted ? 'cordon' : 'uncordon';
  for (const info of nodes) {
    const { unschedulable: _, ...rest } = (info.object!.spec ?? {}) as { unschedulable?: boolean };
    const already = (info.object!.spec as { unschedulable?: boolean } | undefined)?.unschedulable === true;
    let operation = `${word}ed`;
    if (already === wanted) operation = `already ${word}ed`;
    else if (dryRun !== 'client') {
      const after = { ...info.object!, spec: wanted ? { ...rest, unschedulable: true } : rest } as KObject;
      const { patch, type } = differencePatch(info, info.object!, after);
      try {
        info.object = yield* patchObject(session, info, type, patch, { dryRun });
      } catch (error) {
        yield* session.err(`error: unable to ${word} node ${quote(info.name)}: ${(error as Error).message}\n`);
        continue;
      }
    }
    yield* session.out((yield* resultPrinter(session, operation, dryRun))(info.object!, info.mapping));
  }
}
