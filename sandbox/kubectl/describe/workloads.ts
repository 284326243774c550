/** Deployment, ReplicaSet, ReplicationController, StatefulSet, DaemonSet, Job, CronJob. */

import { humanDuration } from '../../api/age.ts';
import { equal } from '../../api/equality.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  PersistentVolumeClaim,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { podTemplate } from './containers.ts';
import { type Context, conditionTable, controlledBy, listOf, podsByPhase } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels } from './metadata.ts';
import { bool, formatLabels, formatSelector, goList, quantity, rfc1123, storageClassOf } from './values.ts';
import type { Writer } from './writer.ts';

const REPLICA_SETS = { group: 'apps', version: 'v1', resource: 'replicasets' } as const;

export function* deployment(w: Writer, object: Deployment, context: Context): Task<void> {
  const { metadata, status = {} } = object;
  const spec = object.spec!;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Selector:\t${formatSelector(spec.selector)}`);
  const counts = [
    `${spec.replicas} desired`,
    `${status.updatedReplicas ?? 0} updated`,
    `${status.replicas ?? 0} total`,
    `${status.availableReplicas ?? 0} available`,
    `${status.unavailableReplicas ?? 0} unavailable`,
  ];
  w.line(0, `Replicas:\t${counts.join(' | ')}`);
  w.line(0, `StrategyType:\t${spec.strategy?.type ?? ''}`);
  w.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling)
    w.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  podTemplate(w, spec.template);
  conditionTable(w, status.conditions);
  const { old, current } = yield* replicaSetsOf(object, context);
  if (old.length > 0 || current.length > 0) {
    w.line(0, `OldReplicaSets:\t${created(old)}`);
    w.line(0, `NewReplicaSet:\t${created(current)}`);
  }
  describeEvents(w, context.events, context.now);
}

/** The one whose template is the Deployment's (oldest first, as deploymentutil.FindNewReplicaSet), and the others. */
function* replicaSetsOf(object: Deployment, context: Context): Task<{ old: ReplicaSet[]; current: ReplicaSet[] }> {
  const selector = formatSelector(object.spec!.selector);
  const all = yield* listOf<ReplicaSet>(context, REPLICA_SETS, object.metadata.namespace!, [
    ['labelSelector', selector],
  ]);
  const owned = all
    .filter(({ metadata }) => metadata.ownerReferences?.some((o) => o.controller && o.uid === object.metadata.uid))
    .sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
  const current = owned.find((rs) => equal(withoutHash(rs.spec!.template!), withoutHash(object.spec!.template)));
  return { old: owned.filter((rs) => rs !== current), current: current ? [current] : [] };
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { 'pod-template-hash': _, ...rest } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels: rest } };
}

const created = (list: readonly ReplicaSet[]): string =>
  list
    .map(
      ({ metadata, spec, status }) =>
        `${metadata.name} (${status?.replicas ?? 0}/${spec?.replicas ?? 0} replicas created)`,
    )
    .join(', ') || '<none>';

export function* replicaSet(w: Writer, object: ReplicaSet, context: Context): Task<void> {
  yield* replicas(w, object, context, formatSelector(object.spec!.selector));
}

export function* replicationController(w: Writer, object: ReplicationController, context: Context): Task<void> {
  yield* replicas(w, object, context, formatLabels(object.spec!.selector));
}

function* replicas(
  w: Writer,
  object: ReplicaSet | ReplicationController,
  context: Context,
  selector: string,
): Task<void> {
  const { metadata, spec, status } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Selector:\t${selector}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  if (object.kind === 'ReplicaSet') controlledBy(w, object as ReplicaSet);
  w.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec!.replicas} desired`);
  w.line(0, `Pods Status:\t${yield* podsByPhase(context, metadata.namespace!, metadata.uid, selector)}`);
  podTemplate(w, spec!.template);
  conditionTable(w, status?.conditions);
  describeEvents(w, context.events, context.now);
}

export function* statefulSet(w: Writer, object: StatefulSet, context: Context): Task<void> {
  const { metadata } = object;
  const spec = object.spec!;
  const selector = formatSelector(spec.selector);
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, `Selector:\t${selector}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Replicas:\t${spec.replicas} desired | ${object.status?.replicas ?? 0} total`);
  w.line(0, `Update Strategy:\t${spec.updateStrategy?.type ?? ''}`);
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    w.line(1, `Partition:\t${rolling.partition}`);
    if (rolling.maxUnavailable !== undefined) w.line(1, `MaxUnavailable:\t${rolling.maxUnavailable}`);
  }
  w.line(0, `Pods Status:\t${yield* podsByPhase(context, metadata.namespace!, metadata.uid, selector)}`);
  podTemplate(w, spec.template);
  claimTemplates(w, spec.volumeClaimTemplates as readonly PersistentVolumeClaim[] | undefined);
  describeEvents(w, context.events, context.now);
}

