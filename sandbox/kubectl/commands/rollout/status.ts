/** `kubectl rollout status`: watches a workload until its pods are those of its template (kubectl pkg/polymorphichelpers/rollout_status.go). */

import type { DaemonSet, Deployment, StatefulSet } from '../../../api/types.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { resourcePath } from '../../client/mapper.ts';
import { watchSynced } from '../../client/watch.ts';
import { forEach } from '../../resource/builder.ts';
import type { Info } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { withTimeout } from '../wait/timeout.ts';
import { groupKind, REVISION } from './revisions.ts';
import { WORKLOAD_FLAGS, workloads } from './selection.ts';

interface Progress {
  readonly text: string;
  readonly done: boolean;
}

type Viewer = (object: never, revision: number) => Progress;

/** By group and kind. */
const VIEWERS: Readonly<Record<string, Viewer>> = {
  'apps/Deployment': deploymentStatus,
  'apps/DaemonSet': daemonSetStatus,
  'apps/StatefulSet': statefulSetStatus,
};

export const status: Command = {
  name: 'status',
  flags: `revision=0:int64 timeout=0s -w,watch=true ${WORKLOAD_FLAGS}`,
  complete: 'names',
  *run(session) {
    const selection = workloads(session);
    const revision = session.flags.int('revision');
    if (revision < 0) throw new CommandError(`revision must be a positive integer: ${revision}`);
    let found = false;
    yield* forEach(session, selection, function* (info) {
      found = true;
      const viewer = VIEWERS[`${info.mapping.group}/${info.mapping.kind}`];
      if (!viewer) throw new CommandError(`no status viewer has been implemented for ${groupKind(info.mapping)}`);
      yield* follow(session, info, viewer);
    });
    if (!found) yield* session.err(`No resources found in ${yield* session.namespace()} namespace.\n`);
  },
};

function* follow(session: Session, info: Info, viewer: Viewer): Task<void> {
  const timeout = session.flags.duration('timeout');
  const task = () => watchUntilDone(session, info, viewer);
  const outcome = timeout > 0 ? yield* withTimeout(session, timeout, task) : yield* task();
  if (outcome === 'timeout') throw new CommandError('timed out waiting for the condition');
}

function* watchUntilDone(session: Session, info: Info, viewer: Viewer): Task<void> {
  const { flags } = session;
  yield* watchSynced(session, resourcePath(info.mapping, info.namespace), info.name, {
    *handle({ type, object }) {
      if (type === 'DELETED') throw new CommandError('object has been deleted');
      const { text, done } = viewer(object as never, flags.int('revision'));
      yield* session.out(text);
      return done || !flags.bool('watch');
    },
  });
}

function deploymentStatus({ metadata, spec, status: now = {} }: Deployment, revision: number): Progress {
  if (revision > 0) {
    const running = Number(metadata.annotations?.[REVISION] ?? 0);
    if (revision !== running)
      throw new CommandError(`desired revision (${revision}) is different from the running revision (${running})`);
  }
  const name = quote(metadata.name);
  if ((metadata.generation ?? 0) > (now.observedGeneration ?? 0))
    return waiting('Waiting for deployment spec update to be observed...');
  if (now.conditions?.some((c) => c.type === 'Progressing' && c.reason === 'ProgressDeadlineExceeded'))
    throw new CommandError(`deployment ${name} exceeded its progress deadline`);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = now;
  const wanted = spec?.replicas ?? 0;
  const finish = (what: string) => waiting(`Waiting for deployment ${name} rollout to finish: ${what}...`);
  if (updatedReplicas < wanted) return finish(`${updatedReplicas} out of ${wanted} new replicas have been updated`);
  if (replicas > updatedReplicas) return finish(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return finish(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return done(`deployment ${name} successfully rolled out`);
}

function daemonSetStatus({ metadata, spec, status: now }: DaemonSet): Progress {
  onlyRollingUpdate(spec?.updateStrategy?.type);
  const name = quote(metadata.name);
  if ((metadata.generation ?? 0) > (now?.observedGeneration ?? 0))
    return waiting('Waiting for daemon set spec update to be observed...');
  const wanted = now?.desiredNumberScheduled ?? 0;
  const updated = now?.updatedNumberScheduled ?? 0;
  const available = now?.numberAvailable ?? 0;
  if (updated < wanted)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${updated} out of ${wanted} new pods have been updated...`,
    );
  if (available < wanted)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${available} of ${wanted} updated pods are available...`,
    );
  return done(`daemon set ${name} successfully rolled out`);
}

function statefulSetStatus({ metadata, spec, status: now }: StatefulSet): Progress {
  onlyRollingUpdate(spec?.updateStrategy?.type);
  const observed = now?.observedGeneration ?? 0;
  if (observed === 0 || (metadata.generation ?? 0) > observed)
    return waiting('Waiting for statefulset spec update to be observed...');
  const wanted = spec?.replicas ?? 0;
  const ready = now?.readyReplicas ?? 0;
  const updated = now?.updatedReplicas ?? 0;
  if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...`);
  const rolling = spec?.updateStrategy?.rollingUpdate;
  if (rolling) {
    const share = wanted - (rolling.partition ?? wanted);
    if (updated < share)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${share} new pods have been updated...`,
      );
    return done(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (now?.updateRevision !== now?.currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${now?.updateRevision}...`,
    );
  return done(
    `statefulset rolling update complete ${now?.currentReplicas ?? 0} pods at revision ${now?.currentRevision}...`,
  );
}

function onlyRollingUpdate(type: string | undefined): void {
  if (type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type');
}

const waiting = (text: string): Progress => ({ text: `${text}\n`, done: false });
const done = (text: string): Progress => ({ text: `${text}\n`, done: true });
