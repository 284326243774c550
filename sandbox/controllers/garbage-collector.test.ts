/** The garbage collector works by discovery: whatever is served goes with its owner. */

import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import type { ResourceName } from '../api/types.ts';
import { startCluster } from './testing/cluster.ts';

const selector = { matchLabels: { app: 'owned' } };
const podSpec = { containers: [{ name: 'c', image: 'nginx' }] };
const template = { metadata: { labels: { app: 'owned' } }, spec: podSpec };
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };

const matchConstraints = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
};

/** What one of each kind needs to be valid, beyond a name. */
const DRAFTS: Readonly<Record<string, object>> = {
  persistentvolumeclaims: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  persistentvolumes: {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' }, nfs: { server: 'nfs', path: '/' } },
  },
  pods: { spec: podSpec },
  replicationcontrollers: { spec: { replicas: 1, selector: { app: 'owned' }, template } },
  services: { spec: { ports: [{ port: 80 }] } },
  daemonsets: { spec: { selector, template } },
  deployments: { spec: { selector, template } },
  replicasets: { spec: { selector, template } },
  statefulsets: { spec: { selector, template, serviceName: 'owned' } },
  horizontalpodautoscalers: { spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'd' } } },
  cronjobs: {
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
    },
  },
  jobs: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
  endpointslices: { addressType: 'IPv4', endpoints: [] },
  clusterrolebindings: { roleRef, subjects: [] },
  rolebindings: { roleRef, subjects: [] },
  csidrivers: { spec: {} },
  csistoragecapacities: { storageClassName: 'fast' },
  storageclasses: { provisioner: 'example.com/p' },
  volumeattributesclasses: { driverName: 'example.com', parameters: { iops: '1' } },
  volumeattachments: { spec: { attacher: 'a', nodeName: 'node01', source: { persistentVolumeName: 'p' } } },
  ingressclasses: { spec: { controller: 'example.com/c' } },
  ingresses: { spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } } },
  runtimeclasses: { handler: 'runc' },
  validatingadmissionpolicies: { spec: { matchConstraints, validations: [{ expression: 'true' }] } },
  validatingadmissionpolicybindings: { spec: { policyName: 'none', validationActions: ['Deny'] } },
  mutatingadmissionpolicies: {
    spec: {
      matchConstraints,
      reinvocationPolicy: 'Never',
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '[]' } }],
    },
  },
  mutatingadmissionpolicybindings: { spec: { policyName: 'none' } },
  customresourcedefinitions: {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'owneds', kind: 'Owned' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
};

const widgets = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

/** What its content names. */
const nameOf = ({ name }: { name: string }) => (name === 'customresourcedefinitions' ? 'owneds.example.com' : 'owned');

const referenceTo = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
});

test('any kind, owned, goes with its owner', () => {
  const { client, advance } = startCluster();
  const beside = client.create('configmaps', 'default', { metadata: { name: 'owner' } });
  const above = client.create('priorityclasses' as ResourceName, '', {
    metadata: { name: 'owner' },
    value: 1,
  } as never);
  const placeOf = ({ namespaced }: { namespaced: boolean }) => (namespaced ? 'default' : '');
  // Events neither own nor are owned (DefaultIgnoredResources).
  const owned = client.served().filter(({ name }) => name !== 'events');
  expect(owned.length).toBeGreaterThan(50);
  for (const resource of owned) {
    const ownerReferences = [referenceTo((resource.namespaced ? beside : above) as KubeObject)];
    const draft = { ...DRAFTS[resource.name], metadata: { name: nameOf(resource), ownerReferences } };
    client.create(resource.name, placeOf(resource), draft as never);
  }
  advance(3000);
  const left = () => owned.filter((each) => client.get(each.name, placeOf(each), nameOf(each))).map(({ name }) => name);
  expect(left()).toEqual(owned.map(({ name }) => name));

  client.delete('configmaps', 'default', 'owner');
  client.delete('priorityclasses' as ResourceName, '', 'owner');
  advance(90_000);
  expect(left()).toEqual([]);
});

