/** A container runtime that stops: its containers go on, its node is not ready, nobody is let in. */

import { expect, test } from 'vitest';
import { startLab } from './testing/lab.ts';

type Lab = ReturnType<typeof startLab>;

const ready = (lab: Lab) => {
  const condition = lab.client.get('nodes', '', 'node01')!.status!.conditions!.find(({ type }) => type === 'Ready')!;
  return `${condition.status} ${condition.reason} ${condition.message}`;
};
const UNAVAILABLE =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory"';

test('the kubelet says so, first after half a minute, then of its PLEG too', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }] });
  lab.clock.settle();
  const { runtime } = lab.node01;
  runtime.fallSilent('stopped');
  lab.advance(25_000);
  expect(ready(lab)).toBe('True KubeletReady kubelet is posting ready status');
  expect(lab.exec('p', 'c', ['true']).error).toContain(UNAVAILABLE);
  expect(lab.logs('p', 'c')).toMatch(/^unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/);
  expect(lab.on(lab.machines.node01, 'docker', 'ps')).toContain('Cannot connect to the Docker daemon');
  lab.advance(20_000);
  expect(ready(lab)).toBe('False KubeletNotReady container runtime is down');
  lab.advance(180_000);
  expect(ready(lab)).toMatch(
    /^False KubeletNotReady \[container runtime is down, PLEG is not healthy: pleg was last seen active 3m\S+ ago; threshold is 3m0s\]$/,
  );

  lab.client.delete('pods', 'default', 'p');
  lab.pod('q', { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }] });
  lab.advance(60_000);
  expect(lab.get('p').metadata.deletionTimestamp).toBeDefined();
  expect(runtime.containers()[0]?.state).toBe('running');
  expect(lab.get('q').status?.phase).toBe('Pending');

  runtime.serve();
  lab.advance(45_000);
  expect(ready(lab)).toBe('True KubeletReady kubelet is posting ready status');
  expect(lab.get('p')).toBeUndefined();
  expect(lab.get('q').status?.phase).toBe('Running');
});

test('a pod held by a finalizer keeps the end its containers had', () => {
  const lab = startLab();
  lab.pod('held', { containers: [{ name: 'c', image: 'nginx' }] });
  lab.clock.settle();
  const held = lab.get('held');
  lab.client.update('pods', { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
  lab.client.delete('pods', 'default', 'held');
  for (const later of [10_000, 120_000]) {
    lab.advance(later);
    const { phase, containerStatuses } = lab.get('held').status!;
    expect([phase, containerStatuses![0]!.state!.terminated?.reason]).toEqual(['Succeeded', 'Completed']);
  }
  lab.client.mutate('pods', 'default', 'held', (pod) => ({ ...pod, metadata: { ...pod.metadata, finalizers: [] } }));
  lab.advance(1_000);
  expect(lab.get('held')).toBeUndefined();
});

test('what a downward API volume says of its pod follows the pod, but not through a subPath', () => {
  const lab = startLab();
  lab.pod('dw', {
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sleep', '3600'],
        volumeMounts: [
          { name: 'v', mountPath: '/info' },
          { name: 'v', mountPath: '/once', subPath: 'labels' },
        ],
      },
    ],
    volumes: [{ name: 'v', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
  });
  lab.clock.settle();
  lab.client.mutate('pods', 'default', 'dw', (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { tier: 'two' } },
  }));
  lab.advance(2_000);
  expect(lab.exec('dw', 'c', ['cat', '/info/labels']).stdout).toBe('tier="two"');
});
