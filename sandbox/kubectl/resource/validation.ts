/** `--validate`, and an error that says which file it comes from: what every command that sends a manifest shares (kubectl pkg/cmd/util/helpers.go). */

import { ApiError, CommandError } from '../cli/errors.ts';
import type { Session } from '../session.ts';
import type { Validation } from './manifest.ts';

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
