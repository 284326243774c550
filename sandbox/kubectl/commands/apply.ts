/** `kubectl apply`: create, or patch from the last applied configuration; or the server's own apply (kubectl pkg/cmd/apply/apply.go). */

import type { Task } from '../../sim/task.ts';
import { LAST_APPLIED, originalConfiguration, pruneNulls, withLastApplied } from '../apply/last-applied.ts';
import { migrateManagers, SERVER_SIDE_MANAGER, saveLastApplied } from '../apply/migration.ts';
import { applyLocally, applyPatch, type Patched, PatchFailure } from '../apply/patcher.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, aggregate, CommandError, isConflict, isNotFound } from '../cli/errors.ts';
import { CASCADE_FLAG, DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG, VALIDATE_FLAG } from '../cli/flags.ts';
import { createObject, deleteObject, patchObject, type WriteOptions } from '../client/helper.ts';
import { gvkText, gvrText } from '../client/mapper.ts';
import { type DryRun, dryRunOf, printerFor, resultPrinter } from '../printers/output.ts';
import { find, read, selectionOf } from '../resource/builder.ts';
import { type Info, infoPath, type KObject, refresh } from '../resource/info.ts';
import { fieldValidation, validationOf, withSource } from '../resource/validation.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { lastAppliedCommands } from './apply-last-applied.ts';
import { checkAllowlist, prune } from './prune.ts';

const CLIENT_SIDE_MANAGER = 'kubectl-client-side-apply';

