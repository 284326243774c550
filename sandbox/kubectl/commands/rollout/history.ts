/** `kubectl rollout history` (kubectl pkg/cmd/rollout/rollout_history.go). */

import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { printerFor, printName } from '../../printers/output.ts';
import { alignTabs } from '../../printers/tabwriter.ts';
import { forEach } from '../../resource/builder.ts';
import type { Info, KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { CHANGE_CAUSE, groupKind, printTemplate, type Revision, revisionsOf } from './revisions.ts';
import { WORKLOAD_FLAGS, workloads } from './selection.ts';

export const history: Command = {
  name: 'history',
  flags: `revision=0:int64 ${WORKLOAD_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const selection = workloads(session);
    const wanted = flags.int('revision');
    if (wanted < 0) throw new CommandError(`revision must be a positive integer: ${wanted}`);
    yield* forEach(session, selection, function* (info) {
      const revisions = yield* historyOf(session, info);
      if (flags.string('output') || flags.string('template'))
        return yield* printObjects(session, info, revisions, wanted);
      const text = wanted > 0 ? printTemplate(annotated(pick(revisions, wanted))) : overview(revisions);
      const operation = `${wanted > 0 ? `with revision #${wanted}` : ''}\n${revisions.length === 0 ? 'No rollout history found.' : text}`;
      yield* session.out(printName(info.object!, info.mapping, '').replace(/\n$/, ` ${operation}\n`));
    });
  },
};

function* historyOf(session: Session, info: Info): Task<Revision[]> {
  const task = revisionsOf(session, info);
  if (!task)
    throw new CommandError(
      `error retrieving history for ${quote(groupKind(info.mapping))}, no visitor method exists for {${info.mapping.group} ${info.mapping.kind}}`,
    );
  return yield* task;
}

function pick(revisions: readonly Revision[], wanted: number): Revision {
  const found = revisions.find(({ number }) => number === wanted);
  if (!found) throw new CommandError('unable to find the specified revision');
  return found;
}

/** A ReplicaSet's cause is shown with its template. */
function annotated({ template, changeCause, object }: Revision): Revision['template'] {
  if (object.kind !== 'ReplicaSet' || changeCause === '') return template;
  const { metadata } = template;
  return {
    ...template,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, [CHANGE_CAUSE]: changeCause } },
  };
}

const overview = (revisions: readonly Revision[]): string =>
  alignTabs(
    `REVISION\tCHANGE-CAUSE\n${revisions.map(({ number, changeCause }) => `${number}\t${changeCause || '<none>'}\n`).join('')}`,
    { minWidth: 0, padding: 2 },
  );

/** ReplicaSets themselves; of the others the workload with that revision's template. */
function* printObjects(session: Session, info: Info, revisions: readonly Revision[], wanted: number): Task<void> {
  const print = yield* printerFor(session, session.flags.string('output') || 'go-template');
  for (const revision of wanted > 0 ? [pick(revisions, wanted)] : revisions) {
    const { object, template } = revision;
    const shown =
      object.kind === 'ReplicaSet' ? object : { ...info.object!, spec: { ...(info.object!.spec as object), template } };
    yield* session.out(print(shown as unknown as KObject));
  }
}
