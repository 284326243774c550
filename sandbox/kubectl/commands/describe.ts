/** `kubectl describe` (kubectl pkg/cmd/describe/describe.go). */

import type { KubeObject } from '../../api/object.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { AggregateFailure, CommandError, isNotFound } from '../cli/errors.ts';
import { FILE_FLAGS } from '../cli/flags.ts';
import { resourcePath } from '../client/mapper.ts';
import type { Context } from '../describe/describer.ts';
import { searchEvents } from '../describe/events.ts';
import { describerFor } from '../describe/index.ts';
import { Writer } from '../describe/writer.ts';
import { find, selectionOf } from '../resource/builder.ts';
import type { Info } from '../resource/info.ts';
import type { Session } from '../session.ts';

export const describe: Command = {
  name: 'describe',
  flags: `-A,all-namespaces=false chunk-size=500:int64 -l,selector='' show-events=true ${FILE_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags, args } = session;
    if (args.length === 0 && flags.list('filename').length === 0 && !flags.string('kustomize'))
      throw new CommandError(
        'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    const { infos, errors } = yield* find(session, {
      ...selectionOf(session),
      typeAloneIsAll: true,
      continueOnError: true,
    });
    const first = errors[0];
    if (infos.length === 0 && errors.length === 1 && isNotFound(first) && args.length === 2) {
      yield* describeMatching(session, first as Error);
      return;
    }
    const withEvents = flags.bool('show-events');
    let separator = '';
    for (const info of infos) {
      yield* session.out(separator + (yield* describeOne(session, info, withEvents)));
      separator = '\n\n';
    }
    if (infos.length === 0 && errors.length === 0)
      yield* session.err(
        flags.bool('all-namespaces')
          ? 'No resources found\n'
          : `No resources found in ${yield* session.namespace()} namespace.\n`,
      );
    if (errors.length > 0) throw new AggregateFailure(errors);
  },
};

/** No object of that name: those whose names begin with it. */
function* describeMatching(session: Session, notFound: Error): Task<void> {
  const [type = '', prefix = ''] = session.args;
  const { infos } = yield* find(session, { ...selectionOf(session), args: [type], typeAloneIsAll: true });
  const matching = infos.filter((info) => info.name.startsWith(prefix));
  if (matching.length === 0) throw notFound;
  for (const info of matching)
    yield* session.out(`${yield* describeOne(session, info, session.flags.bool('show-events'))}\n`);
}

function* describeOne(session: Session, { mapping, namespace, name }: Info, withEvents: boolean): Task<string> {
  const client = yield* session.client();
  const object = JSON.parse(yield* client.text('GET', resourcePath(mapping, namespace, name))) as KubeObject;
  const reference = { kind: mapping.kind, namespace: object.metadata.namespace ?? '', name, uid: object.metadata.uid };
  const context: Context = {
    session,
    mapping,
    events: withEvents ? yield* searchEvents(session, reference) : undefined,
    now: session.environment.now(),
  };
  const writer = new Writer();
  yield* describerFor(mapping.group, mapping.kind)(writer, object as never, context);
  return writer.toString();
}
