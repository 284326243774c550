/** Validation of Jobs and CronJobs (pkg/apis/batch/validation/validation.go). */

import { equal } from '../../equality.ts';
import type { CronJob, Job } from '../../types.ts';
import { cronComplaint } from './cron.ts';
import { type FieldErrors, invalid, notSupported, Problems, required } from './errors.ts';
import { goPodSpec } from './go-shape.ts';
import { immutable } from './immutable.ts';
import { failurePolicy, goSuccessRule, indexed, successPolicy } from './job-policies.ts';
import { isDNS1123Label } from './names.ts';
import { domainPrefixedPath, nonNegative } from './numbers.ts';
import { podTemplate } from './pod-spec.ts';
import { labelSelector, selects } from './selectors.ts';

type JobSpec = NonNullable<Job['spec']>;
type Template = JobSpec['template'];

export function validateJob({ metadata, spec }: Job): FieldErrors {
  const problems = new Problems();
  if (spec && !spec.manualSelector) generatedSelector(problems, metadata, spec);
  if (!spec) problems.add(required('spec.template'));
  else jobSpec(problems, spec, 'spec');
  if (spec && !spec.selector) problems.add(required('spec.selector'));
  else if (spec?.selector) {
    labelSelector(problems, spec.selector, 'spec.selector');
    const labels = spec.template.metadata?.labels;
    if (!selects(spec.selector, labels))
      problems.add(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  if (spec?.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) {
    // The last pod's hostname is the longest.
    const hostname = `${metadata.name}-${(spec.completions ?? 0) - 1}`;
    if (isDNS1123Label(hostname).length > 0)
      problems.add(
        invalid('metadata.name', metadata.name, `will not able to create pod with invalid DNS label: ${hostname}`),
      );
  }
  return problems.list;
}

/** validateGeneratedSelector: a Job's own pods carry its name and uid. */
function generatedSelector(problems: Problems, { name, uid = '' }: Job['metadata'], spec: JobSpec): void {
  if (!spec.selector) return;
  const labels = spec.template?.metadata?.labels ?? {};
  const own = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  for (const [key, value] of Object.entries(own)) {
    const path = `spec.template.metadata.labels[${key}]`;
    if (!(key in labels)) problems.add(required(path, `must be '${value}'`));
    else if (labels[key] !== value) problems.add(invalid(path, labels, `must be '${value}'`));
  }
  if (!selects(spec.selector, own))
    problems.add(invalid('spec.selector', spec.selector, '`selector` not auto-generated'));
}

const COUNTS = ['parallelism', 'completions'] as const;
const RESTART_POLICIES = ['OnFailure', 'Never'];
const MODES = ['NonIndexed', 'Indexed'];

function jobSpec(problems: Problems, spec: JobSpec, path: string): void {
  for (const field of COUNTS) nonNegative(problems, spec[field], `${path}.${field}`);
  nonNegative(problems, spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`);
  nonNegative(problems, spec.backoffLimit, `${path}.backoffLimit`);
  nonNegative(problems, spec.ttlSecondsAfterFinished, `${path}.ttlSecondsAfterFinished`);
  nonNegative(problems, spec.backoffLimitPerIndex, `${path}.backoffLimitPerIndex`);
  nonNegative(problems, spec.maxFailedIndexes, `${path}.maxFailedIndexes`);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    problems.add(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (spec.managedBy !== undefined) {
    if (spec.managedBy) domainPrefixedPath(problems, spec.managedBy, `${path}.managedBy`);
    else problems.add(required(`${path}.managedBy`));
  }
  const mode = spec.completionMode;
  if (mode && !MODES.includes(mode)) problems.add(notSupported(`${path}.completionMode`, mode, MODES));
  if (mode === 'Indexed') indexed(problems, spec, path);
  if (mode === undefined || mode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
      if (spec[field] !== undefined)
        problems.add(invalid(`${path}.${field}`, spec[field], 'requires indexed completion mode'));
  }
  if (spec.podFailurePolicy) failurePolicy(problems, spec, `${path}.podFailurePolicy.rules`);
  if (spec.successPolicy) {
    if (mode === 'Indexed') successPolicy(problems, spec, `${path}.successPolicy.rules`);
    else
      problems.add(
        invalid(
          `${path}.successPolicy`,
          { Rules: (spec.successPolicy.rules ?? []).map(goSuccessRule) },
          'requires indexed completion mode',
        ),
      );
  }
  const replacement = spec.podReplacementPolicy;
  const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (replacement !== undefined && !replacements.includes(replacement))
    problems.add(notSupported(`${path}.podReplacementPolicy`, replacement, replacements));
  podTemplate(problems, spec.template, `${path}.template`);
  const policy = spec.template?.spec?.restartPolicy ?? '';
  if (policy === 'Always' || policy === '')
    problems.add(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  else if (!RESTART_POLICIES.includes(policy))
    problems.add(notSupported(`${path}.template.spec.restartPolicy`, policy, RESTART_POLICIES));
  else if (spec.podFailurePolicy && policy !== 'Never')
    problems.add(
      invalid(
        `${path}.template.spec.restartPolicy`,
        policy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    );
}

export function validateJobUpdate(job: Job, before: Job): FieldErrors {
  if (job.spec === before.spec || !job.spec || !before.spec) return [];
  const problems = new Problems();
  problems.addAll(validateJob(job));
  completions(problems, job.spec, before.spec);
  immutable(problems, job.spec.selector, before.spec.selector, 'spec.selector');
  template(problems, job, before);
  for (const field of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const)
    immutable(problems, job.spec[field], before.spec[field], `spec.${field}`);
  return problems.list;
}

/** Indexed Jobs grow and shrink, with as many pods at once as indexes. */
function completions(problems: Problems, spec: JobSpec, before: JobSpec): void {
  if (spec.completionMode !== 'Indexed') immutable(problems, spec.completions, before.completions, 'spec.completions');
  else if (spec.completions !== undefined && spec.completions !== before.completions)
    if (spec.completions !== spec.parallelism)
      problems.add(
        invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism'),
      );
}

/** A suspended Job that has not begun may still be told where its pods shall run (AllowMutableSchedulingDirectives). */
function template(problems: Problems, { spec }: Job, before: Job): void {
  const given = spec!.template;
  const old = before.spec!.template;
  const waits = before.spec!.suspend && spec!.suspend && before.status?.startTime === undefined;
  const compared = waits ? directed(old, given) : old;
  if (equal(given, compared)) return;
  const value = { ...given.metadata, Spec: goPodSpec(given.spec ?? { containers: [] }) };
  problems.add(invalid('spec.template', value, 'field is immutable'));
}

/** The old template with what may change taken from the new one. */
function directed(old: Template, given: Template): Template {
  const { nodeAffinity: _, ...others } = old.spec?.affinity ?? {};
  const nodeAffinity = given.spec?.affinity?.nodeAffinity;
  const affinity = { ...others, ...(nodeAffinity && { nodeAffinity }) };
  const { nodeSelector, tolerations, schedulingGates } = given.spec ?? {};
  return withoutUndefined({
    ...old,
    metadata: withoutUndefined({
      ...old.metadata,
      annotations: given.metadata?.annotations,
      labels: given.metadata?.labels,
    }),
    spec: withoutUndefined({
      ...old.spec,
      affinity: Object.keys(affinity).length > 0 || given.spec?.affinity ? affinity : undefined,
      nodeSelector,
      tolerations,
      schedulingGates,
    }),
  }) as Template;
}

const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

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
