/** Watches: a stream of events from any remembered revision (apiserver pkg/endpoints/handlers/watch.go, pkg/storage/cacher). */

import { Channel } from '../../sim/channel.ts';
import type { Timer } from '../../sim/clock.ts';
import { failure, gone } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject, Status, StatusError } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { StoreEvent } from '../store.ts';
import { checkListOptions, parseWatchVersion } from './list-options.ts';
import { accepted, MEDIA_TYPES } from './negotiation.ts';
import type { ReadContext } from './read.ts';
import { tableOptions, tooLarge } from './read.ts';
import type { ResourcePath } from './request.ts';
import { flag, parameter, wholeNumber } from './request.ts';
import type { Selection } from './selection.ts';
import { selection } from './selection.ts';
import { tableWriter } from './table.ts';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

const MINUTE = 60_000;
/** --min-request-timeout: a watch without timeoutSeconds ends after 30 to 60 minutes. */
const MIN_TIMEOUT = 30 * MINUTE;
const BOOKMARK_EVERY = MINUTE;
/** So that whoever asks again is as near to now as can be. */
const BOOKMARK_BEFORE_END = 2_000;

export function watch(context: ReadContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  const { registry } = context;
  const { store, clock } = registry;
  const { resource } = endpoint;
  const accept = accepted(request);
  if (accept.format === 'yaml') throw noStream();
  checkListOptions(request);
  const chosen = selection(request, endpoint, path);
  const stream = new Channel<string>();
  const write = writer(context, request, endpoint, (line) => stream.push(line));
  const ends: (() => void)[] = [];
  const stop = () => {
    for (const end of ends.splice(0)) end();
  };
  const hang = (timer: Timer) => ends.push(() => timer.cancel());
  stream.onCancel = stop;
  const headers = [['content-type', accept.type]] as const;

  const from = parseWatchVersion(parameter(request, 'resourceVersion'), resource);
  const given = parameter(request, 'sendInitialEvents');
  // SetListOptionsDefaults: a watch from nowhere is a watch that lists first.
  const initial = given ? flag(request, 'sendInitialEvents') : from === 0;
  const bookmarks = flag(request, 'allowWatchBookmarks');
  const refuse = (error: StatusError): ApiResponse => {
    stream.push(`${JSON.stringify({ type: 'ERROR', object: error.status satisfies Status })}\n`);
    stream.close();
    return { status: 200, headers, body: stream };
  };
  if (initial && given && from > store.revision) return refuse(tooLarge(from, store.revision));
  if (initial) {
    const objects = endpoint.collection.list(chosen.namespace);
    for (const object of chosen.everything ? objects : objects.filter(chosen.matches)) write('ADDED', object);
    if (bookmarks) write('BOOKMARK', bookmark(endpoint, store.revision, { 'k8s.io/initial-events-end': 'true' }));
  } else if (from > 0) {
    const missed = from < store.watchableFrom ? undefined : store.since(from);
    if (!missed) return refuse(gone(`too old resource version: ${from} (${store.watchableFrom})`));
    for (const event of missed) follow(chosen, event, write);
  }

  ends.push(
    store.subscribe((event) => {
      // Whoever asks from the future hears nothing until then.
      if (event.revision > from) follow(chosen, event, write);
    }),
  );
  const timeout = wholeNumber(request, 'timeoutSeconds');
  const lasts = timeout ? timeout * 1000 : registry.watchTimeouts.between(MIN_TIMEOUT, 2 * MIN_TIMEOUT);
  const close = () => {
    stop();
    stream.close();
  };
  hang(clock.after(lasts, close, { background: true }));
  ends.push(registry.watchers.add(endpoint.collection.name, close));
  const end = clock.now + lasts;
  if (bookmarks) {
    let timer: Timer;
    const tell = () => {
      write('BOOKMARK', bookmark(endpoint, store.revision));
      schedule();
    };
    const schedule = () => {
      timer = clock.after(untilBookmark(clock.now, end), tell, { background: true });
    };
    schedule();
    ends.push(() => timer.cancel());
  }
  return { status: 200, headers, body: stream };
}

/** nextBookmarkTime: the dispatcher looks once a second. */
function untilBookmark(now: number, end: number): number {
  const last = Math.ceil((end - BOOKMARK_BEFORE_END) / 1000) * 1000;
  return last > now ? Math.min(BOOKMARK_EVERY, last - now) : BOOKMARK_EVERY;
}

/** YAML has no form for a stream. */
const noStream = () => failure(406, 'NotAcceptable', `only the following media types are accepted: ${MEDIA_TYPES}`);

/** A change seen through the selection: an object that begins to match is added, one that ceases to is deleted. */
function follow(chosen: Selection, event: StoreEvent, write: (type: EventType, object: KubeObject) => void): void {
  const { type, collection, object, before } = event;
  if (collection !== chosen.endpoint.collection) return;
  const was = before !== undefined && chosen.matches(before);
  const is = type !== 'DELETED' && chosen.matches(object);
  if (is) write(was ? 'MODIFIED' : 'ADDED', object);
  else if (was)
    write(
      'DELETED',
      type === 'DELETED'
        ? object
        : { ...before, metadata: { ...before.metadata, resourceVersion: object.metadata.resourceVersion } },
    );
}

const bookmark = (
  { resource, apiVersion }: Endpoint,
  revision: number,
  annotations?: Record<string, string>,
): KubeObject =>
  ({
    kind: resource.kind,
    apiVersion,
    metadata: { resourceVersion: String(revision), ...(annotations && { annotations }) },
  }) as unknown as KubeObject;

function writer(
  { registry, encoder }: ReadContext,
  request: ApiRequest,
  endpoint: Endpoint,
  push: (line: string) => void,
): (type: EventType, object: KubeObject) => void {
  const accept = accepted(request);
  const options = accept.as === 'Table' ? tableOptions(request, accept) : undefined;
  let columnsSent = false;
  return (type, object) => {
    push(`{"type":"${type}","object":${represent(type, object)}}\n`);
  };

  function represent(type: EventType, object: KubeObject): string {
    if (options) {
      const rows = type === 'BOOKMARK' ? [] : [object];
      const metadata = JSON.stringify({
        resourceVersion: object.metadata.resourceVersion,
        ...(type === 'BOOKMARK' && object.metadata.annotations && { annotations: object.metadata.annotations }),
      });
      const text = tableWriter(endpoint, encoder, registry.clock.now, options).table(rows, metadata, !columnsSent);
      columnsSent = true;
      return text;
    }
    return accept.as === 'PartialObjectMetadata'
      ? encoder.partial(object, accept.groupVersion)
      : encoder.object(endpoint, object);
  }
}
