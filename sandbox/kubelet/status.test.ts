/** Statuses computed here against those recorded on a real control plane (golden/state). */

import { expect, test } from 'vitest';
import type { ContainerStatus, Pod } from '../api/types.ts';
import type { ContainerStatusRecord } from './runtime/types.ts';
import { type PodObservation, podStatus } from './status.ts';
import pods from './testdata/pods.json' with { type: 'json' };

const ms = (time: string | undefined) => (time ? Date.parse(time) : 0);

/** The run that a recorded container status tells of. */
function runOf(status: ContainerStatus): ContainerStatusRecord | undefined {
  const { running, terminated } = status.state ?? {};
  if (!running && !terminated) return undefined;
  return {
    id: status.containerID!.replace('containerd://', ''),
    name: status.name,
    attempt: status.restartCount,
    image: status.image,
    imageName: status.image,
    imageRef: status.imageID,
    state: running ? 'running' : 'exited',
    createdAt: 0,
    startedAt: ms(running?.startedAt ?? terminated?.startedAt),
    finishedAt: ms(terminated?.finishedAt),
    exitCode: terminated?.exitCode ?? 0,
    reason: terminated?.reason ?? '',
    message: terminated?.message ?? '',
  };
}

function observationOf({ status }: Pod, more: Partial<PodObservation> = {}): PodObservation {
  const statuses = new Map((status!.containerStatuses ?? []).map((one) => [one.name, one]));
  return {
    runs: (name) => [runOf(statuses.get(name)!)].filter((run) => run !== undefined),
    failure: (name) => {
      const waiting = statuses.get(name)!.state?.waiting;
      return waiting?.message ? { reason: waiting.reason!, message: waiting.message } : undefined;
    },
    ready: () => true,
    started: () => true,
    sandboxReady: status!.conditions!.find((c) => c.type === 'PodReadyToStartContainers')!.status === 'True',
    ip: status!.podIP,
    hostIP: status!.hostIP!,
    startTime: status!.startTime!,
    terminal: false,
    mayRun: false,
    now: status!.startTime!,
    ...more,
  };
}

const NEWS = new Set(['observedGeneration', 'hostIPs', 'volumeMounts', 'resources', 'allocatedResources', 'user']);

/** Without what a real kubelet of 1.36 writes and the recorder's stand-in did not. */
const withoutNews = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one) => (NEWS.has(key) ? undefined : one)));

const recorded = pods as unknown as Record<'running' | 'creating' | 'succeeded' | 'imagePullBackOff' | 'stopped', Pod>;

test.each(['running', 'creating', 'imagePullBackOff', 'stopped'] as const)('%s', (name) => {
  const pod = recorded[name];
  expect(withoutNews(podStatus(pod, observationOf(pod)))).toEqual(withoutNews(pod.status));
});

test('a pod whose containers have all ended well is Succeeded', () => {
  const pod = recorded.succeeded;
  const status = podStatus(
    { ...pod, status: { ...pod.status, phase: 'Running' } },
    observationOf(pod, { terminal: true, sandboxReady: false }),
  );
  expect(withoutNews(status)).toEqual(withoutNews(pod.status));
});

test('a container that failed in a pod that is never restarted makes it Failed', () => {
  const pod = recorded.succeeded;
  const observed = observationOf(pod, { terminal: true });
  const runs = (name: string) => observed.runs(name).map((run) => ({ ...run, exitCode: 1, reason: 'Error' }));
  const status = podStatus({ ...pod, status: {} }, { ...observed, runs });
  expect(status.phase).toBe('Failed');
  expect(status.conditions?.find((c) => c.type === 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' });
});

test('what an init container kept from starting was not lost: it still waits', () => {
  const pod = recorded.succeeded;
  const [container] = pod.spec!.containers;
  const observed = observationOf(pod, { terminal: true, sandboxReady: false });
  const [run] = observed.runs(container!.name);
  const failed = { ...run!, name: 'first', exitCode: 4, reason: 'Error' };
  const inits = ['first', 'second'].map((name) => ({ ...container!, name }));
  const status = podStatus(
    { ...pod, spec: { ...pod.spec!, restartPolicy: 'Never', initContainers: inits }, status: {} },
    { ...observed, failure: () => undefined, runs: (name) => (name === 'first' ? [failed] : []) },
  );
  expect(status.phase).toBe('Failed');
  expect(status.initContainerStatuses!.map(({ state }) => state)).toMatchObject([
    { terminated: { exitCode: 4, reason: 'Error' } },
    { waiting: { reason: 'PodInitializing' } },
  ]);
  expect(status.containerStatuses![0]!.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  expect(status.conditions!.find(({ type }) => type === 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: 'containers with incomplete status: [first second]',
  });
});
