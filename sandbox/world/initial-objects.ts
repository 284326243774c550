/** The objects a fresh cluster holds before anybody uses it, each with the component that wrote it. */

import type { Client, Draft } from '../api/client.ts';
import { SYSTEM_CLASSES } from '../api/resources/priorityclasses.ts';
import { timestamp } from '../api/time.ts';
import type { ResourceName, Resources } from '../api/types.ts';
import type { Random } from '../sim/random.ts';
import { apiServer, KUBELET_PORT, type NodeCast, nodes, versions } from './cast.ts';
import { clusterAdmins, clusterRoles } from './cluster-roles.ts';

export interface Circumstances {
  readonly now: number;
  readonly random: Random;
}

/** One write of one component. */
export interface InitialObject<R extends ResourceName = ResourceName> {
  readonly component: string;
  readonly resource: R;
  readonly namespace: string;
  readonly object: Draft<Resources[R]>;
  /** What another component then made of it. */
  readonly followed?: { readonly component: string; change(object: Resources[R]): Resources[R] };
}

/** In the order a control plane writes them. */
function initialObjects(circumstances: Circumstances): readonly InitialObject[] {
  const certificate = pem(circumstances.random);
  return [
    ...NAMESPACES.map((name) => one('kube-apiserver', 'namespaces', '', { metadata: { name } })),
    ...clusterRoles.map((role) => unnamed('clusterroles', role)),
    unnamed('clusterrolebindings', clusterAdmins),
    ...priorityClasses,
    kubernetesService,
    kubernetesEndpoints,
    kubernetesEndpointSlice,
    ...nodes.flatMap((node) => [
      { ...one('kubelet', 'nodes', '', registration(node, circumstances)), followed: admission(node) } as InitialObject,
      one('kubelet', 'leases', 'kube-node-lease', lease(node, circumstances)),
    ]),
    ...NAMESPACES.flatMap((namespace) => [
      one('kube-controller-manager', 'serviceaccounts', namespace, { metadata: { name: 'default' } }),
      one('kube-controller-manager', 'configmaps', namespace, rootCertificate(certificate)),
    ]),
    ...nodes.flatMap((node) => nodeEvents(node, circumstances)),
  ];
}

export function createInitialObjects(client: (component: string) => Client, circumstances: Circumstances): void {
  for (const { component, resource, namespace, object, followed } of initialObjects(circumstances)) {
    const made = client(component).create(resource, namespace, object);
    if (followed) client(followed.component).update(resource, followed.change(made));
  }
}

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

const one = <R extends ResourceName>(
  component: string,
  resource: R,
  namespace: string,
  object: Draft<Resources[R]>,
): InitialObject => ({ component, resource, namespace, object }) as unknown as InitialObject;

/** What the API server makes for itself and no controller asks for, so that `Resources` does not name it. */
const unnamed = (resource: string, object: object): InitialObject =>
  one('kube-apiserver', resource as ResourceName, '', object as Draft<Resources[ResourceName]>);

/** The two classes that the API server makes for itself. */
const priorityClasses = [
  ['system-node-critical', 'Used for system critical pods that must not be moved from their current node.'],
  [
    'system-cluster-critical',
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ],
].map(([name = '', description]) =>
  unnamed('priorityclasses', { metadata: { name }, value: SYSTEM_CLASSES[name], description }),
);

/** The API server's own Service, which has no selector: it writes the endpoints itself. */
const kubernetesService = one('kube-apiserver', 'services', 'default', {
  metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    clusterIP: apiServer.serviceIP,
    ipFamilyPolicy: 'SingleStack',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: apiServer.port }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
});

const kubernetesEndpoints = one('kube-apiserver', 'endpoints', 'default', {
  metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: [
    { addresses: [{ ip: apiServer.address }], ports: [{ name: 'https', port: apiServer.port, protocol: 'TCP' }] },
  ],
});

const kubernetesEndpointSlice = one('kube-apiserver', 'endpointslices', 'default', {
  metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [apiServer.address], conditions: { ready: true } }],
  ports: [{ name: 'https', port: apiServer.port, protocol: 'TCP' }],
});

