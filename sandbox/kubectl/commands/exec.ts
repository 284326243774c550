/** `kubectl exec` (kubectl pkg/cmd/exec/exec.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { findAll } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { attachablePod, chooseContainer, podStatus } from './pods.ts';
import { runSession, setUpTerminal } from './streams.ts';

export const exec: Command = {
  name: 'exec',
  flags: "-c,container='' -f,filename=[] pod-running-timeout=1m0s -q,quiet=false -i,stdin=false -t,tty=false",
  complete: 'pods',
  *run(session) {
    const { flags, args } = session;
    const files = flags.list('filename');
    if (args.length === 0 && files.length === 0)
      throw new CommandError('pod, type/name or --filename must be specified');
    if (flags.dash === -1 && args.length > 1) {
      throw session.usage('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
    }
    const command = files.length > 0 ? args.slice(Math.max(flags.dash, 0)) : args.slice(1);
    if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
    const pod = yield* target(session, files, args);
    const phase = podStatus(pod).phase;
    if (phase === 'Succeeded' || phase === 'Failed') {
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    }
    // A container that is named goes to the server as it is.
    const container = flags.string('container') || (yield* chooseContainer(session, pod, '', flags.bool('quiet')));
    const terminal = yield* setUpTerminal(session, flags.bool('stdin'), flags.bool('tty'));
    yield* runSession(session, pod, 'exec', container, command, terminal);
  },
};

function* target(session: Session, files: readonly string[], args: readonly string[]): Task<KObject> {
  const timeout = session.flags.duration('pod-running-timeout');
  if (files.length === 0) return yield* attachablePod(session, args[0]!, timeout);
  const [info] = yield* findAll(session, { files });
  return yield* attachablePod(
    session,
    `${info!.mapping.resource}.${info!.mapping.group}/${info!.name}`.replace('./', '/'),
    timeout,
  );
}
