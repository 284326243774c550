/** A pod's status computed from its spec and what the runtime says: phase, conditions and container statuses (pkg/kubelet/kubelet_pods.go, pkg/kubelet/status/generate.go). */

import { timestamp } from '../api/time.ts';
import type { Container, ContainerStatus, Pod } from '../api/types.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';

/** What the kubelet knows of a pod's run at this moment. */
export interface PodObservation {
  /** The runs of a container, the newest last. */
  runs(container: string): readonly ContainerStatusRecord[];
  /** Why a container could not be started lately (the reason cache). */
  failure(container: string): StartFailure | undefined;
  /** Whether the running container passes its readiness probe. */
  ready(run: ContainerStatusRecord, container: Container): boolean;
  /** Whether the running container has passed its startup probe. */
  started(run: ContainerStatusRecord, container: Container): boolean;
  readonly sandboxReady: boolean;
  readonly ip: string | undefined;
  readonly hostIP: string;
  readonly startTime: string;
  /** No container will run again: the pod is terminated. */
  readonly terminal: boolean;
  /** Admitted here, and not all of its containers are known to have ended. */
  readonly mayRun: boolean;
  /** Why it was ended, and that its containers are: it has Failed then. */
  readonly eviction?: StartFailure | undefined;
  /** RFC 3339. */
  readonly now: string;
}

export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

export type PodStatus = NonNullable<Pod['status']>;
export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';
type Condition = NonNullable<PodStatus['conditions']>[number];
type State = ContainerStatus['state'];

export function podStatus(pod: Pod, observed: PodObservation): PodStatus {
  const spec = pod.spec!;
  const inits = spec.initContainers ?? [];
  const initialized = areInitialized(pod, observed);
  // hasPodInitialized, initializedContainers: what was never reached cannot have been lost.
  const lastBegun = inits.findLastIndex((c) => observed.runs(c.name).length > 0);
  const initStatuses = inits.map((c, i) => initContainerStatus(pod, c, i < lastBegun, observed));
  const waiting = inits.length > 0 && !initialized ? 'PodInitializing' : 'ContainerCreating';
  const statuses = spec.containers.map((c) => containerStatus(pod, c, { waiting, reached: initialized }, observed));
  const before = pod.status ?? {};
  const phase = lastingPhase(
    before.phase,
    observed.eviction ? 'Failed' : podPhase(pod, initStatuses, statuses, observed.terminal),
    observed.mayRun,
  );
  const { reason, message } = observed.eviction ?? before;
  const ip = spec.hostNetwork ? observed.hostIP : observed.ip;
  return {
    observedGeneration: pod.metadata.generation,
    phase,
    conditions: conditions(pod, phase, initStatuses, statuses, observed),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    hostIP: observed.hostIP,
    hostIPs: [{ ip: observed.hostIP }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: observed.startTime,
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
    containerStatuses: statuses,
    qosClass: before.qosClass,
  };
}

/** A sidecar: an init container that runs on (restartPolicy Always). */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** Whether a container that has ended is to be run again (pkg/kubelet/container/helpers.go, ShouldContainerBeRestarted). */
export function shouldRestart(pod: Pod, container: Container, runs: readonly ContainerStatusRecord[]): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const run = runs.at(-1);
  if (!run) return true;
  if (run.state === 'running') return false;
  if (run.state === 'created') return true;
  const policy = container.restartPolicy ?? pod.spec!.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && run.exitCode !== 0);
}

/** Init containers are done once a later stage has begun, or when the last of them has ended well. */
export function areInitialized(pod: Pod, observed: Pick<PodObservation, 'runs' | 'started'>): boolean {
  const spec = pod.spec!;
  if (spec.containers.some((c) => observed.runs(c.name).length > 0)) return true;
  return (spec.initContainers ?? []).every((c) => isInitDone(c, observed));
}

export function isInitDone(container: Container, observed: Pick<PodObservation, 'runs' | 'started'>): boolean {
  const run = observed.runs(container.name).at(-1);
  if (!run) return false;
  if (isSidecar(container)) return run.state === 'running' && observed.started(run, container);
  return run.state === 'exited' && run.exitCode === 0;
}

/** Of a container without a run: why it waits, and whether its turn to run had come. */
interface Unstarted {
  readonly waiting: string;
  readonly reached: boolean;
}

