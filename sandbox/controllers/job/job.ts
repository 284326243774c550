/** The Job controller: pods until enough of them succeeded (pkg/controller/job/job_controller.go). */

import type { Informer } from '../../api/client.ts';
import { StatusError } from '../../api/object.ts';
import { parseTime, timestamp } from '../../api/time.ts';
import type { Job, Pod, PodTemplateSpec } from '../../api/types.ts';
import { findCondition } from '../conditions.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { CONTROLLER_INDEX, controllerKeys, controllerOf, controllerReference } from '../ownership.ts';
import { createPod, deletePod, hasEnded, isActive, isReady, isTerminating, podFromTemplate } from '../pods.ts';
import { hasFinalizer, withoutFinalizer } from '../protection.ts';
import { WorkQueue } from '../work-queue.ts';

const JOB = { apiVersion: 'batch/v1', kind: 'Job' } as const;

const TRACKING = 'batch.kubernetes.io/job-tracking';
const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
/** syncJobBatchPeriod: pod changes of a job are looked at together. */
const BATCH = 1000;
/** Pods whose job is gone, by its uid: they are released at once (syncOrphanPod). */
const ORPHANS = 'orphans of ';
/** DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff. */
const FIRST_BACKOFF = 10_000;
const LONGEST_BACKOFF = 600_000;
/** MaxPodCreateDeletePerSync; the rest comes with the next sync. */
const BURST = 500;
const BURST_PAUSE = 1_000;

export function startJobController(context: ControllerContext): void {
  new JobController(context).start();
}

