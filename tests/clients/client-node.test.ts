/** `@kubernetes/client-node` against `lab serve`: typed and untyped objects, every patch, dry run, refusals, drain. */

import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { refusal, type Served, serve, until } from './served.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const namespace = 'default';
const patchAs = (strategy: string) => k8s.setHeaderOptions('Content-Type', strategy);
const { JsonPatch, MergePatch, StrategicMergePatch, ServerSideApply } = k8s.PatchStrategy;

let served: Served;
let core: k8s.CoreV1Api;
let apps: k8s.AppsV1Api;
let objects: k8s.KubernetesObjectApi;

beforeAll(async () => {
  served = await serve('--stub-kubelet');
  core = served.config.makeApiClient(k8s.CoreV1Api);
  apps = served.config.makeApiClient(k8s.AppsV1Api);
  objects = k8s.KubernetesObjectApi.makeApiClient(served.config);
});
afterAll(() => served?.stop());

const deployment = (name: string, replicas: number): k8s.V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx', env: [{ name: 'A', value: '1' }] }] },
    },
  },
});

describe('typed APIs', () => {
  test('create, read, list, replace, delete', async () => {
    const made = await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: 'crud', labels: { of: 'crud' } }, data: { x: '1' } },
    });
    expect(made.metadata!.creationTimestamp).toBeInstanceOf(Date);
    expect(made.metadata!.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await core.readNamespacedConfigMap({ namespace, name: 'crud' })).toEqual(made);
    const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'of=crud' });
    expect(list.items.map(({ data }) => data)).toEqual([{ x: '1' }]);
    expect(list.kind).toBe('ConfigMapList');
    const replaced = await core.replaceNamespacedConfigMap({
      namespace,
      name: 'crud',
      body: { ...made, data: { x: '2' } },
    });
    expect(Number(replaced.metadata!.resourceVersion)).toBeGreaterThan(Number(made.metadata!.resourceVersion));
    const gone = await core.deleteNamespacedConfigMap({ namespace, name: 'crud' });
    expect(gone).toMatchObject({ status: 'Success', details: { name: 'crud', kind: 'configmaps' } });
    expect((await core.listNamespacedConfigMap({ namespace, labelSelector: 'of=crud' })).items).toEqual([]);
  });

  test('binary data, quantities and int-or-string come back as they went', async () => {
    const secret = await core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: 'typed' }, stringData: { a: 'b' }, data: { c: 'ZA==' } },
    });
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'Yg==', c: 'ZA==' } });
    expect(secret.stringData).toBeUndefined();
    const claim = await core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name: 'typed' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1.5Gi' } } },
      },
    });
    expect(claim.spec!.resources!.requests).toEqual({ storage: '1536Mi' });
    const service = await core.createNamespacedService({
      namespace,
      body: {
        metadata: { name: 'typed' },
        spec: { selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http' }] },
      },
    });
    expect(service.spec!.ports).toEqual([{ port: 80, targetPort: 'http', protocol: 'TCP' }]);
    expect(service.spec!.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./);
  });

  test('scale and status are subresources', async () => {
    await apps.createNamespacedDeployment({ namespace, body: deployment('scaled', 1) });
    const scale = await apps.readNamespacedDeploymentScale({ namespace, name: 'scaled' });
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { selector: 'app=scaled' } });
    await apps.replaceNamespacedDeploymentScale({
      namespace,
      name: 'scaled',
      // Without a revision: the controller writes the Deployment's status meanwhile.
      body: { metadata: { name: 'scaled', namespace }, spec: { replicas: 2 } },
    });
    const ready = await until(async () => {
      const { status } = await apps.readNamespacedDeploymentStatus({ namespace, name: 'scaled' });
      return status?.readyReplicas === 2 && status;
    });
    expect(ready.conditions!.find(({ type }) => type === 'Available')).toMatchObject({ status: 'True' });
    await apps.deleteNamespacedDeployment({ namespace, name: 'scaled', propagationPolicy: 'Foreground' });
    await until(async () => (await apps.listNamespacedDeployment({ namespace })).items.length === 0);
    expect((await apps.listNamespacedReplicaSet({ namespace })).items).toEqual([]);
    expect((await core.listNamespacedPod({ namespace, labelSelector: 'app=scaled' })).items).toEqual([]);
  });

  test('a dry run validates and admits, and writes nothing', async () => {
    const body = { metadata: { name: 'dry' }, data: { x: '1' } };
    const made = await core.createNamespacedConfigMap({ namespace, body, dryRun: 'All' });
    expect(made.metadata!.uid).toBeTruthy();
    expect((await refusal(core.readNamespacedConfigMap({ namespace, name: 'dry' }))).reason).toBe('NotFound');
    await core.createNamespacedConfigMap({ namespace, body });
    const before = await core.readNamespacedConfigMap({ namespace, name: 'dry' });
    await core.patchNamespacedConfigMap(
      { namespace, name: 'dry', body: { data: { x: '2' } }, dryRun: 'All' },
      patchAs(MergePatch),
    );
    await core.deleteNamespacedConfigMap({ namespace, name: 'dry', dryRun: 'All' });
    expect(await core.readNamespacedConfigMap({ namespace, name: 'dry' })).toEqual(before);
    const invalid = { metadata: { name: 'Not A Name' } };
    expect((await refusal(core.createNamespacedConfigMap({ namespace, body: invalid, dryRun: 'All' }))).code).toBe(422);
  });
});

