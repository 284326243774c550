/** `kubectl delete`: asks for deletion, then waits until the objects are gone (kubectl pkg/cmd/delete/delete.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, aggregate, CommandError, isNotFound } from '../cli/errors.ts';
import { CASCADE_FLAG, DRY_RUN_FLAG, FILE_FLAGS } from '../cli/flags.ts';
import { type DeletionOptions, deleteObject } from '../client/helper.ts';
import { kindWithGroup } from '../client/mapper.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from '../printers/output.ts';
import { find, type Selection, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import { withSource } from '../resource/validation.ts';
import type { Session } from '../session.ts';
import { decode } from '../text.ts';
import { deleteRaw } from './raw.ts';
import { waitUntilDeleted } from './wait/deleted.ts';

export const delete_: Command = {
  name: 'delete',
  flags: `all=false -A,all-namespaces=false ${CASCADE_FLAG} ${DRY_RUN_FLAG} field-selector='' force=false grace-period=-1 ignore-not-found=false -i,interactive=false now=false -o,output='' raw='' -l,selector='' timeout=0s wait=true ${FILE_FLAGS}`,
  complete: 'names',
  *run(session) {
    if (session.flags.string('raw')) return yield* deleteRaw(session);
    const options = yield* deletionOf(session);
    yield* deleteSelected(session, { ...selectionOf(session), requireObject: false, continueOnError: true }, options);
  },
};

export interface Deletion extends DeletionOptions {
  readonly gracePeriod: number;
  readonly dryRun: DryRun;
  readonly wait: boolean;
  readonly timeout: number;
  readonly ignoreNotFound: boolean;
  readonly interactive: boolean;
  readonly quiet: boolean;
}

const CASCADE: Readonly<Record<string, 'Background' | 'Foreground' | 'Orphan'>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
};

export function cascadeOf(session: Session): 'Background' | 'Foreground' | 'Orphan' {
  const policy = CASCADE[session.flags.string('cascade')];
  if (!policy)
    throw new CommandError(
      `invalid cascade value (${session.flags.string('cascade')}). Must be "background", "foreground", or "orphan"`,
    );
  return policy;
}

function* deletionOf(session: Session): Task<Deletion> {
  const { flags } = session;
  const force = flags.bool('force');
  let gracePeriod = flags.int('grace-period');
  const propagationPolicy = cascadeOf(session);
  if (/^(true|false)$/.test(flags.string('cascade'))) {
    yield* session.err(
      `warning: --cascade=${flags.string('cascade')} is deprecated (boolean value) and can be replaced with --cascade=${propagationPolicy.toLowerCase()}.\n`,
    );
  }
  const dryRun = yield* dryRunOf(session);
  let wait = flags.bool('wait');
  if (flags.bool('now')) {
    if (gracePeriod !== -1) throw new CommandError('--now and --grace-period cannot be specified together');
    gracePeriod = 1;
  }
  if (gracePeriod === 0 && !force) {
    // Without --force, zero means "at once, but wait" (issue 42110).
    gracePeriod = 1;
    if (flags.changed('wait') === false) wait = true;
  }
  if (force && gracePeriod < 0) gracePeriod = 0;
  const output = flags.string('output');
  if (output !== '' && output !== 'name')
    throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
  if (flags.bool('all') && flags.string('selector'))
    throw new CommandError('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector'))
    throw new CommandError('cannot set --all and --field-selector at the same time');
  if (force && gracePeriod === 0) {
    yield* session.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  } else if (force && gracePeriod > 0)
    throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  return {
    gracePeriod,
    gracePeriodSeconds: gracePeriod >= 0 ? gracePeriod : undefined,
    propagationPolicy,
    dryRun,
    wait,
    timeout: flags.duration('timeout'),
    ignoreNotFound: flags.bool('ignore-not-found') || (flags.bool('all') && !flags.changed('ignore-not-found')),
    interactive: flags.bool('interactive'),
    quiet: false,
  };
}

export function* deleteSelected(session: Session, selection: Selection, options: Deletion): Task<void> {
  const bySelector = Boolean(selection.selector || selection.fieldSelector || selection.all);
  const ignoreNotFound = options.ignoreNotFound || (bySelector && !session.flags.changed('ignore-not-found'));
  const found = yield* find(session, selection);
  if (options.interactive && !(yield* confirmed(session, found.infos))) return;
  const errors: unknown[] = [...found.errors];
  const deleted: { info: Info; uid: string | undefined }[] = [];
  let count = 0;
  for (const info of found.infos) {
    count++;
    try {
      if (options.dryRun !== 'client') {
        const answer = yield* deleteObject(session, info, options);
        deleted.push({ info, uid: uidOf(answer) });
      }
      if (!options.quiet) yield* session.out(deletedText(session, info, options));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push(withSource('deleting', info.source, error));
    }
  }
  const failure = aggregate(ignoreNotFound ? errors.filter((e) => !isNotFound(e)) : errors);
  if (failure) throw failure;
  if (count === 0) return yield* session.out('No resources found\n');
  if (!options.wait || options.dryRun !== 'none') return;
  yield* waitUntilDeleted(session, deleted, options.timeout || 168 * 3_600_000);
}

function uidOf(answer: KObject): string | undefined {
  if (answer.kind !== 'Status') return answer.metadata?.uid;
  return (answer.details as { uid?: string } | undefined)?.uid;
}

function deletedText(session: Session, info: Info, { gracePeriod, dryRun }: Deletion): string {
  const kind = kindWithGroup(info.mapping);
  if (session.flags.string('output') === 'name') return `${kind}/${info.name}\n`;
  let operation = gracePeriod === 0 ? 'force deleted' : 'deleted';
  if (info.mapping.namespaced) operation += ` from ${info.namespace} namespace`;
  return `${kind} "${info.name}" ${operation}${dryRunSuffix(dryRun)}\n`;
}

function* confirmed(session: Session, infos: readonly Info[]): Task<boolean> {
  if (infos.length === 0) {
    yield* session.out('No resources found\n');
    return false;
  }
  yield* session.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const info of infos) yield* session.out(`${kindWithGroup(info.mapping)}/${info.name}\n`);
  yield* session.out('Do you want to continue? (y/N): ');
  const answer = decode(yield* session.environment.stdin.read()).trim();
  if (/^y(es)?$/i.test(answer)) return true;
  yield* session.out('deletion is cancelled\n');
  return false;
}
