/** The horizontal pod autoscaler, in a cluster without a metrics server: it finds its target and no metrics (pkg/controller/podautoscaler). */

import type { Client } from '../api/client.ts';
import { StatusError } from '../api/object.ts';
import type { Scale } from '../api/resources/subresources.ts';
import { timestamp } from '../api/time.ts';
import type { HorizontalPodAutoscaler } from '../api/types.ts';
import { setCondition } from './conditions.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { WorkQueue } from './work-queue.ts';

/** --horizontal-pod-autoscaler-sync-period. */
const PERIOD = 15_000;

type Status = NonNullable<HorizontalPodAutoscaler['status']>;
type Conditions = NonNullable<Status['conditions']>;

export function startHorizontalPodAutoscaler({ client, clock, random, recorder }: ControllerContext): void {
  const autoscalers = client.informer('horizontalpodautoscalers');

  const reconcile = (key: string) => {
    const autoscaler = autoscalers.get(...splitKey(key));
    if (!autoscaler) return;
    queue.addAfter(key, PERIOD);
    const replicas = scaleOf(client, autoscaler);
    const now = timestamp(clock.now);
    const set = (conditions: Conditions, type: string, holds: boolean, reason: string, message: string): Conditions =>
      setCondition(conditions, {
        type,
        status: holds ? 'True' : 'False',
        lastTransitionTime: now,
        reason,
        message,
      } as Conditions[number]) as Conditions;

    let conditions: Conditions = autoscaler.status?.conditions ?? [];
    if (typeof replicas === 'string') {
      recorder.event(autoscaler, 'Warning', 'FailedGetScale', replicas);
      const message = `the HPA controller was unable to get the target's current scale: ${replicas}`;
      conditions = set(conditions, 'AbleToScale', false, 'FailedGetScale', message);
    } else if (replicas === 0) {
      conditions = set(conditions, 'AbleToScale', true, 'SucceededGetScale', ABLE);
      conditions = set(
        conditions,
        'ScalingActive',
        false,
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      );
    } else {
      const resource = resourceOf(autoscaler);
      const problem = `failed to get ${resource} utilization: unable to get metrics for resource ${resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
      recorder.event(autoscaler, 'Warning', 'FailedGetResourceMetric', problem);
      recorder.event(
        autoscaler,
        'Warning',
        'FailedComputeMetricsReplicas',
        `invalid metrics (1 invalid out of 1), first error is: failed to get ${resource} resource metric value: ${problem}`,
      );
      conditions = set(conditions, 'AbleToScale', true, 'SucceededGetScale', ABLE);
      conditions = set(
        conditions,
        'ScalingActive',
        false,
        'FailedGetResourceMetric',
        `the HPA was unable to compute the replica count: ${problem}`,
      );
    }
    client.updateStatus('horizontalpodautoscalers', {
      ...autoscaler,
      status: {
        ...autoscaler.status,
        ...(typeof replicas === 'number' && { currentReplicas: replicas }),
        desiredReplicas: autoscaler.status?.desiredReplicas ?? 0,
        conditions,
      } as Status,
    });
  };
  const queue = new WorkQueue({ clock, random, reconcile });
  autoscalers.handle({
    added: (autoscaler) => queue.addAfter(keyOf(autoscaler), PERIOD),
    updated: (before, autoscaler) => {
      if (before.spec !== autoscaler.spec) queue.addAfter(keyOf(autoscaler), PERIOD);
    },
  });
}

/** Of anything that has a scale; a text where there is none. */
function scaleOf(client: Client, { metadata, spec }: HorizontalPodAutoscaler): number | string {
  const { apiVersion = '', kind = '', name = '' } = spec?.scaleTargetRef ?? {};
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  const target = client.served().find((each) => each.kind === kind && each.group === group);
  if (!target) return `no matches for kind "${kind}" in group "${group}"`;
  try {
    const scale = client.view(target.collection, metadata.namespace ?? '', name, 'scale') as Scale | undefined;
    if (scale) return scale.spec.replicas ?? 0;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error.message;
  }
  return `${group ? `${target.name}.${group}` : target.name} "${name}" not found`;
}

const ABLE = "the HPA controller was able to get the target's current scale";

const resourceOf = ({ spec }: HorizontalPodAutoscaler): string => spec?.metrics?.[0]?.resource?.name ?? 'cpu';
