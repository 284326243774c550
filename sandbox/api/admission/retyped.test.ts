/** What a mutating policy makes is an object of its kind, where it was asked for, or is refused. */

import { expect, test } from 'vitest';
import { MAPS, map, PODS, pod, startApi } from '../testing.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const CRONTABS = '/apis/stable.example.com/v1/namespaces/default/crontabs';

/** A policy whose JSON patch adds the value to what is written of a resource. */
function adding(path: string, value: string, { resource = 'configmaps', group = '', op = 'add' } = {}) {
  const api = startApi();
  const expression = `[JSONPatch{op: "${op}", path: "${path}", value: ${value}}]`;
  const rules = { apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] };
  const policy = (kind: string, spec: object) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'm' },
    spec,
  });
  const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression } }];
  const spec = { matchConstraints: { resourceRules: [rules] }, reinvocationPolicy: 'Never', mutations };
  const begin = () => {
    const made = api.call('POST', `${GROUP}/mutatingadmissionpolicies`, policy('MutatingAdmissionPolicy', spec));
    expect(made.status, made.text).toBe(201);
    const binding = policy('MutatingAdmissionPolicyBinding', { policyName: 'm' });
    expect(api.call('POST', `${GROUP}/mutatingadmissionpolicybindings`, binding).status).toBe(201);
  };
  return { ...api, begin };
}

const INTERNAL = '500 InternalError: Internal error occurred: ';

test.for([
  [
    '/metadata/labels',
    '5',
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  ],
  [
    '/metadata/finalizers',
    '"x"',
    'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string',
  ],
  ['/data', '{"a": 5}', 'json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
  ['/datum', '"a"', 'strict decoding error: unknown field "datum"'],
  ['/kind', '"Pod"', 'failed to convert object: converting (v1.Pod) to (core.ConfigMap): unknown conversion'],
  [
    '/kind',
    '"Pot"',
    'no kind "Pot" is registered for version "v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
  ],
] as const)('of a ConfigMap, %s = %s is refused', ([path, value, words]) => {
  const { call, begin } = adding(path, value);
  begin();
  expect(call('POST', MAPS, map('a')).failure).toBe(INTERNAL + words);
  expect(call('GET', `${MAPS}/a`).status).toBe(404);
});

test.for([
  [
    '/spec/tolerations',
    '{"a": 1}',
    'json: cannot unmarshal object into Go struct field PodSpec.spec.tolerations of type []v1.Toleration',
  ],
  ['/spec/volumes', '[5]', 'json: cannot unmarshal number into Go struct field PodSpec.spec.volumes of type v1.Volume'],
  [
    '/spec/containers/0/resources',
    '{"requests": {"cpu": "zzz"}}',
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
] as const)('of a Pod, %s = %s is refused', ([path, value, words]) => {
  const { call, begin } = adding(path, value, { resource: 'pods' });
  begin();
  expect(call('POST', PODS, pod('a')).failure).toBe(INTERNAL + words);
});

test('of a status too', () => {
  const { call, begin } = adding('/status', '7', { resource: 'nodes/status' });
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
  call('POST', '/api/v1/nodes', node);
  begin();
  expect(call('PUT', '/api/v1/nodes/n/status', { ...node, status: { phase: 'Running' } }).failure).toBe(
    `${INTERNAL}json: cannot unmarshal number into Go struct field Node.status of type v1.NodeStatus`,
  );
});

test('it stays in its namespace, and keeps what only the server sets', () => {
  const moved = adding('/metadata/namespace', '"kube-system"');
  moved.call('POST', MAPS, map('was'));
  moved.begin();
  const words = '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request';
  expect(moved.call('POST', MAPS, map('a')).failure).toBe(words);
  expect(moved.call('PUT', `${MAPS}/was`, map('was', { a: '1' })).failure).toBe(words);

  const named = adding('/metadata/name', '"b"');
  named.call('POST', MAPS, map('was'));
  named.begin();
  expect(named.call('PUT', `${MAPS}/was`, map('was', { a: '1' })).failure).toContain('field is immutable');

  const nameless = adding('/metadata/name', '""', { op: 'replace', resource: 'cronjobs', group: 'batch' });
  nameless.begin();
  const cron = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c' } };
  expect(nameless.call('POST', '/apis/batch/v1/namespaces/default/cronjobs', cron).failure).toContain(
    'metadata.name: Required value: name or generateName is required',
  );

  const replaced = adding('/metadata', '{"name": "a"}', { op: 'replace' });
  replaced.begin();
  const { metadata } = replaced.call('POST', MAPS, map('a')).value;
  expect(metadata).toMatchObject({
    name: 'a',
    namespace: 'default',
    uid: expect.any(String),
    creationTimestamp: expect.any(String),
  });
});

test('a custom object by its own schema', () => {
  const { call, clock, begin } = adding('/spec', '{"replicas": "x", "other": "y"}', {
    group: 'stable.example.com',
    resource: 'crontabs',
  });
  const properties = { spec: { type: 'object', properties: { replicas: { type: 'integer' } } } };
  const schema = { openAPIV3Schema: { type: 'object', properties } };
  call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', kind: 'CronTab' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  clock.advanceTo(clock.now + 300);
  begin();
  expect(
    call('POST', CRONTABS, { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 'a' } }).failure,
  ).toContain('spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"');
});
