/** Nobody grants what they do not hold: roles and bindings, `escalate` and `bind` (pkg/registry/rbac). */

import { expect, test } from 'vitest';
import { startApi } from '../testing.ts';

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const HERE = `${RBAC}/namespaces/default`;
const AS_BOB = { 'impersonate-user': 'bob' };

const rule = (verbs: string[], resources: string[], apiGroups = ['']) => ({ verbs, apiGroups, resources });
const role = (name: string, rules: object[], more: object = {}) => ({ metadata: { name }, rules, ...more });
const binding = (name: string, kind: string, of: string, to = 'bob') => ({
  metadata: { name },
  roleRef: { apiGroup: GROUP, kind, name: of },
  subjects: [{ kind: 'User', name: to, apiGroup: GROUP }],
});

const WRITER = rule(['create', 'get', 'update'], ['roles', 'rolebindings', 'clusterroles'], [GROUP]);
const ALL = [rule(['*'], ['*'], ['*']), { verbs: ['*'], nonResourceURLs: ['*'] }];

/** Bob may write roles and bindings, and do what else is given. */
function start(...more: object[]) {
  const { call } = startApi();
  const admin = (url: string, object: object) => expect(call('POST', url, object).status).toBe(201);
  admin(`${RBAC}/clusterroles`, role('cluster-admin', ALL));
  admin(`${RBAC}/clusterroles`, role('writer', [WRITER, ...more]));
  admin(`${RBAC}/clusterrolebindings`, binding('bob', 'ClusterRole', 'writer'));
  const bob = (method: 'POST' | 'PUT', url: string, object: object) => {
    const answer = call(method, url, object, { ...AS_BOB, 'content-type': 'application/json' });
    return answer.status < 300 ? 'done' : answer.failure;
  };
  return { call, bob };
}

const REFUSED =
  'is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n';
const MISSING = '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}';

test('a binding to more than one holds is refused, to as much is not', () => {
  const { bob } = start();
  expect(bob('POST', `${HERE}/rolebindings`, binding('x', 'ClusterRole', 'cluster-admin'))).toBe(
    `403 Forbidden: rolebindings.${GROUP} "x" ${REFUSED}${MISSING}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
  );
  expect(bob('POST', `${HERE}/rolebindings`, binding('x', 'ClusterRole', 'writer', 'eve'))).toBe('done');
  expect(bob('POST', `${HERE}/rolebindings`, binding('y', 'Role', 'nowhere'))).toBe(
    `404 NotFound: roles.${GROUP} "nowhere" not found`,
  );
});

test('a role of more than one holds is refused, by what is missing of each resource', () => {
  const { call, bob } = start(rule(['get'], ['pods', '*/log']));
  const roles = `${HERE}/roles`;
  expect(bob('POST', roles, role('y', [rule(['*'], ['*'], ['*'])]))).toBe(
    `403 Forbidden: roles.${GROUP} "y" ${REFUSED}${MISSING}`,
  );
  expect(bob('POST', roles, role('y', [rule(['get'], ['pods', 'pods/log'])]))).toBe('done');
  const more = role('y', [rule(['get', 'list', 'watch'], ['pods', 'secrets'])]);
  const missing = [
    '{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "watch"]}',
  ];
  expect(bob('PUT', `${roles}/y`, more)).toBe(`403 Forbidden: roles.${GROUP} "y" ${REFUSED}${missing.join('\n')}`);
  // The administrator may, and then who collects garbage may still take its owners away.
  expect(call('PUT', `${roles}/y`, more).status).toBe(200);
  expect(bob('PUT', `${roles}/y`, { ...more, metadata: { name: 'y', finalizers: ['a.io/b'] } })).toBe('done');
  expect(bob('PUT', `${roles}/y`, { ...more, metadata: { name: 'y', labels: { a: 'b' } } })).toContain(REFUSED);
});

test('what a name grants does not grant all', () => {
  const { bob } = start({ ...rule(['get'], ['pods']), resourceNames: ['a'] });
  const roles = `${HERE}/roles`;
  expect(bob('POST', roles, role('y', [{ ...rule(['get'], ['pods']), resourceNames: ['a'] }]))).toBe('done');
  expect(bob('POST', roles, role('z', [rule(['get'], ['pods'])]))).toContain(
    '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
  );
});

test('who may escalate or bind may', () => {
  const escalating = start(rule(['escalate'], ['roles'], [GROUP]));
  expect(escalating.bob('POST', `${HERE}/roles`, role('y', ALL.slice(0, 1)))).toBe('done');
  expect(escalating.bob('POST', `${RBAC}/clusterroles`, role('y', ALL))).toContain(REFUSED);
  const binds = start({ ...rule(['bind'], ['clusterroles'], [GROUP]), resourceNames: ['cluster-admin'] });
  expect(binds.bob('POST', `${HERE}/rolebindings`, binding('x', 'ClusterRole', 'cluster-admin'))).toBe('done');
});

test('only who may do everything says what a role gathers', () => {
  const gathering = role('g', [], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } });
  expect(start().bob('POST', `${RBAC}/clusterroles`, gathering)).toBe(
    `403 Forbidden: clusterroles.${GROUP} "g" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
  );
  expect(start(...ALL).bob('POST', `${RBAC}/clusterroles`, gathering)).toBe('done');
});
