/** `kubectl auth reconcile`: roles and bindings are given what a file says they have (kubectl pkg/cmd/auth/reconcile.go, component-helpers/auth/rbac/reconciliation). */

import { equal } from '../../api/equality.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, isNotFound } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS } from '../cli/flags.ts';
import { createObject, deleteObject, replaceObject } from '../client/helper.ts';
import { compactJson } from '../printers/json.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../printers/output.ts';
import { forEach, selectionOf } from '../resource/builder.ts';
import { type Info, infoPath, type KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

const GROUP = 'rbac.authorization.k8s.io';
const OPTED_OUT = 'rbac.authorization.kubernetes.io/autoupdate';

interface Rule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Subject {
  readonly kind?: string;
  readonly apiGroup?: string;
  readonly name?: string;
  readonly namespace?: string;
}

type Access = KObject & {
  readonly rules?: readonly Rule[] | null;
  readonly subjects?: readonly Subject[];
  readonly roleRef?: object;
};

interface Result {
  readonly object: Access;
  readonly operation: '' | 'create' | 'update' | 'recreate';
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly isProtected?: boolean;
}

export const reconcile: Command = {
  name: 'reconcile',
  flags: `dry-run='none' remove-extra-permissions=false remove-extra-subjects=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
  *run(session) {
    const { flags, args } = session;
    if (args.length > 0) throw new CommandError('no arguments are allowed');
    if (flags.list('filename').length === 0 && !flags.string('kustomize'))
      throw new CommandError('must specify one of -f and -k');
    const dryRun = yield* dryRunOf(session);
    const print = yield* resultPrinter(session, 'reconciled', dryRun);
    yield* forEach(session, { ...selectionOf(session), args: [], continueOnError: true }, function* (info) {
      const { group, kind } = info.mapping;
      if (group !== GROUP) return;
      const what = kind.endsWith('Binding') ? 'subjects' : 'rules';
      const result = yield* reconciled(session, info, what, dryRun);
      yield* session.out(print(result.object, info.mapping));
      yield* session.err(told(session, result, what));
    });
  },
};

function* reconciled(session: Session, info: Info, what: 'rules' | 'subjects', dryRun: DryRun): Task<Result> {
  const wanted = info.object as Access;
  const found = yield* lookup(session, info);
  const result = found ? compared(session, found, wanted, what) : created(wanted, what);
  if (dryRun === 'client' || result.isProtected) return result;
  const options = { dryRun, fieldManager: '', fieldValidation: '' };
  switch (result.operation) {
    case 'create':
      yield* ensureNamespace(session, info.namespace);
      return { ...result, object: (yield* createObject(session, info, result.object, options)) as Access };
    case 'update':
      return { ...result, object: (yield* replaceObject(session, info, result.object, options)) as Access };
    case 'recreate':
      yield* deleteObject(session, info, { dryRun });
      return { ...result, object: (yield* createObject(session, info, result.object, options)) as Access };
    default:
      return result;
  }
}

function* lookup(session: Session, info: Info): Task<Access | undefined> {
  try {
    return yield* (yield* session.client()).json<Access>('GET', infoPath(info));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** tryEnsureNamespace. */
function* ensureNamespace(session: Session, namespace: string): Task<void> {
  if (!namespace) return;
  const client = yield* session.client();
  try {
    yield* client.json('GET', `/api/v1/namespaces/${namespace}`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const body = { kind: 'Namespace', apiVersion: 'v1', metadata: { name: namespace } };
    yield* client.json('POST', '/api/v1/namespaces', { body: compactJson(body) });
  }
}

const created = (object: Access, what: 'rules' | 'subjects'): Result => ({
  object,
  operation: 'create',
  missing: what === 'rules' ? (object.rules ?? []).map(goRule) : (object.subjects ?? []).map(goSubject),
  extra: [],
});

function compared(session: Session, existing: Access, wanted: Access, what: 'rules' | 'subjects'): Result {
  const isProtected = existing.metadata?.annotations?.[OPTED_OUT] === 'false';
  if (what === 'subjects' && !equal(existing.roleRef, wanted.roleRef)) {
    const metadata = { ...wanted.metadata, ...labelled(existing, wanted) };
    return { object: { ...wanted, metadata }, operation: 'recreate', missing: [], extra: [], isProtected };
  }
  const marks = labelled(existing, wanted);
  const marked = { ...existing, metadata: { ...existing.metadata, ...marks } } as Access;
  const { missing, extra, next } =
    what === 'rules' ? rules(session, existing, wanted) : subjects(session, existing, wanted);
  const changed = next !== undefined || !equal(marked.metadata, existing.metadata);
  return {
    object: next === undefined ? marked : { ...marked, [what]: next },
    operation: changed ? 'update' : '',
    missing,
    extra,
    isProtected,
  };
}

interface Compared {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly next: unknown;
}

function rules(session: Session, { rules: existing }: Access, { rules: wanted }: Access): Compared {
  const [has, needs] = [existing ?? [], wanted ?? []];
  const extra = uncovered(needs, has);
  const missing = uncovered(has, needs);
  const removes = session.flags.bool('remove-extra-permissions');
  const changes = missing.length > 0 || (removes && extra.length > 0);
  const next = changes ? (removes ? needs : [...has, ...missing]) : undefined;
  return { missing: missing.map(goRule), extra: extra.map(goRule), next };
}

/** validation.Covers: of the second rules, broken down, those that none of the first allows. */
const uncovered = (owner: readonly Rule[], servant: readonly Rule[]): Rule[] => {
  const owned = owner.flatMap(brokenDown);
  return servant.flatMap(brokenDown).filter((rule) => !owned.some((one) => covers(one, rule)));
};

function brokenDown({
  verbs = [],
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: Rule): Rule[] {
  const names = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((name) => ({ apiGroups: [group], resources: [resource], verbs: [verb], ...name })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

/** ruleCovers, of two rules that are broken down. */
function covers(owner: Rule, asked: Rule): boolean {
  const has = (field: keyof Rule) => {
    const [one, other] = [owner[field]?.[0], asked[field]?.[0]];
    return one === '*' || one === other;
  };
  if (!has('verbs')) return false;
  const url = asked.nonResourceURLs?.[0];
  if (url !== undefined) {
    const own = owner.nonResourceURLs?.[0] ?? '';
    return own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1)));
  }
  const [, subresource] = asked.resources![0]!.split('/');
  const resource = has('resources') || (subresource !== undefined && owner.resources?.[0] === `*/${subresource}`);
  return has('apiGroups') && resource && (!owner.resourceNames || has('resourceNames'));
}

function subjects(session: Session, { subjects: existing = [] }: Access, { subjects: wanted = [] }: Access): Compared {
  const without = (list: readonly Subject[], others: readonly Subject[]) =>
    list.filter((one) => !others.some((other) => goSubject(one) === goSubject(other)));
  const missing = without(wanted, existing);
  const extra = without(existing, wanted);
  const removes = session.flags.bool('remove-extra-subjects');
  const changes = missing.length > 0 || (removes && extra.length > 0);
  const next = changes ? (removes ? wanted : [...existing, ...missing]) : undefined;
  return { missing: missing.map(goSubject), extra: extra.map(goSubject), next };
}

/** What is there already is not said anew. */
function labelled({ metadata: existing }: Access, { metadata: wanted }: Access): object {
  const merged = (field: 'annotations' | 'labels') =>
    wanted?.[field] ? { [field]: { ...wanted[field], ...existing?.[field] } } : {};
  return { ...merged('annotations'), ...merged('labels') };
}

function told(
  session: Session,
  { operation, missing, extra, isProtected }: Result,
  what: 'rules' | 'subjects',
): string {
  if (operation === '') return '';
  const caveat = isProtected ? `, but object opted out (${OPTED_OUT}: false)` : '';
  const flag = what === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects';
  const list = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? `\t${title}:\n${lines.map((line) => `\t\t${line}\n`).join('')}` : '';
  return [
    `\treconciliation required ${operation}${caveat}\n`,
    list(`missing ${what} added`, missing),
    session.flags.bool(flag) ? list(`extra ${what} removed`, extra) : '',
  ].join('');
}

/** As Go's %+v prints the structs. */
const goRule = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string => {
  const list = (values: readonly string[] = []) => `[${values.join(' ')}]`;
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`;
};

const goSubject = ({ kind = '', apiGroup = '', name = '', namespace = '' }: Subject): string =>
  `{Kind:${kind} APIGroup:${apiGroup || (kind === 'ServiceAccount' ? '' : GROUP)} Name:${name} Namespace:${namespace}}`;
