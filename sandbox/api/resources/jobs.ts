/** Job (pkg/registry/batch/job, pkg/apis/batch/v1/defaults.go, printJob). */

import { age, humanDuration } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Job } from '../types.ts';
import { formatSelector, templateCells } from './cells.ts';
import { columns } from './columns.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateJob, validateJobUpdate } from './validation/batch.ts';
import { withTemplate } from './workload-defaults.ts';

type Spec = NonNullable<Job['spec']>;

export const jobs: Resource<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  name: 'jobs',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.Job',
  subresources: { status: status('Job') },
  generation: true,

  defaults: (job) => {
    const next = change(job, 'spec', defaultJobSpec);
    const labels = next.spec?.template.metadata?.labels;
    return labels && Object.keys(labels).length > 0
      ? change(next, 'metadata', (metadata) => fill(metadata, { labels }))
      : next;
  },
  prepareForCreate: (job) => withStatus(generateSelector(job), {}),
  prepareForUpdate: keepStatus,
  validate: validateJob,
  validateUpdate: validateJobUpdate,

  columns: columns.jobs,
  row: (job, { now }) => [
    job.metadata.name,
    statusOf(job),
    completions(job),
    duration(job, now),
    age(job.metadata.creationTimestamp, now),
    ...templateCells(job.spec?.template),
    formatSelector(job.spec?.selector),
  ],
  selectableFields: { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
};

/** SetDefaults_Job. */
function defaultJobSpec(spec: Spec): Spec {
  const counted =
    spec.completions === undefined && spec.parallelism === undefined ? fill(spec, { completions: 1 }) : spec;
  return fill(withTemplate(counted), {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  });
}

/** A selector nobody else has: the Job's own uid (generateSelector in pkg/registry/batch/job/strategy.go). */
function generateSelector(job: Job): Job {
  if (!job.spec || job.spec.manualSelector) return job;
  const { name, uid } = job.metadata;
  const own = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = job.spec.template;
  const labels = { ...template.metadata?.labels, ...own };
  const matchLabels = { ...job.spec.selector?.matchLabels, 'batch.kubernetes.io/controller-uid': uid };
  const spec: Spec = {
    ...job.spec,
    selector: { ...job.spec.selector, matchLabels },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
  // Defaulted from the template when the stored object is read, and so after this.
  const metadata = Object.keys(job.metadata.labels ?? {}).length > 0 ? job.metadata : { ...job.metadata, labels };
  return { ...job, metadata, spec };
}

function statusOf({ metadata, status }: Job): string {
  const is = (type: string) => status?.conditions?.some((one) => one.type === type && one.status === 'True');
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status }: Job, now: number): string {
  if (!status?.startTime) return '';
  return humanDuration(
    (status.completionTime ? Date.parse(status.completionTime) : now) - Date.parse(status.startTime),
  );
}
