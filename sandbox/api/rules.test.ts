/** The rules of networking, RBAC, Jobs and autoscalers: defaults and complaints as upstream's, at its paths and in its order. */

import { expect, test } from 'vitest';
import { protobufToJson } from './protobuf/decode.ts';
import { APPLY, PODS, pod, startApi } from './testing.ts';

const NETWORKING = '/apis/networking.k8s.io/v1';
const POLICIES = `${NETWORKING}/namespaces/default/networkpolicies`;
const INGRESSES = `${NETWORKING}/namespaces/default/ingresses`;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const AUTOSCALERS = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

function posting() {
  const { call } = startApi();
  const metadata = { name: 'x' };
  return {
    call,
    make: (path: string, object: object) => call('POST', path, { metadata, ...object }),
    complaints: (path: string, object: object): string[] =>
      (call('POST', path, { metadata, ...object }).value.details?.causes ?? []).map(
        ({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
      ),
  };
}

test('a NetworkPolicy is about what comes in, and about what goes out if it says anything of that', () => {
  const { make } = posting();
  const { metadata, spec } = make(POLICIES, { spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] } }).value;
  expect(metadata.generation).toBe(1);
  expect(spec).toEqual({
    podSelector: {},
    egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('a NetworkPolicy’s ports and peers', () => {
  const { complaints, make } = posting();
  const from = (...peers: object[]) => complaints(POLICIES, { spec: { podSelector: {}, ingress: [{ from: peers }] } });
  expect(from({}, { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } })).toEqual([
    'spec.ingress[0].from[0]: Required value: must specify a peer',
    'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
  ]);
  expect(from({ ipBlock: { cidr: '10.0.0.0' } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } })).toEqual(
    [
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.ingress[0].from[1].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ],
  );
  const block = { cidr: '2001:db8::/32', except: ['2001:db8:1::/48', '2001:db9::/48'] };
  expect(from({ ipBlock: block })).toEqual([
    'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "2001:db9::/48": must be a strict subset of `cidr`',
  ]);
  const ports = [{ port: 0 }, { port: 80, endPort: 79 }, { port: 'http', endPort: 9 }];
  expect(complaints(POLICIES, { spec: { podSelector: {}, egress: [{ ports }] } })).toEqual([
    'spec.egress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    'spec.egress[0].ports[1].endPort: Invalid value: 79: must be greater than or equal to `port`',
    'spec.egress[0].ports[2].endPort: Invalid value: 9: may not be specified when `port` is non-numeric',
  ]);
  const misspelt = make(`${POLICIES}?fieldValidation=Strict`, { spec: { podSelector: {}, igress: [] } });
  expect(misspelt.failure).toContain('strict decoding error: unknown field "spec.igress"');
});

test('an Ingress’s hosts, paths and backends', () => {
  const { complaints, make } = posting();
  expect(complaints(INGRESSES, { spec: {} })).toEqual([
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  ]);
  const service = { name: 'web', port: { number: 80 } };
  const paths = [
    { path: 'a', pathType: 'Prefix', backend: { service: { name: 'web', port: {} } } },
    { path: '/a//b', pathType: 'Exact', backend: {} },
    { path: '/', backend: { service } },
  ];
  expect(complaints(INGRESSES, { spec: { rules: [{ host: '1.2.3.4', http: { paths } }] } })).toEqual([
    'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
    'spec.rules[0].http.paths[0].backend: Required value: port name or number is required',
    'spec.rules[0].http.paths[1].path: Invalid value: "/a//b": must not contain \'//\'',
    'spec.rules[0].http.paths[1].backend: Invalid value: "": resource or service backend is required',
    'spec.rules[0].http.paths[2].pathType: Required value: pathType must be specified',
  ]);
  const good = make(INGRESSES, { spec: { defaultBackend: { service } } }).value;
  expect([good.metadata.generation, good.status]).toEqual([1, { loadBalancer: {} }]);
});

test('what a role grants, and that a binding’s role is settled', () => {
  const { call, complaints, make } = posting();
  const rules = [
    { verbs: [], resources: ['pods'] },
    { verbs: ['get'], nonResourceURLs: ['/x'] },
  ];
  expect(complaints(`${RBAC}/namespaces/default/roles`, { rules })).toEqual([
    'rules[0].verbs: Required value: verbs must contain at least one value',
    'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    'rules[1].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
  ]);
  const bindings = `${RBAC}/namespaces/default/rolebindings`;
  const roleRef = { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' };
  expect(complaints(bindings, { roleRef: { ...roleRef, kind: 'Roll' }, subjects: [{ kind: 'Robot' }] })).toEqual([
    'roleRef.kind: Unsupported value: "Roll": supported values: "Role", "ClusterRole"',
    'subjects[0].name: Required value',
    'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  ]);
  make(bindings, { roleRef, subjects: [] });
  const patch = { roleRef: { ...roleRef, name: 'b' } };
  expect(call('PATCH', `${bindings}/x`, patch, 'application/merge-patch+json').failure).toContain(
    'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: cannot change roleRef',
  );
});

const job = (spec: object, restartPolicy = 'Never') => ({
  spec: { template: { spec: { restartPolicy, containers: [{ name: 'c', image: 'busybox' }] } }, ...spec },
});

test('a Job that fails by rules of its own', () => {
  const { complaints } = posting();
  const policy = {
    rules: [
      { action: 'FailJob' },
      { action: 'Retry', onExitCodes: { operator: 'In', values: [0, 3, 2], containerName: 'd' } },
      { action: 'FailIndex', onPodConditions: [{ type: 'X', status: 'Yes' }] },
    ],
  };
  expect(complaints(JOBS, job({ podFailurePolicy: policy, backoffLimitPerIndex: 1 }, 'OnFailure'))).toEqual([
    'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    'spec.podFailurePolicy.rules[1].action: Unsupported value: "Retry": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
    'spec.podFailurePolicy.rules[1].onExitCodes.containerName: Invalid value: "d": must be one of the container or initContainer names in the pod template',
    'spec.podFailurePolicy.rules[1].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator',
    'spec.podFailurePolicy.rules[1].onExitCodes.values: Invalid value: [0,3,2]: must be ordered',
    'spec.podFailurePolicy.rules[2].onPodConditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
  ]);
  const indexed = { completionMode: 'Indexed', completions: 3 };
  const success = { rules: [{ succeededIndexes: '0,2-5' }, { succeededIndexes: '0-1', succeededCount: 3 }, {}] };
  expect(complaints(JOBS, job({ ...indexed, successPolicy: success }))).toEqual([
    'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,2-5": error parsing succeededIndexes: too large index: "5"',
    'spec.successPolicy.rules[1].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)',
    'spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must be specified',
  ]);
});

test('a suspended Job that has not begun may still be told where to run', () => {
  const { call, make } = posting();
  make(JOBS, job({ suspend: true }));
  const nodeSelector = { disk: 'ssd' };
  const patch = (spec: object) =>
    call('PATCH', `${JOBS}/x`, { spec: { template: { spec } } }, 'application/merge-patch+json');
  expect(patch({ nodeSelector }).value.spec.template.spec.nodeSelector).toEqual(nodeSelector);
  expect(patch({ containers: [{ name: 'c', image: 'nginx' }] }).failure).toMatch(
    /spec\.template: .*field is immutable$/,
  );
});

test('an autoscaler’s behaviour is completed, its targets are looked into', () => {
  const { complaints, make } = posting();
  const target = { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd' } };
  const metric = (given: object) => complaints(AUTOSCALERS, { spec: { ...target, metrics: [given] } });
  expect(metric({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Share' } } })).toEqual([
    'spec.metrics[0].resource.target.type: Invalid value: "Share": must be either Utilization, Value, or AverageValue',
    'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
  ]);
  expect(metric({ type: 'Pods', object: { target: { type: 'Value' } } })).toContain(
    'spec.metrics[0].pods: Required value: must populate information for the given metric source',
  );
  const behavior = { scaleDown: { stabilizationWindowSeconds: 4000 } };
  expect(complaints(AUTOSCALERS, { spec: { ...target, behavior } })).toEqual([
    'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
  ]);
  const { spec } = make(AUTOSCALERS, { spec: { ...target, behavior: { scaleDown: { selectPolicy: 'Min' } } } }).value;
  expect(spec.behavior).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    },
    scaleDown: { selectPolicy: 'Min', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
  });
});

const deployment = (more: object = {}) => ({
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    ...more,
  },
});

test('nothing is a number too, where it is said', () => {
  const { make } = posting();
  const strategy = { rollingUpdate: { maxUnavailable: 0 } };
  expect(make(DEPLOYMENTS, deployment({ strategy })).value.spec.strategy.rollingUpdate).toEqual({
    maxSurge: '25%',
    maxUnavailable: 0,
  });
  expect(make(BUDGETS, { spec: { maxUnavailable: 0 } }).value.spec).toEqual({ maxUnavailable: 0 });
});

test('a Scale is applied as its object’s replicas, and conflicts there', () => {
  const { call, make } = posting();
  make(DEPLOYMENTS, deployment());
  const apply = (manager: string, replicas: number, query = '') => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'x' }, spec: { replicas } };
    return call('PATCH', `${DEPLOYMENTS}/x/scale?fieldManager=${manager}${query}`, JSON.stringify(scale), APPLY);
  };
  expect(apply('one', 2, '&force=true').value).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
  const { managedFields } = call('GET', `${DEPLOYMENTS}/x`).value.metadata;
  expect(managedFields[0]).toMatchObject({
    manager: 'one',
    operation: 'Apply',
    apiVersion: 'apps/v1',
    subresource: 'scale',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  });
  expect(apply('two', 3).failure).toBe(
    '409 Conflict: Apply failed with 1 conflict: conflict with "one" with subresource "scale": .spec.replicas',
  );
});

test('an eviction of an older version evicts', () => {
  const { call } = startApi();
  call('POST', PODS, pod('p'));
  const body = { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'p' } };
  expect(call('POST', `${PODS}/p/eviction`, body).status).toBe(201);
});

test('typed clients’ Ingresses are understood', () => {
  const text = (value: string) => [...new TextEncoder().encode(value)];
  const field = (number: number, bytes: readonly number[]) => [(number << 3) | 2, bytes.length, ...bytes];
  const type = [...field(1, text('networking.k8s.io/v1')), ...field(2, text('Ingress'))];
  const rule = [...field(1, text('foo.com')), ...field(2, field(1, field(1, field(1, text('/')))))];
  const object = [...field(1, field(1, text('web'))), ...field(2, field(3, rule))];
  const body = Uint8Array.from([0x6b, 0x38, 0x73, 0, ...field(1, type), ...field(2, object)]);
  expect(JSON.parse(protobufToJson(body) ?? '')).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web' },
    spec: { rules: [{ host: 'foo.com', http: { paths: [{ path: '/' }] } }] },
  });
});
