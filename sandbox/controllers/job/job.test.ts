/** Jobs that are suspended, run out of time or restart too often, as job_controller.go ends them. */

import { expect, test } from 'vitest';
import { startCluster } from '../testing/cluster.ts';

const SECOND = 1000;

const job = (name: string, command: string, spec: object = {}, pod: object = {}) => ({
  metadata: { name },
  spec: {
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never' as const,
        containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', command] }],
        ...pod,
      },
    },
  },
});

function start(draft: ReturnType<typeof job>) {
  const cluster = startCluster();
  cluster.client.create('jobs', 'default', draft);
  const status = () => cluster.client.get('jobs', 'default', draft.metadata.name)?.status;
  const conditions = () => status()?.conditions?.map(({ type, reason }) => `${type} ${reason}`);
  return { ...cluster, status, conditions };
}

test('a job that is suspended while it runs counts its pod once, and goes on when it is resumed', () => {
  const { client, advance, status, conditions } = start(job('susp', 'sleep 100'));
  advance(4 * SECOND);
  expect(status()).toMatchObject({ active: 1, ready: 1 });
  const suspend = (yes: boolean) =>
    client.mutate('jobs', 'default', 'susp', (current) => ({ ...current, spec: { ...current.spec!, suspend: yes } }));
  suspend(true);
  advance(20 * SECOND);
  expect(status()).toMatchObject({ failed: 1, terminating: 0 });
  expect(conditions()).toEqual(['Suspended JobSuspended']);
  suspend(false);
  advance(30 * SECOND);
  expect(status()).toMatchObject({ active: 1, failed: 1 });
  expect(conditions()).toEqual(['Suspended JobResumed']);
});

test('a job past its deadline is announced as failing, and has failed once its pod is gone', () => {
  const { advance, status, conditions } = start(job('late', 'sleep 100', { activeDeadlineSeconds: 5 }));
  advance(5.2 * SECOND);
  expect(conditions()).toEqual(['FailureTarget DeadlineExceeded']);
  expect(status()).toMatchObject({ failed: 1, terminating: 1 });
  advance(5 * SECOND);
  expect(conditions()).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
  expect(status()).toMatchObject({ failed: 1, terminating: 0 });
});

test('restarts inside a pod count against the limit of retries', () => {
  const { client, advance, conditions } = start(
    job('onf', 'exit 1', { backoffLimit: 1 }, { restartPolicy: 'OnFailure' }),
  );
  advance(40 * SECOND);
  expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
  expect(client.list('pods', 'default')).toEqual([]);
});
