/** Security contexts of pods and containers (ValidateSecurityContext, validatePodSpecSecurityContext). */

import type { Container, PodSpec } from '../../types.ts';
import { duplicate, invalid, notSupported, type Problems, required } from './errors.ts';
import { descendingPath } from './volume-sources.ts';

type ContainerContext = NonNullable<Container['securityContext']>;
type PodContext = NonNullable<PodSpec['securityContext']>;

const MAX_ID = 2_147_483_647;

export function podSecurity(
  problems: Problems,
  { securityContext: context = {}, shareProcessNamespace, hostPID }: PodSpec,
  path: string,
): void {
  id(problems, context.fsGroup, `${path}.fsGroup`);
  id(problems, context.runAsUser, `${path}.runAsUser`);
  id(problems, context.runAsGroup, `${path}.runAsGroup`);
  for (const [i, group] of (context.supplementalGroups ?? []).entries())
    id(problems, group, `${path}.supplementalGroups[${i}]`);
  if (shareProcessNamespace && hostPID)
    problems.add(
      invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    );
  if (context.sysctls) sysctls(problems, context.sysctls, `${path}.sysctls`);
  oneOf(problems, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`);
  if (context.seccompProfile) seccomp(problems, context.seccompProfile, `${path}.seccompProfile`);
  if (context.appArmorProfile) appArmor(problems, context.appArmorProfile, `${path}.appArmorProfile`);
  oneOf(problems, context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`);
  oneOf(problems, context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`);
}

function oneOf(problems: Problems, value: string | undefined, supported: readonly string[], path: string): void {
  if (value !== undefined && !supported.includes(value)) problems.add(notSupported(path, value, supported));
}

const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_NAME = new RegExp(`^${SYSCTL}$`);
const SYSCTL_MAX = 253;

function sysctls(problems: Problems, all: NonNullable<PodContext['sysctls']>, path: string): void {
  const names = new Set<string>();
  for (const [i, { name }] of all.entries()) {
    const own = `${path}[${i}].name`;
    if (!name) problems.add(required(own));
    else if (name.length > SYSCTL_MAX || !SYSCTL_NAME.test(name))
      problems.add(invalid(own, name, `must have at most ${SYSCTL_MAX} characters and match regex ^${SYSCTL}$`));
    else if (names.has(name)) problems.add(duplicate(own, name));
    names.add(name);
  }
}

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** validateSeccompProfileField. */
function seccomp(problems: Problems, profile: NonNullable<PodContext['seccompProfile']>, path: string): void {
  const { type, localhostProfile: local } = profile;
  if (!type) problems.add(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else oneOf(problems, type, PROFILES, `${path}.type`);
  const own = `${path}.localhostProfile`;
  if (type === 'Localhost') {
    if (local === undefined) problems.add(required(own, 'must be set when seccomp type is Localhost'));
    else descendingPath(problems, local, own);
  } else if (local !== undefined) problems.add(invalid(own, profile, 'can only be set when seccomp type is Localhost'));
}

/** ValidateAppArmorProfileField. */
function appArmor(problems: Problems, profile: NonNullable<PodContext['appArmorProfile']>, path: string): void {
  const { type, localhostProfile: local } = profile;
  const own = `${path}.localhostProfile`;
  if (type === 'Localhost') {
    if (!local) problems.add(required(own, 'must be set when AppArmor type is Localhost'));
    else if (local !== local.trim()) problems.add(invalid(own, local, 'must not be padded with whitespace'));
  } else if (PROFILES.includes(type)) {
    if (local !== undefined) problems.add(invalid(own, local, 'can only be set when AppArmor type is Localhost'));
  } else if (!type) problems.add(required(`${path}.type`, 'type is required when appArmorProfile is set'));
  else problems.add(notSupported(`${path}.type`, type, PROFILES));
}

export function containerSecurity(problems: Problems, context: ContainerContext, path: string): void {
  id(problems, context.runAsUser, `${path}.runAsUser`);
  id(problems, context.runAsGroup, `${path}.runAsGroup`);
  if (context.seccompProfile) seccomp(problems, context.seccompProfile, `${path}.seccompProfile`);
  if (context.appArmorProfile) appArmor(problems, context.appArmorProfile, `${path}.appArmorProfile`);
  if (context.allowPrivilegeEscalation === false && context.privileged)
    problems.add(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
}

function id(problems: Problems, value: number | undefined, path: string): void {
  if (value !== undefined && (value < 0 || value > MAX_ID))
    problems.add(invalid(path, value, `must be between 0 and ${MAX_ID}, inclusive`));
}