function claimTemplates(w: Writer, templates: readonly PersistentVolumeClaim[] | undefined): void {
  if (!templates || templates.length === 0) {
    w.line(0, 'Volume Claims:\t<none>');
    return;
  }
  w.line(0, 'Volume Claims:');
  for (const template of templates) {
    const { metadata, spec } = template;
    w.line(1, `Name:\t${metadata.name}`);
    w.line(1, `StorageClass:\t${storageClassOf(template)}`);
    labels(w, 'Labels', metadata.labels, '  ');
    labels(w, 'Annotations', metadata.annotations, '  ');
    const storage = spec?.resources?.requests?.storage as string | undefined;
    w.line(1, `Capacity:\t${storage === undefined ? '<default>' : quantity(storage)}`);
    w.line(1, `Access Modes:\t${goList(spec?.accessModes)}`);
  }
}

export function* daemonSet(w: Writer, object: DaemonSet, context: Context): Task<void> {
  const { metadata } = object;
  const spec = object.spec!;
  const status = object.status!;
  const selector = formatSelector(spec.selector);
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Selector:\t${selector}`);
  w.line(0, `Node-Selector:\t${formatLabels(spec.template.spec?.nodeSelector)}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}`);
  w.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}`);
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  w.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}`);
  w.line(0, `Pods Status:\t${yield* podsByPhase(context, metadata.namespace!, metadata.uid, selector)}`);
  podTemplate(w, spec.template);
  describeEvents(w, context.events, context.now);
}

export function* job(w: Writer, object: Job, { events, now }: Context): Task<void> {
  const { metadata, status = {} } = object;
  const spec = object.spec!;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Selector:\t${formatSelector(spec.selector)}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  controlledBy(w, object);
  if (spec.parallelism !== undefined) w.line(0, `Parallelism:\t${spec.parallelism}`);
  w.line(0, `Completions:\t${spec.completions ?? '<unset>'}`);
  if (spec.completionMode) w.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) w.line(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) w.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec.ttlSecondsAfterFinished !== undefined)
    w.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  const { startTime, completionTime } = status;
  if (startTime) w.line(0, `Start Time:\t${rfc1123(startTime)}`);
  if (completionTime) w.line(0, `Completed At:\t${rfc1123(completionTime)}`);
  if (startTime && completionTime)
    w.line(0, `Duration:\t${humanDuration(Date.parse(completionTime) - Date.parse(startTime))}`);
  if (spec.activeDeadlineSeconds !== undefined) w.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
  w.line(
    0,
    `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  );
  if (spec.completionMode === 'Indexed') w.line(0, `Completed Indexes:\t${capped(status.completedIndexes ?? '')}`);
  podTemplate(w, spec.template);
  describeEvents(w, events, now);
}

/** Long lists of indexes are cut at the first comma after 50 characters. */
function capped(indexes: string): string {
  if (indexes === '') return '<none>';
  const cut = indexes.indexOf(',', 50);
  return cut < 0 ? indexes : `${indexes.slice(0, cut + 1)}...`;
}

export function* cronJob(w: Writer, object: CronJob, { events, now }: Context): Task<void> {
  const { metadata, status = {} } = object;
  const spec = object.spec!;
  const { spec: jobSpec } = spec.jobTemplate;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Schedule:\t${spec.schedule}`);
  w.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`);
  w.line(0, `Suspend:\t${bool(spec.suspend)}`);
  if (spec.timeZone) w.line(0, `Time Zone:\t${spec.timeZone}`);
  w.line(0, `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit ?? '<unset>'}`);
  w.line(0, `Failed Job History Limit:\t${spec.failedJobsHistoryLimit ?? '<unset>'}`);
  w.line(
    0,
    `Starting Deadline Seconds:\t${spec.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`}`,
  );
  w.line(0, `Selector:\t${jobSpec?.selector ? formatSelector(jobSpec.selector) : '<unset>'}`);
  w.line(0, `Parallelism:\t${jobSpec?.parallelism ?? '<unset>'}`);
  w.line(0, `Completions:\t${jobSpec?.completions ?? '<unset>'}`);
  if (jobSpec?.activeDeadlineSeconds !== undefined)
    w.line(0, `Active Deadline Seconds:\t${jobSpec.activeDeadlineSeconds}s`);
  podTemplate(w, jobSpec?.template);
  w.line(0, `Last Schedule Time:\t${status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>'}`);
  w.line(0, `Active Jobs:\t${(status.active ?? []).map(({ name }) => name).join(', ') || '<none>'}`);
  describeEvents(w, events, now);
}
