/** Horizontal pod autoscalers (kubectl pkg/describe/describe.go describeHorizontalPodAutoscalerV2). */

import type { HorizontalPodAutoscaler } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import type { Context } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels } from './metadata.ts';
import { rfc1123 } from './values.ts';
import type { Writer } from './writer.ts';

type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['metrics']>[number];

export function* horizontalPodAutoscaler(
  w: Writer,
  object: HorizontalPodAutoscaler,
  { events, now }: Context,
): Task<void> {
  const { metadata, spec, status } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, `Reference:\t${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`);
  w.line(0, 'Metrics:\t( current / target )');
  for (const [i, metric] of (spec?.metrics ?? []).entries())
    resourceMetric(w, metric, status?.currentMetrics?.[i]?.resource?.current);
  w.line(0, `Min replicas:\t${spec?.minReplicas ?? '<unset>'}`);
  w.line(0, `Max replicas:\t${spec?.maxReplicas}`);
  w.line(0, `Deployment pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`);
  const conditions = status?.conditions ?? [];
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tReason\tMessage');
    w.line(1, '----\t------\t------\t-------');
    for (const { type, status: state, reason = '', message = '' } of conditions)
      w.line(1, `${type}\t${state}\t${reason}\t${message}`);
  }
  describeEvents(w, events, now);
}

type Current = { readonly averageUtilization?: number; readonly averageValue?: string | number };

function resourceMetric(w: Writer, { type, resource }: Metric, current: Current | undefined): void {
  if (!resource) {
    w.line(1, `<unknown metric type "${type}">`);
    return;
  }
  const { averageValue, averageUtilization } = resource.target;
  if (averageValue !== undefined) {
    w.line(1, `resource ${resource.name} on pods:\t${current?.averageValue ?? '<unknown>'} / ${averageValue}`);
    return;
  }
  const now =
    current?.averageUtilization === undefined
      ? '<unknown>'
      : `${current.averageUtilization}% (${current.averageValue})`;
  w.line(
    1,
    `resource ${resource.name} on pods  (as a percentage of request):\t${now} / ${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`,
  );
}
