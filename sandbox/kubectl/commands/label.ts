/** `kubectl label` (kubectl pkg/cmd/label/label.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { patchObject } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { filesOf, forEach, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { byText, quote } from '../text.ts';
import { type Changes, changed, resourcesAndPairs } from './change.ts';

const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export const label: Command = {
  name: 'label',
  flags: `all=false -A,all-namespaces=false ${DRY_RUN_FLAG} field-manager='kubectl-label' field-selector='' list=false local=false overwrite=false resource-version='' -l,selector='' ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const { resources, pairs } = resourcesAndPairs(session.args);
    const changes = parseLabels(pairs);
    validate(session, resources, pairs);
    const dryRun = yield* dryRunOf(session);
    yield* forEach(
      session,
      {
        ...selectionOf(session),
        args: resources,
        latest: !flags.bool('local'),
        local: flags.bool('local'),
        continueOnError: true,
      },
      function* (info) {
        if (flags.bool('list') && pairs.length === 0) return yield* listLabels(session, info);
        const before = info.object!;
        const after = withLabels(session, before, changes);
        const operation = outcomeOf(before, changes, yield* missing(session, before, changes));
        if (dryRun !== 'client' && !flags.bool('local') && operation !== 'not labeled') {
          const patch = compactJson({ metadata: { labels: patchOf(before, changes), ...resourceVersion(session) } });
          info.object = yield* patchObject(session, info, 'merge', patch, {
            dryRun,
            fieldManager: flags.string('field-manager'),
          });
        } else info.object = after;
        yield* session.out((yield* resultPrinter(session, operation, dryRun))(info.object!, info.mapping));
        if (flags.bool('list')) yield* listLabels(session, info);
      },
    );
  },
};

const resourceVersion = (session: Session): Record<string, string> =>
  session.flags.string('resource-version') ? { resourceVersion: session.flags.string('resource-version') } : {};

function parseLabels(pairs: readonly string[]): Changes {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    if (pair.includes('=')) {
      const parts = pair.split('=');
      if (parts.length !== 2) throw new CommandError(`invalid label spec: ${pair}`);
      if (!VALUE.test(parts[1]!) || parts[1]!.length > 63)
        throw new CommandError(`invalid label value: ${quote(pair)}: ${valueProblem(parts[1]!)}`);
      set.set(parts[0]!, parts[1]!);
    } else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new CommandError(`unknown label spec: ${pair}`);
  }
  for (const key of remove)
    if (set.has(key)) throw new CommandError('can not both modify and remove a label in the same command');
  return { set, remove };
}

const valueProblem = (value: string): string =>
  value.length > 63
    ? 'must be no more than 63 characters'
    : `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;

function validate(session: Session, resources: readonly string[], pairs: readonly string[]): void {
  const { flags } = session;
  if (flags.bool('all') && flags.string('selector'))
    throw new CommandError('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector'))
    throw new CommandError('cannot set --all and --field-selector at the same time');
  if (resources.length === 0 && filesOf(session).length === 0)
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (pairs.length === 0 && !flags.bool('list')) throw new CommandError('at least one label update is required');
}

function withLabels(session: Session, object: KObject, changes: Changes): KObject {
  const labels = object.metadata?.labels;
  if (!session.flags.bool('overwrite')) {
    for (const [key, value] of changes.set) {
      const old = labels?.[key];
      if (old !== undefined && old !== value)
        throw new CommandError(`'${key}' already has a value (${old}), and --overwrite is false`);
    }
  }
  return { ...object, metadata: { ...object.metadata, labels: changed(labels, changes) } };
}

function patchOf(object: KObject, { set, remove }: Changes): Record<string, string | null> {
  const out: Record<string, string | null> = {};
  for (const [key, value] of set) if (object.metadata?.labels?.[key] !== value) out[key] = value;
  for (const key of remove) if (object.metadata?.labels?.[key] !== undefined) out[key] = null;
  return out;
}

function* missing(session: Session, object: KObject, { remove }: Changes): Task<readonly string[]> {
  const absent = remove.filter((key) => object.metadata?.labels?.[key] === undefined);
  for (const key of absent) yield* session.out(`label ${quote(key)} not found.\n`);
  return absent;
}

function outcomeOf(object: KObject, changes: Changes, absent: readonly string[]): string {
  const sets = [...changes.set].some(([key, value]) => object.metadata?.labels?.[key] !== value);
  const removes = changes.remove.length > absent.length;
  if (!sets && !removes) return 'not labeled';
  return changes.set.size === 0 ? 'unlabeled' : 'labeled';
}

function* listLabels(session: Session, info: Info): Task<void> {
  const entries = Object.entries(info.object!.metadata?.labels ?? {}).sort(([a], [b]) => byText(a, b));
  const several = session.flags.bool('all') || session.args.length > 2;
  const indent = several ? ' ' : '';
  if (several) {
    yield* session.out(`Listing labels for ${info.object!.kind}.${info.mapping.group}/${info.name}:\n`);
  }
  for (const [key, value] of entries) yield* session.out(`${indent}${key}=${value}\n`);
}
