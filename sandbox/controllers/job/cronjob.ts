/** The CronJob controller: a Job at each scheduled time, and only so many of the old ones kept (pkg/controller/cronjob). */

import { StatusError } from '../../api/object.ts';
import { parseTime, timestamp } from '../../api/time.ts';
import type { CronJob, Job } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { CONTROLLER_INDEX, controllerKeys, controllerOf, controllerReference } from '../ownership.ts';
import { isTerminating } from '../pods.ts';
import { WorkQueue } from '../work-queue.ts';
import { nextTime } from './cron-schedule.ts';
import { endOf } from './job.ts';

const CRON_JOB = { apiVersion: 'batch/v1', kind: 'CronJob' } as const;
const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const DEFAULT_HISTORY = { successful: 3, failed: 1 } as const;

export function startCronJobController(context: ControllerContext): void {
  const { client, clock, random } = context;
  const cronJobs = client.informer('cronjobs');
  const jobs = client.informer('jobs');
  const jobsOf = jobs.index(CONTROLLER_INDEX, controllerKeys);

  const reconcile = (key: string) => {
    const cronJob = cronJobs.get(...splitKey(key));
    if (!cronJob) return;
    const owned = [...jobsOf(cronJob.metadata.uid)];
    const reviewed = review(context, cronJob, owned);
    cleanUp(context, cronJob, owned);
    if (isTerminating(cronJob) || cronJob.spec?.suspend) return;
    const next = schedule(context, reviewed, owned);
    if (next !== undefined) queue.addAfter(key, next - clock.now);
  };
  const queue = new WorkQueue({ clock, random, reconcile });
  const wake = (job: Job) => {
    const owner = controllerOf(job);
    if (owner?.kind === CRON_JOB.kind) queue.add(`${job.metadata.namespace ?? ''}/${owner.name}`);
  };
  cronJobs.handle({ added: (it) => queue.add(keyOf(it)), updated: (_, it) => queue.add(keyOf(it)) });
  jobs.handle({ added: wake, updated: (_, job) => wake(job), deleted: wake });
}

type Active = NonNullable<NonNullable<CronJob['status']>['active']>;

/** Jobs that ended leave the active list; one that nobody scheduled is remarked on. */
function review({ client, recorder }: ControllerContext, cronJob: CronJob, owned: readonly Job[]): CronJob {
  const active = cronJob.status?.active ?? [];
  const isListed = ({ metadata }: Job) => active.some(({ uid }) => uid === metadata.uid);
  let lastSuccessfulTime = cronJob.status?.lastSuccessfulTime;
  for (const job of owned) {
    const end = endOf(job);
    const { name } = job.metadata;
    if (!isListed(job) && !end) {
      const message = `Saw a job that the controller did not create or forgot: ${name}`;
      recorder.event(cronJob, 'Warning', 'UnexpectedJob', message);
    } else if (isListed(job) && end) {
      recorder.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`);
      const done = job.status?.completionTime;
      if (end.type === 'Complete' && done && (!lastSuccessfulTime || done > lastSuccessfulTime))
        lastSuccessfulTime = done;
    }
  }
  const running = new Set(owned.filter((job) => !endOf(job)).map(({ metadata }) => metadata.uid));
  const kept = active.filter(({ uid }) => running.has(uid ?? ''));
  for (const { name, uid } of active) {
    if (!owned.some(({ metadata }) => metadata.uid === uid)) {
      recorder.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    }
  }
  return client.updateStatus(
    'cronjobs',
    withStatus(cronJob, kept, { ...(lastSuccessfulTime && { lastSuccessfulTime }) }),
  );
}

function withStatus(cronJob: CronJob, active: Active, changes: object): CronJob {
  const { active: _, ...status } = cronJob.status ?? {};
  return { ...cronJob, status: { ...status, ...changes, ...(active.length > 0 && { active }) } };
}

function cleanUp({ client, recorder }: ControllerContext, { metadata, spec }: CronJob, owned: readonly Job[]): void {
  const limits = {
    Complete: spec?.successfulJobsHistoryLimit ?? DEFAULT_HISTORY.successful,
    Failed: spec?.failedJobsHistoryLimit ?? DEFAULT_HISTORY.failed,
  };
  for (const type of ['Complete', 'Failed'] as const) {
    const ended = owned
      .filter((job) => endOf(job)?.type === type)
      .sort((a, b) => ((a.status?.startTime ?? '') < (b.status?.startTime ?? '') ? -1 : 1));
    for (const job of ended.slice(0, Math.max(0, ended.length - limits[type]))) {
      const { namespace = '', name } = job.metadata;
      client.delete('jobs', namespace, name, { propagationPolicy: 'Background' });
      recorder.event({ ...CRON_JOB, metadata }, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
    }
  }
}

/** Creates the job that is due, if any; when the next one will be. */
function schedule(context: ControllerContext, cronJob: CronJob, owned: readonly Job[]): number | undefined {
  const { client, clock, recorder } = context;
  const { schedule: text, startingDeadlineSeconds, concurrencyPolicy = 'Allow' } = cronJob.spec!;
  const since = parseTime(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp);
  const next = nextTime(text, clock.now);
  const due = latestDue(text, since, clock.now);
  if (due === undefined) {
    if (next === undefined)
      recorder.event(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${text}"`);
    return next;
  }
  if (startingDeadlineSeconds !== undefined && due + startingDeadlineSeconds * 1000 < clock.now) {
    recorder.event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${goTime(due)}`);
    return next;
  }
  const active = cronJob.status?.active ?? [];
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    recorder.event(cronJob, 'Normal', 'JobAlreadyActive', message);
    return next;
  }
  if (concurrencyPolicy === 'Replace') {
    for (const job of owned.filter((each) => !endOf(each))) {
      client.delete('jobs', job.metadata.namespace ?? '', job.metadata.name, { propagationPolicy: 'Background' });
      recorder.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    }
  }
  start(context, cronJob, concurrencyPolicy === 'Replace' ? [] : active, due);
  return next;
}

function start({ client, recorder }: ControllerContext, cronJob: CronJob, active: Active, due: number): void {
  const { jobTemplate } = cronJob.spec!;
  const { namespace = '', name: cronName } = cronJob.metadata;
  const name = `${cronName}-${Math.floor(due / 60_000)}`;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  try {
    const job = client.create('jobs', namespace, {
      metadata: {
        name,
        ...(labels && { labels }),
        annotations: { ...annotations, [SCHEDULED]: timestamp(due) },
        ownerReferences: [controllerReference(cronJob, CRON_JOB)],
      },
      spec: jobTemplate.spec!,
    } as Parameters<typeof client.create<'jobs'>>[2]);
    recorder.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    const { uid, resourceVersion } = job.metadata;
    const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
    client.updateStatus('cronjobs', withStatus(cronJob, [...active, reference], { lastScheduleTime: timestamp(due) }));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.status.reason === 'AlreadyExists') return;
    recorder.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
}

/** The last time due between `since` and `now`. */
function latestDue(text: string, since: number, now: number): number | undefined {
  let due: number | undefined;
  for (let time = nextTime(text, since); time !== undefined && time <= now; time = nextTime(text, time)) due = time;
  return due;
}

/** RFC 1123 with a numeric zone, as Go prints it in the event. */
function goTime(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
