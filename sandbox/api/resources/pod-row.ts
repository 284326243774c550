/** A pod's line in a Table: the STATUS learners look at first (printPod in pkg/printers/internalversion/printers.go). */

import { age } from '../age.ts';
import type { TableContext } from '../resource.ts';
import type { ContainerStatus, Pod } from '../types.ts';
import { NONE } from './cells.ts';
import { aged, named, printed, text, wide } from './columns.ts';

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** When the last of them happened. */
  readonly restartedAt: string | undefined;
}

export const podTable = printed<Pod>([
  named,
  text(
    'Ready',
    'The aggregate readiness state of this pod for accepting traffic.',
    (pod) => `${summary(pod).ready}/${(pod.spec?.containers ?? []).length + sidecars(pod).size}`,
  ),
  text('Status', 'The aggregate status of the containers in this pod.', (pod) => summary(pod).reason),
  text(
    'Restarts',
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    restartsOf,
  ),
  aged,
  wide(
    'IP',
    'podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.',
    ({ status }) => status?.podIPs?.[0]?.ip || NONE,
  ),
  wide(
    'Node',
    'NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename',
    ({ spec }) => spec?.nodeName || NONE,
  ),
  wide(
    'Nominated Node',
    'nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.',
    ({ status }) => status?.nominatedNodeName || NONE,
  ),
  wide(
    'Readiness Gates',
    'If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates',
    readinessGates,
  ),
]);

function restartsOf(pod: Pod, { now }: TableContext): string {
  const { restarts, restartedAt } = summary(pod);
  return restarts > 0 && restartedAt ? `${restarts} (${age(restartedAt, now)} ago)` : String(restarts);
}

/** Three cells are told from it: it is kept for as long as they are asked of the same pod. */
function summary(pod: Pod): Summary {
  if (latest?.pod !== pod) latest = { pod, summary: summarize(pod) };
  return latest.summary;
}
let latest: { readonly pod: Pod; readonly summary: Summary } | undefined;

function summarize(pod: Pod): Summary {
  const init = initializing(pod);
  const started = !init.reason || hasCondition(pod, 'Initialized');
  const shown = started ? containers(pod, init) : { ...init, reason: init.reason ?? phase(pod) };
  return { ...shown, reason: deleting(pod) ?? shown.reason };
}

/** The phase, unless the pod or its scheduling gate says more. */
function phase(pod: Pod): string {
  const gated = pod.status?.conditions?.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : pod.status?.reason || pod.status?.phase || '';
}

interface Initialization extends Omit<Summary, 'reason'> {
  /** Of the first init container that has not done its part. */
  readonly reason: string | undefined;
  /** Restarts of sidecars alone, which go on counting once the pod runs. */
  readonly sidecarRestarts: number;
  readonly sidecarRestartedAt: string | undefined;
}

function initializing(pod: Pod): Initialization {
  const restartable = sidecars(pod);
  let ready = 0;
  let restarts = 0;
  let sidecarRestarts = 0;
  let restartedAt: string | undefined;
  let sidecarRestartedAt: string | undefined;
  let reason: string | undefined;
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = restartable.has(status.name);
    restarts += status.restartCount ?? 0;
    restartedAt = later(restartedAt, lastFinish(status));
    if (sidecar) {
      sidecarRestarts += status.restartCount ?? 0;
      sidecarRestartedAt = later(sidecarRestartedAt, lastFinish(status));
    }
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) ready++;
      continue;
    }
    if (terminated) reason = `Init:${terminated.reason || exitText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${(pod.spec?.initContainers ?? []).length}`;
    break;
  }
  return { ready, restarts, restartedAt, sidecarRestarts, sidecarRestartedAt, reason };
}

function containers(pod: Pod, init: Initialization): Summary {
  let { ready, sidecarRestarts: restarts, sidecarRestartedAt: restartedAt } = init;
  let reason = init.reason ?? phase(pod);
  let running = false;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    restarts += status.restartCount ?? 0;
    restartedAt = later(restartedAt, lastFinish(status));
    const { waiting, terminated } = status.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = terminated.reason || exitText(terminated);
    else if (status.ready && status.state?.running) {
      running = true;
      ready++;
    }
  }
  // One container still runs: the pod is not Completed yet.
  if (reason === 'Completed' && running) reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { ready, restarts, restartedAt, reason };
}

function deleting(pod: Pod): string | undefined {
  if (!pod.metadata.deletionTimestamp) return undefined;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  const terminal = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return terminal ? undefined : 'Terminating';
}

const sidecars = (pod: Pod): ReadonlySet<string> =>
  new Set((pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map((one) => one.name));

const lastFinish = (status: ContainerStatus): string | undefined =>
  status.lastState?.terminated?.finishedAt ?? undefined;

const later = (a: string | undefined, b: string | undefined): string | undefined => (!a || (b && b > a) ? b : a);

const exitText = (terminated: { readonly signal?: number; readonly exitCode: number }): string =>
  terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;

const hasCondition = (pod: Pod, type: string): boolean =>
  (pod.status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  return `${gates.filter((gate) => hasCondition(pod, gate.conditionType)).length}/${gates.length}`;
}
