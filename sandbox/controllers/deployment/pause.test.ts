/** A deployment says that it is paused, and that it goes on (pkg/controller/deployment/sync.go, checkPausedConditions). */

import { expect, test } from 'vitest';
import { startCluster } from '../testing/cluster.ts';

test('a finished rollout that is paused says so, and is finished again after it was resumed', () => {
  const { client, advance } = startCluster();
  client.create('deployments', 'default', {
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  const progress = () => {
    const { conditions } = client.get('deployments', 'default', 'web')!.status!;
    const { status, reason } = conditions!.find(({ type }) => type === 'Progressing')!;
    return `${status} ${reason}`;
  };
  const pause = (paused: boolean) => {
    client.mutate('deployments', 'default', 'web', (web) => ({ ...web, spec: { ...web.spec!, paused } }));
    advance(1000);
  };
  advance(5000);
  expect(progress()).toBe('True NewReplicaSetAvailable');
  pause(true);
  expect(progress()).toBe('Unknown DeploymentPaused');
  pause(false);
  expect(progress()).toBe('True NewReplicaSetAvailable');
});