type Status = NonNullable<Job['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** The end of a job, and how its event words it. */
interface End {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

class JobController {
  readonly #context: ControllerContext;
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #podsOf: (uid: string) => Iterable<Pod>;
  readonly #queue: WorkQueue;
  readonly #batched = new Set<string>();

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#jobs = client.informer('jobs');
    this.#pods = client.informer('pods');
    this.#podsOf = this.#pods.index(CONTROLLER_INDEX, controllerKeys);
    // DefaultJobApiBackOff and MaxJobApiBackOff.
    this.#queue = new WorkQueue({ clock, random, reconcile: (key) => this.#sync(key), retry: [1000, 60_000] });
  }

  start(): void {
    this.#jobs.handle({
      added: (job) => this.#queue.add(keyOf(job)),
      updated: (before, job) => {
        if (before.metadata.generation === job.metadata.generation) this.#addLater(keyOf(job));
        else this.#queue.add(keyOf(job));
      },
      deleted: (job) => this.#queue.add(`${ORPHANS}${job.metadata.uid}`),
    });
    const later = (pod: Pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind === JOB.kind) this.#addLater(`${pod.metadata.namespace ?? ''}/${owner.name}`);
    };
    this.#pods.handle({ added: later, updated: (_, pod) => later(pod), deleted: later });
  }

  /** enqueueSyncBatched: what pods do in a second is seen at once. */
  #addLater(key: string): void {
    if (this.#batched.has(key)) return;
    this.#batched.add(key);
    this.#context.clock.after(BATCH, () => {
      this.#batched.delete(key);
      this.#queue.add(key);
    });
  }

  #sync(key: string): void {
    if (key.startsWith(ORPHANS)) {
      for (const pod of this.#podsOf(key.slice(ORPHANS.length))) this.#release(pod);
      return;
    }
    const { client, clock } = this.#context;
    const job = this.#jobs.get(...splitKey(key));
    if (!job) return;
    const pods = [...this.#podsOf(job.metadata.uid)];
    if (endOf(job) || isTerminating(job)) {
      for (const pod of pods) this.#release(pod);
      if (endOf(job)) this.#cleanUpLater(key, job);
      return;
    }
    const started = this.#start(job);
    const active = pods.filter(isActive);
    const told = failureTarget(job);
    const counts = this.#count(job, pods, told !== undefined);
    const end = told ?? this.#judge(job, pods, counts, active.length);
    // When a job fails, whatever runs has failed with it.
    if (end?.type === 'Failed' && !told) counts.failed += active.filter(isTracked).length;
    const suspended = job.spec?.suspend ?? false;
    let [running, failure]: [number, StatusError?] = [0];
    if (end || suspended) for (const pod of active) deletePod(this.#context, job, pod);
    else {
      const { by, failure: why } = this.#scale(key, job, active, pods, counts);
      [running, failure] = [active.length + by, why];
    }
    const ready = active.filter(isReady).length;

    const leaving = pods.filter((pod) => isTerminating(pod) && !hasEnded(pod)).length;
    const terminating = leaving + (end || suspended ? active.length : 0);
    // delayTerminalCondition: what is going to end has ended once no pod of it is left.
    const ended = end !== undefined && terminating === 0;
    const conditions = end ? withEnd(started.conditions, end, ended, clock.now) : started.conditions;
    const updated = client.updateStatus('jobs', {
      ...job,
      status: {
        ...started,
        ...(conditions && { conditions }),
        ...counted(counts),
        ...whole({ active: running }),
        ready: end ? 0 : ready,
        terminating,
        uncountedTerminatedPods: {},
        ...(ended && end.type === 'Complete' && { completionTime: timestamp(clock.now) }),
      },
    });
    for (const pod of pods) if (hasEnded(pod) || isTerminating(pod) || end) this.#release(pod);
    if (ended) this.#announce(updated, end);
    // Told also when a pod could not be made (syncJob).
    if (failure) throw failure;
  }

  /** Start time, or none while suspended. */
  #start(job: Job): Status {
    const { clock, recorder } = this.#context;
    const { startTime, active: _a, succeeded: _s, failed: _f, conditions, ...rest } = job.status ?? {};
    const { suspend = false } = job.spec!;
    const current = findCondition(conditions, 'Suspended');
    if (suspend && current?.status !== 'True') {
      recorder.event(job, 'Normal', 'Suspended', 'Job suspended');
      return { ...rest, conditions: [suspension('True', 'JobSuspended', 'Job suspended', clock.now)] };
    }
    if (!suspend && current?.status === 'True') {
      recorder.event(job, 'Normal', 'Resumed', 'Job resumed');
      const resumed = suspension('False', 'JobResumed', 'Job resumed', clock.now);
      return { ...rest, startTime: timestamp(clock.now), conditions: [resumed] };
    }
    return {
      ...rest,
      ...(conditions && { conditions }),
      ...(suspend ? {} : { startTime: startTime ?? timestamp(clock.now) }),
    };
  }

  /**
   * Pods that ended and still carry the finalizer are new; the others are in the counts already. A pod that is deleted has
   * failed (isPodFailed), and so has every pod of a job that has.
   */
  #count(job: Job, pods: readonly Pod[], failing: boolean): Counts {
    const { succeeded = 0, failed = 0 } = job.status ?? {};
    const counts = { succeeded, failed, indexes: indexesIn(job.status?.completedIndexes) };
    for (const pod of pods.filter(isTracked)) {
      if (pod.status?.phase === 'Succeeded') {
        const index = indexOf(pod);
        if (!isIndexed(job)) counts.succeeded++;
        else if (index !== undefined) counts.indexes.add(index);
      } else if (failing || pod.status?.phase === 'Failed' || isTerminating(pod)) counts.failed++;
    }
    if (isIndexed(job)) counts.succeeded = counts.indexes.size;
    return counts;
  }

  #judge(job: Job, pods: readonly Pod[], { succeeded, failed }: Counts, active: number): End | undefined {
    const { completions, backoffLimit = 6, activeDeadlineSeconds } = job.spec!;
    const { startTime } = job.status ?? {};
    if (failed > backoffLimit || restartedTooOften(job, pods, backoffLimit)) {
      return {
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      };
    }
    if (activeDeadlineSeconds !== undefined && startTime) {
      const left = parseTime(startTime) + activeDeadlineSeconds * 1000 - this.#context.clock.now;
      if (left <= 0) {
        return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
      }
      this.#queue.addAfter(keyOf(job), left);
    }
    const enough = completions === undefined ? succeeded > 0 && active === 0 : succeeded >= completions;
    return enough
      ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
      : undefined;
  }

  /** manageJob: the difference in active pods; after a failure new ones wait. */
  #scale(
    key: string,
    job: Job,
    active: readonly Pod[],
    pods: readonly Pod[],
    counts: Counts,
  ): { readonly by: number; readonly failure?: StatusError } {
    const { parallelism = 1, completions } = job.spec!;
    const left = completions === undefined ? parallelism : Math.max(0, completions - counts.succeeded);
    const wanted = completions === undefined && counts.succeeded > 0 ? active.length : Math.min(parallelism, left);
    if (active.length > wanted) {
      const surplus = active.slice(0, active.length - wanted);
      for (const pod of surplus) deletePod(this.#context, job, pod);
      return { by: -surplus.length };
    }
    const wait = this.#backoff(pods, counts.failed);
    if (wanted > active.length && wait > 0) {
      this.#queue.addAfter(key, wait);
      return { by: 0 };
    }
    let created = 0;
    const most = Math.min(wanted - active.length, BURST);
    const allowed = this.#context.creations.take(most);
    if (allowed < wanted - active.length)
      this.#queue.addAfter(key, allowed < most ? this.#context.creations.pause : BURST_PAUSE);
    const free = isIndexed(job) ? freeIndexes(job, active, counts, allowed) : undefined;
    while (created < allowed && (!free || created < free.length)) {
      const pod = createPod(this.#context, job, job.metadata.namespace ?? '', draftOf(job, free?.[created]));
      if (pod instanceof StatusError) return { by: created, failure: pod };
      created++;
    }
    return { by: created };
  }

  #backoff(pods: readonly Pod[], failed: number): number {
    if (failed === 0) return 0;
    const finished = pods
      .filter((pod) => pod.status?.phase === 'Failed')
      .flatMap((pod) => pod.status?.containerStatuses ?? [])
      .map(({ state }) => (state?.terminated?.finishedAt ? parseTime(state.terminated.finishedAt) : 0));
    const last = Math.max(0, ...finished);
    const backoff = Math.min(FIRST_BACKOFF * 2 ** (failed - 1), LONGEST_BACKOFF);
    return last === 0 ? 0 : last + backoff - this.#context.clock.now;
  }

  #release(pod: Pod): void {
    if (!hasFinalizer(pod, TRACKING)) return;
    const { namespace = '', name } = pod.metadata;
    this.#context.client.mutate('pods', namespace, name, (current) => withoutFinalizer(current, TRACKING));
  }

  #announce(job: Job, { type, reason, message }: End): void {
    const { recorder } = this.#context;
    if (type === 'Complete') recorder.event(job, 'Normal', 'Completed', 'Job completed');
    else recorder.event(job, 'Warning', reason, message);
    this.#cleanUpLater(keyOf(job), job);
  }

  /** ttlSecondsAfterFinished (pkg/controller/ttlafterfinished). */
  #cleanUpLater(key: string, job: Job): void {
    const { client, clock } = this.#context;
    const { ttlSecondsAfterFinished } = job.spec!;
    const end = endOf(job);
    if (ttlSecondsAfterFinished === undefined || !end?.lastTransitionTime || isTerminating(job)) return;
    const left = parseTime(end.lastTransitionTime) + ttlSecondsAfterFinished * 1000 - clock.now;
    if (left > 0) this.#queue.addAfter(key, left);
    else client.delete('jobs', job.metadata.namespace ?? '', job.metadata.name, { propagationPolicy: 'Foreground' });
  }
}

