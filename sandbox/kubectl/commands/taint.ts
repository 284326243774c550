/** `kubectl taint` (kubectl pkg/cmd/taint). */

import type { Node } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, PRINT_FLAGS, VALIDATE_FLAG } from '../cli/flags.ts';
import { patchObject } from '../client/helper.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import { fieldValidation, validationOf } from '../resource/validation.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { differencePatch } from './change.ts';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface Changes {
  readonly add: readonly Taint[];
  /** An empty effect means all of the key. */
  readonly remove: readonly Taint[];
}

export const taint: Command = {
  name: 'taint',
  aliases: ['taints'],
  flags: `all=false ${DRY_RUN_FLAG} field-manager='kubectl-taint' overwrite=false -l,selector='' ${VALIDATE_FLAG} ${PRINT_FLAGS}`,
  complete: 'names',
  completeType: 'nodes',
  *run(session) {
    const { flags } = session;
    const dryRun = yield* dryRunOf(session);
    const { resources, changes } = parseArguments(session);
    yield* validate(session, resources, changes);
    const everything = flags.bool('all') || flags.string('selector') !== '';
    const selection = {
      args: everything ? ['nodes'] : ['nodes', ...resources.slice(1)],
      all: flags.bool('all'),
      selector: flags.string('selector'),
      latest: true,
      continueOnError: true,
    };
    yield* forEach(session, selection, function* (info) {
      const node = info.object as unknown as Node;
      const { operation, taints } = changed(node, changes, flags.bool('overwrite'));
      const after = {
        ...info.object!,
        spec: { ...(info.object!.spec as object), taints: taints.length > 0 ? taints : undefined },
      } as KObject;
      // The operation is known only after the printer has been told of the dry run: its suffix is lost.
      const print = yield* resultPrinter(session, operation);
      if (dryRun !== 'client') {
        const { patch, type } = differencePatch(info, info.object!, after);
        const options = {
          dryRun,
          fieldManager: flags.string('field-manager'),
          fieldValidation: fieldValidation(validationOf(session)),
        };
        info.object = yield* patchObject(session, info, type, patch, options);
      } else info.object = after;
      yield* session.out(print(info.object, info.mapping));
    });
  },
};

function parseArguments(session: Session): { resources: string[]; changes: Changes } {
  const isTaint = (word: string) => word.includes('=') || word.includes(':') || word.endsWith('-');
  const first = session.args.findIndex(isTaint);
  const resources = first < 0 ? [...session.args] : session.args.slice(0, first);
  const specs = first < 0 ? [] : session.args.slice(first);
  const misplaced = specs.find((word) => !isTaint(word));
  if (misplaced !== undefined)
    throw new CommandError(`all resources must be specified before taint changes: ${misplaced}`);
  if (resources.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (specs.length === 0) throw new CommandError('at least one taint update is required');
  return { resources, changes: parseTaints(session, specs) };
}

function parseTaints(session: Session, specs: readonly string[]): Changes {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const { key, effect } = parseTaint(session, spec.slice(0, -1));
      remove.push({ key, effect });
      continue;
    }
    const taint = parseTaint(session, spec);
    if (taint.effect === '') throw session.usage(`invalid taint spec: ${spec}`);
    if (add.some((other) => matches(other, taint)))
      throw session.usage(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      );
    add.push(taint);
  }
  return { add, remove };
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** `KEY=VALUE:EFFECT`, `KEY:EFFECT` or `KEY`. */
function parseTaint(session: Session, spec: string): Taint {
  const invalid = (why = '') => session.usage(`invalid taint spec: ${spec}${why && `, ${why}`}`);
  const parts = spec.split(':');
  if (parts.length > 2) throw invalid();
  const [pair = '', effect = ''] = parts;
  if (parts.length === 2 && !EFFECTS.includes(effect))
    throw session.usage(`invalid taint effect: ${effect}, unsupported taint effect`);
  const [key = '', value, ...more] = parts.length === 2 ? pair.split('=') : [pair];
  if (more.length > 0) throw invalid();
  if (value !== undefined && !LABEL_VALUE.test(value)) throw invalid(VALUE_RULE);
  if (value !== undefined && value.length > 63) throw invalid('must be no more than 63 characters');
  if (!LABEL_NAME.test(key.split('/').at(-1) ?? ''))
    throw invalid(key === '' ? `name part must be non-empty; ${NAME_RULE}` : NAME_RULE);
  return { key, effect, ...(value ? { value } : {}) };
}

const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const matches = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

function* validate(session: Session, resources: readonly string[], { add, remove }: Changes): Task<void> {
  const { flags } = session;
  const type = resources[0]!.toLowerCase();
  const mapper = yield* session.mapper();
  if (mapper.find(type).kind !== 'Node')
    throw new CommandError(`invalid resource type ${type}, only node types are supported`);
  const conflicts = add.flatMap((one) =>
    remove.filter((other) => one.key === other.key && (!other.effect || matches(one, other))),
  );
  if (conflicts.length > 0) {
    const list = conflicts.map(({ key, effect }) => `${key}=${effect}`).join(', ');
    throw new CommandError(`can not both modify and remove the following taint(s) in the same command: ${list}`);
  }
  const all = flags.bool('all');
  const selected = flags.string('selector') !== '';
  if (all && selected) throw new CommandError("setting 'all' parameter with a non empty selector is prohibited");
  if (!all && !selected && resources.length < 2)
    throw new CommandError("at least one resource name must be specified since 'all' parameter is not set");
}

/** reorganizeTaints: new ones first, then the old ones that stay. */
function changed(node: Node, { add, remove }: Changes, overwrite: boolean): { operation: string; taints: Taint[] } {
  const old = node.spec?.taints ?? [];
  const existing = add.filter((taint) => old.some((other) => matches(other, taint))).map(({ key }) => key);
  if (!overwrite && existing.length > 0)
    throw new CommandError(
      `node ${node.metadata.name} already has ${existing.join(',')} taint(s) with same effect(s) and --overwrite is false`,
    );
  let taints: Taint[] = [...add, ...old.filter((taint) => !add.some((other) => matches(other, taint)))];
  const added = taints.length !== old.length;
  let removed = false;
  const missing: string[] = [];
  for (const goner of remove) {
    const left = taints.filter((taint) => !(goner.effect ? matches(taint, goner) : taint.key === goner.key));
    removed = left.length !== taints.length;
    if (!removed) missing.push(`taint ${quote(goner.effect ? `${goner.key}:${goner.effect}` : goner.key)} not found`);
    taints = left;
  }
  if (missing.length > 0) throw new CommandError(missing.length === 1 ? missing[0]! : `[${missing.join(', ')}]`);
  return { operation: (added && removed) || overwrite ? 'modified' : added ? 'tainted' : 'untainted', taints };
}