describe('patches', () => {
  beforeAll(async () => {
    await apps.createNamespacedDeployment({ namespace, body: deployment('patched', 0) });
  });

  const patched = (body: unknown, strategy: string) =>
    apps.patchNamespacedDeployment({ namespace, name: 'patched', body }, patchAs(strategy));
  const containers = ({ spec }: k8s.V1Deployment) => spec!.template.spec!.containers;

  test('JSON patch: operations in order, all or none', async () => {
    const image = '/spec/template/spec/containers/0/image';
    const after = await patched(
      [
        { op: 'test', path: image, value: 'nginx' },
        { op: 'replace', path: image, value: 'nginx:1.27' },
        { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
        { op: 'add', path: '/spec/template/spec/containers/0/env/-', value: { name: 'B', value: '2' } },
        { op: 'copy', from: '/metadata/annotations/a~1b', path: '/metadata/annotations/copied' },
      ],
      JsonPatch,
    );
    expect(containers(after)[0]).toMatchObject({ image: 'nginx:1.27', env: [{ name: 'A' }, { name: 'B' }] });
    expect(after.metadata!.annotations).toMatchObject({ 'a/b': 'c', copied: 'c' });
    const status = await refusal(
      patched(
        [
          { op: 'remove', path: '/metadata/annotations/copied' },
          { op: 'test', path: image, value: 'apache' },
        ],
        JsonPatch,
      ),
    );
    expect(status).toMatchObject({ code: 422, reason: 'Invalid' });
    const still = await apps.readNamespacedDeployment({ namespace, name: 'patched' });
    expect(still.metadata!.annotations).toHaveProperty('copied');
  });

  test('merge patch: null removes, a list is replaced whole', async () => {
    const after = await patched(
      {
        metadata: { annotations: { copied: null } },
        spec: { template: { spec: { containers: [{ name: 'other', image: 'redis' }] } } },
      },
      MergePatch,
    );
    expect(after.metadata!.annotations).not.toHaveProperty('copied');
    expect(containers(after).map(({ name }) => name)).toEqual(['other']);
  });

  test('strategic merge patch: lists merge by their key, $patch deletes', async () => {
    const both = await patched(
      { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } } },
      StrategicMergePatch,
    );
    expect(containers(both).map(({ name }) => name)).toEqual(['web', 'other']);
    const one = await patched(
      { spec: { template: { spec: { containers: [{ name: 'other', $patch: 'delete' }] } } } },
      StrategicMergePatch,
    );
    expect(containers(one).map(({ name }) => name)).toEqual(['web']);
  });

  test('server-side apply: managers own fields, conflict over them, and take them by force', async () => {
    const apply = (fieldManager: string, data: Record<string, string>, force = false) =>
      core.patchNamespacedConfigMap(
        {
          namespace,
          name: 'applied',
          body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data },
          fieldManager,
          force,
        },
        patchAs(ServerSideApply),
      );
    await apply('one', { a: '1', b: '1' });
    await apply('two', { c: '2' });
    const conflict = await refusal(apply('two', { a: '2', c: '2' }));
    expect(conflict).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
    });
    const forced = await apply('two', { a: '2', c: '2' }, true);
    expect(forced.data).toEqual({ a: '2', b: '1', c: '2' });
    const left = await apply('one', { b: '1' });
    expect(left.data).toEqual({ a: '2', b: '1', c: '2' });
    const gone = await apply('two', { a: '2' });
    expect(gone.data).toEqual({ a: '2', b: '1' });
    expect(gone.metadata!.managedFields!.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'one Apply',
      'two Apply',
    ]);
  });

  test('an unknown patch type is refused', async () => {
    expect((await refusal(patched({}, 'application/x-patch+json'))).code).toBe(415);
  });
});

