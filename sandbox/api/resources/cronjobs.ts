/** CronJob (pkg/registry/batch/cronjob, pkg/apis/batch/v1/defaults.go). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { CronJob } from '../types.ts';
import { formatSelector, NONE } from './cells.ts';
import { aged, column, count, named, printed, templateColumns, text, wide } from './columns.ts';
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

  ...printed<CronJob>([
    named,
    text(
      'Schedule',
      'The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron.',
      ({ spec }) => spec?.schedule ?? '',
    ),
    text(
      'Timezone',
      'The time zone name for the given schedule, see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones. If not specified, this will default to the time zone of the kube-controller-manager process. The set of valid time zone names and the time zone offset is loaded from the system-wide time zone database by the API server during CronJob validation and the controller manager during execution. If no system-wide time zone database can be found a bundled version of the database is used instead. If the time zone name becomes invalid during the lifetime of a CronJob or due to a change in host configuration, the controller will stop creating new new Jobs and will create a system event with the reason UnknownTimeZone. More information can be found in https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones',
      ({ spec }) => spec?.timeZone ?? NONE,
    ),
    column(
      'Suspend',
      'boolean',
      'This flag tells the controller to suspend subsequent executions, it does not apply to already started executions.  Defaults to false.',
      ({ spec }) => (spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'),
    ),
    count('Active', 'A list of pointers to currently running jobs.', ({ status }) => (status?.active ?? []).length),
    text(
      'Last Schedule',
      'Information when was the last time the job was successfully scheduled.',
      ({ status }, { now }) => (status?.lastScheduleTime ? age(status.lastScheduleTime, now) : NONE),
    ),
    aged,
    ...templateColumns<CronJob>(({ spec }) => spec?.jobTemplate?.spec?.template),
    wide(
      'Selector',
      'A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
      ({ spec }) => formatSelector(spec?.jobTemplate?.spec?.selector),
    ),
  ]),
};

/** A job template gets its pod template's defaults; the rest is filled when the Job is made. */
function defaultJobTemplate(template: JobTemplate): JobTemplate {
  const complete = template.metadata ? template : { metadata: {}, ...template };
  return change(complete, 'spec', withTemplate);
}
