/** `kubectl rollout undo` (kubectl pkg/polymorphichelpers/rollback.go). */

import { equal } from '../../../api/equality.ts';
import type { PodTemplateSpec } from '../../../api/types.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { DRY_RUN_FLAG, PRINT_FLAGS } from '../../cli/flags.ts';
import { type PatchType, patchObject } from '../../client/helper.ts';
import { compactJson } from '../../printers/json.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../../printers/output.ts';
import { forEach } from '../../resource/builder.ts';
import type { Info } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { groupKind, printTemplate, type Revision, revisionsOf } from './revisions.ts';
import { WORKLOAD_FLAGS, workloads } from './selection.ts';

const HASH_LABEL = 'pod-template-hash';

/** Annotations that stay the deployment's own. */
const KEPT = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

export const undo: Command = {
  name: 'undo',
  flags: `${DRY_RUN_FLAG} to-revision=0:int64 ${WORKLOAD_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const selection = workloads(session);
    const dryRun = yield* dryRunOf(session);
    yield* forEach(session, selection, function* (info) {
      const result = yield* rollBack(session, info, dryRun);
      yield* session.out((yield* resultPrinter(session, result, dryRun))(info.object!, info.mapping));
    });
  },
};

/** Returns what happened, in the words of the answer. */
function* rollBack(session: Session, info: Info, dryRun: DryRun): Task<string> {
  const wanted = session.flags.int('to-revision');
  const history = revisionsOf(session, info);
  if (!history)
    throw new CommandError(
      `error retrieving rollbacker for ${quote(groupKind(info.mapping))}, no visitor method exists for {${info.mapping.group} ${info.mapping.kind}}`,
    );
  if (wanted < 0) throw notFound(wanted);
  const revision = target(info, yield* history, wanted);
  const isDeployment = info.mapping.kind === 'Deployment';
  if (dryRun === 'client') return `${isDeployment ? '' : 'will roll back to '}${printTemplate(revision.template)}`;
  const { paused, template } = info.object!.spec as { paused?: boolean; template: PodTemplateSpec };
  if (paused)
    throw new CommandError(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
  if (equal(withoutHash(revision.template), withoutHash(template)))
    return `skipped rollback (current template already matches revision ${wanted})`;
  const [type, patch] = isDeployment ? deploymentPatch(info, revision) : controllerPatch(revision);
  try {
    yield* patchObject(session, info, type, patch, { dryRun });
  } catch (error) {
    throw new CommandError(`failed restoring revision ${wanted}: ${(error as Error).message}`);
  }
  return 'rolled back';
}

const notFound = (revision: number) => new CommandError(`unable to find specified revision ${revision} in history`);

/** The revision asked for, or the one before the latest. */
function target({ mapping, name }: Info, revisions: readonly Revision[], wanted: number): Revision {
  const found = wanted > 0 ? revisions.find(({ number }) => number === wanted) : revisions.at(-2);
  if (found) return found;
  if (wanted > 0) throw notFound(wanted);
  throw new CommandError(
    mapping.kind === 'Deployment'
      ? `no rollout history found for deployment ${quote(name)}`
      : 'no last revision to roll back to',
  );
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function deploymentPatch(info: Info, { object, template }: Revision): [PatchType, string] {
  const own = Object.entries(info.object!.metadata?.annotations ?? {}).filter(([key]) => KEPT.has(key));
  const theirs = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => !KEPT.has(key));
  const operations = [
    { op: 'replace', path: '/spec/template', value: withoutHash(template) },
    { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...own, ...theirs]) },
  ];
  return ['json', compactJson(operations)];
}

const controllerPatch = ({ object }: Revision): [PatchType, string] => [
  'strategic',
  compactJson((object as unknown as { data: unknown }).data),
];