test('KubernetesObjectApi finds its way by discovery', async () => {
  const spec = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'untyped', namespace } };
  const made = await objects.create<k8s.V1StatefulSet>({
    ...spec,
    spec: {
      serviceName: 'untyped',
      replicas: 1,
      selector: { matchLabels: { app: 'untyped' } },
      template: {
        metadata: { labels: { app: 'untyped' } },
        spec: { containers: [{ name: 'c', image: 'nginx' }] },
      },
    },
  } as k8s.V1StatefulSet);
  expect(made.metadata!.creationTimestamp).toBeInstanceOf(Date);
  const patched = await objects.patch(
    { ...spec, spec: { replicas: 2 } } as never,
    undefined,
    undefined,
    'me',
    undefined,
  );
  expect((patched as k8s.V1StatefulSet).spec!.replicas).toBe(2);
  expect((await objects.list('apps/v1', 'StatefulSet', namespace)).items).toHaveLength(1);
  const read = (await objects.read(spec)) as k8s.V1StatefulSet;
  const replaced = await objects.replace({ ...read, spec: { ...read.spec!, replicas: 0 } });
  expect((replaced as k8s.V1StatefulSet).spec!.replicas).toBe(0);
  await objects.delete(spec);
  expect((await refusal(objects.read(spec))).reason).toBe('NotFound');
  const cluster = await objects.read<k8s.V1Node>({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } });
  expect(cluster.status!.nodeInfo!.kubeletVersion).toBe('v1.36.2');
  await expect(objects.read({ apiVersion: 'v1', kind: 'Nonsense', metadata: { name: 'x' } })).rejects.toThrow(
    /Unrecognized API version and kind/,
  );
});

describe('refusals are Status objects', () => {
  test('404, 409, 422 and 400, with their reasons and causes', async () => {
    expect(await refusal(core.readNamespacedPod({ namespace, name: 'nope' }))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'pods "nope" not found',
      details: { name: 'nope', kind: 'pods' },
    });
    const body = { metadata: { name: 'twice' } };
    const first = await core.createNamespacedConfigMap({ namespace, body });
    expect(await refusal(core.createNamespacedConfigMap({ namespace, body }))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "twice" already exists',
    });
    await core.replaceNamespacedConfigMap({ namespace, name: 'twice', body: { ...first, data: { x: '1' } } });
    const stale = core.replaceNamespacedConfigMap({ namespace, name: 'twice', body: { ...first, data: { x: '2' } } });
    expect(await refusal(stale)).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "twice": the object has been modified; please apply your changes to the latest version and try again',
    });
    const pod = core.createNamespacedPod({ namespace, body: { metadata: { name: 'p' }, spec: { containers: [] } } });
    expect(await refusal(pod)).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'Pod "p" is invalid: spec.containers: Required value',
      details: {
        name: 'p',
        kind: 'Pod',
        causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }],
      },
    });
    const uid = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } };
    expect(await refusal(core.deleteNamespacedConfigMap({ namespace, name: 'twice', body: uid }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
    expect(await refusal(core.listNamespacedPod({ namespace, fieldSelector: 'spec.nonsense=1' }))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: expect.stringContaining('field label not supported'),
    });
  });
});

test('drain: cordon, then evict; a budget that allows none answers 429', async () => {
  const policy = served.config.makeApiClient(k8s.PolicyV1Api);
  await apps.createNamespacedDeployment({ namespace, body: deployment('drained', 4) });
  const pods = async () => (await core.listNamespacedPod({ namespace, labelSelector: 'app=drained' })).items;
  const ready = async () =>
    (await pods()).filter(
      ({ metadata, status }) =>
        !metadata!.deletionTimestamp &&
        status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
  await until(async () => (await ready()).length === 4);
  await policy.createNamespacedPodDisruptionBudget({
    namespace,
    body: {
      metadata: { name: 'drained' },
      spec: { minAvailable: 4, selector: { matchLabels: { app: 'drained' } } },
    },
  });
  await until(async () => {
    const budget = await policy.readNamespacedPodDisruptionBudget({ namespace, name: 'drained' });
    return budget.status?.expectedPods === 4;
  });
  await core.patchNode({ name: 'node01', body: { spec: { unschedulable: true } } }, patchAs(StrategicMergePatch));
  const there = (await pods()).filter(({ spec }) => spec!.nodeName === 'node01');
  expect(there.length).toBeGreaterThan(0);
  const evict = (name: string) =>
    core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
  expect(await refusal(evict(there[0]!.metadata!.name!))).toMatchObject({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: 'DisruptionBudget' }] },
  });
  await policy.patchNamespacedPodDisruptionBudget(
    { namespace, name: 'drained', body: { spec: { minAvailable: 1 } } },
    patchAs(MergePatch),
  );
  await until(async () => {
    const budget = await policy.readNamespacedPodDisruptionBudget({ namespace, name: 'drained' });
    return budget.status?.disruptionsAllowed === 3;
  });
  for (const { metadata } of there) await evict(metadata!.name!);
  const moved = await until(async () => {
    const now = await ready();
    return now.length === 4 && now;
  });
  expect(new Set(moved.map(({ spec }) => spec!.nodeName))).toEqual(new Set(['node02']));
  await core.patchNode({ name: 'node01', body: { spec: { unschedulable: null } } }, patchAs(StrategicMergePatch));
  expect((await core.readNode({ name: 'node01' })).spec!.unschedulable).toBeUndefined();
});
