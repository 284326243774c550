/** `kubectl create -f`: each document POSTed as it stands (kubectl pkg/cmd/create/create.go). */

import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS } from '../cli/flags.ts';
import { createAndRefresh } from '../client/helper.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import type { Validation } from '../resource/manifest.ts';
import type { Session } from '../session.ts';
import { generators } from './create/index.ts';
import { editAndCreate } from './edit.ts';
import { postRaw } from './raw.ts';

export const create: Command = {
  name: 'create',
  flags: `dry-run='none' edit=false field-manager='kubectl-create' raw='' save-config=false -l,selector='' validate='strict' windows-line-endings=false record=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
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

/** cmdutil.AddSourceToErr. */
export function withSource(verb: string, source: string, error: unknown): unknown {
  if (!source || !(error instanceof Error)) return error;
  if (error instanceof ApiError) return error.from(verb, source);
  return new CommandError(`error when ${verb} ${JSON.stringify(source)}: ${error.message}`);
}

/** cmdutil.GetValidationDirective. */
export function validationOf(session: Session): Validation {
  const value = session.flags.string('validate');
  if (value === 'strict' || value === 'warn' || value === 'ignore') return value;
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return 'strict';
  if (/^(0|f|F|false|FALSE|False)$/.test(value)) return 'ignore';
  throw new CommandError(
    `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}

export const fieldValidation = (validation: Validation): string =>
  ({ strict: 'Strict', warn: 'Warn', ignore: 'Ignore' })[validation];
