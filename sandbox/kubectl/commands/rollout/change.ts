/** `kubectl rollout pause`, `resume` and `restart`: one field changed (kubectl pkg/cmd/rollout, pkg/polymorphichelpers/object*.go). */

import type { PodTemplateSpec } from '../../../api/types.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { ApiError, CommandError, messageForError, PlainError } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { patchObject } from '../../client/helper.ts';
import { groupResource } from '../../client/mapper.ts';
import { resultPrinter } from '../../printers/output.ts';
import { find } from '../../resource/builder.ts';
import type { Info, KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { differencePatch } from '../change.ts';
import { WORKLOAD_FLAGS, workloads } from './selection.ts';

interface Workload {
  readonly paused?: boolean;
  readonly template: PodTemplateSpec;
}

interface Change {
  readonly name: string;
  /** `paused`. */
  readonly operation: string;
  readonly kinds: readonly string[];
  /** The new spec, or why not. */
  readonly change: (spec: Workload, now: number) => Workload | string;
  readonly unsupported: string;
  /** What is said of an object that would not change. */
  readonly unchanged: (name: string) => CommandError;
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

const CHANGES: readonly Change[] = [
  {
    name: 'pause',
    operation: 'paused',
    kinds: ['Deployment'],
    change: (spec) => (spec.paused ? 'is already paused' : { ...spec, paused: true }),
    unsupported: 'pausing is not supported',
    unchanged: () => new CommandError('already paused'),
  },
  {
    name: 'restart',
    operation: 'restarted',
    kinds: ['Deployment', 'DaemonSet', 'StatefulSet'],
    change: restarted,
    unsupported: 'restarting is not supported',
    unchanged: (name) =>
      new CommandError(
        `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      ),
  },
  {
    name: 'resume',
    operation: 'resumed',
    kinds: ['Deployment'],
    change: ({ paused, ...spec }) => (paused ? spec : 'is not paused'),
    unsupported: 'resuming is not supported',
    unchanged: () => new CommandError('already resumed'),
  },
];

function restarted(spec: Workload, now: number): Workload | string {
  if (spec.paused) return "can't restart paused deployment (run rollout resume first)";
  const { metadata } = spec.template;
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    ...spec,
    template: {
      ...spec.template,
      metadata: { ...metadata, annotations: { ...metadata?.annotations, [RESTARTED_AT]: at } },
    },
  };
}

export const [pause, restart, resume] = CHANGES.map(commandOf) as [Command, Command, Command];

function commandOf(change: Change): Command {
  return {
    name: change.name,
    flags: `field-manager='kubectl-rollout' ${WORKLOAD_FLAGS} ${PRINT_FLAGS}`,
    complete: 'names',
    run: (session) => changeAll(session, change),
  };
}

function* changeAll(session: Session, change: Change): Task<void> {
  const { infos, errors } = yield* find(session, workloads(session));
  if (infos.length === 0 && errors.length === 0) {
    yield* session.err(`No resources found in ${yield* session.namespace()} namespace.\n`);
    return;
  }
  const failures: unknown[] = [...errors];
  for (const info of infos) {
    try {
      yield* changeOne(session, info, change);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new PlainError(failures.map(messageForError).join('\n'));
}

function* changeOne(
  session: Session,
  info: Info,
  { kinds, change, unsupported, unchanged, operation }: Change,
): Task<void> {
  const supported = info.mapping.group === 'apps' && kinds.includes(info.mapping.kind);
  const spec = supported ? change(info.object!.spec as Workload, session.environment.now()) : unsupported;
  if (typeof spec === 'string')
    throw new CommandError(`error: ${groupResource(info.mapping)} ${quote(info.name)} ${spec}`);
  const after = { ...info.object!, spec } as KObject;
  const { patch } = differencePatch(info, info.object!, after);
  if (patch === '{}') throw unchanged(info.name);
  try {
    info.object = yield* patchObject(session, info, 'strategic', patch, {
      fieldManager: session.flags.string('field-manager'),
    });
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(`failed to patch: ${error.message}`);
    throw error;
  }
  yield* session.out((yield* resultPrinter(session, operation))(info.object, info.mapping));
}
