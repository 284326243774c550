/** `kubectl diff`: the live objects against what apply would make of them, through diff(1) (kubectl pkg/cmd/diff/diff.go). */

import type { Task } from '../../sim/task.ts';
import { lastAppliedText } from '../apply/last-applied.ts';
import { applyPatch, PatchFailure } from '../apply/patcher.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, Exit, isConflict, isNotFound, PlainError, report } from '../cli/errors.ts';
import { FILE_FLAGS } from '../cli/flags.ts';
import { createObject, patchObject, type WriteOptions } from '../client/helper.ts';
import { withoutManagedFields } from '../printers/output.ts';
import { findAll, read, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { printYaml } from '../yaml/print.ts';

const MAX_RETRIES = 4;
const PRIVATE = 0o700;

export const diff: Command = {
  name: 'diff',
  flags: `concurrency=1 field-manager='kubectl-client-side-apply' force-conflicts=false -l,selector='' server-side=false show-managed-fields=false show-secrets=false ${FILE_FLAGS}`,
  *run(session) {
    try {
      yield* compare(session);
    } catch (error) {
      if (error instanceof Exit || !(error instanceof Error) || error instanceof TypeError) throw error;
      // One means that there are differences: a failure is one more than elsewhere (cmdutil.CheckDiffErr).
      throw new PlainError(report(error).text, 2);
    }
  },
};

function* compare(session: Session): Task<void> {
  const { flags, args, environment } = session;
  if (args.length > 0) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
  if (flags.list('filename').length === 0 && !flags.string('kustomize'))
    throw new CommandError('must specify one of -f and -k');
  if (flags.bool('force-conflicts') && !flags.bool('server-side'))
    throw new CommandError('--force-conflicts only works with --server-side');
  const folder = environment.env.get('TMPDIR') || '/tmp';
  const [from, to] = ['LIVE', 'MERGED'].map((name) => `${folder}/${name}-${environment.randomName()}`) as [
    string,
    string,
  ];
  try {
    yield* environment.files.makeDirectory(from);
    yield* environment.files.makeDirectory(to);
    for (const info of yield* findAll(session, selectionOf(session))) yield* writeBoth(session, info, from, to);
    yield* session.flushWarnings();
    yield* runDiff(session, from, to);
  } finally {
    yield* removeQuietly(session, from);
    yield* removeQuietly(session, to);
  }
}

function* removeQuietly({ environment }: Session, path: string): Task<void> {
  try {
    yield* environment.files.remove(path);
  } catch {
    // Upstream ignores it too: what is left lies in the folder of temporary files.
  }
}

function* writeBoth(session: Session, info: Info, from: string, to: string): Task<void> {
  const { files } = session.environment;
  const local = info.object!;
  for (let attempt = 1; ; attempt++) {
    const live = yield* readLive(session, info);
    try {
      const shown = masked(session, info, live, yield* mergedOf(session, { ...info, object: live }, local));
      const name = fileName(info);
      yield* files.write(`${from}/${name}`, shown.live ? printYaml(shown.live) : '', PRIVATE);
      yield* files.write(`${to}/${name}`, printYaml(shown.merged), PRIVATE);
    } catch (error) {
      if (isConflict(error) && attempt < MAX_RETRIES) continue;
      throw error;
    }
    if (live?.metadata?.deletionTimestamp) {
      yield* session.err(`Warning: Detected changes to resource ${info.name} which is currently being deleted.\n`);
    }
    return;
  }
}

function* readLive(session: Session, info: Info): Task<KObject | undefined> {
  try {
    return yield* read(session, info);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** As it would be if it were applied or created; nothing is changed. */
function* mergedOf(session: Session, info: Info, local: KObject): Task<KObject> {
  const { flags } = session;
  const serverSide = flags.bool('server-side');
  const fieldManager = serverSide && !flags.changed('field-manager') ? 'kubectl' : flags.string('field-manager');
  const options: WriteOptions = { dryRun: 'server', fieldManager };
  if (serverSide)
    return yield* patchObject(session, info, 'apply', JSON.stringify(local), {
      ...options,
      force: flags.bool('force-conflicts'),
    });
  if (!info.object) return yield* createObject(session, info, local, options);
  try {
    return (yield* applyPatch(session, info, JSON.parse(lastAppliedText(local)) as KObject, options)).object;
  } catch (error) {
    throw error instanceof PatchFailure ? error.reason : error;
  }
}

/** `apps.v1.Deployment.default.web`. */
const fileName = ({ mapping, namespace, name }: Info): string =>
  `${mapping.group ? `${mapping.group}.` : ''}${mapping.version}.${mapping.kind}.${namespace}.${name}`;

interface Pair {
  readonly live: KObject | undefined;
  readonly merged: KObject;
}

function masked({ flags }: Session, { mapping }: Info, live: KObject | undefined, merged: KObject): Pair {
  const clean = (object: KObject) => (flags.bool('show-managed-fields') ? object : withoutManagedFields(object));
  const pair = { live: live && clean(live), merged: clean(merged) };
  return mapping.kind === 'Secret' && mapping.version === 'v1' && !flags.bool('show-secrets')
    ? withoutSecrets(pair)
    : pair;
}

/** Values of secrets are starred, so that only a difference shows. */
function withoutSecrets({ live, merged }: Pair): Pair {
  const dataOf = (object: KObject | undefined) => (object?.data ?? {}) as Record<string, unknown>;
  const [before, after] = [dataOf(live), dataOf(merged)];
  const mask = (own: Record<string, unknown>, other: Record<string, unknown>, suffix: string) =>
    Object.fromEntries(
      Object.keys(own).map((key) => [key, key in other && own[key] !== other[key] ? `*** (${suffix})` : '***']),
    );
  return {
    live: live?.data ? { ...live, data: mask(before, after, 'before') } : live,
    merged: merged.data ? { ...merged, data: mask(after, before, 'after') } : merged,
  };
}

/** $KUBECTL_EXTERNAL_DIFF with its plain words, or `diff -u -N`. */
function* runDiff({ environment }: Session, from: string, to: string): Task<void> {
  const [program = 'diff', ...words] = environment.env.get('KUBECTL_EXTERNAL_DIFF')?.split(' ') ?? ['diff', '-u', '-N'];
  const status = yield* environment.run([program, ...words.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word)), from, to]);
  if (status === 0) return;
  if (status === 1) throw new Exit(1);
  const why = status === 127 ? `executable file not found in $PATH` : `exit status ${status}`;
  throw new CommandError(`failed to run "${program}": ${why}`);
}
