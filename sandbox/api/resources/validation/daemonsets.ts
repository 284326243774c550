/** Validation of DaemonSets (ValidateDaemonSetSpec). */

import type { DaemonSet } from '../../types.ts';
import { type FieldErrors, invalid, notSupported, Problems, required } from './errors.ts';
import { atMostAll, intOrPercent, isZero, nonNegative } from './numbers.ts';
import { controllerSelector } from './selectors.ts';
import { selectedTemplate } from './workloads.ts';

type UpdateStrategy = NonNullable<NonNullable<DaemonSet['spec']>['updateStrategy']>;

export function validateDaemonSet({ spec }: DaemonSet): FieldErrors {
  const problems = new Problems();
  controllerSelector(problems, spec?.selector, 'daemonset');
  selectedTemplate(problems, spec?.selector, spec?.template, { kind: 'DaemonSet' });
  nonNegative(problems, spec?.minReadySeconds, 'spec.minReadySeconds');
  updateStrategy(problems, spec?.updateStrategy ?? {}, 'spec.updateStrategy');
  nonNegative(problems, spec?.revisionHistoryLimit, 'spec.revisionHistoryLimit');
  return problems.list;
}

function updateStrategy(problems: Problems, { type, rollingUpdate }: UpdateStrategy, path: string): void {
  switch (type) {
    case 'OnDelete':
      break;
    case 'RollingUpdate':
      if (rollingUpdate) rolling(problems, rollingUpdate, `${path}.rollingUpdate`);
      else problems.add(required(`${path}.rollingUpdate`));
      break;
    default:
      problems.add(notSupported(`${path}.type`, type, ['OnDelete', 'RollingUpdate']));
  }
}

function rolling(problems: Problems, update: NonNullable<UpdateStrategy['rollingUpdate']>, path: string): void {
  const { maxUnavailable, maxSurge } = update;
  intOrPercent(problems, maxUnavailable, `${path}.maxUnavailable`);
  intOrPercent(problems, maxSurge, `${path}.maxSurge`);
  atMostAll(problems, maxUnavailable, `${path}.maxUnavailable`);
  atMostAll(problems, maxSurge, `${path}.maxSurge`);
  if (!isZero(maxUnavailable) && !isZero(maxSurge))
    problems.add(invalid(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  else if (isZero(maxUnavailable) && isZero(maxSurge))
    problems.add(invalid(`${path}.maxUnavailable`, maxUnavailable, 'cannot be 0 when maxSurge is 0'));
}
