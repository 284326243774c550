/** Failures of kubectl as values, and how each is worded on stderr (kubectl pkg/cmd/util/helpers.go). */

import type { Status } from '../../api/object.ts';
import { quote } from '../text.ts';

/** Prints `error: MESSAGE`, exit code 1. */
export class CommandError extends Error {}

/** A mistake in flags: cobra's text with the pointer to --help. */
export class UsageError extends Error {}

/** Ends the program with this code, and says nothing (more). */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** The message itself, without `error: ` in front (exit code as given). */
export class PlainError extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** The API server refused: its Status, with what kubectl was doing in front of the message. */
export class ApiError extends Error {
  readonly status: Status;
  constructor(status: Status, message = status.message ?? '') {
    super(message);
    this.status = status;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  /** cmdutil.AddSourceToErr. */
  from(verb: string, source: string): ApiError {
    return this.prefixed(`error when ${verb} ${quote(source)}: `);
  }

  prefixed(prefix: string): ApiError {
    const message = prefix + this.message;
    return new ApiError({ ...this.status, message }, message);
  }
}

/** No HTTP answer: the URL and Go's words for why. */
export class ConnectionError extends Error {
  readonly url: string;
  readonly method: string;
  constructor(method: string, url: string, message: string) {
    super(message);
    this.url = url;
    this.method = method;
  }
}

/** meta.NoResourceMatchError: asked for by resource name. */
export class NoResourceMatch extends Error {
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  constructor(resource: string, group = '', version = '') {
    super(
      group && version
        ? `the server doesn't have a resource type ${quote(resource)} in group ${quote(group)} and version ${quote(version)}`
        : group
          ? `the server doesn't have a resource type ${quote(resource)} in group ${quote(group)}`
          : version
            ? `the server doesn't have a resource type ${quote(resource)} in version ${quote(version)}`
            : `the server doesn't have a resource type ${quote(resource)}`,
    );
    this.resource = resource;
    this.group = group;
    this.version = version;
  }
}

/** meta.NoKindMatchError. */
export class NoKindMatch extends Error {
  constructor(kind: string, version: string) {
    super(`no matches for kind ${quote(kind)} in version ${quote(version)}`);
  }
}

/** The kubeconfig does not hold together. */
export class ConfigurationInvalid extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`invalid configuration: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}`);
    this.problems = problems;
  }
}

/** Several failures, one line each. */
export class AggregateFailure extends Error {
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    const messages = [...new Set(errors.map((e) => (e instanceof Error ? e.message : String(e))))];
    super(messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`);
    this.errors = errors;
  }
}

/** One error alone, or all of them together; nothing if there is none. */
export function aggregate(errors: readonly unknown[]): Error | undefined {
  if (errors.length === 0) return undefined;
  if (errors.length === 1) return errors[0] as Error;
  return new AggregateFailure(errors);
}

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.reason === 'NotFound';
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.reason === 'Conflict';

/** cmdutil.UsageErrorf. */
export const usageError = (path: string, message: string): CommandError =>
  new CommandError(`${message}\nSee '${path} -h' for help and examples`);

/** What goes to stderr for an error, ending in a newline, and the exit code (checkErr). */
export function report(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof Exit) return { text: '', code: error.code };
  if (error instanceof PlainError) return { text: line(error.message), code: error.code };
  if (error instanceof ApiError && error.reason === 'Invalid') return { text: line(invalidText(error)), code: 1 };
  if (error instanceof ConfigurationInvalid)
    return { text: line(multiline('Error in configuration: ', error.problems)), code: 1 };
  if (error instanceof NoResourceMatch) return { text: line(error.message), code: 1 };
  if (error instanceof AggregateFailure)
    return { text: error.errors.map((e) => line(messageForError(e))).join(''), code: 1 };
  const message = messageForError(error);
  const known = standardMessage(error) !== undefined || message.startsWith('error: ');
  return { text: line(known ? message : `error: ${message}`), code: 1 };
}

const line = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** cmdutil.messageForError: the standard words for API and connection errors, else the message itself. */
export function messageForError(error: unknown): string {
  return standardMessage(error) ?? (error instanceof Error ? error.message : String(error));
}

function standardMessage(error: unknown): string | undefined {
  if (error instanceof ApiError) {
    if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
    if (error.reason) return `Error from server (${error.reason}): ${error.message}`;
    return `Error from server: ${error.message}`;
  }
  if (error instanceof ConnectionError) {
    if (!error.message.includes('connection refused')) return `Unable to connect to the server: ${error.message}`;
    const host = /^\w+:\/\/([^/?]*)/.exec(error.url)?.[1] ?? error.url;
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  return undefined;
}

function invalidText(error: ApiError): string {
  const { details, message } = error.status;
  if (!details) return message ? `The request is invalid: ${message}` : 'The request is invalid';
  const causes = [...new Set((details.causes ?? []).map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))];
  let text = 'The request is invalid';
  if (details.kind || details.name) text = `The ${details.kind ?? ''} ${quote(details.name ?? '')} is invalid`;
  else if (message && causes.length === 0) text += `: ${message}`;
  return causes.length > 0 ? multiline(`${text}: `, causes) : text;
}

/** cmdutil.MultilineError. */
function multiline(prefix: string, messages: readonly string[]): string {
  if (messages.length === 1) return `${prefix}${messages[0]}\n`;
  return `${prefix}\n${messages.map((m) => `* ${m}\n`).join('')}`;
}
