/** Waits until objects are gone, or are others of the same name (kubectl pkg/cmd/wait/delete.go). */

import type { Task } from '../../../sim/task.ts';
import { ApiError, aggregate, CommandError } from '../../cli/errors.ts';
import { groupResource, resourcePath } from '../../client/mapper.ts';
import { watchEvents } from '../../client/watch.ts';
import type { Info, KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { withTimeout } from './timeout.ts';

export interface Awaited {
  readonly info: Info;
  /** Undefined: whoever bears the name. */
  readonly uid: string | undefined;
}

/** One after the other; the time is for all together. */
export function* waitUntilDeleted(session: Session, awaited: readonly Awaited[], timeout: number): Task<void> {
  const deadline = { end: session.environment.now() + timeout, once: false };
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
}

export function* waitForOne(
  session: Session,
  info: Info,
  uid: string | undefined,
  { end, once }: Deadline,
): Task<void> {
  // Its first request does not leave the house any more (client-go util/flowcontrol).
  if (!once && session.environment.now() >= end)
    throw new CommandError('client rate limiter Wait returned an error: context deadline exceeded');
  const client = yield* session.client();
  const collection = resourcePath(info.mapping, info.namespace);
  const query = [['fieldSelector', `metadata.name=${info.name}`]] as const;
  for (;;) {
    const list = yield* client.json<KObject & { items: KObject[] }>('GET', collection, { query });
    const [object] = list.items;
    if (!object || (uid !== undefined && object.metadata?.uid !== uid)) return;
    if (once) throw new CommandError(`condition not met for ${info.mapping.resource}/${info.name}`);
    const left = end - session.environment.now();
    if (left <= 0) throw timedOut(info);
    const watched = [...query, ['resourceVersion', String(list.metadata?.resourceVersion ?? '')]] as const;
    const outcome = yield* withTimeout(session, left, () =>
      watchEvents<KObject>(session, collection, watched, undefined, function* (event) {
        return event.type === 'DELETED';
      }),
    );
    if (outcome === 'timeout') throw timedOut(info);
    if (outcome === true) return;
  }
}

export const timedOut = (info: Info): CommandError =>
  new CommandError(`timed out waiting for the condition on ${groupResource(info.mapping)}/${info.name}`);
