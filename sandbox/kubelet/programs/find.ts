/** Finding containers, sandboxes and images by what a user types. */

import type { Container, Runtime } from '../runtime/containerd.ts';
import type { Sandbox } from '../runtime/sandbox.ts';

export const newestFirst = <T extends { readonly createdAt: number }>(items: readonly T[]): T[] =>
  items
    .map((item, i) => ({ item, i }))
    .sort((a, b) => b.item.createdAt - a.item.createdAt || b.i - a.i)
    .map(({ item }) => item);

export const findContainer = (runtime: Runtime, id: string): Container | undefined =>
  runtime.containers().find((container) => container.id.startsWith(id));

export const findSandbox = (runtime: Runtime, id: string): Sandbox | undefined =>
  runtime.sandboxes().find((sandbox) => sandbox.id.startsWith(id));

/** dockershim's names: `k8s_master_POD_NS_UID_0`, `k8s_POD_…` (pkg/kubelet/dockershim/naming.go). */
export const dockerName = (sandbox: Sandbox, container: string, attempt: number): string =>
  `k8s_${container}_${sandbox.name}_${sandbox.namespace}_${sandbox.uid}_${attempt}`;

export const kubernetesLabels = (sandbox: Sandbox, container?: string): Record<string, string> => ({
  ...(container === undefined ? sandbox.labels : { 'io.kubernetes.container.name': container }),
  'io.kubernetes.pod.name': sandbox.name,
  'io.kubernetes.pod.namespace': sandbox.namespace,
  'io.kubernetes.pod.uid': sandbox.uid,
});
