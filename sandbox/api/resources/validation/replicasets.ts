/** Validation of ReplicaSets and ReplicationControllers (ValidateReplicaSetSpec, ValidateReplicationControllerSpec). */

import type { ReplicaSet, ReplicationController } from '../../types.ts';
import { type FieldErrors, Problems, required } from './errors.ts';
import { nonNegative } from './numbers.ts';
import { controllerSelector } from './selectors.ts';
import { selectedTemplate } from './workloads.ts';

export function validateReplicaSet({ spec }: ReplicaSet): FieldErrors {
  const problems = new Problems();
  nonNegative(problems, spec?.replicas, 'spec.replicas');
  nonNegative(problems, spec?.minReadySeconds, 'spec.minReadySeconds');
  controllerSelector(problems, spec?.selector, 'deployment');
  selectedTemplate(problems, spec?.selector, spec?.template, { kind: 'ReplicaSet' });
  return problems.list;
}

export function validateReplicationController({ spec }: ReplicationController): FieldErrors {
  const problems = new Problems();
  nonNegative(problems, spec?.minReadySeconds, 'spec.minReadySeconds');
  if (Object.keys(spec?.selector ?? {}).length === 0) problems.add(required('spec.selector'));
  if (spec?.replicas === undefined) problems.add(required('spec.replicas'));
  nonNegative(problems, spec?.replicas, 'spec.replicas');
  if (!spec?.template) problems.add(required('spec.template'));
  else selectedTemplate(problems, { matchLabels: spec.selector }, spec.template, { kind: 'ReplicationController' });
  return problems.list;
}
