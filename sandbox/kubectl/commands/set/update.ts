/** The common run of `kubectl set`: change each object, patch what differs, report (kubectl pkg/cmd/set/helper.go). */

import type { Task } from '../../../sim/task.ts';
import { aggregate, CommandError, messageForError, PlainError } from '../../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../../cli/flags.ts';
import { patchObject } from '../../client/helper.ts';
import { dryRunOf, resultPrinter } from '../../printers/output.ts';
import { find, type Selection, selectionOf } from '../../resource/builder.ts';
import type { Info, KObject } from '../../resource/info.ts';
import { typed } from '../../resource/typed.ts';
import type { Session } from '../../session.ts';
import { differencePatch } from '../change.ts';
import { NoPodTemplate } from '../pod-template.ts';

export const SET_FLAGS = `all=false ${DRY_RUN_FLAG} field-manager='kubectl-set' local=false -l,selector='' ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`;

export interface Update {
  readonly args: readonly string[];
  /** `image updated`. */
  readonly operation: string;
  /** Complaints that come only after the resources were found. */
  validate?(): void;
  /** The object changed, or the same one. */
  change(info: Info): Task<KObject>;
  /** Without a server what stays as it was is told too. */
  readonly tellsUnchanged?: boolean;
  /** What failed to be sent: `failed to patch image update to pod template: `. */
  readonly failure?: string;
}

export function* updateAll(session: Session, update: Update): Task<void> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const local = flags.bool('local');
  if (local && dryRun === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  const selection: Selection = {
    ...selectionOf(session),
    args: update.args,
    local,
    latest: !local,
    continueOnError: true,
    builtIn: true,
  };
  const { infos, errors } = yield* find(session, selection);
  const missing = aggregate(errors);
  if (missing) throw missing;
  update.validate?.();
  const failures: unknown[] = [];
  const print = yield* resultPrinter(session, update.operation, dryRun, local);
  for (const info of infos) {
    try {
      const after = yield* update.change(info);
      const { patch, type } = differencePatch(info, info.object!, after);
      const offline = local || dryRun === 'client';
      if ((patch === '{}' || patch === '') && !(offline && update.tellsUnchanged)) continue;
      if (offline) info.object = local ? typed(after, info.mapping) : after;
      else {
        info.object = yield* patchObject(session, info, type, patch, {
          dryRun,
          fieldManager: flags.string('field-manager'),
        });
      }
      yield* session.out(print(info.object, info.mapping));
    } catch (error) {
      if (!(error instanceof Error) || error.constructor === TypeError) throw error;
      failures.push(
        update.failure && !(error instanceof CommandError)
          ? new CommandError(`${update.failure}${error.message}`)
          : error instanceof NoPodTemplate
            ? new CommandError(`${info.mapping.resource}/${info.name} ${error.message}`)
            : error,
      );
    }
  }
  if (failures.length > 1) throw new PlainError(failures.map((e) => `error: ${messageForError(e)}`).join('\n'));
  const failure = aggregate(failures);
  if (failure) throw failure;
}
