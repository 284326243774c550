/** `kubectl replace` (kubectl pkg/cmd/replace/replace.go). */

import type { Task } from '../../sim/task.ts';
import { originalConfiguration, withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, isNotFound } from '../cli/errors.ts';
import { CASCADE_FLAG, DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG, VALIDATE_FLAG } from '../cli/flags.ts';
import { createAndRefresh, deleteObject, replaceObject } from '../client/helper.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../printers/output.ts';
import { findAll, forEach, selectionOf } from '../resource/builder.ts';
import { type Info, refresh } from '../resource/info.ts';
import { fieldValidation, validationOf, withSource } from '../resource/validation.ts';
import type { Session } from '../session.ts';
import { cascadeOf } from './delete.ts';
import { postRaw } from './raw.ts';
import { waitForOne } from './wait/deleted.ts';

export const replace: Command = {
  name: 'replace',
  flags: `${CASCADE_FLAG} ${DRY_RUN_FLAG} field-manager='kubectl-replace' force=false grace-period=-1 raw='' save-config=false subresource='' timeout=0s ${VALIDATE_FLAG} wait=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  *run(session) {
    const { flags, args } = session;
    if (flags.string('raw')) return yield* postRaw(session, 'PUT');
    const force = flags.bool('force');
    if (flags.int('grace-period') >= 0 && !force) throw new CommandError('--grace-period must have --force specified');
    if (flags.duration('timeout') !== 0 && !force) throw new CommandError('--timeout must have --force specified');
    if (flags.list('filename').length === 0 && !flags.string('kustomize'))
      throw new CommandError('must specify one of -f and -k');
    if (args.length > 0) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    const dryRun = yield* dryRunOf(session);
    if (force && dryRun !== 'none') throw new CommandError('--dry-run can not be used when --force is set');
    if (force) yield* forceReplace(session, dryRun);
    else yield* replaceAll(session, dryRun);
  },
};

const manifests = (session: Session) => ({
  ...selectionOf(session),
  args: [],
  subresource: session.flags.string('subresource'),
  validation: validationOf(session),
});

/** Keeps the annotation up to date where it is already in use. */
function prepare(session: Session, info: Info): void {
  if (session.flags.bool('save-config') || originalConfiguration(info.object!) !== undefined)
    info.object = withLastApplied(info.object!);
}

function writeOptions(session: Session, dryRun: DryRun) {
  return {
    dryRun,
    fieldManager: session.flags.string('field-manager'),
    fieldValidation: fieldValidation(validationOf(session)),
  };
}

function* replaceAll(session: Session, dryRun: DryRun): Task<void> {
  const print = yield* resultPrinter(session, 'replaced', dryRun);
  const subresource = session.flags.string('subresource');
  const count = yield* forEach(session, { ...manifests(session), continueOnError: true }, function* (found) {
    const info: Info = { ...found, subresource };
    prepare(session, info);
    if (dryRun !== 'client') {
      try {
        refresh(info, yield* replaceObject(session, info, info.object!, writeOptions(session, dryRun)));
      } catch (error) {
        throw withSource('replacing', info.source, error);
      }
    }
    yield* session.out(print(info.object!, info.mapping));
  });
  if (count === 0) throw new CommandError('no objects passed to replace');
}

/** --force: delete all, wait until they are gone, create all. */
function* forceReplace(session: Session, dryRun: DryRun): Task<void> {
  const infos = yield* findAll(session, { ...manifests(session), continueOnError: true });
  const grace = session.flags.int('grace-period');
  const timeout = session.flags.duration('timeout') || 5 * 60_000;
  const end = session.environment.now() + timeout;
  for (const info of infos) {
    try {
      if (dryRun === 'client') continue;
      yield* deleteObject(session, info, {
        propagationPolicy: cascadeOf(session),
        gracePeriodSeconds: grace >= 0 ? grace : undefined,
        dryRun,
      });
      const from = info.mapping.namespaced ? ` from ${info.namespace} namespace` : '';
      const kind = info.mapping.group
        ? `${info.mapping.kind.toLowerCase()}.${info.mapping.group}`
        : info.mapping.kind.toLowerCase();
      yield* session.out(`${kind} "${info.name}" deleted${from}\n`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  if (dryRun === 'none') for (const info of infos) yield* waitForOne(session, info, undefined, { end, once: false });
  const print = yield* resultPrinter(session, 'replaced', dryRun);
  for (const info of infos) {
    prepare(session, info);
    if (dryRun !== 'client') yield* createAndRefresh(session, info, writeOptions(session, dryRun));
    yield* session.out(print(info.object!, info.mapping));
  }
}
