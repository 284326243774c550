/** `kubectl create role|clusterrole|rolebinding|clusterrolebinding`. */

import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError, NoResourceMatch } from '../../cli/errors.ts';
import type { Mapper, Mapping } from '../../client/mapper.ts';
import type { KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { generator } from './generator.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** One rule for each API group named by --resource. */
function* rules(session: Session): Task<Record<string, unknown>[]> {
  const { flags } = session;
  const verbs = [...new Set(flags.list('verb'))];
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  const resources = flags.list('resource');
  const urls = flags.list('non-resource-url');
  if (resources.length === 0 && urls.length === 0) throw new CommandError('at least one resource must be specified');
  for (const verb of verbs) {
    if (resources.length > 0 && !VERBS.includes(verb))
      yield* session.err(`Warning: '${verb}' is not a standard resource verb\n`);
    if (urls.length > 0 && !URL_VERBS.includes(verb))
      throw new CommandError(`invalid verb: '${verb}' for nonResourceURL`);
  }
  for (const url of urls)
    if (url !== '*' && !url.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
  const mapper = yield* session.mapper();
  const groups = new Map<string, string[]>();
  for (const word of resources) {
    const [type = '', subresource] = word.split('/');
    const { group, resource } = type === '*' ? { group: '', resource: '*' } : found(mapper, type);
    groups.set(group, [...(groups.get(group) ?? []), subresource ? `${resource}/${subresource}` : resource]);
  }
  const resourceNames = flags.list('resource-name');
  const out: Record<string, unknown>[] = [...groups].map(([group, names]) => ({
    apiGroups: [group],
    ...(resourceNames.length > 0 ? { resourceNames: [...resourceNames] } : {}),
    resources: names,
    verbs: verbs.includes('*') ? ['*'] : verbs,
  }));
  if (urls.length > 0) out.push({ nonResourceURLs: [...urls], verbs });
  return out;
}

function found(mapper: Mapper, word: string): Pick<Mapping, 'group' | 'resource'> {
  try {
    return mapper.find(word);
  } catch (error) {
    if (error instanceof NoResourceMatch) throw error;
    const [resource = '', ...group] = word.split('.');
    throw new NoResourceMatch(resource, group.join('.'));
  }
}

const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  ...['use', 'bind', 'impersonate', 'escalate', 'attest', 'approve', 'sign'],
];
const URL_VERBS = ['get', 'post', 'put', 'delete', 'patch', 'head', 'options', '*'];

const role = generator({
  name: 'role',
  flags: 'resource=[] resource-name=[] verb=[]',
  namespaced: true,
  failure: 'failed to create role: ',
  *build(session, name): Task<KObject> {
    return { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata: { name }, rules: yield* rules(session) };
  },
});

const clusterRole = generator({
  name: 'clusterrole',
  flags: 'aggregation-rule=[]:stringArray non-resource-url=[] resource=[] resource-name=[] verb=[]',
  namespaced: false,
  failure: 'failed to create clusterrole: ',
  *build(session, name): Task<KObject> {
    const labels = session.flags.list('aggregation-rule').map((pair) => pair.split('='));
    if (labels.length > 0) {
      if (
        ['verb', 'resource', 'resource-name', 'non-resource-url'].some((flag) => session.flags.list(flag).length > 0)
      ) {
        throw new CommandError(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
      }
      const aggregationRule = { clusterRoleSelectors: [{ matchLabels: Object.fromEntries(labels) }] };
      return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name }, aggregationRule, rules: null };
    }
    return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name }, rules: yield* rules(session) };
  },
});

function subjects(session: Session): Record<string, unknown>[] {
  const { flags } = session;
  const accounts = flags.list('serviceaccount').map((text) => {
    const [namespace, name] = text.split(':');
    if (!namespace || !name) throw new CommandError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace };
  });
  return [
    ...flags.list('user').map((name) => ({ apiGroup: GROUP, kind: 'User', name })),
    ...flags.list('group').map((name) => ({ apiGroup: GROUP, kind: 'Group', name })),
    ...accounts,
  ];
}

const roleBinding = generator({
  name: 'rolebinding',
  flags: "clusterrole='' group=[] role='' serviceaccount=[] user=[]",
  namespaced: true,
  failure: 'failed to create rolebinding: ',
  *build(session, name): Task<KObject> {
    const { flags } = session;
    if (Boolean(flags.string('role')) === Boolean(flags.string('clusterrole')))
      throw new CommandError('exactly one of clusterrole or role must be specified');
    const roleRef = flags.string('role')
      ? { apiGroup: GROUP, kind: 'Role', name: flags.string('role') }
      : { apiGroup: GROUP, kind: 'ClusterRole', name: flags.string('clusterrole') };
    return { apiVersion: `${GROUP}/v1`, kind: 'RoleBinding', metadata: { name }, roleRef, subjects: subjects(session) };
  },
});

const clusterRoleBinding = generator({
  name: 'clusterrolebinding',
  flags: "clusterrole='' group=[] serviceaccount=[] user=[]",
  required: ['clusterrole'],
  namespaced: false,
  failure: 'failed to create clusterrolebinding: ',
  *build(session, name): Task<KObject> {
    const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: session.flags.string('clusterrole') };
    return {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef,
      subjects: subjects(session),
    };
  },
});

export const rbac: readonly Command[] = [role, clusterRole, roleBinding, clusterRoleBinding];
