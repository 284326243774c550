/** `kubectl events` (kubectl pkg/cmd/events). */

import type { Event } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, NoResourceMatch } from '../cli/errors.ts';
import { PRINT_FLAGS } from '../cli/flags.ts';
import { allPages } from '../client/helper.ts';
import { apiVersionOf, type Mapping } from '../client/mapper.ts';
import { watchEvents } from '../client/watch.ts';
import { interval } from '../describe/events.ts';
import { goSorted } from '../printers/gosort.ts';
import { typedPrinter } from '../printers/output.ts';
import { RememberingTabWriter } from '../printers/tabwriter.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

const HEADER = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];

export const events: Command = {
  name: 'events',
  flags: `-A,all-namespaces=false chunk-size=500:int64 for='' no-headers=false types=[] -w,watch=false ${PRINT_FLAGS}`,
  *run(session) {
    const { flags } = session;
    const types = flags.list('types').map((type) => type.toLowerCase());
    const query = yield* queryOf(session);
    if (types.some((type) => type !== 'normal' && type !== 'warning'))
      throw new CommandError('valid --types are Normal or Warning');
    const wanted = ({ type = '' }: Event) => types.length === 0 || types.includes(type.toLowerCase());
    const everywhere = flags.bool('all-namespaces');
    const namespace = yield* session.namespace();
    const path = everywhere ? '/api/v1/events' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
    if (flags.string('output') === 'name') return; // NamePrinter refuses typed lists, and nobody looks.
    const print = flags.string('output') ? yield* objectPrinter(session) : tablePrinter(session);
    if (flags.bool('watch')) {
      yield* watchEvents<Event>(session, path, query, undefined, function* ({ type, object }) {
        if ((type === 'ADDED' || type === 'MODIFIED') && wanted(object)) yield* session.out(print([object], false));
        return false;
      });
      return;
    }
    const client = yield* session.client();
    const items = yield* allPages<Event>(client, path, query);
    const found = goSorted(items.filter(wanted), (a, b) => timeOf(a) < timeOf(b));
    if (found.length > 0) yield* session.out(print(found, true));
    else yield* session.err(everywhere ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
  },
};

function* queryOf(session: Session): Task<[string, string][]> {
  const { flags } = session;
  const query: [string, string][] = [['limit', flags.string('chunk-size')]];
  const about = flags.string('for');
  if (!about) return query;
  const parts = about.split('/');
  if (parts.length === 1) throw new CommandError('--for must be in resource/name form');
  if (parts.length > 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const mapping = yield* mappingFor(session, parts[0]!.toLowerCase());
  const fields = [
    `involvedObject.kind=${mapping.kind}`,
    `involvedObject.apiVersion=${apiVersionOf(mapping)}`,
    `involvedObject.name=${parts[1]}`,
  ];
  return [...query, ['fieldSelector', fields.join(',')]];
}

function* mappingFor(session: Session, word: string): Task<Mapping> {
  try {
    return (yield* session.mapper()).find(word);
  } catch (error) {
    if (error instanceof NoResourceMatch || !(error instanceof Error)) throw error;
    throw new NoResourceMatch(word);
  }
}

/** Milliseconds; an event without any time comes first. */
const timeOf = ({ series, lastTimestamp, eventTime }: Event): number =>
  Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '') || 0;

type Print = (events: readonly Event[], list: boolean) => string;

function* objectPrinter(session: Session): Task<Print> {
  const print = yield* typedPrinter(session, session.flags.string('output'));
  const typed = (event: Event) => ({ ...event, kind: 'Event', apiVersion: 'v1' });
  return (events, list) =>
    list
      ? print({ kind: 'EventList', apiVersion: 'v1', metadata: {}, items: events.map(typed) } as unknown as KObject)
      : print(typed(events[0]!) as unknown as KObject);
}

function tablePrinter({ flags, environment }: Session): Print {
  const writer = new RememberingTabWriter();
  const everywhere = flags.bool('all-namespaces');
  let headed = flags.bool('no-headers');
  return (events) => {
    const rows = events.map((event) => {
      const { kind, name } = event.involvedObject;
      const row = [
        interval(event, environment.now()),
        event.type ?? '',
        event.reason ?? '',
        `${kind}/${name}`,
        (event.message ?? '').trim(),
      ];
      return everywhere ? [event.metadata.namespace ?? '', ...row] : row;
    });
    if (!headed) rows.unshift(everywhere ? ['NAMESPACE', ...HEADER] : HEADER);
    headed = true;
    return writer.align(rows);
  };
}
