/** Pod (pkg/registry/core/pod, pkg/apis/core/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { Pod } from '../types.ts';
import { defaultPod } from './pod-defaults.ts';
import { qosClass } from './pod-qos.ts';
import { podTable } from './pod-row.ts';
import { ephemeralContainers, resize } from './pod-subresources.ts';
import { podWarnings } from './pod-warnings.ts';
import { put } from './shared.ts';
import { status } from './subresources.ts';
import { validatePod, validatePodUpdate } from './validation/pods.ts';
import { hostnameWarnings } from './warnings.ts';

const CREATE_GET = ['create', 'get'];

export const pods: Resource<Pod> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  name: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Pod',
  subresources: {
    attach: { kind: 'PodAttachOptions', verbs: CREATE_GET },
    binding: { kind: 'Binding', verbs: ['create'] },
    ephemeralcontainers: ephemeralContainers,
    eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    exec: { kind: 'PodExecOptions', verbs: CREATE_GET },
    log: { kind: 'Pod', verbs: ['get'] },
    portforward: { kind: 'PodPortForwardOptions', verbs: CREATE_GET },
    proxy: { kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    resize,
    status: status<Pod>('Pod', { prepareForUpdate: keepClass }),
  },
  generation: true,

  defaults: defaultPod,
  prepareForCreate: (pod) => put(pod, 'status', { phase: 'Pending', qosClass: qosClass(pod) }),
  prepareForUpdate: (pod, before) => put(pod, 'status', before.status),
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  warnings: (pod, before) =>
    before || !pod.spec
      ? []
      : [...hostnameWarnings(pod, "the Pod's hostname"), ...podWarnings({ spec: pod.spec, metadata: pod.metadata })],
  gracePeriod,
  returnDeletedObject: true,

  ...podTable,
  selectableFields: {
    'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec?.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
    'status.podIPs': (pod) => pod.status?.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
};

/** podStatusStrategy.PrepareForUpdate: whoever reports need not repeat the class. */
function keepClass(pod: Pod, before: Pod): Pod {
  if (pod.status?.qosClass || !before.status?.qosClass) return pod;
  return put(pod, 'status', { ...pod.status, qosClass: before.status.qosClass });
}

/** podStrategy.CheckGracefulDelete: no node or already over means at once. */
function gracePeriod({ spec, status }: Pod): number {
  if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0;
  const period = spec.terminationGracePeriodSeconds ?? 30;
  return period < 0 ? 1 : period;
}
