/** The edit loop: open, compare, check, send; on a refusal open again with the reasons on top (kubectl pkg/cmd/util/editor/editoptions.go). */

import type { Task } from '../../sim/task.ts';
import { ApiError, CommandError, Exit } from '../cli/errors.ts';
import { groupResource } from '../client/mapper.ts';
import { printJson } from '../printers/json.ts';
import { withoutManagedFields } from '../printers/output.ts';
import type { Info, KObject } from '../resource/info.ts';
import { readManifest, type Validation } from '../resource/manifest.ts';
import type { Session } from '../session.ts';
import { documents } from '../yaml/documents.ts';
import { printYaml } from '../yaml/print.ts';
import { type Edited, editText, manualStrip, stripComments } from './editor.ts';

interface Reason {
  readonly head: string;
  readonly other: readonly string[];
}

export interface EditMode {
  readonly header: string;
  /** Takes an edited object; says what went wrong by throwing ApiError. */
  save(info: Info): Task<void>;
}

export const NORMAL_HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;
export const APPLY_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

export function* editLoop(
  session: Session,
  infos: readonly Info[],
  mode: EditMode,
  validation: Validation,
): Task<void> {
  const json = session.flags.string('output') === 'json';
  const original = render(session, infos, json);
  const mapper = yield* session.mapper();
  let reasons: Reason[] = [];
  let previous: Edited | undefined;
  for (;;) {
    const body = previous ? manualStrip(previous.text) : original;
    const headed = json ? body : mode.header + reasons.map(reasonText).join('') + body;
    const edited = yield* launch(session, headed, json, previous);
    if (previous && stripComments(previous.text) === stripComments(edited.text)) {
      return yield* preserved(session, edited.file, 'Edit cancelled, no valid changes were saved.');
    }
    if (previous) yield* session.environment.files.remove(previous.file);
    previous = undefined;
    if (stripComments(original) === stripComments(edited.text))
      return yield* cancel(session, edited, 'Edit cancelled, no changes made.');
    if (stripComments(edited.text) === '')
      return yield* cancel(session, edited, 'Edit cancelled, saved file was empty.');
    const outcome = new Outcome();
    try {
      const updated = parse(edited.text, mapper, validation);
      for (const info of updated) yield* saveOne(session, info, infos, mode, outcome);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      if (error.validation)
        yield* session.err(`error: ${groupResource(infos[0]!.mapping)} ${JSON.stringify(infos[0]!.name)} is invalid\n`);
      reasons = [error.reason(infos[0]!)];
      previous = edited;
      continue;
    }
    if (outcome.retryable) {
      yield* session.err(`You can run \`kubectl replace -f ${edited.file}\` to try this update again.\n`);
      throw new Exit(1);
    }
    if (outcome.notFound) {
      yield* session.err(`The edits you made on deleted resources have been saved to ${JSON.stringify(edited.file)}\n`);
      throw new Exit(1);
    }
    if (outcome.reasons.length === 0) return yield* session.environment.files.remove(edited.file);
    reasons = outcome.reasons;
    previous = edited;
  }
}

function* launch(session: Session, text: string, json: boolean, previous: Edited | undefined): Task<Edited> {
  try {
    return yield* editText(session, text, json ? '.json' : '.yaml');
  } catch (error) {
    if (previous) yield* session.err(`A copy of your changes has been stored to ${JSON.stringify(previous.file)}\n`);
    throw error;
  }
}

class Outcome {
  readonly reasons: Reason[] = [];
  retryable = false;
  notFound = false;
}

class SyntaxFailure extends Error {
  readonly validation: boolean;
  constructor(message: string, validation: boolean) {
    super(message);
    this.validation = validation;
  }

  reason(info: Info): Reason {
    if (!this.validation) return { head: `The edited file had a syntax error: ${this.message}`, other: [] };
    return {
      head: `${groupResource(info.mapping)} "${info.name}" was not valid`,
      other: [`<nil>: Invalid value: "The edited file failed validation": ${this.message}`],
    };
  }
}

/** What is no YAML fails the validation before anything reads it, if there is one. */
function checkYaml(text: string): void {
  try {
    documents(manualStrip(text)).next();
  } catch (error) {
    throw new SyntaxFailure((error as Error).message.replace(/^error converting YAML to JSON: /, ''), true);
  }
}

function parse(text: string, mapper: Parameters<typeof readManifest>[2], validation: Validation): Info[] {
  const found: Info[] = [];
  if (validation !== 'ignore') checkYaml(text);
  try {
    for (const item of readManifest(text, 'edited-file', mapper, validation)) {
      if (item instanceof Error) throw item;
      if (item.object!.kind === 'List' && Array.isArray(item.object!.items)) {
        for (const each of item.object!.items as KObject[])
          found.push(...parse(JSON.stringify(each), mapper, validation));
      } else found.push(item);
    }
  } catch (error) {
    const message = (error as Error).message;
    const invalid = /^error validating "edited-file": (.*)$/s.exec(message);
    throw new SyntaxFailure(invalid ? invalid[1]! : message, Boolean(invalid));
  }
  return found;
}

function* saveOne(
  session: Session,
  info: Info,
  originals: readonly Info[],
  mode: EditMode,
  outcome: Outcome,
): Task<void> {
  const original = originals.find((o) => o.object!.metadata?.uid === info.object!.metadata?.uid) ?? originals[0]!;
  if (info.mapping.namespaced && info.namespace !== original.namespace) info.namespace ||= original.namespace;
  try {
    yield* mode.save(info);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const what = `${groupResource(info.mapping)} ${JSON.stringify(info.name)}`;
    if (error.reason === 'Invalid') {
      const causes = error.status.details?.causes ?? [];
      outcome.reasons.push({
        head: `${what} was not valid`,
        other: causes.map((c) => `${c.field ?? ''}: ${c.message ?? ''}`),
      });
      yield* session.err(`error: ${what} is invalid\n`);
    } else if (error.reason === 'NotFound') {
      outcome.notFound = true;
      yield* session.err(`error: ${what} could not be found on the server\n`);
    } else {
      outcome.retryable = true;
      yield* session.err(`error: ${what} could not be patched: ${error.message}\n`);
    }
  }
}

function render(session: Session, infos: readonly Info[], json: boolean): string {
  const objects = infos.map((info) =>
    session.flags.bool('show-managed-fields') ? info.object! : withoutManagedFields(info.object!),
  );
  const value = objects.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} };
  return json ? `${printJson(value, 4)}\n` : printYaml(value);
}

const onNewLines = (text: string): string => text.replaceAll('\n', '\n# ');

const reasonText = ({ head, other }: Reason): string =>
  `# ${onNewLines(head)}${other.length > 0 ? ':' : ''}\n${other.map((o) => `# * ${onNewLines(o)}\n`).join('')}#\n`;

function* cancel(session: Session, edited: Edited, message: string): Task<void> {
  yield* session.environment.files.remove(edited.file);
  yield* session.err(`${message}\n`);
}

function* preserved(session: Session, file: string, message: string): Task<void> {
  yield* session.err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
  throw new CommandError(message);
}
