/** Pods that keep more on their node than they may are evicted, in the eviction manager's words. */

import { expect, test } from 'vitest';
import { startLab } from './testing/lab.ts';

const writes = (path: string) => ['sh', '-c', `dd if=/dev/zero of=${path} bs=1M count=20 2>/dev/null; sleep 3600`];

test('an emptyDir over its sizeLimit', () => {
  const lab = startLab();
  lab.pod('ed', {
    containers: [
      { name: 'c', image: 'busybox', command: writes('/data/f'), volumeMounts: [{ name: 'v', mountPath: '/data' }] },
    ],
    volumes: [{ name: 'v', emptyDir: { sizeLimit: '10Mi' } }],
  });
  lab.advance(100_000);
  const { phase, reason, message, containerStatuses } = lab.get('ed').status!;
  expect([phase, reason, message]).toEqual([
    'Failed',
    'Evicted',
    'Usage of EmptyDir volume "v" exceeds the limit "10Mi". ',
  ]);
  expect(containerStatuses![0]!.state!.terminated?.exitCode).toBe(137);
  expect(lab.events('ed')).toContain('Evicted Usage of EmptyDir volume "v" exceeds the limit "10Mi". ');
  lab.client.delete('pods', 'default', 'ed');
  lab.advance(5_000);
  expect(lab.get('ed')).toBeUndefined();
});

test('a container over its ephemeral-storage limit, and a pod within it', () => {
  const lab = startLab();
  const pod = (name: string, limit: string) =>
    lab.pod(name, {
      containers: [
        { name: 'c', image: 'busybox', command: writes('/f'), resources: { limits: { 'ephemeral-storage': limit } } },
      ],
    });
  pod('small', '5Mi');
  pod('large', '100Mi');
  lab.advance(30_000);
  expect(lab.get('small').status?.message).toBe(
    'Pod ephemeral local storage usage exceeds the total limit of containers 5Mi. ',
  );
  expect(lab.get('large').status?.phase).toBe('Running');
});
