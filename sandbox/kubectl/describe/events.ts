/** The events of an object: how describe finds them, and their table. */

import type { Event } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { resourcePath } from '../client/mapper.ts';
import { goSorted } from '../printers/gosort.ts';
import type { Session } from '../session.ts';
import { since } from './values.ts';
import type { Writer } from './writer.ts';

export interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

const EVENTS = { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true } as Parameters<
  typeof resourcePath
>[0];

/** As client-go's EventExpansion.Search asks: by what is involved. Events of objects without a namespace live in `default`. */
export function* searchEvents(session: Session, reference: Reference): Task<Event[]> {
  const fields = [
    `involvedObject.name=${reference.name}`,
    ...(reference.namespace ? [`involvedObject.namespace=${reference.namespace}`] : []),
    `involvedObject.kind=${reference.kind}`,
    ...(reference.uid ? [`involvedObject.uid=${reference.uid}`] : []),
  ].join(',');
  const client = yield* session.client();
  const text = yield* client.text('GET', resourcePath(EVENTS, reference.namespace), {
    query: [
      ['fieldSelector', fields],
      ['limit', '500'],
    ],
  });
  return (JSON.parse(text) as { items: Event[] }).items;
}

export function describeEvents(w: Writer, events: readonly Event[] | undefined, now: number): void {
  if (!events) return;
  if (events.length === 0) {
    w.line(0, 'Events:\t<none>');
    return;
  }
  w.flush();
  const last = (event: Event) => (event.lastTimestamp ? Date.parse(event.lastTimestamp) : Number.NEGATIVE_INFINITY);
  w.line(0, 'Events:');
  w.line(0, '  Type\tReason\tAge\tFrom\tMessage');
  w.line(1, '----\t------\t----\t----\t-------');
  for (const event of goSorted(events, (a, b) => last(a) < last(b))) {
    const path = event.involvedObject.fieldPath;
    const message = (event.message ?? '').trim();
    w.line(
      1,
      [
        event.type,
        event.reason,
        interval(event, now),
        event.source?.component || event.reportingComponent,
        path ? `${path}: ${message}` : message,
      ].join('\t'),
    );
  }
}

export function interval(event: Event, now: number): string {
  const first = since(event.eventTime ?? event.firstTimestamp, now);
  if (event.series) return `${since(event.series.lastObservedTime, now)} (x${event.series.count} over ${first})`;
  if ((event.count ?? 0) > 1) return `${since(event.lastTimestamp, now)} (x${event.count} over ${first})`;
  return first;
}
