/** Watching: JSON events, one a line, from a stream that the server may end at any time. */

import type { Status } from '../../api/object.ts';
import type { Channel } from '../../sim/channel.ts';
import type { Task } from '../../sim/task.ts';
import { ApiError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import type { Query } from './client.ts';

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The lines of a stream whose chunks may break anywhere. */
class LineStream {
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

export interface Watcher {
  /** What is there comes as ADDED. True ends the watch. */
  readonly handle: (event: WatchEvent<KObject>) => Task<boolean>;
  /** Once it is known that nothing bears the name: true ends the watch. */
  readonly absent?: () => boolean;
}

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** UntilWithSync: one object by name, what it is and then what becomes of it (client-go tools/watch/until.go, reflector.go watchList). */
export function* watchSynced(session: Session, path: string, name: string, watcher: Watcher): Task<void> {
  const only = ['fieldSelector', `metadata.name=${name}`] as const;
  const found: KObject[] = [];
  let [synced, revision] = [false, ''];
  const synchronise = function* (): Task<boolean> {
    synced = true;
    if (found.length === 0 && watcher.absent?.()) return true;
    for (const object of found) if (yield* watcher.handle({ type: 'ADDED', object })) return true;
    return false;
  };
  const handle = function* (event: WatchEvent<KObject>): Task<boolean> {
    const { metadata } = event.object;
    revision = metadata?.resourceVersion ?? revision;
    if (event.type === 'BOOKMARK')
      return !synced && metadata?.annotations?.[INITIAL_EVENTS_END] === 'true' ? yield* synchronise() : false;
    if (synced) return yield* watcher.handle(event);
    found.push(event.object);
    return false;
  };
  const initial = [
    ['allowWatchBookmarks', 'true'],
    only,
    ['resourceVersionMatch', 'NotOlderThan'],
    ['sendInitialEvents', 'true'],
  ] as const;
  try {
    if (yield* watchEvents(session, path, initial, undefined, handle)) return;
  } catch (error) {
    if (synced || !(error instanceof ApiError) || error.reason !== 'Invalid') throw error;
    // A server without WatchList: a list, and a watch from there.
    const client = yield* session.client();
    const list = yield* client.json<KObject & { items: KObject[] }>('GET', path, { query: [only] });
    found.push(...list.items);
    revision = list.metadata?.resourceVersion ?? '';
    if (yield* synchronise()) return;
  }
  // The server ends a watch now and then.
  for (;;) {
    const query = [['allowWatchBookmarks', 'true'], only, ['resourceVersion', revision]] as const;
    if (yield* watchEvents(session, path, query, undefined, handle)) return;
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
