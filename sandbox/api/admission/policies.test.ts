/** Validating admission policies: what a policy is about, what it says, and who asks (texts of the second goldens, and of upstream's sources). */

import { expect, test } from 'vitest';
import { map, pod, startApi } from '../testing.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

type Lab = ReturnType<typeof startApi>;

const CONFIG_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
};

function policy({ call }: Lab, spec: object, binding: object = {}): void {
  const about = { matchConstraints: { resourceRules: [CONFIG_MAPS] } };
  const made = call('POST', `${GROUP}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { ...about, ...spec },
  });
  expect(made.text).toContain('"name":"p"');
  const bound = call('POST', `${GROUP}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
  });
  expect(bound.status).toBe(201);
}

const DENIED = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ";

const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
});

test('what a validation does not hold for is refused, with its reason, its message and a cause', () => {
  const lab = startApi();
  policy(lab, {
    validations: [
      { expression: 'has(object.data.team)', message: ' say whose it is ' },
      {
        expression: "object.data.?team.orValue('') != 'red'",
        messageExpression: "'not ' + object.data.team",
        reason: 'Forbidden',
      },
      { expression: 'object.metadata.name.size() < 20' },
    ],
  });
  const { call } = lab;
  expect(call('POST', MAPS, map('a', { a: '' })).value).toMatchObject({
    reason: 'Invalid',
    code: 422,
    message: `configmaps "a" is forbidden: ${DENIED}say whose it is`,
    details: { name: 'a', kind: 'configmaps', causes: [{ message: `${DENIED}say whose it is` }] },
  });
  expect(call('POST', MAPS, map('a', { team: 'red' })).failure).toBe(
    `403 Forbidden: configmaps "a" is forbidden: ${DENIED}not red`,
  );
  expect(call('POST', MAPS, map('x'.repeat(30), { team: 'blue' })).failure).toContain(
    'failed expression: object.metadata.name.size() < 20',
  );
  expect(call('POST', MAPS, map('a', { team: 'blue' })).status).toBe(201);
  expect(call('DELETE', `${MAPS}/a`).status).toBe(200);
});

test('an expression that comes to nothing refuses, or is passed over, as failurePolicy says', () => {
  const lab = startApi();
  const { call } = lab;
  policy(lab, {
    variables: [{ name: 'want', expression: 'object.data.number' }],
    validations: [{ expression: 'int(variables.want) < 3' }],
  });
  expect(call('POST', MAPS, map('a', { a: '' })).failure).toContain(
    `${DENIED}expression 'int(variables.want) < 3' resulted in error: composited variable "want" fails to evaluate: no such key: number`,
  );
  const ignore = { spec: { failurePolicy: 'Ignore' } };
  call('PATCH', `${GROUP}/validatingadmissionpolicies/p`, ignore, 'application/merge-patch+json');
  expect(call('POST', MAPS, map('a')).status).toBe(201);
  expect(call('POST', MAPS, map('b', { number: '5' })).failure).toContain('failed expression');
});

test('a binding may only warn', () => {
  const lab = startApi();
  policy(lab, { validations: [{ expression: 'false', message: 'never' }] }, { validationActions: ['Warn', 'Audit'] });
  const made = lab.call('POST', MAPS, map('a'));
  expect(made.status).toBe(201);
  expect(made.warnings).toEqual([
    `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': never"`,
  ]);
});

