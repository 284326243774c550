/** Validation of pods, new and changed (ValidatePodCreate, ValidatePodUpdate). */

import { equal } from '../../equality.ts';
import type { Container, Pod, PodSpec } from '../../types.ts';
import { jsonDiff } from './diff.ts';
import { type FieldErrors, forbidden, invalid, noErrors, Problems } from './errors.ts';
import { goPodSpec } from './go-shape.ts';
import { pod as newPod } from './pod-spec.ts';

export function validatePod(pod: Pod): FieldErrors {
  const problems = new Problems();
  newPod(problems, pod);
  if (pod.spec?.ephemeralContainers?.length)
    problems.add(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (pod.spec?.nodeName && pod.spec.schedulingGates?.length)
    problems.add(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return problems.list;
}

export function validatePodUpdate(pod: Pod, before: Pod): FieldErrors {
  if (pod.spec === before.spec || !pod.spec || !before.spec) return noErrors;
  const problems = new Problems();
  newPod(problems, pod);
  if (!sameNumber(problems, pod.spec, before.spec)) return problems.list;
  deadline(problems, pod.spec, before.spec);
  tolerations(problems, pod.spec, before.spec);
  const munged = withMutableFieldsOf(pod.spec, before.spec);
  if (!equal(munged, before.spec))
    problems.add(
      forbidden(
        'spec',
        `pod updates may not change fields other than ${ALLOWED}\n${jsonDiff(goPodSpec(before.spec), goPodSpec(munged))}`,
      ),
    );
  return problems.list;
}

const ALLOWED =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function sameNumber(problems: Problems, spec: PodSpec, before: PodSpec): boolean {
  let same = true;
  for (const kind of ['containers', 'initContainers'] as const) {
    if ((spec[kind] ?? []).length === (before[kind] ?? []).length) continue;
    same = false;
    problems.add(forbidden(`spec.${kind}`, 'pod updates may not add or remove containers'));
  }
  return same;
}

/** It may be set once and then only shortened. */
function deadline(problems: Problems, spec: PodSpec, before: PodSpec): void {
  const [is, was] = [spec.activeDeadlineSeconds, before.activeDeadlineSeconds];
  if (was === undefined || is === was) return;
  const path = 'spec.activeDeadlineSeconds';
  if (is === undefined) problems.add(invalid(path, is, 'must not update from a positive integer to nil value'));
  else if (is > was) problems.add(invalid(path, is, 'must be less than or equal to previous value'));
}

/** validateOnlyAddedTolerations. */
function tolerations(problems: Problems, spec: PodSpec, before: PodSpec): void {
  const now = spec.tolerations ?? [];
  for (const { tolerationSeconds: _, ...old } of before.tolerations ?? []) {
    if (now.some(({ tolerationSeconds: _, ...one }) => equal(one, old))) continue;
    problems.add(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
    return;
  }
}

/** The new spec with everything that may change as it was. */
function withMutableFieldsOf(spec: PodSpec, before: PodSpec): PodSpec {
  const images = (all: readonly Container[], was: readonly Container[]) =>
    all.map((one, i) => (one.image === was[i]!.image ? one : { ...one, image: was[i]!.image }));
  const stopping = spec.terminationGracePeriodSeconds === 1 && (before.terminationGracePeriodSeconds ?? 0) < 0;
  return {
    ...spec,
    containers: images(spec.containers ?? [], before.containers ?? []),
    initContainers: spec.initContainers && images(spec.initContainers, before.initContainers ?? []),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    tolerations: before.tolerations,
    ...(stopping && { terminationGracePeriodSeconds: before.terminationGracePeriodSeconds }),
  };
}
