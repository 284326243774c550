/** What the kinds with a pod template have in common (pkg/apis/apps/validation/validation.go). */

import type { PodTemplateSpec, Volume } from '../../types.ts';
import { forbidden, invalid, notSupported, type Problems } from './errors.ts';
import { podTemplate } from './pod-spec.ts';
import { isEmptySelector, type LabelSelector, selects } from './selectors.ts';

/** A template whose pods its own selector finds, and which run for good. */
export function selectedTemplate(
  problems: Problems,
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
  { kind, extra = [] }: { readonly kind: string; readonly extra?: readonly Volume[] },
): void {
  const given = template ?? {};
  matchesSelector(problems, selector, given);
  podTemplate(problems, given, 'spec.template', extra);
  const restartPolicy = given.spec?.restartPolicy ?? '';
  if (restartPolicy !== 'Always')
    problems.add(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  if (given.spec?.activeDeadlineSeconds !== undefined)
    problems.add(
      forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`),
    );
}

function matchesSelector(problems: Problems, selector: LabelSelector | undefined, template: PodTemplateSpec): void {
  if (selector && isEmptySelector(selector)) return;
  const labels = template.metadata?.labels;
  if (!selects(selector, labels))
    problems.add(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
}
