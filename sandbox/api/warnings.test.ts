/** Writes that are allowed but unwise: the warnings upstream gives, in its order. */

import { expect, test } from 'vitest';
import { PODS, pod, startApi } from './testing.ts';

const CORE = '/api/v1/namespaces/default';

function warning() {
  const { call } = startApi();
  return (path: string, object: object): string[] =>
    call('POST', path, object).warnings.map((text) => JSON.parse(text.replace(/^299 - /, '')) as string);
}

test('a pod: its name, old labels and annotations, paths, secrets, bytes and ports', () => {
  const warn = warning();
  const spec = {
    nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
    volumes: [
      {
        name: 'v',
        configMap: {
          name: 'c',
          items: [
            { key: 'a', path: 'x' },
            { key: 'b', path: 'x/y' },
          ],
        },
      },
    ],
    imagePullSecrets: [{ name: 'a' }, { name: 'a' }],
    containers: [
      {
        name: 'c',
        image: 'nginx',
        resources: { limits: { 'ephemeral-storage': '1500m' } },
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' },
        ],
      },
    ],
  };
  const annotations = { 'scheduler.alpha.kubernetes.io/critical-pod': '' };
  expect(warn(PODS, pod('a.b', spec, { annotations }))).toEqual([
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
    'volume "v" (ConfigMap "c"): overlapping paths: "x/y" with "x"',
    'spec.imagePullSecrets[1].name: duplicate name "a"',
    'spec.containers[0].resources.limits[ephemeral-storage]: fractional byte value "1500m" is invalid, must be an integer',
    'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "1500m" is invalid, must be an integer',
    'spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]',
  ]);
});

test('projected volumes lay their files over one another', () => {
  const warn = warning();
  const sources = [
    { serviceAccountToken: { path: 'token' } },
    { configMap: { name: 'c', items: [{ key: 'a', path: 'token' }] } },
  ];
  expect(warn(PODS, pod('p', { volumes: [{ name: 'v', projected: { sources } }] }))).toEqual([
    'volume "v" (Projected ConfigMap "c"): overlapping paths: "token" with "token"',
  ]);
});

test('a Service that says what will not be heard', () => {
  const warn = warning();
  const service = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
  expect(
    warn(`${CORE}/services`, service('a', { clusterIP: 'None', sessionAffinity: 'ClientIP', externalName: 'x' })),
  ).toEqual([
    'spec.SessionAffinity is ignored for headless services',
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]);
  expect(warn(`${CORE}/services`, service('b', { externalIPs: ['10.1.1.1'] }))).toEqual([
    'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
  ]);
});

test('claims by the half byte, classes by old labels, accounts that list secrets', () => {
  const warn = warning();
  const resources = { requests: { storage: '1500m' } };
  expect(
    warn(`${CORE}/persistentvolumeclaims`, {
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], resources },
    }),
  ).toEqual(['spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer']);
  const allowedTopologies = [
    { matchLabelExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', values: ['a'] }] },
  ];
  expect(
    warn('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 's' }, provisioner: 'a/b', allowedTopologies }),
  ).toEqual([
    'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ]);
  const annotations = { 'kubernetes.io/enforce-mountable-secrets': 'true' };
  expect(warn(`${CORE}/serviceaccounts`, { metadata: { name: 's', annotations } })).toEqual([
    'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
  ]);
});
