/** `kubectl version` (kubectl pkg/cmd/version/version.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { CLIENT_VERSION, type VersionInfo } from '../client/version.ts';
import { printJson } from '../printers/json.ts';
import type { Session } from '../session.ts';
import { printYaml } from '../yaml/print.ts';

const KUSTOMIZE_VERSION = 'v5.7.1';

export const version: Command = {
  name: 'version',
  flags: "client=false -o,output=''",
  *run(session) {
    const { flags, args } = session;
    const output = flags.string('output');
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(' ')}]`);
    if (output !== '' && output !== 'yaml' && output !== 'json')
      throw new CommandError("--output must be 'yaml' or 'json'");
    const [server, failure] = flags.bool('client') ? [undefined, undefined] : yield* serverVersion(session);
    yield* print(session, output, server);
    if (failure) throw failure;
    yield* warnOfSkew(session, server);
  },
};

function* serverVersion(session: Session): Task<[VersionInfo | undefined, unknown]> {
  try {
    const client = yield* session.client();
    return [yield* client.json<VersionInfo>('GET', '/version', { query: [['timeout', '32s']] }), undefined];
  } catch (error) {
    return [undefined, error];
  }
}

function* print(session: Session, output: string, server: VersionInfo | undefined): Task<void> {
  const all = { clientVersion: CLIENT_VERSION, kustomizeVersion: KUSTOMIZE_VERSION, serverVersion: server };
  if (output === 'json') return yield* session.out(`${printJson(all, 2, false)}\n`);
  if (output === 'yaml') return yield* session.out(`${printYaml(all)}\n`);
  yield* session.out(`Client Version: ${CLIENT_VERSION.gitVersion}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`);
  if (server) yield* session.out(`Server Version: ${server.gitVersion}\n`);
}

function* warnOfSkew(session: Session, server: VersionInfo | undefined): Task<void> {
  if (!server) return;
  const skew = Math.abs(Number.parseInt(server.minor, 10) - Number(CLIENT_VERSION.minor));
  if (skew <= 1) return;
  yield* session.err(
    `Warning: version difference between client (1.${CLIENT_VERSION.minor}) and server (${server.major}.${Number.parseInt(server.minor, 10)}) exceeds the supported minor version skew of +/-1\n`,
  );
}
