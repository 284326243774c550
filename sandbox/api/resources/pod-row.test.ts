/** STATUS, READY and RESTARTS of pods as printPod tells them. */

import { expect, test } from 'vitest';
import type { Pod } from '../types.ts';
import { podTable } from './pod-row.ts';

const NOW = Date.parse('2026-11-22T20:00:10Z');

type Status = NonNullable<Pod['status']>;
type Containers = NonNullable<Status['containerStatuses']>;

const waiting = (reason: string) => ({ name: 'c', ready: false, restartCount: 0, state: { waiting: { reason } } });
const running = { name: 'c', ready: true, restartCount: 0, state: { running: {} } };
const ended = (exitCode: number, reason?: string) => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, reason } },
});

function row(status: object, { spec = {}, deleted = false }: { spec?: object; deleted?: boolean } = {}): string {
  const pod = {
    metadata: {
      name: 'p',
      creationTimestamp: '2026-11-22T20:00:00Z',
      ...(deleted && { deletionTimestamp: '2026-11-22T20:00:30Z' }),
    },
    spec: { containers: [{ name: 'c' }], ...spec },
    status: status as Status,
  } as unknown as Pod;
  return podTable.row(pod, { now: NOW }).slice(1, 5).join(' | ');
}

const containers = (...all: readonly object[]) => ({ containerStatuses: all as unknown as Containers });

test.each([
  ['pending', { phase: 'Pending' }, '0/1 | Pending | 0 | 10s'],
  ['creating', { phase: 'Pending', ...containers(waiting('ContainerCreating')) }, '0/1 | ContainerCreating | 0 | 10s'],
  ['running', { phase: 'Running', ...containers(running) }, '1/1 | Running | 0 | 10s'],
  ['evicted', { phase: 'Failed', reason: 'Evicted' }, '0/1 | Evicted | 0 | 10s'],
  ['completed', { phase: 'Succeeded', ...containers(ended(0, 'Completed')) }, '0/1 | Completed | 0 | 10s'],
  ['without a reason', { phase: 'Failed', ...containers(ended(3)) }, '0/1 | ExitCode:3 | 0 | 10s'],
  [
    'crashing',
    {
      phase: 'Running',
      ...containers({
        ...waiting('CrashLoopBackOff'),
        restartCount: 2,
        lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-22T20:00:05Z' } },
      }),
    },
    '0/1 | CrashLoopBackOff | 2 (5s ago) | 10s',
  ],
  [
    'one of two completed',
    {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      ...containers(ended(0, 'Completed'), { ...running, name: 'd' }),
    },
    '1/1 | NotReady | 0 | 10s',
  ],
])('%s', (_, status, expected) => {
  expect(row(status)).toBe(expected);
});

test('an init container that waits, runs or failed stands before the rest', () => {
  const spec = { initContainers: [{ name: 'i' }, { name: 'j' }] };
  const init = (...all: readonly object[]) => ({ phase: 'Pending', initContainerStatuses: all });
  const done = { ...ended(0, 'Completed'), name: 'i' };
  expect(row(init({ ...running, name: 'i' }), { spec })).toBe('0/1 | Init:0/2 | 0 | 10s');
  expect(row(init(done, waiting('PodInitializing')), { spec })).toBe('0/1 | Init:1/2 | 0 | 10s');
  expect(row(init(done, waiting('ImagePullBackOff')), { spec })).toBe('0/1 | Init:ImagePullBackOff | 0 | 10s');
  expect(row(init(ended(1, 'Error')), { spec })).toBe('0/1 | Init:Error | 0 | 10s');
});

test('a sidecar counts among the containers', () => {
  const spec = { initContainers: [{ name: 's', restartPolicy: 'Always' }] };
  const sidecar = { ...running, name: 's', started: true };
  const status = { phase: 'Running', initContainerStatuses: [sidecar], ...containers(running) };
  expect(row(status, { spec })).toBe('2/2 | Running | 0 | 10s');
});

test('a pod being deleted is Terminating until it is over', () => {
  expect(row({ phase: 'Running', ...containers(running) }, { deleted: true })).toBe('1/1 | Terminating | 0 | 10s');
  expect(row({ phase: 'Running', reason: 'NodeLost' }, { deleted: true })).toBe('0/1 | Unknown | 0 | 10s');
  expect(row({ phase: 'Succeeded', ...containers(ended(0, 'Completed')) }, { deleted: true })).toBe(
    '0/1 | Completed | 0 | 10s',
  );
});
