/** `kubectl create token`: asks for a service account's token. */

import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { compactJson } from '../../printers/json.ts';
import { printerFor } from '../../printers/output.ts';
import type { KObject } from '../../resource/info.ts';
import { nameFromArgs } from './generator.ts';

export const token: Command = {
  name: 'token',
  flags: `audience=[] bound-object-kind='' bound-object-name='' bound-object-uid='' duration=0s ${PRINT_FLAGS}`,
  *run(session) {
    const { flags } = session;
    const name = nameFromArgs(session);
    if (flags.duration('duration') < 0) throw new CommandError('--duration must be greater than or equal to 0');
    const spec = {
      audiences: flags.list('audience').length > 0 ? flags.list('audience') : undefined,
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
    const answer = yield* client.json<KObject & { status: { token: string } }>('POST', path, { body });
    if (!flags.string('output'))
      yield* session.out(session.environment.stdout.isTerminal ? `${answer.status.token}\n` : answer.status.token);
    else yield* session.out((yield* printerFor(session, flags.string('output')))(answer));
  },
};