function containerStatus(
  pod: Pod,
  container: Container,
  { waiting, reached }: Unstarted,
  observed: PodObservation,
): ContainerStatus {
  const runs = observed.runs(container.name);
  const run = runs.at(-1);
  const told = toldEnd(pod, container.name);
  if (!run && told) return told;
  const before = runs.at(-2);
  let state: State = run ? stateOf(run) : { waiting: { reason: waiting } };
  let lastState: State = before?.state === 'exited' ? stateOf(before) : {};
  const failure = observed.failure(container.name);
  if (failure && !observed.terminal && shouldRestart(pod, container, runs)) {
    if (state?.terminated) lastState = state;
    state = { waiting: { reason: failure.reason, message: failure.message } };
  }
  if (observed.terminal && reached && !run) state = { terminated: UNSTARTED };
  return statusOf(container, run, state, lastState, observed);
}

/** The end of a container that is told already stays told, though the runtime has forgotten it (convertToAPIContainerStatuses). */
function toldEnd({ status }: Pod, name: string): ContainerStatus | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.find((one) => one.name === name && one.state?.terminated !== undefined);
}

/** containerStatusUnknown of a container that never ran when its pod was ended (kubelet_pods.go). */
const UNSTARTED = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
  startedAt: null as unknown as string,
  finishedAt: null as unknown as string,
};

function initContainerStatus(
  pod: Pod,
  container: Container,
  reached: boolean,
  observed: PodObservation,
): ContainerStatus {
  const status = containerStatus(pod, container, { waiting: 'PodInitializing', reached }, observed);
  // One that has done its work stays ready.
  return status.state?.terminated?.exitCode === 0 && !isSidecar(container) ? { ...status, ready: true } : status;
}

function statusOf(
  container: Container,
  run: ContainerStatusRecord | undefined,
  state: State,
  lastState: State,
  observed: PodObservation,
): ContainerStatus {
  const running = run?.state === 'running';
  const started = running && observed.started(run, container);
  return {
    name: container.name,
    state,
    lastState,
    ready: running && started && observed.ready(run, container),
    restartCount: run?.attempt ?? 0,
    image: run?.imageName ?? container.image!,
    imageID: run?.imageRef ?? '',
    ...(run ? { containerID: `containerd://${run.id}` } : {}),
    started,
    ...(running ? resourcesOf(container) : {}),
    ...(container.volumeMounts?.length ? { volumeMounts: container.volumeMounts.map(mountStatus) } : {}),
    ...(running ? { user: { linux: userOf(container) } } : {}),
  };
}

function resourcesOf(container: Container): Partial<ContainerStatus> {
  const { requests, limits } = container.resources ?? {};
  return {
    ...(requests ? { allocatedResources: requests } : {}),
    resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
  };
}

type Mount = NonNullable<Container['volumeMounts']>[number];

