/** Security contexts of pods and containers (ValidateSecurityContext, validatePodSpecSecurityContext). */

import type { Container, PodSpec } from '../../types.ts';
import { invalid, type Problems } from './errors.ts';

type ContainerContext = NonNullable<Container['securityContext']>;
type PodContext = NonNullable<PodSpec['securityContext']>;

const MAX_ID = 2_147_483_647;

export function podSecurity(problems: Problems, context: PodContext, path: string): void {
  id(problems, context.fsGroup, `${path}.fsGroup`);
  id(problems, context.runAsUser, `${path}.runAsUser`);
  id(problems, context.runAsGroup, `${path}.runAsGroup`);
  for (const [i, group] of (context.supplementalGroups ?? []).entries())
    id(problems, group, `${path}.supplementalGroups[${i}]`);
}

export function containerSecurity(problems: Problems, context: ContainerContext, path: string): void {
  id(problems, context.runAsUser, `${path}.runAsUser`);
  id(problems, context.runAsGroup, `${path}.runAsGroup`);
  if (context.allowPrivilegeEscalation === false && context.privileged)
    problems.add(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
}

function id(problems: Problems, value: number | undefined, path: string): void {
  if (value !== undefined && (value < 0 || value > MAX_ID))
    problems.add(invalid(path, value, `must be between 0 and ${MAX_ID}, inclusive`));
}
