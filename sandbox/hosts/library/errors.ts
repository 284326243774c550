/** What a caller hears who asked for what cannot be. */

/** The caller's mistake: a host, a lesson, a duration that there is not, a lab that is closed. The message says which there are. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was waited for did not come in the time it had. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
