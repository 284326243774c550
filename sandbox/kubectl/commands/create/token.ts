/** `kubectl create token`: asks for a service account's token. */

import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { ApiError, CommandError } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { compactJson } from '../../printers/json.ts';
import { printerFor } from '../../printers/output.ts';
import type { KObject } from '../../resource/info.ts';
import { nameFromArgs } from './generator.ts';

const KINDS = ['Node', 'Pod', 'Secret'];

type TokenAnswer = KObject & { status: { token: string } };

function* requested(task: Task<TokenAnswer>): Task<TokenAnswer> {
  try {
    return yield* task;
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(`failed to create token: ${error.message}`);
    throw error;
  }
}

export const token: Command = {
  name: 'token',
  flags: `audience=[]:stringArray bound-object-kind='' bound-object-name='' bound-object-uid='' duration=0s ${PRINT_FLAGS}`,
  *run(session) {
    const { flags } = session;
    const name = nameFromArgs(session);
    if (flags.duration('duration') < 0) throw new CommandError('--duration must be greater than or equal to 0');
    const [kind, bound, uid] = ['kind', 'name', 'uid'].map((part) => flags.string(`bound-object-${part}`));
    if (flags.list('audience').includes('')) throw new CommandError('--audience must not be an empty string');
    if (!kind && bound)
      throw new CommandError('--bound-object-name can only be set if --bound-object-kind is provided');
    if (!kind && uid) throw new CommandError('--bound-object-uid can only be set if --bound-object-kind is provided');
    if (kind && !KINDS.includes(kind))
      throw new CommandError(`supported --bound-object-kind values are ${KINDS.join(', ')}`);
    if (kind && !bound) throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
    const spec = {
      audiences: flags.list('audience').length > 0 ? flags.list('audience') : undefined,
      boundObjectRef: kind ? { kind, apiVersion: 'v1', name: bound, uid: uid || undefined } : undefined,
      expirationSeconds: flags.duration('duration') ? flags.duration('duration') / 1000 : undefined,
    };
    const client = yield* session.client();
    const path = `/api/v1/namespaces/${yield* session.namespace()}/serviceaccounts/${name}/token`;
    const body = compactJson({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec,
      status: { token: '', expirationTimestamp: null },
    });
    const answer = yield* requested(client.json<TokenAnswer>('POST', path, { body }));
    if (!flags.string('output'))
      yield* session.out(session.environment.stdout.isTerminal ? `${answer.status.token}\n` : answer.status.token);
    else yield* session.out((yield* printerFor(session, flags.string('output')))(answer));
  },
};
