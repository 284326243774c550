/** Autoscalers as autoscaling/v1 has them, stored as v2 (pkg/apis/autoscaling/v1/conversion.go). */

import type { JsonObject, KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';

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

export const autoscalerVersion = {
  version: 'v1',
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  conversion: autoscalerConversion,
};
