/** `kubectl auth can-i`, `auth reconcile` and `auth whoami` (kubectl pkg/cmd/auth). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, Exit } from '../cli/errors.ts';
import { PRINT_FLAGS } from '../cli/flags.ts';
import { type Rule, ruleCells } from '../describe/rules.ts';
import { compactJson } from '../printers/json.ts';
import { typedPrinter } from '../printers/output.ts';
import { alignTabs } from '../printers/tabwriter.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { reconcile } from './auth-reconcile.ts';

const canI: Command = {
  name: 'can-i',
  flags: "-A,all-namespaces=false list=false no-headers=false -q,quiet=false subresource=''",
  *run(session) {
    const { flags, args } = session;
    if (flags.bool('list')) {
      if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
      if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource')) {
        throw new CommandError(
          "list option can't be specified with neither quiet, all-namespaces nor subresource options",
        );
      }
      return yield* listRules(session);
    }
    if (args[1]?.startsWith('/') && flags.string('subresource'))
      throw new CommandError('--subresource can not be used with NonResourceURL');
    if (args.length < 2 || args.length > 2) {
      throw new CommandError(
        `you must specify two arguments: verb resource or verb resource/resourceName.\nSee '${session.path} -h' for help and examples.`,
      );
    }
    const attributes = yield* attributesOf(session);
    const client = yield* session.client();
    const review = {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: attributes,
      status: { allowed: false },
    };
    const answer = yield* client.json<{
      status: { allowed: boolean; denied?: boolean; reason?: string; evaluationError?: string };
    }>('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: compactJson(review) });
    const { allowed, reason, evaluationError } = answer.status;
    if (!flags.bool('quiet')) {
      const why = (reason ? ` - ${reason}` : '') + (evaluationError ? ` - ${evaluationError}` : '');
      yield* session.out(allowed ? 'yes\n' : `no${why}\n`);
    }
    if (!allowed) throw new Exit(1);
  },
};

const RESOURCE_VERBS = [
  ...['*', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['use', 'bind', 'impersonate', 'escalate', 'attest', 'approve', 'sign'],
];
const NON_RESOURCE_VERBS = ['*', 'get', 'put', 'post', 'head', 'options', 'delete', 'patch'];

function* attributesOf(session: Session): Task<object> {
  const { flags, args } = session;
  const [verb = '', target = ''] = args;
  const known = target.startsWith('/') ? NON_RESOURCE_VERBS : RESOURCE_VERBS;
  if (!known.includes(verb)) yield* session.err(`Warning: verb '${verb}' is not a known verb\n\n`);
  if (target.startsWith('/')) return { nonResourceAttributes: { path: target, verb } };
  const slash = target.indexOf('/');
  const [word, inline] = slash < 0 ? [target, ''] : [target.slice(0, slash), target.slice(slash + 1)];
  const name = inline;
  const namespace = flags.bool('all-namespaces') ? '' : yield* session.namespace();
  const place = yield* resourceOf(session, word);
  const subresource = flags.string('subresource');
  return {
    resourceAttributes: {
      ...(namespace ? { namespace } : {}),
      verb,
      ...(place.group ? { group: place.group } : {}),
      resource: place.resource,
      ...(subresource ? { subresource } : {}),
      ...(name ? { name } : {}),
    },
  };
}

function* resourceOf(session: Session, word: string): Task<{ group: string; resource: string }> {
  if (word === '*') return { group: '*', resource: '*' };
  try {
    const mapping = (yield* session.mapper()).find(word);
    if (!mapping.namespaced && !session.flags.bool('all-namespaces')) {
      yield* session.err(
        `Warning: resource '${mapping.resource}' is not namespace scoped${mapping.group ? ` in group '${mapping.group}'` : ''}\n\n`,
      );
    }
    return mapping;
  } catch (error) {
    const [resource = '', ...group] = word.split('.');
    if (!(error instanceof Error) || error.constructor === TypeError) throw error;
    yield* session.err(
      `Warning: the server doesn't have a resource type '${resource}'${group.length > 0 ? ` in group '${group.join('.')}'` : ''}\n\n`,
    );
    return { group: group.join('.'), resource };
  }
}

interface Rules {
  readonly status: { readonly resourceRules?: readonly Rule[]; readonly nonResourceRules?: readonly Rule[] };
}

function* listRules(session: Session): Task<void> {
  const client = yield* session.client();
  const namespace = yield* session.namespace();
  const body = compactJson({
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: { namespace },
  });
  const { status } = yield* client.json<Rules>('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    body,
  });
  const rows = session.flags.bool('no-headers') ? [] : [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']];
  rows.push(...ruleCells([...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])]));
  yield* session.out(alignTabs(rows.map((cells) => `${cells.join('\t')}\n`).join('')));
}

const whoami: Command = {
  name: 'whoami',
  flags: PRINT_FLAGS,
  *run(session) {
    const client = yield* session.client();
    const body = compactJson({
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      status: { userInfo: {} },
    });
    const answer = yield* client.json<KObject>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body });
    const format = session.flags.string('output');
    if (format) return yield* session.out((yield* typedPrinter(session, format))(answer));
    const user = (
      answer.status as {
        userInfo: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
      }
    ).userInfo;
    const rows = [['ATTRIBUTE', 'VALUE']];
    if (user.username) rows.push(['Username', user.username]);
    if (user.uid) rows.push(['UID', user.uid]);
    if (user.groups?.length) rows.push(['Groups', `[${user.groups.join(' ')}]`]);
    for (const [key, values] of Object.entries(user.extra ?? {}).sort())
      rows.push([`Extra: ${key}`, `[${values.join(' ')}]`]);
    yield* session.out(alignTabs(rows.map((cells) => `${cells.join('\t')}\n`).join('')));
  },
};

export const auth: Command = { name: 'auth', commands: [canI, reconcile, whoami], helpTo: 'stderr' };