/** A node as its kubelet registers it, with a first status. */
function registration(node: NodeCast, { now, random }: Circumstances): Draft<Resources['nodes']> {
  const own = random.fork(`node/${node.name}`);
  return {
    metadata: {
      name: node.name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        ...(node.controlPlane && { 'node-role.kubernetes.io/control-plane': '' }),
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: { taints: [...(node.controlPlane ? [CONTROL_PLANE_TAINT] : []), NOT_READY_TAINT] },
    status: {
      addresses: [
        { address: node.address, type: 'InternalIP' },
        { address: node.name, type: 'Hostname' },
      ],
      capacity: { ...CAPACITY, 'ephemeral-storage': '13706Mi', memory: '8Gi' },
      allocatable: { ...CAPACITY, 'ephemeral-storage': '12934604369', memory: '8086Mi' },
      conditions: CONDITIONS.map(([type, status, reason, message]) => ({
        lastHeartbeatTime: timestamp(now),
        lastTransitionTime: timestamp(now),
        message,
        reason,
        status,
        type,
      })),
      daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: own.uuid(),
        containerRuntimeVersion: versions.containerRuntime,
        kernelVersion: versions.kernel,
        kubeProxyVersion: versions.kubernetes,
        kubeletVersion: versions.kubernetes,
        machineID: own.hex(32),
        operatingSystem: 'linux',
        osImage: versions.osImage,
        systemUUID: own.uuid(),
      },
    },
  };
}

const CONTROL_PLANE_TAINT = { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' } as const;
const NOT_READY_TAINT = { effect: 'NoSchedule', key: 'node.kubernetes.io/not-ready' } as const;

/** What the controller manager does with a node that is ready: its pods' network, how long objects may be cached there, its taint off. */
const admission = ({ podCIDR, controlPlane }: NodeCast): InitialObject<'nodes'>['followed'] => ({
  component: 'kube-controller-manager',
  change: ({ metadata, ...node }) => ({
    ...node,
    metadata: { ...metadata, annotations: { 'node.alpha.kubernetes.io/ttl': '0', ...metadata.annotations } },
    spec: { podCIDR, podCIDRs: [podCIDR], ...(controlPlane && { taints: [CONTROL_PLANE_TAINT] }) },
  }),
});

const CAPACITY = { cpu: '4', 'hugepages-2Mi': '0', pods: '110' };

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

const lease = ({ name }: NodeCast, { now }: Circumstances): Draft<Resources['leases']> => ({
  metadata: { name },
  spec: {
    holderIdentity: name,
    leaseDurationSeconds: 40,
    renewTime: `${new Date(now).toISOString().slice(0, -1)}000Z`,
  },
});

const rootCertificate = (certificate: string): Draft<Resources['configmaps']> => ({
  metadata: {
    name: 'kube-root-ca.crt',
    annotations: {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    },
  },
  data: { 'ca.crt': certificate },
});

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The shape of a certificate authority: nobody in the lab verifies a signature. */
function pem(random: Random): string {
  let body = 'MIIDBTCCAe2gAwIBAgII';
  while (body.length < 1034) body += BASE64[random.below(64)];
  return `-----BEGIN CERTIFICATE-----\n${`${body}==`.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const KUBELET_EVENTS = [
  ['Starting', 'Starting kubelet.'],
  ['NodeHasSufficientMemory', 'Node NODE status is now: NodeHasSufficientMemory'],
  ['NodeHasNoDiskPressure', 'Node NODE status is now: NodeHasNoDiskPressure'],
  ['NodeHasSufficientPID', 'Node NODE status is now: NodeHasSufficientPID'],
  ['NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods'],
  ['NodeReady', 'Node NODE status is now: NodeReady'],
] as const;

/** What the kubelet and then the node controller tell of a node that joins. */
function nodeEvents({ name }: NodeCast, { now, random }: Circumstances): readonly InitialObject[] {
  const own = random.fork(`events/${name}`);
  let nanos = BigInt(now) * 1_000_000n;
  const event = (component: string, reason: string, message: string, rest: object) => {
    nanos += BigInt(50_000 + own.below(950_000));
    return one(component, 'events', 'default', {
      // Event names end in a nanosecond time in hexadecimal.
      metadata: { name: `${name}.${nanos.toString(16)}` },
      reason,
      message: message.replaceAll('NODE', name),
      firstTimestamp: timestamp(now),
      lastTimestamp: timestamp(now),
      count: 1,
      type: 'Normal',
      ...rest,
    } as Draft<Resources['events']>);
  };
  return [
    ...KUBELET_EVENTS.map(([reason, message]) =>
      event('kubelet', reason, message, {
        involvedObject: { kind: 'Node', name, uid: name },
        source: { component: 'kubelet', host: name },
      }),
    ),
    event('kube-controller-manager', 'RegisteredNode', 'Node NODE event: Registered Node NODE in Controller', {
      involvedObject: { kind: 'Node', name, uid: name, apiVersion: 'v1' },
      source: { component: 'node-controller' },
      reportingComponent: 'node-controller',
    }),
  ];
}