test('rules, exceptions, selectors and conditions say what a policy is about', () => {
  const lab = startApi();
  const { call } = lab;
  policy(
    lab,
    {
      matchConstraints: {
        resourceRules: [{ ...CONFIG_MAPS, apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }],
        excludeResourceRules: [{ ...CONFIG_MAPS, resourceNames: ['free'] }],
        objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
      },
      matchConditions: [{ name: 'not-admin', expression: "request.userInfo.username != 'root'" }],
      validations: [{ expression: "request.operation == 'UPDATE'" }],
    },
    { matchResources: { namespaceSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] } } },
  );
  expect(call('POST', MAPS, map('a')).status).toBe(422);
  expect(call('POST', MAPS, map('free')).status).toBe(201);
  expect(call('POST', MAPS, map('b', {}, { labels: { free: '' } })).status).toBe(201);
  const root = { 'impersonate-user': 'root', 'impersonate-group': 'system:masters' };
  expect(call('POST', MAPS, map('c'), { 'content-type': 'application/json', ...root }).status).toBe(201);
  expect(
    call('PATCH', '/api/v1/namespaces/default', { metadata: { labels: { free: '' } } }, 'application/merge-patch+json')
      .status,
  ).toBe(200);
  expect(call('POST', MAPS, map('d')).status).toBe(201);
  // Nobody can lock himself out.
  expect(call('DELETE', `${GROUP}/validatingadmissionpolicies/p`).status).toBe(200);
});

test('a policy goes by objects of its paramKind', () => {
  const lab = startApi();
  const { call } = lab;
  const RULE = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['deployments', 'deployments/scale'],
  };
  policy(
    lab,
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: { resourceRules: [RULE] },
      validations: [
        {
          expression: 'object.spec.replicas <= int(params.data.max)',
          messageExpression: "'at most ' + params.data.max",
        },
      ],
    },
    { paramRef: { name: 'max', namespace: 'default', parameterNotFoundAction: 'Deny' } },
  );
  expect(call('POST', DEPLOYMENTS, deployment(2)).failure).toContain(
    `${DENIED}failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`,
  );
  call('POST', MAPS, map('max', { max: '3' }));
  expect(call('POST', DEPLOYMENTS, deployment(9)).failure).toContain(`${DENIED}at most 3`);
  expect(call('POST', DEPLOYMENTS, deployment(2)).status).toBe(201);
  const scale = (replicas: number) =>
    call('PATCH', `${DEPLOYMENTS}/web/scale`, { spec: { replicas } }, 'application/merge-patch+json');
  expect(scale(5).failure).toContain(`deployments.apps "web" is forbidden: ${DENIED}at most 3`);
  expect(scale(3).status).toBe(200);
});

test('an unknown paramKind is the policy’s own fault', () => {
  const lab = startApi();
  policy(lab, { paramKind: { apiVersion: 'example.com/v1', kind: 'Nope' }, validations: [{ expression: 'true' }] });
  expect(lab.call('POST', MAPS, map('a')).failure).toContain(
    "ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Nope'",
  );
});

test('another version of a kind is the same kind, and is seen as the policy’s', () => {
  const lab = startApi();
  const { call } = lab;
  const AUTOSCALERS = {
    apiGroups: ['autoscaling'],
    apiVersions: ['v1'],
    operations: ['CREATE'],
    resources: ['horizontalpodautoscalers'],
  };
  const expression =
    "has(object.spec.targetCPUUtilizationPercentage) && request.kind.version == 'v1' && request.requestKind.version == 'v2'";
  policy(lab, {
    matchConstraints: { resourceRules: [AUTOSCALERS] },
    validations: [{ expression: `!(${expression})`, message: 'seen' }],
  });
  const made = call('POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 3,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  });
  expect(made.failure).toContain(`${DENIED}seen`);
});

test('an expression may ask what who asks may do', () => {
  const lab = startApi();
  const { call } = lab;
  policy(lab, {
    validations: [
      {
        expression: "authorizer.group('').resource('secrets').namespace('default').check('get').allowed()",
        message: 'reads no secrets',
      },
      { expression: "authorizer.requestResource.check('delete').allowed()", message: 'deletes nothing' },
      { expression: "!authorizer.serviceAccount('default', 'default').path('/metrics').check('get').allowed()" },
    ],
  });
  expect(call('POST', MAPS, map('a')).status).toBe(201);
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'maps' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }],
  };
  call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', role);
  call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'maps' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'maps' },
    subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
  });
  const jane = { 'content-type': 'application/json', 'impersonate-user': 'jane' };
  expect(call('POST', MAPS, map('b'), jane).failure).toContain(`${DENIED}reads no secrets`);
});

