/** `kubectl create -f`: each document POSTed as it stands (kubectl pkg/cmd/create/create.go). */

import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG, VALIDATE_FLAG } from '../cli/flags.ts';
import { createAndRefresh } from '../client/helper.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import { fieldValidation, validationOf, withSource } from '../resource/validation.ts';
import type { Session } from '../session.ts';
import { generators } from './create/index.ts';
import { editAndCreate } from './edit.ts';
import { postRaw } from './raw.ts';

export const create: Command = {
  name: 'create',
  flags: `${DRY_RUN_FLAG} edit=false field-manager='kubectl-create' raw='' save-config=false -l,selector='' ${VALIDATE_FLAG} windows-line-endings=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  commands: generators,
  *run(session) {
    const { flags, args } = session;
    if (flags.list('filename').length === 0 && !flags.string('kustomize') && args.length === 0) {
      throw new CommandError('must specify one of -f and -k');
    }
    if (args.length > 0) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    if (flags.string('raw')) return yield* postRaw(session, 'POST');
    if (flags.bool('edit')) return yield* editAndCreate(session);
    yield* createFromFiles(session);
  },
};

function* createFromFiles(session: Session): Task<void> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const validation = validationOf(session);
  const print = yield* resultPrinter(session, 'created', dryRun);
  const count = yield* forEach(
    session,
    { ...selectionOf(session), args: [], continueOnError: true, validation },
    function* (info) {
      if (flags.bool('save-config')) info.object = withLastApplied(info.object!);
      if (dryRun !== 'client') {
        try {
          yield* createAndRefresh(session, info, {
            dryRun,
            fieldManager: flags.string('field-manager'),
            fieldValidation: fieldValidation(validation),
          });
        } catch (error) {
          throw withSource('creating', info.source, error);
        }
      }
      yield* session.out(print(info.object!, info.mapping));
    },
  );
  if (count === 0) throw new CommandError('no objects passed to create');
}
