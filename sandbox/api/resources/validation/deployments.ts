/** Validation of Deployments (ValidateDeploymentSpec, ValidateDeploymentStrategy). */

import type { Deployment } from '../../types.ts';
import { type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { goShape } from './go-shape.ts';
import { atMostAll, intOrPercent, isZero, nonNegative } from './numbers.ts';
import { controllerSelector } from './selectors.ts';
import { selectedTemplate } from './workloads.ts';

type Strategy = NonNullable<NonNullable<Deployment['spec']>['strategy']>;

export function validateDeployment({ spec }: Deployment): FieldErrors {
  const problems = new Problems();
  nonNegative(problems, spec?.replicas, 'spec.replicas');
  controllerSelector(problems, spec?.selector, 'deployment');
  selectedTemplate(problems, spec?.selector, spec?.template, { kind: 'ReplicaSet' });
  strategy(problems, spec?.strategy ?? {}, 'spec.strategy');
  nonNegative(problems, spec?.minReadySeconds, 'spec.minReadySeconds');
  nonNegative(problems, spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit');
  const deadline = spec?.progressDeadlineSeconds;
  nonNegative(problems, deadline, 'spec.progressDeadlineSeconds');
  if (deadline !== undefined && deadline <= (spec?.minReadySeconds ?? 0))
    problems.add(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  return problems.list;
}

function strategy(problems: Problems, given: Strategy, path: string): void {
  switch (given.type) {
    case 'Recreate':
      if (given.rollingUpdate)
        problems.add(forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
      break;
    case 'RollingUpdate':
      if (given.rollingUpdate) rollingUpdate(problems, given.rollingUpdate, `${path}.rollingUpdate`);
      else problems.add(required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'));
      break;
    default:
      problems.add(notSupported(path, goShape('DeploymentStrategy', given), ['Recreate', 'RollingUpdate']));
  }
}

function rollingUpdate(problems: Problems, update: NonNullable<Strategy['rollingUpdate']>, path: string): void {
  const { maxUnavailable, maxSurge } = update;
  intOrPercent(problems, maxUnavailable, `${path}.maxUnavailable`);
  intOrPercent(problems, maxSurge, `${path}.maxSurge`);
  if (isZero(maxUnavailable) && isZero(maxSurge))
    problems.add(invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  atMostAll(problems, maxUnavailable, `${path}.maxUnavailable`);
}
