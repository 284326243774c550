/** `kubectl wait` (kubectl pkg/cmd/wait). */

import { formatGo } from '../../../api/gofmt.ts';
import { JsonPath, relaxedJsonPath } from '../../../api/jsonpath/jsonpath.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { ApiError, aggregate, CommandError, isNotFound } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { groupResource, resourcePath } from '../../client/mapper.ts';
import { watchSynced } from '../../client/watch.ts';
import { resultPrinter } from '../../printers/output.ts';
import { find, selectionOf } from '../../resource/builder.ts';
import { type Info, infoPath, type KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { timedOut, waitForOne } from './deleted.ts';
import { withTimeout } from './timeout.ts';

type Condition = { readonly type: 'delete' | 'create' } | { readonly type: 'met'; met(object: KObject): boolean };

export const wait: Command = {
  name: 'wait',
  flags: `all=false -A,all-namespaces=false field-selector='' -f,filename=[] for=[]:stringArray local=false -R,recursive=true -l,selector='' timeout=30s ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const wanted = flags.list('for');
    if (wanted.length === 0) throw new CommandError('unrecognized condition: ""');
    const conditions = wanted.map(parseCondition);
    const timeout = flags.duration('timeout');
    const end = session.environment.now() + (timeout < 0 ? 168 * 3_600_000 : timeout);
    for (const condition of conditions) {
      if (condition.type === 'create') yield* waitForCreation(session, end);
      else yield* waitForAll(session, condition, end);
    }
  },
};

function parseCondition(text: string): Condition {
  const lower = text.toLowerCase();
  if (lower === 'delete' || lower === 'create') return { type: lower };
  if (text.startsWith('condition=')) {
    const [type = '', status = 'true'] = text.slice('condition='.length).split('=');
    return { type: 'met', met: (object) => hasCondition(object, type, status) };
  }
  if (text.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length));
  throw new CommandError(`unrecognized condition: ${quote(text)}`);
}

function hasCondition(object: KObject, type: string, status: string): boolean {
  const { conditions = [], observedGeneration } = (object.status ?? {}) as {
    conditions?: { type: string; status: string; observedGeneration?: number }[];
    observedGeneration?: number;
  };
  const found = conditions.find((c) => c.type.toLowerCase() === type.toLowerCase());
  if (!found) return false;
  const generation = object.metadata?.generation;
  const observed = found.observedGeneration ?? observedGeneration;
  if (observed !== undefined && generation !== undefined && observed < generation) return false;
  return found.status.toLowerCase() === status.toLowerCase();
}

function jsonPathCondition(text: string): Condition {
  const [expression = '', given] = splitAtEquals(text);
  if (expression === '') throw new CommandError('jsonpath expression cannot be empty');
  if (given === '') throw new CommandError('jsonpath wait has to have a value after equal sign');
  const value = given === undefined ? undefined : given.replace(/^(["'])(.*)\1$/s, '$2');
  const path = new JsonPath(relaxedJsonPath(expression), true);
  return {
    type: 'met',
    met(object) {
      const values = path.find(object).flat();
      if (values.length === 0) return false;
      if (values.length > 1) throw new CommandError('given jsonpath expression matches more than one value');
      if (typeof values[0] === 'object')
        throw new CommandError('jsonpath leads to a nested object or list which is not supported');
      return value === undefined || formatGo(values[0]) === value;
    },
  };
}

const FORMAT =
  "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";

/** At the first `=` outside brackets and quotes (splitJSONPathInput). */
function splitAtEquals(text: string): [string, string?] {
  const parts: string[] = [''];
  let depth = 0;
  let quoted = '';
  for (const char of text) {
    if (quoted) quoted = char === quoted ? '' : quoted;
    else if (depth > 0 && (char === '"' || char === "'")) quoted = char;
    else if (char === '[' || char === '(') depth++;
    else if (char === ']' || char === ')') depth--;
    if (char === '=' && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += char;
  }
  if (parts.length > 2) throw new CommandError(FORMAT);
  return [parts[0]!, parts[1]];
}

function* waitForAll(session: Session, condition: Condition, end: number): Task<void> {
  const deleting = condition.type === 'delete';
  const once = session.flags.duration('timeout') === 0;
  const found = yield* find(session, {
    ...selectionOf(session),
    latest: true,
    continueOnError: true,
    local: session.flags.bool('local'),
  });
  const errors = found.errors.filter((error) => !(deleting && isNotFound(error)));
  if (errors.length > 0 && found.infos.length === 0) throw aggregate(errors);
  if (found.infos.length === 0) {
    if (deleting) return;
    throw new CommandError('no matching resources found');
  }
  const failures: unknown[] = [...errors];
  const deadline = { end, once };
  for (const info of found.infos) {
    try {
      if (condition.type === 'met') yield* waitUntilMet(session, info, condition.met, end);
      else yield* waitForOne(session, info, info.object?.metadata?.uid, deadline);
      yield* session.out((yield* resultPrinter(session, 'condition met'))(info.object!, info.mapping));
    } catch (error) {
      if (!(error instanceof Error) || error.constructor === TypeError) throw error;
      failures.push(error);
    }
  }
  const failure = aggregate(failures);
  if (failure) throw failure;
}

function* waitUntilMet(session: Session, info: Info, met: (object: KObject) => boolean, end: number): Task<void> {
  const { resource } = info.mapping;
  if (session.flags.duration('timeout') === 0) {
    const client = yield* session.client();
    info.object = yield* client.json<KObject>('GET', infoPath(info));
    if (met(info.object)) return;
    throw new CommandError(`condition not met for ${resource}/${info.name}`);
  }
  const left = end - session.environment.now();
  if (left <= 0) throw timedOut(info);
  const outcome = yield* withTimeout(session, left, () =>
    watchSynced(session, resourcePath(info.mapping, info.namespace), info.name, {
      *handle({ type, object }) {
        if (type === 'DELETED') return false;
        info.object = object;
        return met(object);
      },
      absent: () => {
        throw notFound(groupResource(info.mapping), info.name);
      },
    }),
  );
  if (outcome === 'timeout') throw timedOut(info);
}

/** apierrors.NewNotFound, made by the client. */
const notFound = (resource: string, name: string): ApiError =>
  new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NotFound',
    message: `${resource} ${quote(name)} not found`,
    code: 404,
  });

/** Polls every half second until all named objects are there. */
function* waitForCreation(session: Session, end: number): Task<void> {
  const { flags } = session;
  if (flags.string('selector') || flags.bool('all')) return yield* waitForAny(session, end);
  for (;;) {
    const { infos, errors } = yield* find(session, { ...selectionOf(session), continueOnError: true });
    const others = errors.filter((error) => !isNotFound(error));
    if (others.length > 0) throw aggregate(others);
    if (errors.length === 0) {
      for (const info of infos)
        yield* session.out((yield* resultPrinter(session, 'condition met'))(info.object!, info.mapping));
      return;
    }
    if (session.environment.now() >= end) throw new CommandError('timed out waiting for the condition');
    yield* session.environment.sleep(Math.min(500, end - session.environment.now()));
  }
}

function* waitForAny(session: Session, end: number): Task<void> {
  for (;;) {
    const { infos } = yield* find(session, { ...selectionOf(session), continueOnError: true });
    if (infos.length > 0) {
      for (const info of infos)
        yield* session.out((yield* resultPrinter(session, 'condition met'))(info.object!, info.mapping));
      return;
    }
    if (session.environment.now() >= end) throw new CommandError('timed out waiting for the condition');
    yield* session.environment.sleep(500);
  }
}