interface Counts {
  readonly succeeded: number;
  failed: number;
  readonly indexes: ReadonlySet<number>;
}

export function endOf({ status }: Job): Condition | undefined {
  return status?.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  );
}

/** What a job whose end was announced will have failed of. */
function failureTarget({ status }: Job): End | undefined {
  const target = findCondition(status?.conditions, 'FailureTarget');
  if (target?.status !== 'True') return undefined;
  return { type: 'Failed', reason: target.reason ?? '', message: target.message ?? '' };
}

/** pastBackoffLimitOnFailure: containers that are restarted in their pod count against the limit too. */
function restartedTooOften({ spec }: Job, pods: readonly Pod[], limit: number): boolean {
  if (spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

const isTracked = (pod: Pod): boolean => hasFinalizer(pod, TRACKING);

const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === 'Indexed';

function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[COMPLETION_INDEX];
  return text === undefined ? undefined : Number(text);
}

/** The lowest ones, as many as are wanted. */
function freeIndexes({ spec }: Job, active: readonly Pod[], { indexes }: Counts, wanted: number): number[] {
  const taken = new Set(active.map(indexOf));
  const free: number[] = [];
  for (let index = 0; index < (spec?.completions ?? 0) && free.length < wanted; index++)
    if (!indexes.has(index) && !taken.has(index)) free.push(index);
  return free;
}

/** `1,3-5` and back. */
function indexesIn(text = ''): Set<number> {
  const found = new Set<number>();
  for (const range of text.split(',').filter(Boolean)) {
    const [first, last = first] = range.split('-').map(Number);
    for (let index = first!; index <= last!; index++) found.add(index);
  }
  return found;
}

function indexesText(indexes: ReadonlySet<number>): string {
  const ranges: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open && open[1] === index - 1) open[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

const counted = ({ succeeded, failed, indexes }: Counts) => ({
  ...whole({ succeeded, failed }),
  ...(indexes.size > 0 && { completedIndexes: indexesText(indexes) }),
});

/** Zero is left out. */
const whole = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

function draftOf(job: Job, index: number | undefined) {
  const template = job.spec!.template as PodTemplateSpec;
  const prefix = index === undefined ? `${job.metadata.name}-` : `${job.metadata.name}-${index}-`;
  const draft = podFromTemplate(template, controllerReference(job, JOB), prefix);
  const metadata = { ...draft.metadata, finalizers: [...(draft.metadata.finalizers ?? []), TRACKING] };
  if (index === undefined) return { ...draft, metadata };
  const env = { name: 'JOB_COMPLETION_INDEX', value: String(index) };
  return {
    ...draft,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [COMPLETION_INDEX]: String(index) },
      annotations: { ...metadata.annotations, [COMPLETION_INDEX]: String(index) },
    },
    spec: {
      ...draft.spec!,
      hostname: `${job.metadata.name}-${index}`,
      containers: draft.spec!.containers.map((each) => ({ ...each, env: [...(each.env ?? []), env] })),
    },
  };
}

const suspension = (status: 'True' | 'False', reason: string, message: string, now: number): Condition => ({
  type: 'Suspended',
  status,
  lastProbeTime: timestamp(now),
  lastTransitionTime: timestamp(now),
  reason,
  message,
});

/** A job's end is announced before it is one: by criteria met, or by a target of failure. */
function withEnd(conditions: readonly Condition[] = [], end: End, ended: boolean, now: number): Condition[] {
  const time = timestamp(now);
  const announced = end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  return [
    ...conditions,
    ...[announced, ...(ended ? [end.type] : [])]
      .filter((type) => !findCondition(conditions, type))
      .map((type) => ({
        type,
        status: 'True' as const,
        lastProbeTime: time,
        lastTransitionTime: time,
        reason: end.reason,
        message: end.message,
      })),
  ];
}
