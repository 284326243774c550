/** Finding the pod a command means: by name, by workload, and waiting for it (kubectl pkg/polymorphichelpers). */

import { formatLabelSelector, selectorFromLabels, selectorOf } from '../../api/selectors.ts';
import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import { watchEvents } from '../client/watch.ts';
import { findAll } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { withTimeout } from './wait/timeout.ts';

export interface PodStatus {
  phase?: string;
  conditions?: { type: string; status: string }[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
}

export interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: Record<string, unknown>;
}

export interface PodSpec {
  containers: {
    name: string;
    tty?: boolean;
    stdin?: boolean;
    stdinOnce?: boolean;
    ports?: { name?: string; containerPort: number }[];
  }[];
  initContainers?: { name: string; tty?: boolean }[];
  ephemeralContainers?: { name: string; tty?: boolean }[];
  nodeName?: string;
  restartPolicy?: string;
}

export const podSpec = (pod: KObject): PodSpec => pod.spec as PodSpec;
export const podStatus = (pod: KObject): PodStatus => (pod.status ?? {}) as PodStatus;

/** The selector of a workload's or service's pods; throws for kinds that select none. */
export function podSelector(object: KObject): string {
  const spec = (object.spec ?? {}) as { selector?: unknown };
  if (object.kind === 'Service' || object.kind === 'ReplicationController') {
    const labels = (spec.selector ?? {}) as Record<string, string>;
    if (Object.keys(labels).length === 0)
      throw new CommandError(`invalid service '${object.metadata?.name}': Service is defined without a selector`);
    return formatLabelSelector(selectorFromLabels(labels));
  }
  if (!['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'].includes(object.kind ?? '')) {
    throw new CommandError(`selector for ${goTypeOf(object)} not implemented`);
  }
  return formatLabelSelector(selectorOf((spec.selector ?? {}) as Parameters<typeof selectorOf>[0]));
}

/** `*v1.PersistentVolume`, as Go's %T prints it. */
export const goTypeOf = (object: KObject): string => `*${(object.apiVersion ?? '').split('/').pop()}.${object.kind}`;

export function* podsOf(session: Session, namespace: string, selector: string): Task<KObject[]> {
  const client = yield* session.client();
  const list = yield* client.json<{ items: KObject[] }>('GET', `/api/v1/namespaces/${namespace}/pods`, {
    query: [['labelSelector', selector]],
  });
  return list.items.map((pod) => ({ ...pod, apiVersion: 'v1', kind: 'Pod' }));
}

/** The pod named, or the best of a workload's: ready and long so first (podutils.ActivePods). Waits for one to come. */
export function* attachablePod(session: Session, word: string, timeout: number): Task<KObject> {
  const [info] = yield* findAll(session, { args: word.includes('/') ? [word] : ['pods', word], builtIn: true });
  const object = info!.object!;
  if (object.kind === 'Pod') return object;
  const selector = podSelector(object);
  const namespace = info!.namespace;
  const end = session.environment.now() + timeout;
  for (;;) {
    const pods = yield* podsOf(session, namespace, selector);
    if (pods.length > 0) return bestPod(pods);
    if (session.environment.now() >= end) throw new CommandError('timed out waiting for the condition');
    yield* session.environment.sleep(1000);
  }
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const isReady = (pod: KObject): boolean =>
  podStatus(pod).conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;

export function bestPod(pods: readonly KObject[]): KObject {
  const rank = (pod: KObject): number[] => [
    podSpec(pod).nodeName ? 1 : 0,
    PHASES[podStatus(pod).phase ?? ''] ?? 0,
    isReady(pod) ? 1 : 0,
  ];
  return [...pods].sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return y[i]! - x[i]!;
    return (a.metadata?.creationTimestamp ?? '') < (b.metadata?.creationTimestamp ?? '') ? -1 : 1;
  })[0]!;
}

/** podRunningAndReady: what can be attached to, or has ended. */
export const hasStarted = (pod: KObject): boolean =>
  hasEnded(pod) || (podStatus(pod).phase === 'Running' && isReady(pod));

export const hasEnded = (pod: KObject): boolean => /^(Succeeded|Failed)$/.test(podStatus(pod).phase ?? '');

/** Waits until the pod is right; 0 is without end. */
export function* waitForPod(
  session: Session,
  namespace: string,
  name: string,
  timeout: number,
  right: (pod: KObject) => boolean,
): Task<KObject> {
  const client = yield* session.client();
  const path = `/api/v1/namespaces/${namespace}/pods`;
  let pod = yield* client.json<KObject>('GET', `${path}/${name}`);
  if (right(pod)) return pod;
  const query = [
    ['fieldSelector', `metadata.name=${name}`],
    ['resourceVersion', pod.metadata?.resourceVersion ?? ''],
  ] as const;
  const watching = () =>
    watchEvents<KObject>(session, path, query, undefined, function* (event) {
      if (event.type === 'DELETED') throw new CommandError(`pods ${JSON.stringify(name)} not found`);
      pod = event.object;
      return right(pod);
    });
  const outcome = timeout > 0 ? yield* withTimeout(session, timeout, watching) : yield* watching();
  if (outcome === 'timeout') throw new CommandError('timed out waiting for the condition');
  return pod;
}

/** The container meant: -c, the annotation, or the first with a note (podcmd.FindOrDefaultContainerByName). */
export function* chooseContainer(session: Session, pod: KObject, name: string, quiet: boolean): Task<string> {
  const { containers, initContainers = [], ephemeralContainers = [] } = podSpec(pod);
  const all = [...containers, ...initContainers, ...ephemeralContainers].map((c) => c.name);
  if (name) {
    if (!all.includes(name)) throw new CommandError(`container ${name} not found in pod ${pod.metadata?.name}`);
    return name;
  }
  const preferred = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && all.includes(preferred)) return preferred;
  const [first] = containers;
  if (all.length > 1 && !quiet)
    yield* session.err(`Defaulted container ${JSON.stringify(first!.name)} out of: ${listed(pod)}\n`);
  return first!.name;
}

export function listed(pod: KObject): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = podSpec(pod);
  return [
    ...containers.map((c) => c.name),
    ...initContainers.map((c) => `${c.name} (init)`),
    ...ephemeralContainers.map((c) => `${c.name} (ephem)`),
  ].join(', ');
}
