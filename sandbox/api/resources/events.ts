/** Event, in its core form (pkg/registry/core/event, printEvent). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Event } from '../types.ts';
import { columns } from './columns.ts';
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

  columns: columns.events,
  row: (event, { now }) => {
    const first = event.firstTimestamp || event.eventTime;
    const last = event.series?.lastObservedTime || event.lastTimestamp || first;
    const { kind = '', name, fieldPath = '' } = event.involvedObject;
    return [
      age(last, now),
      event.type ?? '',
      event.reason ?? '',
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
      fieldPath,
      source(event),
      (event.message ?? '').trim(),
      age(first, now),
      event.series?.count ?? (event.count || 1),
      event.metadata.name,
    ];
  },
  selectableFields,
  otherVersions: [eventVersion(selectableFields)],
};

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
