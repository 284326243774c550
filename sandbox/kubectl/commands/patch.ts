/** `kubectl patch` (kubectl pkg/cmd/patch/patch.go). */

import type { JsonObject } from '../../api/object.ts';
import { mergePatch } from '../../api/patch/merge.ts';
import { strategicMerge } from '../../api/patch/strategic.ts';
import type { Task } from '../../sim/task.ts';
import { schemaFor } from '../apply/schema.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { CONTENT_TYPES, type PatchType, patchObject } from '../client/helper.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { compactJson } from '../printers/json.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import { type Info, infoPath, type KObject, refresh } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode, quote } from '../text.ts';
import { fromYaml } from '../yaml/documents.ts';

const TYPES: readonly string[] = ['json', 'merge', 'strategic'];

export const patch: Command = {
  name: 'patch',
  flags: `${DRY_RUN_FLAG} field-manager='kubectl-patch' local=false -p,patch='' patch-file='' subresource='' type='strategic' ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const type = flags.string('type').toLowerCase() as PatchType;
    const dryRun = yield* dryRunOf(session);
    const local = flags.bool('local');
    if (flags.string('patch') && flags.string('patch-file'))
      throw new CommandError('cannot specify --patch and --patch-file together');
    if (!flags.string('patch') && !flags.string('patch-file')) {
      throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
    }
    if (local && session.args.length > 0) throw new CommandError('cannot specify --local and server resources');
    if (local && dryRun === 'server')
      throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    if (!TYPES.includes(type))
      throw new CommandError(`--type must be one of [${TYPES.join(' ')}], not ${quote(flags.string('type'))}`);
    const body = yield* patchBody(session);
    const count = yield* forEach(
      session,
      { ...selectionOf(session), local, requireObject: false, continueOnError: true },
      function* (info) {
        const before = yield* currentVersion(session, info, local || dryRun === 'client');
        if (local || dryRun === 'client') info.object = applyHere(info, type, body, before);
        else
          refresh(
            info,
            yield* patched(session, info, type, body, { dryRun, fieldManager: flags.string('field-manager') }),
          );
        const same = compactJson(before) === compactJson(info.object);
        // The operation is known only after the printer has been told of the dry run: its suffix is lost.
        const print = yield* resultPrinter(session, same ? 'patched (no change)' : 'patched');
        const scaled = info.object!.kind !== info.mapping.kind;
        yield* session.out(print(info.object!, scaled ? undefined : info.mapping));
      },
    );
    if (count === 0) throw new CommandError('no objects passed to patch');
  },
};

/** A kind that does not take this form of patch is named. */
function* patched(...[session, info, type, ...rest]: Parameters<typeof patchObject>): Task<KObject> {
  try {
    return yield* patchObject(session, info, type, ...rest);
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'UnsupportedMediaType') throw error;
    const { group, version, kind } = info.mapping;
    const groupVersion = group ? `${group}/${version}` : `/${version}`;
    throw new CommandError(
      `${CONTENT_TYPES[type]} is not supported by ${groupVersion}, Kind=${kind}: ${error.message}`,
    );
  }
}

function* patchBody(session: Session): Task<string> {
  const { flags, environment } = session;
  const file = flags.string('patch-file');
  const text = file ? yield* patchFile(environment, file) : flags.string('patch');
  if (/^\s*[{[]/.test(text)) {
    try {
      JSON.parse(text);
      return text;
    } catch {
      if (/^\s*\{/.test(text)) return text;
    }
  }
  try {
    return compactJson(fromYaml(text));
  } catch (error) {
    const message = (error as Error).message.replace(/^error converting YAML to JSON: /, '');
    throw new CommandError(`unable to parse ${quote(text)}: ${message}`);
  }
}

function* patchFile({ files }: KubectlEnvironment, path: string): Task<string> {
  try {
    return decode(yield* files.read(path));
  } catch (error) {
    throw new CommandError(`unable to read patch file: open ${path}: ${(error as Error).message}`);
  }
}

function* currentVersion(session: Session, info: Info, here: boolean): Task<KObject> {
  if (here && info.object) return info.object;
  return yield* (yield* session.client()).json<KObject>('GET', infoPath(info));
}

function applyHere(info: Info, type: PatchType, body: string, object: KObject): KObject {
  const value = JSON.parse(body) as JsonObject;
  if (type === 'merge') return mergePatch(object as JsonObject, value) as KObject;
  const schema = schemaFor(info.mapping);
  if (type === 'strategic' && schema) return strategicMerge(object as JsonObject, value, schema) as KObject;
  throw new CommandError(`unable to apply a ${type} patch locally to ${info.mapping.kind}`);
}
