/** `--raw`: one request to any path, its answer as it comes (kubectl pkg/rawhttp). */

import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import { readSource } from '../resource/files.ts';
import type { Session } from '../session.ts';

function* body(session: Session, required: boolean): Task<string | undefined> {
  const files = session.flags.list('filename');
  if (files.length > 1) throw new CommandError('--raw can only use a single local file or stdin');
  if (files.length === 0) {
    if (required) throw new CommandError('--raw can only use a single local file or stdin');
    return undefined;
  }
  if (/^https?:/.test(files[0]!)) throw new CommandError('--raw cannot read from a url');
  return (yield* readSource(session, files[0]!)).text;
}

function* send(session: Session, method: 'POST' | 'PUT' | 'DELETE', required: boolean): Task<void> {
  const client = yield* session.client();
  const [path = '', query = ''] = session.flags.string('raw').split('?');
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('='));
  const text = yield* client.text(method, path, {
    raw: true,
    body: yield* body(session, required),
    query: pairs.map(([k = '', v = '']) => [k, v] as const),
  });
  yield* session.out(text);
}

export const postRaw = (session: Session, method: 'POST' | 'PUT'): Task<void> => send(session, method, true);
export const deleteRaw = (session: Session): Task<void> => send(session, 'DELETE', false);
