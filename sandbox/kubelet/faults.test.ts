/** Whatever goes wrong with one pod stays with that pod: the node, its clock and its other pods go on. */

import { expect, test } from 'vitest';
import { takeFaults } from '../sim/testing-faults.ts';
import { startLab } from './testing/lab.ts';

const sleeper = (name: string) => ({ containers: [{ name, image: 'busybox', command: ['sleep', '3600'] }] });

test('a directory mounted onto a file fails its container in runc’s words', () => {
  const lab = startLab();
  lab.client.create('configmaps', 'default', { metadata: { name: 'conf' }, data: { a: 'b' } });
  lab.pod('filedir', {
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/etc/nginx/nginx.conf' }] }],
    volumes: [{ name: 'v', configMap: { name: 'conf' } }],
  });
  lab.pod('other', sleeper('c'));
  lab.advance(20_000);
  const { waiting, terminated } = lab.get('filedir').status!.containerStatuses![0]!.state!;
  expect(waiting?.reason ?? terminated?.reason).toMatch(/RunContainerError|CrashLoopBackOff|StartError/);
  expect(lab.events('filedir').join('\n')).toMatch(
    /Error: failed to create containerd task: .*error mounting "\/var\/lib\/kubelet\/pods\/\S+\/volumes\/kubernetes\.io~configmap\/v" to rootfs at "\/etc\/nginx\/nginx\.conf": create mountpoint for \/etc\/nginx\/nginx\.conf mount: cannot create subdirectories in "\S+": not a directory: unknown/,
  );
  expect(lab.get('other').status?.phase).toBe('Running');
});

test('a fault while a container is created, in a probe, in a volume, at the end: others go on', () => {
  const lab = startLab();
  const { runtime, volumes } = lab.node01;
  const broken = (what: string) => () => {
    throw new TypeError(`thrown in ${what}`);
  };
  const createContainer = runtime.createContainer.bind(runtime);
  runtime.createContainer = (sandbox, config) =>
    config.name === 'create' ? broken('createContainer')() : createContainer(sandbox, config);
  const execSync = runtime.execSync.bind(runtime);
  runtime.execSync = (id, command, timeout) =>
    command[0] === 'broken' ? broken('execSync')() : execSync(id, command, timeout);
  const unmountAll = volumes.unmountAll.bind(volumes);
  let unmounts = 0;
  volumes.unmountAll = (uid) =>
    lab.get('ends')?.metadata.uid === uid && unmounts++ === 0 ? broken('unmountAll')() : unmountAll(uid);

  lab.pod('creates', sleeper('create'));
  lab.pod('probed', {
    containers: [
      { ...sleeper('c').containers[0]!, readinessProbe: { exec: { command: ['broken'] }, periodSeconds: 1 } },
    ],
  });
  lab.pod('ends', sleeper('c'));
  lab.pod('well', sleeper('c'));
  lab.advance(10_000);
  lab.client.delete('pods', 'default', 'ends');
  lab.advance(60_000);

  expect(lab.get('creates').status!.containerStatuses![0]!.state!.waiting).toEqual({
    reason: 'CreateContainerError',
    message: 'context deadline exceeded',
  });
  expect(lab.events('probed').join('\n')).toContain('Unhealthy Readiness probe failed: context deadline exceeded');
  expect(lab.get('ends')).toBeUndefined();
  expect(lab.get('well').status?.phase).toBe('Running');
  const told = takeFaults().map(({ error }) => (error as Error).message);
  for (const what of ['createContainer', 'execSync', 'unmountAll']) expect(told).toContain(`thrown in ${what}`);
});
