/** What all generators share: flags, printing, dry run and the request (kubectl pkg/cmd/create/create.go). */

import type { Task } from '../../../sim/task.ts';
import { withLastApplied } from '../../apply/last-applied.ts';
import type { Command } from '../../cli/command.ts';
import { ApiError, CommandError } from '../../cli/errors.ts';
import { DRY_RUN_FLAG, PRINT_FLAGS, VALIDATE_FLAG } from '../../cli/flags.ts';
import { createObject } from '../../client/helper.ts';
import { dryRunOf, resultPrinter } from '../../printers/output.ts';
import type { Info, KObject } from '../../resource/info.ts';
import { fieldValidation, validationOf } from '../../resource/validation.ts';
import type { Session } from '../../session.ts';

const GENERATOR_FLAGS = `${DRY_RUN_FLAG} field-manager='kubectl-create' save-config=false ${VALIDATE_FLAG} ${PRINT_FLAGS}`;

export interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly flags: string;
  readonly required?: readonly string[];
  /** Namespaced objects get their namespace only when -n was given, in dry runs too. */
  readonly namespaced: boolean;
  /** Puts words in front of a refusal: `failed to create deployment: `. */
  readonly failure?: string;
  build(session: Session, name: string): Task<KObject>;
}

export function generator(spec: Generator): Command {
  return {
    name: spec.name,
    aliases: spec.aliases,
    flags: `${spec.flags} ${GENERATOR_FLAGS}`,
    required: spec.required,
    *run(session) {
      const object = yield* spec.build(session, nameFromArgs(session));
      yield* createGenerated(session, object, spec);
    },
  };
}

/** cmdutil.NameFromCommandArgs. */
export function nameFromArgs(session: Session): string {
  const given = session.flags.dash === -1 ? session.args : session.args.slice(0, session.flags.dash);
  if (given.length !== 1) throw session.usage(`exactly one NAME is required, got ${given.length}`);
  return given[0]!;
}

function* createGenerated(
  session: Session,
  generated: KObject,
  spec: Pick<Generator, 'namespaced' | 'failure'>,
): Task<void> {
  const dryRun = yield* dryRunOf(session);
  const print = yield* resultPrinter(session, 'created', dryRun, true);
  const target = yield* session.target();
  let object = generated;
  if (spec.namespaced && target.namespaceExplicit)
    object = { ...object, metadata: { ...object.metadata, namespace: target.namespace } };
  if (session.flags.bool('save-config')) object = withLastApplied(object);
  const mapper = dryRun === 'client' ? undefined : yield* session.mapper();
  if (!mapper) return yield* session.out(print(object));
  const mapping = mapper.forKind(object.apiVersion!, object.kind!);
  const info: Info = {
    mapping,
    namespace: spec.namespaced ? target.namespace : '',
    name: object.metadata?.name ?? '',
    source: '',
    object,
    subresource: '',
  };
  try {
    const created = yield* createObject(session, info, object, {
      dryRun,
      fieldManager: session.flags.string('field-manager'),
      fieldValidation: fieldValidation(validationOf(session)),
    });
    yield* session.out(print(created, mapping));
  } catch (error) {
    if (spec.failure && error instanceof ApiError) throw new CommandError(`${spec.failure}${error.message}`);
    throw error;
  }
}
