/** CronJob (pkg/registry/batch/cronjob, pkg/apis/batch/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { CronJob } from '../types.ts';
import { formatSelector, NONE, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { jobSpecWarnings } from './jobs.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateCronJob } from './validation/batch.ts';
import { hostnameWarnings, POD_NAMES } from './warnings.ts';
import { withTemplate } from './workload-defaults.ts';

type JobTemplate = NonNullable<CronJob['spec']>['jobTemplate'];

export const cronJobs: Resource<CronJob> = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  name: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.CronJob',
  subresources: { status: status('CronJob') },
  generation: true,

  defaults: (cron) =>
    change(cron, 'spec', (spec) => {
      const filled = fill(spec, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      });
      return change(filled, 'jobTemplate', defaultJobTemplate);
    }),
  prepareForCreate: (cron) => withStatus(cron, {}),
  prepareForUpdate: keepStatus,
  validate: validateCronJob,
  warnings: (cron, before) => {
    const out = before ? [] : [...hostnameWarnings(cron, POD_NAMES)];
    if (cron.metadata.generation !== before?.metadata.generation)
      out.push(...jobSpecWarnings(cron.spec?.jobTemplate.spec, 'spec.jobTemplate.spec'));
    if (before && cron.spec?.schedule.includes('TZ'))
      out.push(
        'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
      );
    return out;
  },

  columns: columns.cronjobs,
  row: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec?.schedule ?? '',
    spec?.timeZone ?? NONE,
    spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
    (status?.active ?? []).length,
    status?.lastScheduleTime ? age(status.lastScheduleTime, now) : NONE,
    age(metadata.creationTimestamp, now),
    ...templateCells(spec?.jobTemplate?.spec?.template),
    formatSelector(spec?.jobTemplate?.spec?.selector),
  ],
};

/** A job template gets its pod template's defaults; the rest is filled when the Job is made. */
function defaultJobTemplate(template: JobTemplate): JobTemplate {
  const complete = template.metadata ? template : { metadata: {}, ...template };
  return change(complete, 'spec', withTemplate);
}
