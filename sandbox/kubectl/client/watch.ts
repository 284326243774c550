/** Watching: JSON events, one a line, from a stream that the server may end at any time. */

import type { Status } from '../../api/object.ts';
import type { Channel } from '../../sim/channel.ts';
import type { Task } from '../../sim/task.ts';
import { ApiError } from '../cli/errors.ts';
import type { Session } from '../session.ts';
import type { Query } from './client.ts';

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The lines of a stream whose chunks may break anywhere. */
export class LineStream {
  readonly channel: Channel<string>;
  #rest = '';

  constructor(channel: Channel<string>) {
    this.channel = channel;
  }

  /** Undefined at the end. */
  *next(): Task<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        if (line !== '') return line;
        continue;
      }
      const chunk = yield* this.channel.next();
      if (chunk === undefined) {
        const line = this.#rest;
        this.#rest = '';
        return line === '' ? undefined : line;
      }
      this.#rest += chunk;
    }
  }
}

/** Calls `handle` for each event until it returns true (then true), or the server ends the watch (false). */
export function* watchEvents<T>(
  session: Session,
  path: string,
  query: Query,
  accept: string | undefined,
  handle: (event: WatchEvent<T>) => Task<boolean>,
): Task<boolean> {
  const client = yield* session.client();
  const body = yield* client.stream(path, { query: [...query, ['watch', 'true']], accept });
  if (typeof body === 'string') return yield* handleAll(body.split('\n'), handle);
  const lines = new LineStream(body);
  try {
    for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
      if (yield* handleAll([line], handle)) return true;
    }
    return false;
  } finally {
    body.cancel();
  }
}

function* handleAll<T>(lines: readonly string[], handle: (event: WatchEvent<T>) => Task<boolean>): Task<boolean> {
  for (const line of lines) {
    if (line === '') continue;
    const event = JSON.parse(line) as WatchEvent<T>;
    if (event.type === 'ERROR') throw new ApiError(event.object as unknown as Status);
    if (yield* handle(event)) return true;
  }
  return false;
}
