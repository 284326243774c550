/** Events as events.k8s.io/v1 has them, stored as core/v1 (pkg/apis/core/v1/conversion.go). */

import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';
import type { Event } from '../types.ts';

/** Fields of core/v1 Event by their events.k8s.io names. */
const EVENT_FIELDS: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const CORE_FIELDS = Object.fromEntries(Object.entries(EVENT_FIELDS).map(([core, events]) => [events, core]));

const renamed = (object: KubeObject, names: Readonly<Record<string, string>>, apiVersion: string): KubeObject =>
  Object.assign(
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [names[name] ?? name, value]),
    ) as unknown as KubeObject,
    { apiVersion },
  );

const eventConversion: NonNullable<Resource['conversion']> = {
  fromStored: (stored) => renamed(stored, EVENT_FIELDS, 'events.k8s.io/v1'),
  toStored: (object) => renamed(object, CORE_FIELDS, 'v1'),
};

type Fields = NonNullable<Resource<Event>['selectableFields']>;

export const eventVersion = (fields: Fields) => ({
  group: 'events.k8s.io',
  schema: 'io.k8s.api.events.v1.Event',
  conversion: eventConversion,
  selectableFields: renamedFields(fields) as NonNullable<Resource['selectableFields']>,
});

const renamedFields = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, read]) => {
      const [head = '', ...rest] = name.split('.');
      return [[EVENT_FIELDS[head] ?? head, ...rest].join('.'), read];
    }),
  );
