/** `kubectl scale` through the scale subresource (kubectl pkg/cmd/scale/scale.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { aggregate, CommandError, isConflict, PlainError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { patchObject } from '../client/helper.ts';
import { resourcePath } from '../client/mapper.ts';
import { compactJson } from '../printers/json.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { find, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';

interface Scale {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

export const scale: Command = {
  name: 'scale',
  flags: `all=false current-replicas=-1 ${DRY_RUN_FLAG} replicas=0 resource-version='' -l,selector='' timeout=0s ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  required: ['replicas'],
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const dryRun = yield* dryRunOf(session);
    const replicas = flags.int('replicas');
    if (replicas < 0)
      throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (flags.int('current-replicas') < -1)
      throw new CommandError('The --current-replicas must specify an integer of -1 or greater');
    const { infos, errors } = yield* find(session, { ...selectionOf(session), latest: true, continueOnError: true });
    if (infos.length > 1 && flags.string('resource-version'))
      throw new CommandError('cannot use --resource-version with multiple resources');
    for (const info of infos) {
      if (dryRun !== 'client') yield* scaleOne(session, info, replicas, dryRun === 'server');
      const format = flags.string('output');
      if (format && format !== 'name')
        info.object = yield* (yield* session.client()).json<KObject>(
          'GET',
          resourcePath(info.mapping, info.namespace, info.name),
        );
      yield* session.out((yield* resultPrinter(session, 'scaled', dryRun))(info.object!, info.mapping));
    }
    const failure = aggregate(errors);
    if (failure) throw failure;
    if (infos.length === 0) throw new CommandError('no objects passed to scale');
  },
};

function* scaleOne(session: Session, info: Info, replicas: number, dry: boolean): Task<void> {
  const { flags } = session;
  const client = yield* session.client();
  const target: Info = { ...info, subresource: 'scale' };
  const expected = flags.int('current-replicas');
  const version = flags.string('resource-version');
  const timeout = flags.duration('timeout');
  if (expected >= 0 || version) {
    const current = yield* client.json<Scale>('GET', resourcePath(info.mapping, info.namespace, info.name, 'scale'));
    const found = current.spec?.replicas ?? 0;
    if (expected >= 0 && found !== expected)
      throw new CommandError(`Expected replicas to be ${expected}, was ${found}`);
    if (version && current.metadata.resourceVersion !== version)
      throw new CommandError(`Expected resource version to be ${version}, was ${current.metadata.resourceVersion}`);
  }
  for (;;) {
    try {
      yield* patchObject(session, target, 'merge', compactJson({ spec: { replicas } }), {
        dryRun: dry ? 'server' : 'none',
      });
      break;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  if (timeout > 0 && !dry) yield* waitForScale(session, info, replicas, timeout);
}

function* waitForScale(session: Session, info: Info, replicas: number, timeout: number): Task<void> {
  const client = yield* session.client();
  const end = session.environment.now() + timeout;
  for (;;) {
    const current = yield* client.json<Scale>('GET', resourcePath(info.mapping, info.namespace, info.name, 'scale'));
    if (current.spec?.replicas === replicas && current.status?.replicas === replicas) return;
    if (session.environment.now() >= end)
      throw new PlainError(`error: timed out waiting for ${quote(info.name)} to be synced`);
    yield* session.environment.sleep(100);
  }
}
