/** The admission chain, held against what a real 1.36.2 answered (testdata/admission.jsonl, from the second set of goldens). */

import { expect, test } from 'vitest';
import { pod, startApi } from '../testing.ts';
import { orderedPlugins } from './chain.ts';

const LIMITS = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits' },
  spec: {
    limits: [
      {
        type: 'Container',
        default: { cpu: '500m', memory: '256Mi' },
        defaultRequest: { cpu: '100m', memory: '128Mi' },
        min: { cpu: '50m', memory: '64Mi' },
        max: { cpu: '1', memory: '1Gi' },
        maxLimitRequestRatio: { cpu: '10' },
      },
      { type: 'Pod', max: { cpu: '2', memory: '2Gi' } },
      { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } },
    ],
  },
};

const PODS = '/api/v1/namespaces/default/pods';
const LIMIT_RANGES = '/api/v1/namespaces/default/limitranges';
const ANNOTATION = 'kubernetes.io/limit-ranger';

const container = (name: string, resources?: object, more: object = {}) => ({
  name,
  image: 'nginx',
  ...(resources && { resources }),
  ...more,
});

test('plugins stand in upstream’s order', () => {
  expect(orderedPlugins.map(({ name }) => name)).toEqual([
    'NamespaceLifecycle',
    'LimitRanger',
    'ServiceAccount',
    'TaintNodesByCondition',
    'PodSecurity',
    'Priority',
    'DefaultTolerationSeconds',
    'DefaultStorageClass',
    'StorageObjectInUseProtection',
    'PersistentVolumeClaimResize',
    'RuntimeClass',
    'DefaultIngressClass',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionWebhook',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionWebhook',
    'ResourceQuota',
  ]);
});

test('a pod with a namespace’s defaults is told which they are', () => {
  const { call } = startApi();
  call('POST', LIMIT_RANGES, LIMITS);
  const told = (name: string, spec: object) =>
    call('POST', PODS, pod(name, spec)).value.metadata.annotations[ANNOTATION] as string;
  expect(told('a', { containers: [container('a')] })).toBe(
    'LimitRanger plugin set: cpu, memory request for container a; cpu, memory limit for container a',
  );
  expect(
    told('l1', {
      containers: [container('c', { requests: { cpu: '200m' } }), container('d', { limits: { memory: '512Mi' } })],
    }),
  ).toBe(
    'LimitRanger plugin set: memory request for container c; cpu, memory limit for container c; cpu request for container d; cpu limit for container d',
  );
  expect(
    told('l4', {
      initContainers: [container('i'), container('side', undefined, { restartPolicy: 'Always' })],
      containers: [container('c'), container('d', { limits: { memory: '300Mi' } })],
    }),
  ).toBe(
    'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; cpu request for container d; cpu limit for container d; cpu, memory request for init container i; cpu, memory limit for init container i; cpu, memory request for init container side; cpu, memory limit for init container side',
  );
});

test('a pod beyond its namespace’s bounds is refused', () => {
  const { call } = startApi();
  call('POST', LIMIT_RANGES, LIMITS);
  const resources = { requests: { cpu: '10m', memory: '2Gi' }, limits: { cpu: '3', memory: '2Gi' } };
  expect(call('POST', PODS, pod('l2', { containers: [container('c', resources)] })).failure).toContain(
    '403 Forbidden: pods "l2" is forbidden: [minimum cpu usage per Container is 50m, but request is 10m, maximum cpu usage per Container is 1, but limit is 3, maximum memory usage per Container is 1Gi, but limit is 2Gi, cpu max limit to request ratio per Container is 10, but provided ratio is 300.000000',
  );
  const five = ['c', 'd', 'e', 'f', 'g'].map((name) => container(name));
  expect(call('POST', PODS, pod('l8', { containers: five })).failure).toBe(
    '403 Forbidden: pods "l8" is forbidden: maximum cpu usage per Pod is 2, but limit is 2500m',
  );
});

test('a quota counts a sidecar beside the init containers that come after it', () => {
  const { call } = startApi();
  const hard = { 'requests.cpu': '1' };
  call('POST', '/api/v1/namespaces/default/resourcequotas', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'compute' },
    spec: { hard },
  });
  const asking = (cpu: string) => ({ requests: { cpu } });
  const side = container('side', asking('200m'), { restartPolicy: 'Always' });
  const init = container('init', asking('600m'));
  const containers = [container('c', asking('100m'))];
  expect(call('POST', PODS, pod('q1', { initContainers: [init, side], containers })).status).toBe(201);
  expect(call('POST', PODS, pod('q2', { initContainers: [side, init], containers })).failure).toBe(
    '403 Forbidden: pods "q2" is forbidden: exceeded quota: compute, requested: requests.cpu=800m, used: requests.cpu=600m, limited: requests.cpu=1',
  );
});

test('a quota with scopes counts the pods that match them', () => {
  const { call } = startApi();
  const quota = (name: string, spec: object) =>
    call('POST', '/api/v1/namespaces/default/resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name },
      spec: { hard: { pods: '1' }, ...spec },
    });
  quota('besteffort', { scopes: ['BestEffort'] });
  const asking = { containers: [container('c', { requests: { cpu: '1m' } })] };
  const made = (name: string, spec: object = {}) => {
    const answer = call('POST', PODS, pod(name, spec));
    return answer.status === 201 ? 'created' : answer.failure;
  };
  expect([made('a'), made('b', asking), made('c', asking)]).toEqual(['created', 'created', 'created']);
  expect(made('d')).toBe(
    '403 Forbidden: pods "d" is forbidden: exceeded quota: besteffort, requested: pods=1, used: pods=1, limited: pods=1',
  );
});

test('a second default PriorityClass is refused, and the server’s own stay', () => {
  const { call } = startApi();
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  const priorityClass = (name: string, value: number) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    globalDefault: name !== 'system-node-critical',
  });
  call('POST', classes, priorityClass('polite', 500));
  expect(call('POST', classes, priorityClass('second', 5)).failure).toBe(
    '403 Forbidden: priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass polite is already marked as default. Only one default can exist',
  );
  call('POST', classes, priorityClass('system-node-critical', 2_000_001_000));
  expect(call('DELETE', `${classes}/system-node-critical`).failure).toBe(
    '403 Forbidden: priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  );
});
