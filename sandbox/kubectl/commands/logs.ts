/** `kubectl logs` (kubectl pkg/cmd/logs/logs.go, polymorphichelpers/logsforobject.go). */

import type { Channel } from '../../sim/channel.ts';
import { firstOf, type Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { ApiError, CommandError, isNotFound } from '../cli/errors.ts';
import { durationProblem } from '../cli/flags.ts';
import { findAll } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { bestPod, goTypeOf, listed, podSelector, podSpec, podsOf } from './pods.ts';

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

export const logs: Command = {
  name: 'logs',
  flags:
    "all-containers=false all-pods=false -c,container='' -f,follow=false ignore-errors=false insecure-skip-tls-verify-backend=false limit-bytes=0:int64 max-log-requests=5 pod-running-timeout=20s prefix=false -p,previous=false -l,selector='' since=0s since-time='' tail=-1:int64 timestamps=false",
  complete: 'pods',
  *run(session) {
    validate(session);
    const targets = yield* targetsOf(session);
    if (session.flags.bool('follow') && targets.length > 1) return yield* followAll(session, targets);
    for (const target of targets) yield* printOne(session, target);
  },
};

interface Target {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
}

function validate(session: Session): void {
  const { flags, args } = session;
  const selector = flags.string('selector');
  if (args.length === 0 && !selector) throw session.usage(USAGE);
  if (args.length > 0 && selector) throw session.usage('only a selector (-l) or a POD name is allowed');
  if (args.length > 2) throw session.usage(USAGE);
  if (args.length === 2 && flags.string('container'))
    throw session.usage('only one of -c or an inline [CONTAINER] arg is allowed');
  if (flags.string('since-time') && flags.duration('since'))
    throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (flags.bool('all-containers') && flags.string('container'))
    throw new CommandError(
      `--all-containers=true should not be specified with container name ${flags.string('container')}`,
    );
  if (flags.int('tail') < -1) throw new CommandError('--tail must be greater than or equal to -1');
  const problem = durationProblem(flags.string('since'));
  if (problem) throw new CommandError(problem);
  if (flags.duration('since') < 0) throw new CommandError('--since must be greater than 0');
  const time = flags.string('since-time');
  if (time && Number.isNaN(Date.parse(time))) {
    throw new CommandError(
      `parsing time ${quote(time)} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(time)} as "2006"`,
    );
  }
  if (flags.int('limit-bytes') < 0) throw new CommandError('--limit-bytes must be greater than 0');
}

function* targetsOf(session: Session): Task<Target[]> {
  const { flags, args } = session;
  const namespace = yield* session.namespace();
  if (flags.string('selector')) {
    const pods = yield* podsOf(session, namespace, flags.string('selector'));
    if (pods.length === 0) {
      yield* session.err(`No resources found in ${namespace} namespace.\n`);
      return [];
    }
    const targets: Target[] = [];
    for (const pod of pods) targets.push(...(yield* containersOf(session, pod, '')));
    const limit = flags.int('max-log-requests');
    if (flags.bool('follow') && targets.length > limit) {
      throw new CommandError(
        `you are attempting to follow ${targets.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      );
    }
    return targets;
  }
  const object = yield* objectNamed(session, args[0]!, namespace);
  const container = args[1] ?? flags.string('container');
  if (object.kind === 'Pod') return yield* containersOf(session, object, container);
  let selector: string;
  try {
    selector = podSelector(object);
  } catch (error) {
    throw new CommandError(`cannot get the logs from ${goTypeOf(object)}: ${(error as Error).message}`);
  }
  const pods = yield* podsOf(session, object.metadata?.namespace ?? namespace, selector);
  if (pods.length === 0) throw new CommandError('timed out waiting for the condition');
  const best = bestPod(pods);
  if (pods.length > 1 && !flags.bool('all-pods'))
    yield* session.err(`Found ${pods.length} pods, using pod/${best.metadata?.name}\n`);
  const targets: Target[] = [];
  for (const pod of flags.bool('all-pods') ? pods : [best])
    targets.push(...(yield* containersOf(session, pod, container)));
  return targets;
}

function* objectNamed(session: Session, word: string, namespace: string): Task<KObject> {
  try {
    const [info] = yield* findAll(session, { args: word.includes('/') ? [word] : ['pods', word], builtIn: true });
    return info!.object!;
  } catch (error) {
    if (isNotFound(error))
      throw new CommandError(`error from server (NotFound): ${(error as Error).message} in namespace "${namespace}"`);
    throw error;
  }
}

function* containersOf(session: Session, pod: KObject, given: string): Task<Target[]> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const { containers, initContainers = [], ephemeralContainers = [] } = podSpec(pod);
  const all = [...initContainers, ...containers, ...ephemeralContainers].map((c) => c.name);
  const target = (container: string): Target => ({ pod: name, namespace, container });
  if (session.flags.bool('all-containers')) return all.map(target);
  if (given) {
    if (!all.includes(given)) throw new CommandError(`container ${given} is not valid for pod ${name}`);
    return [target(given)];
  }
  const preferred = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && all.includes(preferred)) return [target(preferred)];
  if (all.length > 1)
    yield* session.err(`Defaulted container ${JSON.stringify(containers[0]!.name)} out of: ${listed(pod)}\n`);
  return [target(containers[0]!.name)];
}

function queryOf(session: Session, container: string): [string, string][] {
  const { flags } = session;
  const query: [string, string][] = [['container', container]];
  for (const name of ['follow', 'previous', 'timestamps']) if (flags.bool(name)) query.push([name, 'true']);
  if (flags.duration('since')) query.push(['sinceSeconds', String(Math.ceil(flags.duration('since') / 1000))]);
  if (flags.string('since-time')) query.push(['sinceTime', flags.string('since-time')]);
  let tail = flags.int('tail');
  if (flags.string('selector') && !flags.changed('tail')) tail = 10;
  if (tail !== -1) query.push(['tailLines', String(tail)]);
  if (flags.int('limit-bytes')) query.push(['limitBytes', String(flags.int('limit-bytes'))]);
  return query;
}

function* open(session: Session, { namespace, pod, container }: Target): Task<Channel<string> | string> {
  const client = yield* session.client();
  try {
    return yield* client.stream(`/api/v1/namespaces/${namespace}/pods/${pod}/log`, {
      query: queryOf(session, container),
    });
  } catch (error) {
    if (!session.flags.bool('ignore-errors') || !(error instanceof ApiError)) throw error;
    yield* session.out(`error: ${error.message}\n`);
    return '';
  }
}

function* printOne(session: Session, target: Target): Task<void> {
  const write = new PrefixWriter(session, target);
  const body = yield* open(session, target);
  if (typeof body === 'string') return yield* write.write(body);
  try {
    for (let chunk = yield* body.next(); chunk !== undefined; chunk = yield* body.next()) yield* write.write(chunk);
  } finally {
    body.cancel();
  }
}

function* followAll(session: Session, targets: readonly Target[]): Task<void> {
  const streams: { channel: Channel<string>; writer: PrefixWriter }[] = [];
  for (const target of targets) {
    const body = yield* open(session, target);
    const writer = new PrefixWriter(session, target);
    if (typeof body === 'string') yield* writer.write(body);
    else streams.push({ channel: body, writer });
  }
  try {
    while (streams.length > 0) {
      const { index } = yield* firstOf(...streams.map(({ channel }) => channel.readable));
      const { channel, writer } = streams[index]!;
      const chunk = channel.take();
      if (chunk !== undefined) yield* writer.write(chunk);
      else if (channel.closed) streams.splice(index, 1);
    }
  } finally {
    for (const { channel } of streams) channel.cancel();
  }
}

/** `[pod/NAME/CONTAINER] ` before each line, with --prefix. */
class PrefixWriter {
  readonly #session: Session;
  readonly #prefix: string;
  #atStart = true;

  constructor(session: Session, { pod, container }: Target) {
    this.#session = session;
    this.#prefix = session.flags.bool('prefix') ? `[pod/${pod}/${container}] ` : '';
  }

  *write(text: string): Task<void> {
    if (!this.#prefix) return yield* this.#session.out(text);
    let out = '';
    for (const line of text.split(/(?<=\n)/)) {
      out += (this.#atStart && line ? this.#prefix : '') + line;
      this.#atStart = line.endsWith('\n');
    }
    yield* this.#session.out(out);
  }
}