test('a connection is admitted too', () => {
  const lab = startApi();
  policy(lab, {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec', 'pods/portforward'] },
      ],
    },
    validations: [
      {
        expression: "request.subResource == 'exec' && object.container == 'c' && object.command == ['ls']",
        message: 'only ls',
      },
    ],
  });
  lab.call('POST', '/api/v1/namespaces/default/pods', pod('a'));
  const asked = (subresource: string, command: string) => ({
    method: 'POST' as const,
    path: `/api/v1/namespaces/default/pods/a/${subresource}`,
    query: [
      ['container', 'c'],
      ['command', command],
      ['stdout', 'true'],
    ] as const,
    headers: {},
  });
  const text = (answer: object | undefined) => JSON.stringify(answer);
  expect(text(lab.api.server.exec(asked('exec', 'sh')))).toContain(
    `pods \\\\\\"a\\\\\\" is forbidden: ${DENIED}only ls`,
  );
  expect(text(lab.api.server.exec(asked('exec', 'ls')))).toContain('does not have a host assigned');
  expect(text(lab.api.server.refusesPortForward(asked('portforward', 'ls')))).toContain('only ls');
});

test('a policy that does not compile is refused', () => {
  const { call } = startApi();
  const refused = call('POST', `${GROUP}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'bad' },
    spec: {
      matchConstraints: { resourceRules: [CONFIG_MAPS] },
      variables: [
        { name: 'in', expression: 'variables.later' },
        { name: 'later', expression: '1' },
      ],
      validations: [
        { expression: 'object.a' },
        { expression: '', reason: 'Nope' },
        { expression: 'variables.later > 0', messageExpression: 'authorizer' },
      ],
    },
  });
  expect(
    refused.value.details.causes.map(
      ({ field, message }: { field: string; message: string }) => `${field}: ${message.split('\n')[0]}`,
    ),
  ).toEqual([
    'spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier',
    'spec.variables[0].expression: Invalid value: "variables.later": compilation failed: ERROR: <input>:1:10: undefined field \'later\'',
    'spec.validations[0].expression: Invalid value: "object.a": must evaluate to bool but got dyn',
    'spec.validations[1].expression: Required value: expression is not specified',
    'spec.validations[1].reason: Unsupported value: "Nope": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    "spec.validations[2].messageExpression: Invalid value: \"authorizer\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer' (in container '')",
  ]);
});

test('an expression that costs too much is cancelled, whether it loops or its variables grow', () => {
  const nested = 'abcdef'.split('').reduceRight((body, name) => `L.all(${name}, ${body})`, 'true');
  const loop = startApi();
  const list = `[${Array.from({ length: 30 }, (_, i) => i).join(', ')}]`;
  policy(loop, { validations: [{ expression: nested.replaceAll('L', list) }] });
  expect(loop.call('POST', MAPS, map('a')).text).toContain(
    'resulted in error: operation cancelled: actual cost limit exceeded',
  );

  const growing = startApi();
  const variables = Array.from({ length: 60 }, (_, i) => ({
    name: `v${i}`,
    expression: i === 0 ? "'a'" : `variables.v${i - 1} + variables.v${i - 1}`,
  }));
  policy(growing, { variables, validations: [{ expression: "variables.v59 != ''" }] });
  expect(growing.call('POST', MAPS, map('a')).text).toContain('operation cancelled: actual cost limit exceeded');
});

test('a pattern that another machine would try in every way is matched', () => {
  const lab = startApi();
  policy(lab, { validations: [{ expression: `'${'a'.repeat(60)}!'.matches('^(a+)+$')`, message: 'no' }] });
  expect(lab.call('POST', MAPS, map('a')).text).toContain(`${DENIED}no`);
});

test('a key called __proto__ is a key', () => {
  const lab = startApi();
  policy(lab, { validations: [{ expression: "!('__proto__' in object.data)", message: 'seen' }] });
  const text = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":"x"}}';
  expect(lab.call('POST', MAPS, JSON.parse(text)).text).toContain('seen');
});
