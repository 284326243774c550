/** Mutating admission policies, and webhooks, which nobody answers (texts of the second goldens, and of upstream's sources). */

import { expect, test } from 'vitest';
import { MAPS, map, pod, startApi } from '../testing.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';

type Lab = ReturnType<typeof startApi>;

const CONFIG_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
};

const MUTATING = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicy',
  metadata: { name: 'm' },
};

function mutating({ call }: Lab, mutation: object, rules: object = CONFIG_MAPS): void {
  const spec = { matchConstraints: { resourceRules: [rules] }, reinvocationPolicy: 'Never', mutations: [mutation] };
  expect(call('POST', `${GROUP}/mutatingadmissionpolicies`, { ...MUTATING, spec }).text).toContain('"name":"m"');
  const binding = { ...MUTATING, kind: 'MutatingAdmissionPolicyBinding', spec: { policyName: 'm' } };
  expect(call('POST', `${GROUP}/mutatingadmissionpolicybindings`, binding).status).toBe(201);
}

const applied = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const operations = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

test('a mutating policy applies what its expression makes', () => {
  const lab = startApi();
  mutating(lab, applied(`Object{metadata: Object.metadata{labels: {"team": object.metadata.name}}}`));
  expect(lab.call('POST', MAPS, map('a', {}, { labels: { own: 'x' } })).value.metadata.labels).toEqual({
    own: 'x',
    team: 'a',
  });
});

test('or does what its operations say', () => {
  const lab = startApi();
  mutating(
    lab,
    operations(
      `has(object.data) && 'a' in object.data ? [JSONPatch{op: "test", path: "/data/a", value: "1"}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("b/c"), value: "2"}] : []`,
    ),
  );
  expect(lab.call('POST', MAPS, map('a', { a: '1' }, { labels: { d: '' } })).value.metadata.labels).toEqual({
    d: '',
    'b/c': '2',
  });
  expect(lab.call('POST', MAPS, map('b', { a: '0' }, { labels: { d: '' } })).value.metadata.labels).toEqual({ d: '' });
});

test('what cannot be applied is refused', () => {
  const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const refused = (expression: string) => {
    const lab = startApi();
    mutating(lab, applied(expression), PODS);
    return lab.call('POST', '/api/v1/namespaces/default/pods', pod('a')).failure;
  };
  const head = "403 Invalid: policy 'm' with binding 'm' denied request: ";
  expect(refused(`Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: "a"}]}}`)).toBe(
    `${head}error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.tolerations`,
  );
  expect(refused('Object{spec: Object.specx{hostNetwork: true}}')).toBe(
    `${head}type mismatch: unexpected type name "Object.specx", expected "Object.spec", which matches field name path from root Object type`,
  );
});

test('the containers of a pod are merged by their names, and in-tree plugins look again', () => {
  const lab = startApi();
  lab.call('POST', '/api/v1/namespaces/default/limitranges', {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'l' },
    spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] },
  });
  mutating(
    lab,
    applied(`Object{spec: Object.spec{containers: [Object.spec.containers{name: "sidecar", image: "s"}]}}`),
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['pods'],
    },
  );
  const { containers } = lab.call('POST', '/api/v1/namespaces/default/pods', pod('a')).value.spec;
  expect(containers.map(({ name, resources }: { name: string; resources: object }) => [name, resources])).toEqual([
    ['c', { requests: { cpu: '1' }, limits: { cpu: '1' } }],
    ['sidecar', { requests: { cpu: '1' }, limits: { cpu: '1' } }],
  ]);
});

test('a webhook is called where nobody answers', () => {
  const lab = startApi();
  const { call } = lab;
  const webhook = (clientConfig: object, more: object = {}) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [
      {
        name: 'hook.example.com',
        clientConfig,
        rules: [CONFIG_MAPS],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  });
  const HOOKS = `${GROUP}/validatingwebhookconfigurations`;
  const service = { namespace: 'default', name: 'hook', path: '/v' };
  const calling =
    '500 InternalError: Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: ';
  call('POST', HOOKS, webhook({ service }, { timeoutSeconds: 2 }));
  expect(call('POST', MAPS, map('a')).failure).toBe(
    `${calling}Post "https://hook.default.svc:443/v?timeout=2s": service "hook" not found`,
  );
  call('DELETE', `${HOOKS}/hook`);
  call('POST', HOOKS, webhook({ url: 'https://nobody.example.com/v' }));
  expect(call('POST', MAPS, map('a')).failure).toBe(
    `${calling}Post "https://nobody.example.com/v?timeout=10s": dial tcp: lookup nobody.example.com: no such host`,
  );
  call('DELETE', `${HOOKS}/hook`);
  expect(call('POST', HOOKS, webhook({ service }, { sideEffects: 'Some', name: 'x' })).failure).toBe(
    '422 Invalid: ValidatingWebhookConfiguration.admissionregistration.k8s.io "hook" is invalid: [webhooks[0].name: Invalid value: "x": should be a domain with at least three segments separated by dots, webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"]',
  );
  call('POST', HOOKS, webhook({ service }, { failurePolicy: 'Ignore' }));
  expect(call('POST', MAPS, map('a')).status).toBe(201);
});
