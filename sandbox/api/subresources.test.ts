/** Subresources: what each takes of what is sent, and refuses. */

import { expect, test } from 'vitest';
import { MERGE, PODS, pod, STRATEGIC, startApi } from './testing.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const P = `${PODS}/p`;

function withDeployment() {
  const world = startApi();
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  world.call('POST', DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { replicas: 2, selector: { matchLabels: { a: 'b' } }, template },
  });
  const scale = (changes: object, metadata: object = {}) =>
    world.call('PUT', `${DEPLOYMENTS}/d/scale`, {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'd', namespace: 'default', ...metadata },
      spec: changes,
    });
  return { ...world, scale };
}

test('a scale raises the generation, and is refused where it is old, negative or another’s', () => {
  const { call, scale } = withDeployment();
  expect(call('GET', `${DEPLOYMENTS}/d/scale`).value.status.selector).toBe('a=b');
  expect(scale({ replicas: 3 }).value.spec).toEqual({ replicas: 3 });
  expect(call('GET', `${DEPLOYMENTS}/d`).value.metadata.generation).toBe(2);
  expect(scale({ replicas: 1 }, { resourceVersion: '1' }).failure).toContain(
    'Operation cannot be fulfilled on deployments.apps "d": the object has been modified',
  );
  expect(scale({ replicas: -1 }).failure).toBe(
    '422 Invalid: Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
  expect(scale({ replicas: 1 }, { name: 'e' }).failure).toBe(
    '400 BadRequest: the name of the object (e) does not match the name on the URL (d)',
  );
  expect(call('PATCH', `${DEPLOYMENTS}/d/scale`, { spec: { replicas: 4 } }, STRATEGIC).value.spec.replicas).toBe(4);
});

test('ephemeral containers are added, and stay as they are', () => {
  const { call } = startApi();
  call('POST', PODS, pod('p'));
  const add = (container: object) =>
    call('PATCH', `${P}/ephemeralcontainers`, { spec: { ephemeralContainers: [container] } }, STRATEGIC);
  expect(add({ name: 'c', image: 'busybox' }).failure).toContain(
    'spec.ephemeralContainers[0].name: Duplicate value: "c"',
  );
  expect(
    add({ name: 'd', image: 'busybox', targetContainerName: 'x', ports: [{ containerPort: 1 }] }).failure,
  ).toContain(
    '[spec.ephemeralContainers[0].targetContainerName: Not found: "x", spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container]',
  );
  const added = add({ name: 'd', image: 'busybox', targetContainerName: 'c' }).value;
  expect(added.metadata.generation).toBe(2);
  expect(added.spec.ephemeralContainers[0]).toMatchObject({ name: 'd', imagePullPolicy: 'Always', resources: {} });
  expect(add({ name: 'd', image: 'alpine' }).failure).toContain(
    'Forbidden: existing ephemeral containers "d" may not be changed',
  );
  const other = call('PATCH', `${P}/ephemeralcontainers`, { spec: { nodeName: 'x' } }, MERGE);
  expect(other.value.spec.nodeName).toBeUndefined();
  expect(call('POST', PODS, pod('q', { ephemeralContainers: [{ name: 'd', image: 'x' }] })).failure).toContain(
    'spec.ephemeralContainers: Forbidden: cannot be set on create',
  );
});

test('a resize changes requests and limits, not the class', () => {
  const { call } = startApi();
  const resources = { requests: { cpu: '100m' }, limits: { cpu: '200m' } };
  call('POST', PODS, pod('p', { containers: [{ name: 'c', image: 'nginx', resources }] }));
  const resize = (changes: object) =>
    call('PATCH', `${P}/resize`, { spec: { containers: [{ name: 'c', resources: changes }] } }, STRATEGIC);
  expect(resize({ requests: { cpu: '150m' } }).value.spec.containers[0].resources.requests.cpu).toBe('150m');
  expect(resize({ limits: { cpu: null } }).failure).toContain(
    'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
  );
  expect(resize({ requests: { cpu: '200m', memory: '1Gi' }, limits: { memory: '1Gi' } }).failure).toContain(
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  );
});

test('a binding goes to a node, once', () => {
  const { call } = startApi();
  call('POST', PODS, pod('p'));
  call('POST', PODS, pod('gated', { schedulingGates: [{ name: 'x.io/y' }] }));
  const bind = (name: string, target: object, inside = name) =>
    call('POST', `${PODS}/${name}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata: { name: inside }, target });
  expect(bind('p', { name: 'node01' }, 'q').failure).toBe(
    '400 BadRequest: name in URL does not match name in Binding object',
  );
  expect(bind('gated', { name: 'node01' }).failure).toBe(
    '409 Conflict: Operation cannot be fulfilled on pods/binding "gated": pod gated has non-empty .spec.schedulingGates',
  );
  expect(bind('p', { name: 'node01' }).status).toBe(201);
  expect(bind('p', { name: 'node02' }).failure).toContain('pod p is already assigned to node "node01"');
});

test('a token lives ten minutes at least, bound to what there is', () => {
  const { call } = startApi();
  const ask = (spec: object) =>
    call('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec,
    });
  expect(ask({ expirationSeconds: 5 }).failure).toContain(
    'spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
  );
  const bound = (kind: string) => ask({ boundObjectRef: { kind, apiVersion: 'v1', name: 'nope' } }).failure;
  expect(bound('Pod')).toBe('404 NotFound: pods "nope" not found');
  expect(bound('Foo')).toBe('400 BadRequest: cannot bind token for object of type /v1, Kind=Foo');
  expect(ask({ expirationSeconds: 600 }).value.status.expirationTimestamp).toBe('2026-11-22T20:26:00Z');
});

test('reviews ask RBAC', () => {
  const { call, admin } = startApi();
  const review = (kind: string, spec: object, headers = {}) =>
    call(
      'POST',
      `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
      { apiVersion: 'authorization.k8s.io/v1', kind, spec },
      headers,
    );
  const list = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } };
  const may = () => review('SubjectAccessReview', { user: 'bob', ...list }).value.status.allowed;
  expect(may()).toBe(false);
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const named = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'r' } };
  call('POST', `${rbac}/roles`, {
    ...named,
    kind: 'Role',
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
  });
  call('POST', `${rbac}/rolebindings`, {
    ...named,
    kind: 'RoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
    subjects: [{ kind: 'User', name: 'bob', apiGroup: 'rbac.authorization.k8s.io' }],
  });
  expect(may()).toBe(true);
  expect(admin.list('pods', 'default')).toEqual([]);
  const bob = { 'impersonate-user': 'bob' };
  const rules = review('SelfSubjectRulesReview', { namespace: 'default' }, bob).value.status;
  expect(rules.resourceRules.at(-1)).toMatchObject({ verbs: ['list'], resources: ['pods'] });
  expect(rules.nonResourceRules[0].nonResourceURLs).toContain('/openapi/*');
  expect(review('SubjectAccessReview', list).failure).toBe(
    '422 Invalid: SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
  );
  expect(review('SelfSubjectAccessReview', {}).failure).toContain(
    'exactly one of nonResourceAttributes or resourceAttributes must be specified',
  );
  expect(review('SelfSubjectRulesReview', {}).failure).toBe('400 BadRequest: no namespace on request');
});
