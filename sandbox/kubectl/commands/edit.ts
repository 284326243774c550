/** `kubectl edit`, and the edit of `create --edit` (kubectl pkg/cmd/edit/edit.go). */

import type { JsonObject } from '../../api/object.ts';
import { createMergePatch } from '../../api/patch/merge.ts';
import { createTwoWayMergePatch } from '../../api/patch/strategic-diff.ts';
import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { schemaFor } from '../apply/schema.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG, VALIDATE_FLAG } from '../cli/flags.ts';
import { createAndRefresh, patchObject } from '../client/helper.ts';
import { editLoop, NORMAL_HEADER } from '../edit/loop.ts';
import { compactJson } from '../printers/json.ts';
import { printName, withoutManagedFields } from '../printers/output.ts';
import { findAll, MISSING_RESOURCE, selectionOf } from '../resource/builder.ts';
import { type Info, type KObject, refresh } from '../resource/info.ts';
import { fieldValidation, validationOf } from '../resource/validation.ts';
import type { Session } from '../session.ts';

export const edit: Command = {
  name: 'edit',
  flags: `field-manager='kubectl-edit' output-patch=false save-config=false subresource='' ${VALIDATE_FLAG} windows-line-endings=false ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags, args } = session;
    const output = flags.string('output');
    if (args.length === 0 && flags.list('filename').length === 0) throw new CommandError(MISSING_RESOURCE);
    const infos = yield* findAll(session, {
      ...selectionOf(session),
      typeAloneIsAll: true,
      latest: true,
      continueOnError: true,
    });
    if (output && output !== 'yaml' && output !== 'json')
      throw new CommandError(`The flag 'output' must be one of yaml|json`);
    if (infos.length === 0) throw new CommandError('edit cancelled, no objects found');
    const validation = validationOf(session);
    yield* editLoop(
      session,
      infos,
      { header: NORMAL_HEADER, save: (info) => savePatch(session, info, infos) },
      validation,
    );
  },
};

function* savePatch(session: Session, info: Info, originals: readonly Info[]): Task<void> {
  const { flags } = session;
  const original = originals.find((o) => o.object!.metadata?.uid === info.object!.metadata?.uid);
  if (!original) throw new CommandError('no original object found for the edited one');
  const before = withoutManagedFields(original.object!);
  const after = flags.bool('save-config') ? withLastApplied(info.object!) : info.object!;
  if (compactJson(before) === compactJson(withoutManagedFields(after)))
    return yield* session.out(printName(before, info.mapping, 'skipped'));
  const schema = schemaFor(info.mapping);
  const [a, b] = [before as JsonObject, withoutManagedFields(after) as JsonObject];
  if (['apiVersion', 'kind'].some((key) => a[key] !== b[key]) || before.metadata?.name !== after.metadata?.name) {
    throw new CommandError('At least one of apiVersion, kind and name was changed');
  }
  const patch = compactJson(schema ? createTwoWayMergePatch(a, b, schema) : createMergePatch(a, b));
  if (flags.bool('output-patch')) yield* session.out(`Patch: ${patch}\n`);
  const target: Info = { ...info, subresource: flags.string('subresource') };
  const patched = yield* patchObject(session, target, schema ? 'strategic' : 'merge', patch, {
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidation(validationOf(session)),
  });
  refresh(info, patched);
  yield* session.out(printName(patched, info.mapping, 'edited'));
}

/** `create --edit`: each object is edited before it is made. */
export function* editAndCreate(session: Session): Task<void> {
  const validation = validationOf(session);
  const infos = yield* findAll(session, { ...selectionOf(session), args: [], validation });
  for (const info of infos) {
    const save = function* (edited: Info): Task<void> {
      if (session.flags.bool('save-config')) edited.object = withLastApplied(edited.object!);
      yield* createAndRefresh(session, edited, {
        fieldManager: session.flags.string('field-manager'),
        fieldValidation: fieldValidation(validation),
      });
      yield* session.out(printName(edited.object as KObject, edited.mapping, 'created'));
    };
    yield* editLoop(session, [info], { header: NORMAL_HEADER, save }, validation);
  }
}
