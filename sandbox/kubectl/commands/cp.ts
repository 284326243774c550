/** `kubectl cp`: tar in the container at one end, files at the other (kubectl pkg/cmd/cp/cp.go). */

import type { ExecSession } from '../../api/http.ts';
import { archiveOf, type Member, members, NOBODY } from '../../sim/tar.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode } from '../text.ts';
import { chooseContainer } from './pods.ts';

interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly path: string;
}

export const cp: Command = {
  name: 'cp',
  flags: "-c,container='' no-preserve=false retries=0",
  complete: 'pods',
  *run(session) {
    if (session.args.length !== 2) throw new CommandError('source and destination are required');
    const [from, to] = session.args.map(parsePlace) as [Place, Place];
    if (from.pod && to.pod) throw new CommandError('one of src or dest must be a local file specification');
    if (from.path === '' || to.path === '') throw new CommandError('filepath can not be empty');
    if (from.pod) return yield* fromPod(session, from, to.path);
    if (to.pod) return yield* toPod(session, from.path, to);
    throw new CommandError('one of src or dest must be a remote file specification');
  },
};

/** `namespace/pod:path`, `pod:path` or `path`. */
function parsePlace(text: string): Place {
  const colon = text.indexOf(':');
  if (colon < 0) return { namespace: '', pod: '', path: text };
  if (colon === 0) throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const [where, path] = [text.slice(0, colon), text.slice(colon + 1)];
  const parts = where.split('/');
  if (parts.length === 1) return { namespace: '', pod: where, path };
  if (parts.length === 2) return { namespace: parts[0]!, pod: parts[1]!, path };
  throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
}

function* execIn(session: Session, place: Place, command: readonly string[], stdin: boolean): Task<ExecSession> {
  const namespace = place.namespace || (yield* session.namespace());
  const client = yield* session.client();
  const pod = yield* client.json<KObject>('GET', `/api/v1/namespaces/${namespace}/pods/${place.pod}`);
  const container = yield* chooseContainer(session, pod, session.flags.string('container'), false);
  const query: [string, string][] = [
    ...command.map((word): [string, string] => ['command', word]),
    ['container', container],
  ];
  if (stdin) query.push(['stdin', 'true']);
  query.push(['stdout', 'true'], ['stderr', 'true']);
  return yield* client.exec(`/api/v1/namespaces/${namespace}/pods/${place.pod}/exec`, query);
}

/** Collects what a command prints until it ends. */
function* collect(session: Session, running: ExecSession): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = yield* running.stdout.next(); chunk; chunk = yield* running.stdout.next()) chunks.push(chunk);
  for (let chunk = yield* running.stderr.next(); chunk; chunk = yield* running.stderr.next())
    yield* session.err(decode(chunk));
  const result = yield* running.done.next();
  if (result?.exitCode !== 0)
    throw new CommandError(result?.error ?? `command terminated with exit code ${result?.exitCode}`);
  const out = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').pop()!;

function* fromPod(session: Session, from: Place, target: string): Task<void> {
  const { files } = session.environment;
  const running = yield* execIn(session, from, ['tar', 'cf', '-', from.path], false);
  const archive = yield* collect(session, running);
  const prefix = from.path.replace(/^\/+/, '').replace(/\/+$/, '');
  const into = (yield* files.stat(target))?.directory ? `${target.replace(/\/+$/, '')}/${baseName(from.path)}` : target;
  for (const entry of members(archive)) {
    if (entry?.type !== 'file' && entry?.type !== 'directory') continue;
    const name = entry.name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
    if (name !== prefix && !name.startsWith(`${prefix}/`)) continue;
    const path = into + name.slice(prefix.length);
    if (entry.type === 'directory') yield* files.makeDirectory(path);
    else yield* files.write(path, entry.data, entry.mode);
  }
}

function* toPod(session: Session, source: string, to: Place): Task<void> {
  if (!(yield* session.environment.files.stat(source)))
    throw new CommandError(`${source} doesn't exist in local filesystem`);
  const name = yield* remoteName(session, source, to);
  const slash = name.lastIndexOf('/');
  const folder = slash > 0 ? name.slice(0, slash) : slash === 0 ? '/' : '.';
  const entries: Member[] = [];
  yield* gather(session, source, name.slice(slash + 1), entries);
  const command = [
    'tar',
    '-xmf',
    '-',
    ...(session.flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : []),
    '-C',
    folder,
  ];
  const running = yield* execIn(session, to, command, true);
  running.stdin.push(archiveOf(entries));
  running.stdin.close();
  yield* session.out(decode(yield* collect(session, running)));
}

/** A folder as target takes the file under its own name. */
function* remoteName(session: Session, source: string, to: Place): Task<string> {
  const path = to.path.replace(/(.)\/+$/, '$1');
  const probe = yield* execIn(session, to, ['test', '-d', path], false);
  const result = yield* probe.done.next();
  return result?.exitCode === 0 ? `${path.replace(/\/$/, '')}/${baseName(source)}` : path;
}

function* gather(session: Session, path: string, name: string, entries: Member[]): Task<void> {
  const { files } = session.environment;
  const stat = (yield* files.stat(path))!;
  const owned = { ...NOBODY, user: '', group: '', mode: stat.mode & 0o7777, mtime: session.environment.now() };
  if (!stat.directory) {
    entries.push({ ...owned, name, type: 'file', data: yield* files.read(path) });
    return;
  }
  entries.push({ ...owned, name: `${name}/`, type: 'directory', data: new Uint8Array() });
  for (const child of [...(yield* files.list(path))].sort())
    yield* gather(session, `${path}/${child}`, `${name}/${child}`, entries);
}
