/** HorizontalPodAutoscaler (pkg/registry/autoscaling/horizontalpodautoscaler, printHorizontalPodAutoscaler). */

import type { Resource } from '../resource.ts';
import type { HorizontalPodAutoscaler } from '../types.ts';
import { autoscalerVersion } from './autoscaler-versions.ts';
import { aged, named, printed, text } from './columns.ts';
import { change, fill, keepStatus, without, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateAutoscaler } from './validation/autoscalers.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type ScalingRules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;
type MetricSpec = NonNullable<Spec['metrics']>[number];
type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];
type Target = NonNullable<MetricSpec['resource']>['target'];
type Value = {
  readonly averageUtilization?: number;
  readonly averageValue?: string | number;
  readonly value?: string | number;
};

const UNKNOWN = '<unknown>';

export const horizontalPodAutoscalers: Resource<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  name: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  subresources: { status: status('HorizontalPodAutoscaler') },

  defaults: (autoscaler) => change(autoscaler, 'spec', defaultSpec),
  prepareForCreate: (autoscaler) => withStatus(autoscaler, { desiredReplicas: 0, currentMetrics: null } as never),
  prepareForUpdate: keepStatus,
  validate: validateAutoscaler,

  otherVersions: [autoscalerVersion],

  ...printed<HorizontalPodAutoscaler>([
    named,
    text(
      'Reference',
      'scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count.',
      ({ spec }) => `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`,
    ),
    text(
      'Targets',
      'metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond. If not set, the default metric will be set to 80% average CPU utilization.',
      ({ spec, status }) => targets(spec?.metrics ?? [], status?.currentMetrics ?? []),
    ),
    text(
      'MinPods',
      'minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down.  It defaults to 1 pod.  minReplicas is allowed to be 0 if the alpha feature gate HPAScaleToZero is enabled and at least one Object or External metric is configured.  Scaling is active as long as at least one metric value is available.',
      ({ spec }) => (spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)),
    ),
    text(
      'MaxPods',
      'maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. It cannot be less that minReplicas.',
      ({ spec }) => String(spec?.maxReplicas ?? 0),
    ),
    text(
      'Replicas',
      'currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler.',
      ({ status }) => String(status?.currentReplicas ?? 0),
    ),
    aged,
  ]),
};

/** pkg/apis/autoscaling/v2/defaults.go: eighty per cent of the CPU asked for. */
function defaultSpec(spec: Spec): Spec {
  const given = spec.metrics?.length === 0 ? without(spec, 'metrics') : spec;
  const next = fill(given, {
    minReplicas: 1,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  });
  return change(next, 'behavior', ({ scaleUp, scaleDown }) => ({
    scaleUp: { ...SCALE_UP, ...scaleUp },
    scaleDown: { ...SCALE_DOWN, ...scaleDown },
  }));
}

/** What a behaviour that does not say otherwise is (SetDefaults_HorizontalPodAutoscalerBehavior). */
const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: ScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

/** formatHPAMetrics: at most two, `cpu: <unknown>/80%`. */
function targets(metrics: readonly MetricSpec[], current: readonly Metric[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, i) => {
    const [label, target, now] = parts(metric, current[i]);
    return `${label}${shown(now, target)}/${wanted(target)}`;
  });
  const more = texts.length > 2 ? ` + ${texts.length - 2} more...` : '';
  return texts.slice(0, 2).join(', ') + more;
}

function parts(metric: MetricSpec, status: Metric | undefined): [string, Target | undefined, Value | undefined] {
  switch (metric.type) {
    case 'Resource':
      return [`${metric.resource?.name}: `, metric.resource?.target, status?.resource?.current];
    case 'ContainerResource':
      return [
        `${metric.containerResource?.name}: `,
        metric.containerResource?.target,
        status?.containerResource?.current,
      ];
    case 'Pods':
      return ['', metric.pods?.target, status?.pods?.current];
    case 'Object':
      return ['', metric.object?.target, status?.object?.current];
    default:
      return ['', metric.external?.target, status?.external?.current];
  }
}

function shown(now: Value | undefined, target: Target | undefined): string {
  if (target?.averageUtilization !== undefined) {
    return now?.averageUtilization === undefined ? UNKNOWN : `${now.averageUtilization}%`;
  }
  if (target?.averageValue !== undefined) return now?.averageValue === undefined ? UNKNOWN : String(now.averageValue);
  return now?.value === undefined ? UNKNOWN : String(now.value);
}

function wanted(target: Target | undefined): string {
  if (target?.averageUtilization !== undefined) return `${target.averageUtilization}%`;
  if (target?.averageValue !== undefined)
    return `${target.averageValue}${target.type === 'AverageValue' ? '' : ' (avg)'}`;
  return target?.value === undefined ? '<auto>' : String(target.value);
}
