/** Second versions of kinds that are stored in another: events.k8s.io/v1 and autoscaling/v1 (pkg/apis/core/v1, pkg/apis/autoscaling/v1 conversions). */

import type { JsonObject, KubeObject } from './object.ts';
import type { Resource } from './resource.ts';

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

type Autoscaler = KubeObject & { readonly spec?: JsonObject; readonly status?: JsonObject };
interface Metric {
  readonly type?: string;
  readonly resource?: {
    readonly name?: string;
    readonly target?: { readonly type?: string; readonly averageUtilization?: number };
    readonly current?: { readonly averageUtilization?: number };
  };
}

const isCpu = ({ type, resource }: Metric): boolean => type === 'Resource' && resource?.name === 'cpu';

/** Version 1 knows one metric: the utilisation of the CPU. */
const autoscalerConversion: NonNullable<Resource['conversion']> = {
  fromStored: (stored) => {
    const { spec = {}, status, ...rest } = stored as Autoscaler;
    const { metrics = [], behavior: _behavior, ...ours } = spec;
    const { currentMetrics, conditions: _conditions, ...state } = status ?? {};
    const target = (metrics as readonly Metric[]).find(isCpu)?.resource?.target?.averageUtilization;
    const current = ((currentMetrics ?? []) as readonly Metric[]).find(isCpu)?.resource?.current?.averageUtilization;
    return {
      ...rest,
      apiVersion: 'autoscaling/v1',
      spec: { ...ours, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
      status: { ...state, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
    } as KubeObject;
  },
  toStored: (object) => {
    const { spec = {}, status, ...rest } = object as Autoscaler;
    const { targetCPUUtilizationPercentage: target, ...ours } = spec;
    const metric = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } },
    };
    return {
      ...rest,
      apiVersion: 'autoscaling/v2',
      spec: { ...ours, ...(target !== undefined && { metrics: [metric] }) },
      ...(status && { status }),
    } as unknown as KubeObject;
  },
};

/** The other versions of those of these resources that have one. */
export function otherVersions(resources: readonly Resource[]): readonly Resource[] {
  return resources.flatMap((resource): readonly Resource[] => {
    if (resource.name === 'events') {
      const { selectableFields: _fields, ...event } = resource;
      return [
        {
          ...event,
          group: 'events.k8s.io',
          schema: 'io.k8s.api.events.v1.Event',
          conversion: eventConversion,
          ...(resource.selectableFields && {
            selectableFields: renamedFields(resource.selectableFields),
          }),
        },
      ];
    }
    if (resource.name === 'horizontalpodautoscalers') {
      return [
        {
          ...resource,
          version: 'v1',
          schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
          conversion: autoscalerConversion,
        },
      ];
    }
    return [];
  });
}

type Fields = NonNullable<Resource['selectableFields']>;

const renamedFields = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, read]) => {
      const [head = '', ...rest] = name.split('.');
      return [[EVENT_FIELDS[head] ?? head, ...rest].join('.'), read];
    }),
  );
