/** Waits until objects are gone, or are others of the same name (kubectl pkg/cmd/wait/delete.go). */

import type { Task } from '../../../sim/task.ts';
import { ApiError, aggregate, CommandError, isNotFound } from '../../cli/errors.ts';
import { resourcePath } from '../../client/mapper.ts';
import { watchSynced } from '../../client/watch.ts';
import { type Info, infoPath, type KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { withTimeout } from './timeout.ts';

export interface Awaited {
  readonly info: Info;
  /** Undefined: whoever bears the name. */
  readonly uid: string | undefined;
}

/** One after the other; the time is for all together. */
export function* waitUntilDeleted(session: Session, awaited: readonly Awaited[], timeout: number): Task<void> {
  const deadline: Deadline = { end: session.environment.now() + timeout, once: false };
  const errors: unknown[] = [];
  for (const { info, uid } of awaited) {
    try {
      yield* waitForOne(session, info, uid, deadline);
    } catch (error) {
      if (error instanceof ApiError && ['Forbidden', 'MethodNotAllowed'].includes(error.reason)) continue;
      if (!(error instanceof Error) || error.constructor === TypeError) throw error;
      errors.push(error);
    }
  }
  const failure = aggregate(errors);
  if (failure) throw failure;
}

export interface Deadline {
  readonly end: number;
  /** Only one look. */
  readonly once: boolean;
  /** Somebody has waited until the end. */
  passed?: boolean;
}

export function* waitForOne(session: Session, info: Info, uid: string | undefined, deadline: Deadline): Task<void> {
  const { end, once } = deadline;
  // Its first request does not leave the house any more (client-go util/flowcontrol).
  if (deadline.passed || (!once && session.environment.now() >= end))
    throw new CommandError('client rate limiter Wait returned an error: context deadline exceeded');
  const object = yield* current(session, info);
  if (!object || (uid !== undefined && object.metadata?.uid !== uid)) return;
  if (once) throw new CommandError(`condition not met for ${info.mapping.resource}/${info.name}`);
  const left = end - session.environment.now();
  const outcome = yield* withTimeout(session, left, () =>
    watchSynced(session, resourcePath(info.mapping, info.namespace), info.name, {
      *handle({ type }) {
        return type === 'DELETED';
      },
      absent: () => true,
    }),
  );
  if (outcome !== 'timeout') return;
  deadline.passed = true;
  throw timedOut(info);
}

function* current(session: Session, info: Info): Task<KObject | undefined> {
  const client = yield* session.client();
  try {
    return yield* client.json<KObject>('GET', infoPath(info));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export const timedOut = (info: Info): CommandError =>
  new CommandError(`timed out waiting for the condition on ${info.mapping.resource}/${info.name}`);