test('a custom kind owns and is owned as any other, from its definition on', () => {
  const { client, advance } = startCluster();
  client.create('customresourcedefinitions' as ResourceName, '', widgets as never);
  advance(40_000);
  const owner = client.create('configmaps', 'default', { metadata: { name: 'owner' } });
  const custom = client.served().find(({ kind }) => kind === 'Widget')!.collection;
  const widget = client.create(custom, 'default', {
    metadata: { name: 'widget', ownerReferences: [referenceTo(owner as KubeObject)] },
  } as never) as KubeObject;
  client.create('networkpolicies' as ResourceName, 'default', {
    metadata: { name: 'below', ownerReferences: [referenceTo(widget)] },
    spec: { podSelector: {} },
  } as never);
  advance(3000);
  expect(client.get(custom, 'default', 'widget')).toBeDefined();
  client.delete('configmaps', 'default', 'owner');
  advance(3000);
  expect(client.get(custom, 'default', 'widget')).toBeUndefined();
  expect(client.get('networkpolicies' as ResourceName, 'default', 'below')).toBeUndefined();
});

test('an owner that lives elsewhere is none, and the dependent is told so', () => {
  const { client, advance, events } = startCluster();
  client.create('namespaces', '', { metadata: { name: 'other' } });
  const far = client.create('configmaps', 'other', { metadata: { name: 'far' } });
  const ownerReferences = [referenceTo(far as KubeObject)];
  client.create('configmaps', 'default', { metadata: { name: 'cross', ownerReferences } });
  client.create('persistentvolumes', '', {
    ...DRAFTS.persistentvolumes,
    metadata: { name: 'owned-pv', ownerReferences },
  } as never);
  advance(3000);
  expect(client.get('configmaps', 'default', 'cross')).toBeUndefined();
  expect(client.get('persistentvolumes', '', 'owned-pv')).toBeDefined();
  const { uid } = far.metadata;
  expect(events.filter((event) => event.includes('OwnerRefInvalidNamespace'))).toEqual([
    `Warning OwnerRefInvalidNamespace ConfigMap ownerRef [v1/ConfigMap, namespace: default, name: far, uid: ${uid}] does not exist in namespace "default"`,
    `Warning OwnerRefInvalidNamespace PersistentVolume ownerRef [v1/ConfigMap, namespace: , name: far, uid: ${uid}] does not exist in namespace ""`,
  ]);
});

const blocking = (owner: object) => ({ ...referenceTo(owner as KubeObject), blockOwnerDeletion: true });

test('owners in a circle, each of which blocks the next, go in the foreground', () => {
  const { client, advance } = startCluster();
  const names = ['c1', 'c2', 'c3'];
  const made = names.map((name) => client.create('configmaps', 'default', { metadata: { name } }));
  names.forEach((name, i) => {
    client.mutate('configmaps', 'default', name, (one) => ({
      ...one,
      metadata: { ...one.metadata, ownerReferences: [blocking(made[(i + 1) % 3]!)] },
    }));
  });
  advance(3000);
  expect(client.list('configmaps', 'default').filter(({ metadata }) => names.includes(metadata.name))).toHaveLength(3);
  client.delete('configmaps', 'default', 'c1', { propagationPolicy: 'Foreground' });
  advance(10_000);
  expect(client.list('configmaps', 'default').filter(({ metadata }) => names.includes(metadata.name))).toEqual([]);
});

test('an owner that waits in the foreground goes once its dependent no longer refers to it', () => {
  const { client, advance } = startCluster();
  const [going, staying] = ['going', 'staying'].map((name) =>
    client.create('configmaps', 'default', { metadata: { name } }),
  );
  client.create('configmaps', 'default', {
    metadata: { name: 'of-both', ownerReferences: [blocking(going!), blocking(staying!)] },
  });
  advance(3000);
  client.delete('configmaps', 'default', 'going', { propagationPolicy: 'Foreground' });
  advance(10_000);
  expect(client.get('configmaps', 'default', 'going')).toBeUndefined();
  const left = client.get('configmaps', 'default', 'of-both')!.metadata.ownerReferences!;
  expect(left.map(({ name }) => name)).toEqual(['staying']);
});

test('owners that are not there are looked for by name, not among all there is', () => {
  const { client, advance, api } = startCluster();
  const lost = { apiVersion: 'v1', kind: 'ConfigMap', name: 'lost', uid: 'lost' };
  const { collection } = api.registry.get('configmaps');
  let walks = 0;
  const all = collection.all.bind(collection);
  collection.all = (namespace) => {
    walks++;
    return all(namespace);
  };
  for (let i = 0; i < 50; i++)
    client.create('configmaps', 'default', { metadata: { name: `dependent-${i}`, ownerReferences: [lost] } });
  advance(5000);
  expect(client.get('configmaps', 'default', 'dependent-0')).toBeUndefined();
  expect(walks).toBeLessThan(5);
});
