/** `kubectl drain`: cordons, then evicts what may go (kubectl pkg/cmd/drain/drain.go). */

import { parseLabelSelector, SelectorError } from '../../../api/selectors.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { aggregate, CommandError, messageForError, PlainError } from '../../cli/errors.ts';
import { DRY_RUN_FLAG } from '../../cli/flags.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../../printers/output.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { nodesOf, setUnschedulable } from './cordon.ts';
import { evictPods } from './evict.ts';
import { podsForDeletion } from './pods.ts';

export const drain: Command = {
  name: 'drain',
  flags: `chunk-size=500:int64 delete-emptydir-data=false disable-eviction=false ${DRY_RUN_FLAG} force=false grace-period=-1 ignore-daemonsets=false pod-selector='' -l,selector='' skip-wait-for-delete-timeout=0 timeout=0s`,
  complete: 'names',
  completeType: 'nodes',
  *run(session) {
    const dryRun = yield* dryRunOf(session);
    checkPodSelector(session);
    const nodes = yield* nodesOf(session);
    yield* setUnschedulable(session, nodes, true, dryRun);
    const failures: Error[] = [];
    const remaining: string[] = [];
    for (const info of nodes) {
      const failure = yield* drainOne(session, info.name, dryRun);
      if (!failure) {
        yield* session.out((yield* resultPrinter(session, 'drained', dryRun))(info.object!, info.mapping));
        continue;
      }
      yield* session.err(
        `error: unable to drain node ${quote(info.name)} due to error: ${failure.message}, continuing command...\n`,
      );
      failures.push(failure);
      remaining.push(info.name);
    }
    if (remaining.length > 0)
      yield* session.err(`There are pending nodes to be drained:\n${remaining.map((name) => ` ${name}\n`).join('')}`);
    if (failures.length > 0) throw new PlainError(failures.map(messageForError).join('\n'));
  },
};

function checkPodSelector({ flags }: Session): void {
  try {
    parseLabelSelector(flags.string('pod-selector'));
  } catch (error) {
    if (error instanceof SelectorError)
      throw new CommandError('--pod-selector=<pod_selector> must be a valid label selector');
    throw error;
  }
}

/** Returns why it did not work. */
function* drainOne(session: Session, node: string, dryRun: DryRun): Task<Error | undefined> {
  const { removed, warnings, errors } = yield* podsForDeletion(session, node);
  if (errors.length > 0) return aggregate(errors);
  if (warnings) yield* session.err(`Warning: ${warnings}\n`);
  if (dryRun === 'client') {
    for (const { metadata } of removed)
      yield* session.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
    return undefined;
  }
  const failure = aggregate(yield* evictPods(session, removed, dryRun));
  if (!failure) return undefined;
  const pending = yield* podsForDeletion(session, node);
  if (pending.removed.length > 0) {
    yield* session.err(`There are pending pods in node ${quote(node)} when an error occurred: ${failure.message}\n`);
    for (const { metadata } of pending.removed) yield* session.err(`pod/${metadata.name}\n`);
  }
  if (pending.errors.length > 0)
    yield* session.err(
      `Following errors occurred while getting the list of pods to delete:\n${aggregate(pending.errors)!.message}`,
    );
  return failure;
}