const mountStatus = ({ name, mountPath, readOnly }: Mount) => ({
  name,
  mountPath,
  ...(readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
});

function userOf(container: Container): { uid: number; gid: number; supplementalGroups: number[] } {
  const { runAsUser = 0, runAsGroup = 0 } = container.securityContext ?? {};
  return { uid: runAsUser, gid: runAsGroup, supplementalGroups: [runAsGroup] };
}

function stateOf(run: ContainerStatusRecord): State {
  if (run.state === 'created') return { waiting: { reason: 'ContainerCreating' } };
  if (run.state === 'running') return { running: { startedAt: timestamp(run.startedAt) } };
  return {
    terminated: {
      exitCode: run.exitCode,
      reason: run.reason,
      ...(run.message === '' ? {} : { message: run.message }),
      startedAt: timestamp(run.startedAt),
      finishedAt: timestamp(run.finishedAt),
      containerID: `containerd://${run.id}`,
    },
  };
}

const isFinal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

/** A phase once Succeeded or Failed stays (generateAPIPodStatus); it is not told while containers may still run (status_manager.go, mergePodStatus). */
const lastingPhase = (before: string | undefined, phase: PodPhase, mayRun: boolean): PodPhase =>
  isFinal(before) || (mayRun && isFinal(phase)) ? ((before ?? 'Running') as PodPhase) : phase;

/** getPhase of pkg/kubelet/kubelet_pods.go. */
function podPhase(
  pod: Pod,
  inits: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
  terminal: boolean,
): PodPhase {
  const policy = pod.spec!.restartPolicy ?? 'Always';
  const count = { waiting: 0, running: 0, stopped: 0, succeeded: 0 };
  for (const status of containers) tally(status, count);
  const regularInits = inits.filter((_, i) => !isSidecar(pod.spec!.initContainers![i]!));
  const failedInit = regularInits.some((s) => (s.state?.terminated ?? s.lastState?.terminated)?.exitCode);
  if (failedInit && (policy === 'Never' || terminal)) return 'Failed';
  const begun = count.running + count.stopped > 0;
  const initializing = regularInits.some((s) => s.state?.terminated?.exitCode !== 0);
  if (initializing && !begun) return terminal ? 'Failed' : 'Pending';
  if (count.waiting > 0 && !terminal) return 'Pending';
  if (count.running > 0) return 'Running';
  if (count.stopped === 0) return 'Pending';
  if (terminal) return count.stopped === count.succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return 'Running';
  if (count.stopped === count.succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function tally(
  status: ContainerStatus,
  count: { waiting: number; running: number; stopped: number; succeeded: number },
) {
  const { running, terminated } = status.state ?? {};
  if (running) count.running++;
  else if (terminated) {
    count.stopped++;
    if (terminated.exitCode === 0) count.succeeded++;
  } else if (status.lastState?.terminated) count.stopped++;
  else count.waiting++;
}

function conditions(
  pod: Pod,
  phase: PodPhase,
  inits: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
  observed: PodObservation,
): Condition[] {
  const containersReady = containersReadyCondition(phase, containers);
  const computed: Draft[] = [
    { type: 'PodReadyToStartContainers', status: observed.sandboxReady && !observed.terminal ? 'True' : 'False' },
    initializedCondition(pod, phase, inits, containers),
    readyCondition(pod, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
  ];
  const before = new Map((pod.status?.conditions ?? []).map((c) => [c.type, c]));
  const generation = pod.metadata.generation;
  const ours = computed.map((draft): Condition => {
    const old = before.get(draft.type);
    const lastTransitionTime = old?.status === draft.status ? old.lastTransitionTime : observed.now;
    return {
      type: draft.type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: draft.status,
      lastProbeTime: null as unknown as undefined,
      lastTransitionTime,
      ...(draft.reason === undefined ? {} : { reason: draft.reason }),
      ...(draft.message === undefined ? {} : { message: draft.message }),
    };
  });
  const others = (pod.status?.conditions ?? []).filter((c) => !computed.some((draft) => draft.type === c.type));
  return [...others, ...ours];
}

interface Draft {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

function initializedCondition(
  pod: Pod,
  phase: PodPhase,
  inits: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
): Draft {
  const type = 'Initialized';
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' };
  const begun = containers.some((s) => s.state?.running || s.state?.terminated || s.lastState?.terminated);
  const unready = inits.filter((s, i) => {
    const sidecar = isSidecar(pod.spec!.initContainers![i]!);
    return sidecar ? !s.started : s.state?.terminated?.exitCode !== 0;
  });
  if (begun || unready.length === 0) return { type, status: 'True' };
  const names = unready.map((s) => s.name).join(' ');
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names}]`,
  };
}

function containersReadyCondition(phase: PodPhase, containers: readonly ContainerStatus[]): Draft {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const unready = containers.filter((s) => !s.ready).map((s) => s.name);
  if (unready.length === 0) return { type, status: 'True' };
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** Readiness gates are other controllers' conditions that must hold too (GeneratePodReadyCondition). */
function readyCondition(pod: Pod, containersReady: Draft): Draft {
  if (containersReady.status === 'False') return { ...containersReady, type: 'Ready' };
  const held = new Set((pod.status?.conditions ?? []).filter((c) => c.status === 'True').map((c) => c.type));
  const missing = (pod.spec!.readinessGates ?? []).map((gate) => gate.conditionType).filter((type) => !held.has(type));
  if (missing.length === 0) return { type: 'Ready', status: 'True' };
  const messages = missing.map((type) => `corresponding condition of pod readiness gate "${type}" does not exist.`);
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join('') };
}