export const apply: Command = {
  name: 'apply',
  flags: `all=false ${CASCADE_FLAG} ${DRY_RUN_FLAG} field-manager='${CLIENT_SIDE_MANAGER}' force=false force-conflicts=false grace-period=-1 openapi-patch=true overwrite=true prune=false prune-allowlist=[] prune-whitelist=[] -l,selector='' server-side=false subresource='' timeout=0s ${VALIDATE_FLAG} wait=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  commands: lastAppliedCommands,
  *run(session) {
    const { flags, args } = session;
    const dryRun = yield* dryRunOf(session);
    const serverSide = flags.bool('server-side');
    if (flags.bool('force-conflicts') && !serverSide)
      throw new CommandError('--force-conflicts only works with --server-side');
    if (dryRun === 'client' && serverSide)
      throw new CommandError(
        "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
      );
    if (args.length > 0) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    if (flags.list('filename').length === 0 && !flags.string('kustomize'))
      throw new CommandError('must specify one of -f and -k');
    if (flags.bool('force') && dryRun === 'server')
      throw new CommandError('--dry-run=server cannot be used with --force');
    if (flags.bool('force') && serverSide) throw new CommandError('--force cannot be used with --server-side');
    if (flags.bool('prune') && flags.bool('all') && flags.string('selector'))
      throw new CommandError('cannot set --all and --selector at the same time');
    if (flags.bool('prune') && !flags.bool('all') && !flags.string('selector'))
      throw new CommandError(
        'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
      );
    if (flags.bool('prune')) checkAllowlist(session);
    yield* new Apply(session, dryRun, serverSide).run();
  },
};

class Apply {
  readonly #session: Session;
  readonly #dryRun: DryRun;
  readonly #serverSide: boolean;
  readonly #write: WriteOptions;
  readonly #printsObjects: boolean;
  readonly #applied: Info[] = [];

  constructor(session: Session, dryRun: DryRun, serverSide: boolean) {
    const manager = session.flags.string('field-manager');
    this.#session = session;
    this.#dryRun = dryRun;
    this.#serverSide = serverSide;
    this.#write = {
      dryRun,
      fieldManager: serverSide && !session.flags.changed('field-manager') ? SERVER_SIDE_MANAGER : manager,
      fieldValidation: fieldValidation(validationOf(session)),
    };
    this.#printsObjects = !['', 'name'].includes(session.flags.string('output'));
  }

  *run(): Task<void> {
    const session = this.#session;
    const { infos, errors } = yield* find(session, {
      ...selectionOf(session),
      args: [],
      all: false,
      continueOnError: true,
      validation: validationOf(session),
      subresource: session.flags.string('subresource'),
    });
    const failures: unknown[] = [...errors];
    if (failures.length === 0 && infos.length === 0) throw new CommandError('no objects passed to apply');
    for (const info of infos) {
      try {
        yield* this.#one(info);
        this.#applied.push(info);
      } catch (error) {
        if (!(error instanceof Error) || error.constructor === TypeError) throw error;
        failures.push(error);
      }
    }
    const failure = aggregate(failures);
    if (failure) throw failure;
    if (this.#printsObjects) yield* this.#printAll();
    if (session.flags.bool('prune')) yield* prune(session, this.#applied, this.#dryRun);
  }

  *#one(info: Info): Task<void> {
    if (!info.name && info.object!.metadata?.generateName) {
      throw new CommandError(`from ${info.object!.metadata.generateName}: cannot use generate name with apply`);
    }
    if (this.#serverSide) return yield* this.#onServer(info);
    const manifest = info.object!;
    const modified = withLastApplied(manifest);
    try {
      yield* read(this.#session, info);
    } catch (error) {
      if (!isNotFound(error))
        throw withSource(
          `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`,
          info.source,
          error,
        );
      return yield* this.#create(info, modified);
    }
    const isTold = this.#dryRun !== 'client';
    if (isTold) yield* this.#warnWithoutAnnotation(info);
    const { patch, object } = yield* this.#patch(info, modified);
    refresh(info, object);
    if (isTold) yield* this.#warnIfDeleting(info);
    yield* this.#report(info, patch === '{}' && isTold ? 'unchanged' : 'configured');
  }

  *#create(info: Info, modified: KObject): Task<void> {
    info.object = { ...pruneNulls(modified), metadata: pruneNulls(modified.metadata) };
    if (this.#dryRun !== 'client') {
      try {
        refresh(info, yield* createObject(this.#session, info, info.object, this.#write));
      } catch (error) {
        throw withSource('creating', info.source, error);
      }
    }
    yield* this.#report(info, 'created');
  }

  *#patch(info: Info, modified: KObject): Task<Patched> {
    if (this.#dryRun === 'client') return applyLocally(info, modified);
    try {
      return yield* applyPatch(this.#session, info, modified, this.#write);
    } catch (error) {
      if (!(error instanceof PatchFailure)) throw error;
      const { reason, patch } = error;
      const replaceable = reason instanceof ApiError && ['Conflict', 'Invalid'].includes(reason.reason);
      if (replaceable && this.#session.flags.bool('force')) return yield* this.#deleteAndCreate(info, modified);
      throw withSource(
        `applying patch:\n${patch}\nto:\n${describeInfo(info)}\nfor:`,
        info.source,
        withSource('patching', info.source, reason),
      );
    }
  }

  /** --force: what cannot be patched is deleted and made anew. */
  *#deleteAndCreate(info: Info, modified: KObject): Task<Patched> {
    const session = this.#session;
    yield* deleteObject(session, info, { propagationPolicy: 'Background' });
    const client = yield* session.client();
    for (;;) {
      try {
        yield* client.text('GET', infoPath(info));
      } catch (error) {
        if (isNotFound(error)) break;
        throw error;
      }
      yield* session.environment.sleep(1000);
    }
    return { patch: JSON.stringify(modified), object: yield* createObject(session, info, modified, this.#write) };
  }

  *#onServer(info: Info): Task<void> {
    const body = JSON.stringify(info.object);
    try {
      yield* this.#applyOnServer(info, body);
    } catch (error) {
      if (isConflict(error)) throw new CommandError(`${(error as Error).message}\n${CONFLICT_ADVICE}`);
      throw error;
    }
    yield* this.#migrate(info, body);
    yield* this.#warnIfDeleting(info);
    yield* this.#report(info, 'serverside-applied');
  }

  *#applyOnServer(info: Info, body: string): Task<void> {
    const force = this.#session.flags.bool('force-conflicts');
    refresh(info, yield* patchObject(this.#session, info, 'apply', body, { ...this.#write, force }));
  }

  /** What client-side apply owned before; no failure of it is one of the command's. */
  *#migrate(info: Info, body: string): Task<void> {
    const session = this.#session;
    let what = 'failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply';
    try {
      yield* saveLastApplied(session, info, this.#write);
      what = 'server rejected managed fields migration to Server-Side Apply';
      if (!(yield* migrateManagers(session, info, this.#write))) return;
      what = 'failed to re-apply configuration after performing Server-Side Apply migration';
      yield* this.#applyOnServer(info, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      yield* session.err(
        `Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${error.message}\n`,
      );
    }
  }

  *#warnWithoutAnnotation(info: Info): Task<void> {
    if (originalConfiguration(info.object!) !== undefined) return;
    yield* this.#session.err(
      `Warning: resource ${objectResource(info)} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }

  *#warnIfDeleting(info: Info): Task<void> {
    const { name = '', deletionTimestamp } = info.object!.metadata ?? {};
    if (!deletionTimestamp) return;
    yield* this.#session.err(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
  }

  *#report(info: Info, operation: string): Task<void> {
    if (this.#printsObjects) return;
    const print = yield* resultPrinter(this.#session, operation, this.#dryRun);
    yield* this.#session.out(print(info.object!, info.mapping));
  }

  *#printAll(): Task<void> {
    const print = yield* printerFor(this.#session, this.#session.flags.string('output'));
    const [first] = this.#applied;
    if (this.#applied.length === 1) yield* this.#session.out(print(first!.object!, first!.mapping));
    else
      yield* this.#session.out(
        print({
          apiVersion: 'v1',
          items: this.#applied.map((i) => i.object),
          kind: 'List',
          metadata: {},
        } as KObject),
      );
  }
}

/** Info.ObjectName(): `persistentvolumes/pv0001`, without the group. */
const objectResource = (info: Info): string => `${info.mapping.resource}/${info.name}`;

/** Info.String(). */
const describeInfo = (info: Info): string =>
  `Resource: ${quote(gvrText(info.mapping))}, GroupVersionKind: ${quote(gvkText(info.mapping))}\nName: ${quote(info.name)}, Namespace: ${quote(info.namespace)}`;

const CONFLICT_ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
