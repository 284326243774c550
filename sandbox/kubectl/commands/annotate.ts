/** `kubectl annotate` (kubectl pkg/cmd/annotate/annotate.go). */

import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { patchObject } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { filesOf, forEach, selectionOf } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { byText } from '../text.ts';
import { type Changes, changed, resourcesAndPairs } from './change.ts';

export const annotate: Command = {
  name: 'annotate',
  flags: `all=false -A,all-namespaces=false ${DRY_RUN_FLAG} field-manager='kubectl-annotate' field-selector='' list=false local=false overwrite=false resource-version='' -l,selector='' ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const { resources, pairs } = resourcesAndPairs(session.args);
    if (resources.length === 0 && filesOf(session).length === 0) {
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    }
    if (pairs.length === 0 && !flags.bool('list')) throw new CommandError('at least one annotation update is required');
    const changes = parsePairs(pairs);
    const dryRun = yield* dryRunOf(session);
    const local = flags.bool('local');
    yield* forEach(
      session,
      { ...selectionOf(session), args: resources, latest: !local, local, continueOnError: true },
      function* (info) {
        if (flags.bool('list') && pairs.length === 0) return yield* session.out(listing(info.object!));
        checkOverwrite(session, info.object!, changes);
        const after = {
          ...info.object!,
          metadata: { ...info.object!.metadata, annotations: changed(info.object!.metadata?.annotations, changes) },
        };
        if (dryRun !== 'client' && !local) {
          const version = flags.string('resource-version');
          const metadata = {
            annotations: patchOf(info.object!, changes),
            ...(version ? { resourceVersion: version } : {}),
          };
          info.object = yield* patchObject(session, info, 'merge', compactJson({ metadata }), {
            dryRun,
            fieldManager: flags.string('field-manager'),
          });
        } else info.object = after;
        yield* session.out((yield* resultPrinter(session, 'annotated', dryRun))(info.object!, info.mapping));
      },
    );
  },
};

function parsePairs(pairs: readonly string[]): Changes {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new CommandError(`invalid annotation format: ${pair}`);
  }
  if (remove.some((key) => set.has(key)))
    throw new CommandError('can not both modify and remove the following annotation(s) in the same command');
  return { set, remove };
}

function checkOverwrite(session: Session, object: KObject, { set }: Changes): void {
  if (session.flags.bool('overwrite')) return;
  const old = object.metadata?.annotations;
  const found = [...set]
    .filter(([key, value]) => old?.[key] !== undefined && old[key] !== value)
    .map(([key]) => `'${key}' already has a value (${old![key]})`);
  if (found.length > 0)
    throw new CommandError(
      `--overwrite is false but found the following declared annotation(s): ${found.sort(byText).join('; ')}`,
    );
}

function patchOf(object: KObject, { set, remove }: Changes): Record<string, string | null> {
  const out: Record<string, string | null> = Object.fromEntries(set);
  for (const key of remove) if (object.metadata?.annotations?.[key] !== undefined) out[key] = null;
  return out;
}

const listing = (object: KObject): string =>
  Object.entries(object.metadata?.annotations ?? {})
    .sort(([a], [b]) => byText(a, b))
    .map(([k, v]) => `${k}=${v}\n`)
    .join('');
