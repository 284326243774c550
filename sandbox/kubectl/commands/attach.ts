/** `kubectl attach` (kubectl pkg/cmd/attach/attach.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { attachablePod, chooseContainer, hasEnded, podSpec, podStatus } from './pods.ts';
import { runSession, setUpTerminal } from './streams.ts';

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
    yield* attachTo(session, pod, flags.string('container'));
  },
};

function* attachable(session: Session, pod: KObject, wanted: string): Task<string> {
  try {
    return yield* chooseContainer(session, pod, wanted, session.flags.bool('quiet'));
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(`cannot attach to the container: ${error.message}`);
    throw error;
  }
}

const NOTES =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n' +
  "If you don't see a command prompt, try pressing enter.\n";

function* attachTo(session: Session, pod: KObject, wanted: string): Task<void> {
  const { flags } = session;
  const quiet = flags.bool('quiet');
  const phase = podStatus(pod).phase;
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const container = yield* attachable(session, pod, wanted);
  const { containers, initContainers = [], ephemeralContainers = [] } = podSpec(pod);
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  const hasTty = all.find(({ name }) => name === container)?.tty ?? false;
  if (flags.bool('tty') && !hasTty && !quiet)
    yield* session.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  // A container with a TTY talks as one has to, asked or not.
  const terminal = yield* setUpTerminal(session, flags.bool('stdin'), hasTty);
  if (!quiet) yield* session.err(NOTES);
  yield* runSession(session, pod, 'attach', container, [], terminal);
  // Only what is started again can be come back to.
  const comesBack = (podSpec(pod).restartPolicy ?? 'Always') === 'Always';
  if (terminal.raw && !quiet && comesBack) yield* session.out(`${reattachMessage(pod, container)}\n`);
}

function reattachMessage(pod: KObject, container: string): string {
  const command = `kubectl attach ${pod.metadata?.name} -c ${container} -i -t`;
  return podSpec(pod).ephemeralContainers?.some(({ name }) => name === container)
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using '${command}' if it is still running`
    : `Session ended, resume using '${command}' command when the pod is running`;
}

/** `run -i` and `debug -i`: attach, or read the logs of what has already ended. */
export function* attachOrLogs(session: Session, pod: KObject, container: string, over = hasEnded(pod)): Task<void> {
  if (over) return yield* printLogs(session, pod, container);
  try {
    yield* attachTo(session, pod, container);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof CommandError)) throw error;
    const { name } = pod.metadata!;
    yield* session.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`);
    yield* printLogs(session, pod, container);
  }
}

function* printLogs(session: Session, pod: KObject, container: string): Task<void> {
  const { name, namespace } = pod.metadata!;
  const client = yield* session.client();
  yield* session.out(
    yield* client.text('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`, {
      query: [['container', container]],
    }),
  );
}
