/** Job (pkg/registry/batch/job, pkg/apis/batch/v1/defaults.go, printJob). */

import { humanDuration } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { Job } from '../types.ts';
import { formatSelector } from './cells.ts';
import { aged, named, printed, templateColumns, text, wide } from './columns.ts';
import { change, fill, keepStatus, withStatus } from './shared.ts';
import { status } from './subresources.ts';
import { validateJob, validateJobUpdate } from './validation/batch.ts';
import { hostnameWarnings, ofTemplate, POD_NAMES } from './warnings.ts';
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
    const labels = next.spec?.template?.metadata?.labels;
    return labels && Object.keys(labels).length > 0
      ? change(next, 'metadata', (metadata) => fill(metadata, { labels }))
      : next;
  },
  prepareForCreate: (job) => withStatus(generateSelector(job), {}),
  prepareForUpdate: keepStatus,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  warnings: (job, before) => {
    if (before && job.metadata.generation === before.metadata.generation) return [];
    return [...(before ? [] : hostnameWarnings(job, POD_NAMES)), ...jobSpecWarnings(job.spec, 'spec')];
  },

  ...printed<Job>([
    named,
    text('Status', 'Status of the job.', (job) => statusOf(job)),
    text(
      'Completions',
      'The number of pods which reached phase Succeeded. The value increases monotonically for a given spec. However, it may decrease in reaction to scale down of elastic indexed jobs.',
      (job) => completions(job),
    ),
    text('Duration', 'Time required to complete the job.', (job, { now }) => duration(job, now)),
    aged,
    ...templateColumns<Job>((job) => job.spec?.template),
    wide(
      'Selector',
      'A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
      (job) => formatSelector(job.spec?.selector),
    ),
  ]),
  selectableFields: { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
};

const MANY_COMPLETIONS = 100_000;
const MUCH_PARALLELISM = 10_000;

/** WarningsForJobSpec in pkg/api/job/warnings.go. */
export function jobSpecWarnings(spec: Spec | undefined, path: string): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec ?? {};
  const out = [...ofTemplate(template, `${path}.template`)];
  if (completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MUCH_PARALLELISM)
    out.unshift(
      'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail',
    );
  return out;
}

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
  const { template = {} } = job.spec;
  // What the user has set stays, and is refused if it is another.
  const labels = { ...own, ...template.metadata?.labels };
  const matchLabels = { 'batch.kubernetes.io/controller-uid': uid, ...job.spec.selector?.matchLabels };
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
