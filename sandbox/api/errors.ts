/** Every failure the API server answers, word for word (k8s.io/apimachinery/pkg/api/errors/errors.go). */

import type { Status } from './object.ts';
import { StatusError } from './object.ts';
import type { FieldError } from './resource.ts';

/** Group and plural name, or group and kind, as messages print them: `deployments.apps`. */
export interface Qualified {
  readonly group: string;
  readonly name: string;
}

export const qualified = ({ group, name }: Qualified): string => (group ? `${name}.${group}` : name);

type Details = NonNullable<Status['details']>;

export function failure(code: number, reason: string, message: string, details?: Details): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  });
}

/** What the API server refuses a write with; nothing if it takes it. For components that go on and try again later: all else is thrown. */
export function refusalOf(write: () => unknown): StatusError | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}

const detailsOf = (resource: Qualified, name: string): Details => ({
  ...(name && { name }),
  ...(resource.group && { group: resource.group }),
  kind: resource.name,
});

export const notFound = (resource: Qualified, name: string): StatusError =>
  failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));

export const alreadyExists = (resource: Qualified, name: string): StatusError =>
  failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));

export const generateNameConflict = (resource: Qualified, name: string): StatusError =>
  failure(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    { ...detailsOf(resource, name), retryAfterSeconds: 1 },
  );

export const conflict = (resource: Qualified, name: string, why: string): StatusError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );

/** registry.OptimisticLockErrorMsg. */
export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const forbidden = (resource: Qualified, name: string, why: string, causes?: Details['causes']): StatusError =>
  failure(
    403,
    'Forbidden',
    name ? `${qualified(resource)} "${name}" is forbidden: ${why}` : `${qualified(resource)} is forbidden: ${why}`,
    { ...detailsOf(resource, name), ...(causes && { causes }) },
  );

export const badRequest = (message: string): StatusError => failure(400, 'BadRequest', message);

export const internal = (message: string): StatusError =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

export const gone = (message: string): StatusError => failure(410, 'Expired', message);

export const tooManyRequests = (message: string, retryAfterSeconds: number, details?: Details): StatusError =>
  failure(429, 'TooManyRequests', message, {
    ...details,
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });

/** A request for the wrong path, as generic server errors are worded (NewGenericServerResponse). */
export const unknownPath = (): StatusError =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodNotAllowed = (): StatusError =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** What a storage cannot do that has no verb of its own in the path, such as a watch of what is not stored (NewMethodNotSupported). */
export const methodNotSupported = (resource: Qualified, action: string): StatusError =>
  failure(
    405,
    'MethodNotAllowed',
    `${action} is not supported on resources of kind "${qualified(resource)}"`,
    detailsOf(resource, ''),
  );

/** 422: what validation found, in its order (NewInvalid). */
export function invalid(kind: Qualified, name: string, errors: readonly FieldError[]): StatusError {
  const messages = [...new Set(errors.map((error) => `${error.field}: ${error.detail}`))];
  const text = messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
  return failure(422, 'Invalid', `${qualified(kind)} "${name}" is invalid: ${text}`, {
    ...(name && { name }),
    ...(kind.group && { group: kind.group }),
    ...(kind.name && { kind: kind.name }),
    causes: errors.map(({ type, detail, field }) => ({ reason: type, message: detail, field })),
  });
}
