/** The control plane's controllers and its scheduler, as kube-controller-manager and kube-scheduler start them. */

import type { Client } from '../api/client.ts';
import { recorder, seriesRecorder } from '../api/recorder.ts';
import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import { startAttachDetach } from './attachdetach/attach-detach.ts';
import type { StartController } from './context.ts';
import { CreationRate } from './creation-rate.ts';
import { startDaemonSetController } from './daemonset/daemonset.ts';
import { startDeploymentController } from './deployment/deployment.ts';
import { startEphemeralVolumeController } from './ephemeral-volume.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startHorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { startCronJobController } from './job/cronjob.ts';
import { startJobController } from './job/job.ts';
import { startNamespaceController } from './namespace.ts';
import { startNodeLifecycle } from './node-lifecycle/node-lifecycle.ts';
import { startTaintEviction } from './node-lifecycle/taint-eviction.ts';
import { startPersistentVolumeBinder } from './persistentvolume-binder/binder.ts';
import { startPodGarbageCollector } from './pod-garbage-collector.ts';
import { startDisruptionController } from './poddisruptionbudget.ts';
import { startPvcProtection, startPvProtection, startVacProtection } from './protection.ts';
import { startReplicaSetController } from './replicaset/replicaset.ts';
import { startResourceQuotaController } from './resource-quota.ts';
import type { TieBreak } from './scheduler/algorithm.ts';
import { SCHEDULER_NAME, startScheduler as startSchedulerWith } from './scheduler/scheduler.ts';
import { startRootCaPublisher, startServiceAccountController } from './service-account.ts';
import { startEndpointsController } from './services/endpoints.ts';
import { startEndpointSliceController } from './services/endpointslices.ts';
import { startStatefulSetController } from './statefulset/statefulset.ts';
import { startValidatingAdmissionPolicyStatus } from './validating-admission-policy-status.ts';
import { startVolumeExpandController } from './volume-expand.ts';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: Client;
}

/** Each by the name under which it reports its events. */
export const controllers: readonly (readonly [component: string, start: StartController])[] = [
  ['persistentvolume-controller', startPersistentVolumeBinder],
  ['pv-protection-controller', startPvProtection],
  ['pvc-protection-controller', startPvcProtection],
  ['vac-protection-controller', startVacProtection],
  ['deployment-controller', startDeploymentController],
  ['replicaset-controller', startReplicaSetController],
  ['statefulset-controller', startStatefulSetController],
  ['garbage-collector-controller', startGarbageCollector],
  ['node-controller', startNodeLifecycle],
  ['taint-eviction-controller', startTaintEviction],
  ['pod-garbage-collector', startPodGarbageCollector],
  ['endpoint-controller', startEndpointsController],
  ['endpoint-slice-controller', startEndpointSliceController],
  ['namespace-controller', startNamespaceController],
  ['service-account-controller', startServiceAccountController],
  ['root-ca-cert-publisher', startRootCaPublisher],
  ['ephemeral_volume', startEphemeralVolumeController],
  ['volume_expand', startVolumeExpandController],
  ['attachdetach-controller', startAttachDetach],
  ['controllermanager', startDisruptionController],
  ['job-controller', startJobController],
  ['cronjob-controller', startCronJobController],
  ['daemonset-controller', startDaemonSetController],
  ['horizontal-pod-autoscaler', startHorizontalPodAutoscaler],
  ['resourcequota-controller', startResourceQuotaController],
  ['validatingadmissionpolicy-status-controller', startValidatingAdmissionPolicyStatus],
];

/** All of them write as the one process they are upstream. */
const CONTROLLER_MANAGER = 'kube-controller-manager';
const SCHEDULER_HOST = 'master01';

export function startControllers({ clock, random, client }: ControlPlaneOptions): void {
  const creations = new CreationRate(clock);
  for (const [component, start] of controllers) {
    const own = random.fork(component);
    const writer = client.as(CONTROLLER_MANAGER, component);
    start({
      clock,
      random: own,
      client: writer,
      creations,
      recorder: recorder({ clock, random: own.fork('events'), client: writer, component }),
    });
  }
}

export function startScheduler({ clock, random, client }: ControlPlaneOptions, tieBreak?: TieBreak): void {
  const own = random.fork(SCHEDULER_NAME);
  const writer = client.as('kube-scheduler');
  const events = { clock, random: own.fork('events'), client: writer, component: SCHEDULER_NAME, host: SCHEDULER_HOST };
  startSchedulerWith({ clock, random: own, client: writer, recorder: seriesRecorder(events), tieBreak });
}
