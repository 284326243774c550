/** Why a WebContainer could not be had, or was lost. */

export type Why = 'blocked' | 'not-isolated' | 'silent' | 'died' | 'unsupported';

export class HostFailure extends Error {
  readonly why: Why;

  constructor(why: Why, message: string) {
    super(message);
    this.why = why;
  }
}

/** Whatever was thrown, with its reason; a container that threw something else broke. */
export function asHostFailure(error: unknown): HostFailure {
  if (error instanceof HostFailure) return error;
  return new HostFailure('died', error instanceof Error ? error.message : String(error));
}

/** Rejects with `failure` unless the promise settles before. */
export function within<T>(ms: number, promise: Promise<T>, failure: () => HostFailure): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
