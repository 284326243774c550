/** Validation of Jobs and CronJobs (pkg/apis/batch/validation/validation.go). */

import { equal } from '../../equality.ts';
import type { CronJob, Job } from '../../types.ts';
import { cronComplaint } from './cron.ts';
import { type FieldErrors, invalid, notSupported, Problems, required } from './errors.ts';
import { goPodSpec } from './go-shape.ts';
import { immutable } from './immutable.ts';
import { nonNegative } from './numbers.ts';
import { podTemplate } from './pod-spec.ts';
import { labelSelector, selects } from './selectors.ts';

type JobSpec = NonNullable<Job['spec']>;

const MAX_TRACKED = 100_000;

export function validateJob({ spec }: Job): FieldErrors {
  const problems = new Problems();
  if (!spec) problems.add(required('spec.template'));
  else jobSpec(problems, spec, 'spec');
  if (spec && !spec.selector) problems.add(required('spec.selector'));
  else if (spec?.selector) {
    labelSelector(problems, spec.selector, 'spec.selector');
    const labels = spec.template.metadata?.labels;
    if (!selects(spec.selector, labels))
      problems.add(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  return problems.list;
}

const COUNTS = ['parallelism', 'completions'] as const;
const RESTART_POLICIES = ['OnFailure', 'Never'];
const MODES = ['Indexed', 'NonIndexed'];

function jobSpec(problems: Problems, spec: JobSpec, path: string): void {
  for (const field of COUNTS) nonNegative(problems, spec[field], `${path}.${field}`);
  nonNegative(problems, spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`);
  nonNegative(problems, spec.backoffLimit, `${path}.backoffLimit`);
  nonNegative(problems, spec.ttlSecondsAfterFinished, `${path}.ttlSecondsAfterFinished`);
  const mode = spec.completionMode;
  if (mode && !MODES.includes(mode)) problems.add(notSupported(`${path}.completionMode`, mode, MODES));
  if (mode === 'Indexed') {
    if (spec.completions === undefined)
      problems.add(required(`${path}.completions`, 'when completion mode is Indexed'));
    if ((spec.parallelism ?? 0) > MAX_TRACKED)
      problems.add(
        invalid(
          `${path}.parallelism`,
          spec.parallelism,
          'must be less than or equal to 100000 when completion mode is Indexed',
        ),
      );
  }
  podTemplate(problems, spec.template, `${path}.template`);
  const policy = spec.template?.spec?.restartPolicy ?? '';
  if (policy === 'Always')
    problems.add(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  else if (!RESTART_POLICIES.includes(policy))
    problems.add(notSupported(`${path}.template.spec.restartPolicy`, policy, RESTART_POLICIES));
}

export function validateJobUpdate(job: Job, before: Job): FieldErrors {
  if (job.spec === before.spec || !job.spec || !before.spec) return [];
  const problems = new Problems();
  problems.addAll(validateJob(job));
  if (job.spec.completionMode !== 'Indexed')
    immutable(problems, job.spec.completions, before.spec.completions, 'spec.completions');
  immutable(problems, job.spec.selector, before.spec.selector, 'spec.selector');
  if (!equal(job.spec.template, before.spec.template)) {
    const { metadata = {}, spec } = job.spec.template;
    const value = { ...metadata, Spec: goPodSpec(spec ?? { containers: [] }) };
    problems.add(invalid('spec.template', value, 'field is immutable'));
  }
  immutable(problems, job.spec.completionMode, before.spec.completionMode, 'spec.completionMode');
  immutable(problems, job.spec.backoffLimitPerIndex, before.spec.backoffLimitPerIndex, 'spec.backoffLimitPerIndex');
  return problems.list;
}

const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];
const MAX_NAME = 52;

export function validateCronJob({ metadata, spec }: CronJob): FieldErrors {
  const problems = new Problems();
  if (metadata.name.length > MAX_NAME)
    problems.add(invalid('metadata.name', metadata.name, `must be no more than ${MAX_NAME} characters`));
  if (!spec?.schedule) problems.add(required('spec.schedule'));
  else {
    const complaint = cronComplaint(spec.schedule);
    if (complaint) problems.add(invalid('spec.schedule', spec.schedule, complaint));
  }
  nonNegative(problems, spec?.startingDeadlineSeconds, 'spec.startingDeadlineSeconds');
  const policy = spec?.concurrencyPolicy;
  if (!policy) problems.add(required('spec.concurrencyPolicy'));
  else if (!CONCURRENCY.includes(policy)) problems.add(notSupported('spec.concurrencyPolicy', policy, CONCURRENCY));
  if (spec?.jobTemplate?.spec) {
    const { selector, manualSelector } = spec.jobTemplate.spec;
    jobSpec(problems, spec.jobTemplate.spec, 'spec.jobTemplate.spec');
    if (selector)
      problems.add(invalid('spec.jobTemplate.spec.selector', selector, '`selector` will be auto-generated'));
    if (manualSelector)
      problems.add(notSupported('spec.jobTemplate.spec.manualSelector', manualSelector, ['nil', 'false']));
  }
  nonNegative(problems, spec?.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit');
  nonNegative(problems, spec?.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit');
  return problems.list;
}
