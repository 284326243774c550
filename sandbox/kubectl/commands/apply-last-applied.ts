/** `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied` (kubectl pkg/cmd/apply). */

import type { Task } from '../../sim/task.ts';
import { LAST_APPLIED, lastAppliedText, originalConfiguration } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, VALIDATE_FLAG } from '../cli/flags.ts';
import { patchObject } from '../client/helper.ts';
import { APPLY_HEADER, editLoop } from '../edit/loop.ts';
import { compactJson, printJson } from '../printers/json.ts';
import { dryRunOf, printName, resultPrinter } from '../printers/output.ts';
import { find, findAll, forEach, read, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { printYaml } from '../yaml/print.ts';

const missing = (): CommandError =>
  new CommandError(
    'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
  );

const viewLastApplied: Command = {
  name: 'view-last-applied',
  flags: `all=false -o,output='yaml' -l,selector='' ${FILE_FLAGS}`,
  complete: 'names',
  *run(session) {
    const output = session.flags.string('output');
    if (output !== 'yaml' && output !== 'json') {
      throw session.usage(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
    }
    const infos = yield* findAll(session, { ...selectionOf(session), typeAloneIsAll: true, latest: true });
    const configurations: KObject[] = [];
    for (const info of infos) {
      const text = originalConfiguration(info.object!);
      if (text !== undefined) configurations.push(JSON.parse(text) as KObject);
    }
    for (const object of configurations) {
      if (output === 'json') yield* session.out(`${printJson(object, 2)}\n`);
      else yield* session.out(printYaml(object));
    }
  },
};

const setLastApplied: Command = {
  name: 'set-last-applied',
  flags: `create-annotation=false ${DRY_RUN_FLAG} -f,filename=[] ${PRINT_FLAGS}`,
  *run(session) {
    const { flags } = session;
    const dryRun = yield* dryRunOf(session);
    const create = flags.bool('create-annotation');
    const changes: { info: Info; text: string }[] = [];
    const count = yield* forEach(session, { files: flags.list('filename') }, function* (info) {
      const manifest = info.object!;
      yield* read(session, info);
      const current = originalConfiguration(info.object!);
      if (current === undefined && !create) {
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      const text = manifestText(manifest);
      if (current === text) return yield* session.out(`set-last-applied ${info.name}: no changes required.\n`);
      changes.push({ info, text });
    });
    for (const { info, text } of changes) {
      const print = yield* resultPrinter(session, 'configured', dryRun);
      if (dryRun !== 'client') yield* annotate(session, info, text, 'kubectl-last-applied');
      yield* session.out(print(info.object!, info.mapping));
    }
    if (count === 0) throw new CommandError('no objects passed to set-last-applied');
  },
};

/** The manifest as it stands, unlike what apply records: no empty annotations. */
function manifestText(object: KObject): string {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {};
  const kept = Object.keys(annotations).length > 0 ? annotations : undefined;
  return `${compactJson({ ...object, metadata: { ...object.metadata, annotations: kept } })}\n`;
}

function* annotate(session: Session, info: Info, text: string, fieldManager: string): Task<void> {
  const patch = compactJson({ metadata: { annotations: { [LAST_APPLIED]: text } } });
  info.object = yield* patchObject(session, info, 'merge', patch, { fieldManager });
}

const editLastApplied: Command = {
  name: 'edit-last-applied',
  flags: `field-manager='kubectl-client-side-apply' ${VALIDATE_FLAG} windows-line-endings=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { infos: found } = yield* find(session, { ...selectionOf(session), typeAloneIsAll: true, latest: true });
    const infos = found.flatMap((info): Info[] => {
      const text = originalConfiguration(info.object!);
      return text === undefined ? [] : [{ ...info, object: JSON.parse(text) as KObject }];
    });
    if (infos.length === 0) throw missing();
    const save = function* (info: Info): Task<void> {
      yield* annotate(session, info, lastAppliedText(info.object!), 'kubectl-client-side-apply');
      yield* session.out(printName(info.object!, info.mapping, 'edited'));
    };
    yield* editLoop(session, infos, { header: APPLY_HEADER, save }, 'ignore');
  },
};

export const lastAppliedCommands: readonly Command[] = [editLastApplied, setLastApplied, viewLastApplied];
