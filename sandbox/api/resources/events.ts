/** Event, in its core form (pkg/registry/core/event, printEvent). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Event } from '../types.ts';
import { namedLast, printed, text, wide } from './columns.ts';
import { eventVersion } from './event-versions.ts';
import { fill } from './shared.ts';

const selectableFields: NonNullable<Resource<Event>['selectableFields']> = {
  'involvedObject.kind': (event) => event.involvedObject.kind ?? '',
  'involvedObject.namespace': (event) => event.involvedObject.namespace ?? '',
  'involvedObject.name': (event) => event.involvedObject.name ?? '',
  'involvedObject.uid': (event) => event.involvedObject.uid ?? '',
  'involvedObject.apiVersion': (event) => event.involvedObject.apiVersion ?? '',
  'involvedObject.resourceVersion': (event) => event.involvedObject.resourceVersion ?? '',
  'involvedObject.fieldPath': (event) => event.involvedObject.fieldPath ?? '',
  reason: (event) => event.reason ?? '',
  reportingComponent: (event) => event.reportingComponent ?? '',
  source: (event) => event.source?.component || event.reportingComponent || '',
  type: (event) => event.type ?? '',
};

export const events: Resource<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  name: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Event',

  /** Nothing of an event is left out when it is empty. */
  defaults: (event) => fill(event, emptyEvent),

  ...printed<Event>([
    text('Last Seen', 'The time at which the most recent occurrence of this event was recorded.', (event, { now }) =>
      age(lastSeen(event), now),
    ),
    text(
      'Type',
      'Type of this event (Normal, Warning), new types could be added in the future',
      ({ type = '' }) => type,
    ),
    text(
      'Reason',
      "This should be a short, machine understandable string that gives the reason for the transition into the object's current status.",
      ({ reason = '' }) => reason,
    ),
    text('Object', 'The object that this event is about.', ({ involvedObject: { kind = '', name } }) =>
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
    ),
    wide(
      'Subobject',
      'If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: "spec.containers{name}" (where "name" refers to the name of the container that triggered the event) or if no container name is specified "spec.containers[2]" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.',
      ({ involvedObject: { fieldPath = '' } }) => fieldPath,
    ),
    wide('Source', 'The component reporting this event. Should be a short machine understandable string.', source),
    text('Message', 'A human-readable description of the status of this operation.', ({ message = '' }) =>
      message.trim(),
    ),
    wide(
      'First Seen',
      'The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)',
      (event, { now }) => age(firstSeen(event), now),
    ),
    wide('Count', 'The number of times this event has occurred.', ({ series, count }) => series?.count ?? (count || 1)),
    namedLast,
  ]),
  selectableFields,
  otherVersions: [eventVersion(selectableFields)],
};

const firstSeen = (event: Event) => event.firstTimestamp || event.eventTime;
const lastSeen = (event: Event) => event.series?.lastObservedTime || event.lastTimestamp || firstSeen(event);

const emptyEvent = {
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
} as unknown as Partial<Event>;

/** formatEventSource: the component, and where it runs. */
function source({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance ? `${component}, ${instance}` : component;
}
