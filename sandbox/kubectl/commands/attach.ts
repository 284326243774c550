/** `kubectl attach` (kubectl pkg/cmd/attach/attach.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { attachablePod, chooseContainer, podSpec, podStatus } from './pods.ts';
import { runSession } from './streams.ts';

export const attach: Command = {
  name: 'attach',
  flags: "-c,container='' pod-running-timeout=1m0s -q,quiet=false -i,stdin=false -t,tty=false",
  complete: 'pods',
  *run(session) {
    const { flags, args } = session;
    if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
    if (args.length > 2)
      throw new CommandError(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      );
    const word = args.length === 2 ? args.join('/') : args[0]!;
    const pod = yield* attachablePod(session, word, flags.duration('pod-running-timeout'));
    yield* attachTo(session, pod);
  },
};

function* attachable(session: Session, pod: KObject): Task<string> {
  const { flags } = session;
  try {
    return yield* chooseContainer(session, pod, flags.string('container'), flags.bool('quiet'));
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(`cannot attach to the container: ${error.message}`);
    throw error;
  }
}

const RECORDED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n';

function* attachTo(session: Session, pod: KObject): Task<void> {
  const { flags } = session;
  const phase = podStatus(pod).phase;
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const container = yield* attachable(session, pod);
  const spec = podSpec(pod).containers.find((c) => c.name === container);
  if (flags.bool('tty') && spec && !spec.tty && !flags.bool('quiet')) {
    yield* session.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  }
  if (!flags.bool('quiet'))
    yield* session.err(
      flags.bool('stdin') ? `${RECORDED}If you don't see a command prompt, try pressing enter.\n` : RECORDED,
    );
  yield* runSession(session, pod, 'attach', container, []);
}

/** `run -i`: attach, or read the logs of what has already ended. */
export function* attachOrLogs(session: Session, pod: KObject): Task<void> {
  const { name } = pod.metadata!;
  const phase = podStatus(pod).phase;
  if (phase === 'Succeeded' || phase === 'Failed') return yield* printLogs(session, pod);
  try {
    yield* attachTo(session, pod);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    yield* session.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`);
    yield* printLogs(session, pod);
  }
}

function* printLogs(session: Session, pod: KObject): Task<void> {
  const { name, namespace } = pod.metadata!;
  const client = yield* session.client();
  const container = podSpec(pod).containers[0]!.name;
  const body = yield* client.stream(`/api/v1/namespaces/${namespace}/pods/${name}/log`, {
    query: [
      ['container', container],
      ['follow', 'true'],
    ],
  });
  if (typeof body === 'string') return yield* session.out(body);
  for (let chunk = yield* body.next(); chunk !== undefined; chunk = yield* body.next()) yield* session.out(chunk);
}
