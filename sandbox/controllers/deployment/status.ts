/** A deployment's status and its Available and Progressing conditions (pkg/controller/deployment/{sync,progress}.go). Pure. */

import { parseTime, timestamp } from '../../api/time.ts';
import type { Deployment, ReplicaSet } from '../../api/types.ts';
import { appendCondition, findCondition, withoutCondition } from '../conditions.ts';
import {
  actualReplicas,
  availableReplicas,
  desiredBy,
  maxUnavailable,
  readyReplicas,
  terminatingReplicas,
  wantedReplicas,
} from './arithmetic.ts';

export type DeploymentStatus = NonNullable<Deployment['status']>;
type Conditions = NonNullable<DeploymentStatus['conditions']>;

const CONDITION = { progressing: 'Progressing', available: 'Available', failure: 'ReplicaFailure' } as const;

export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): Conditions[number] {
  const time = timestamp(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** SetDeploymentCondition. */
export const withCondition = (status: DeploymentStatus, next: Conditions[number]): DeploymentStatus => {
  const conditions = appendCondition(status.conditions ?? [], next) as Conditions;
  return conditions === status.conditions ? status : { ...status, conditions };
};

/** Conditions of a rollout that pauses, resumes, creates or finds its set. */
export const progressing = (
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): Conditions[number] => condition(CONDITION.progressing, status, reason, message, now);

export const progressOf = (status: DeploymentStatus | undefined) =>
  findCondition(status?.conditions, CONDITION.progressing);

/** calculateStatus. */
export function deploymentStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const available = availableReplicas(all);
  const replicas = actualReplicas(all);
  const updated = newSet?.status?.replicas ?? 0;
  const ready = readyReplicas(all);
  const unavailable = Math.max(0, wantedReplicas(all) - available);
  const terminating = terminatingReplicas(all);
  const { collisionCount, conditions } = deployment.status ?? {};
  return withCondition(
    {
      ...(deployment.metadata.generation !== undefined && { observedGeneration: deployment.metadata.generation }),
      ...(replicas > 0 && { replicas }),
      ...(updated > 0 && { updatedReplicas: updated }),
      ...(ready > 0 && { readyReplicas: ready }),
      ...(available > 0 && { availableReplicas: available }),
      ...(unavailable > 0 && { unavailableReplicas: unavailable }),
      ...(terminating !== undefined && { terminatingReplicas: terminating }),
      ...(collisionCount !== undefined && { collisionCount }),
      ...(conditions && { conditions }),
    },
    availability(deployment, available, now),
  );
}

const availability = (deployment: Deployment, available: number, now: number): Conditions[number] =>
  available >= desiredBy(deployment) - maxUnavailable(deployment)
    ? condition(CONDITION.available, 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : condition(
        CONDITION.available,
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        now,
      );

/** DeploymentComplete: everything is new and nothing is missing. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredBy(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** The status of a rollout under way: its progress, and what keeps pods from being created (syncRolloutStatus). */
export function rolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const status = withProgress(deployment, deploymentStatus(deployment, all, newSet, now), newSet, now);
  const failure = replicaFailure(all, newSet);
  if (failure) return withCondition(status, failure);
  const conditions = withoutCondition(status.conditions ?? [], CONDITION.failure) as Conditions;
  return conditions === status.conditions ? status : { ...status, conditions };
}

const hasDeadline = (deployment: Deployment): boolean => {
  const { progressDeadlineSeconds } = deployment.spec!;
  return progressDeadlineSeconds !== undefined && progressDeadlineSeconds !== 2_147_483_647;
};

function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  if (!hasDeadline(deployment)) {
    return { ...status, conditions: withoutCondition(status.conditions ?? [], CONDITION.progressing) as Conditions };
  }
  const current = progressOf(deployment.status);
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (settled) return status;
  const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;

  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(status, progressing('True', 'NewReplicaSetAvailable', message, now));
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    const next = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
    const kept = current?.status === 'True' ? { ...next, lastTransitionTime: current.lastTransitionTime } : next;
    const others = withoutCondition(status.conditions ?? [], CONDITION.progressing) as Conditions;
    return { ...status, conditions: [...others, kept] as Conditions };
  }
  if (hasTimedOut(deployment, status, now)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(status, progressing('False', 'ProgressDeadlineExceeded', message, now));
  }
  return status;
}

/** DeploymentProgressing: more updated, fewer old, more ready or more available pods than before. */
function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const current = progressOf(status);
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  const left = untilDeadline(deployment, status, now);
  return left !== undefined && left < 0;
}

/** Milliseconds until the rollout counts as stuck, if it is one that could. */
export function untilDeadline(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const current = progressOf(status);
  if (!hasDeadline(deployment) || !current?.lastUpdateTime) return undefined;
  if (current.reason === 'ProgressDeadlineExceeded' || current.reason === 'DeploymentPaused') return undefined;
  if (isComplete(deployment, status)) return undefined;
  return parseTime(current.lastUpdateTime) + deployment.spec!.progressDeadlineSeconds! * 1000 - now;
}

/** getReplicaFailures: the new set's trouble first. */
function replicaFailure(all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): Conditions[number] | undefined {
  for (const set of newSet ? [newSet, ...all] : all) {
    const found = findCondition(set.status?.conditions, CONDITION.failure);
    if (!found) continue;
    const time = found.lastTransitionTime;
    return {
      type: CONDITION.failure,
      status: found.status,
      lastUpdateTime: time,
      lastTransitionTime: time,
      reason: found.reason,
      message: found.message,
    } as Conditions[number];
  }
  return undefined;
}
