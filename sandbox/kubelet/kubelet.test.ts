/** Pods on a node: from binding to Running, their ends, their failures. */

import { expect, test } from 'vitest';
import { startLab } from './testing/lab.ts';

const summary = (pod: ReturnType<ReturnType<typeof startLab>['get']>) =>
  `${pod.status?.phase} ${pod.status?.conditions?.map((c) => `${c.type}=${c.status}`).join(',')}`;

test('an nginx pod comes to run, with the events of a real one', () => {
  const lab = startLab();
  lab.pod('web', { containers: [{ name: 'master', image: 'nginx' }] });
  lab.clock.settle();
  expect(lab.events('web').map((event) => event.replace(/in \S+ \(\S+/, 'in D (D'))).toEqual([
    'Pulling Pulling image "nginx"',
    'Pulled Successfully pulled image "nginx" in D (D including waiting). Image size: 59774010 bytes.',
    'Created Container created',
    'Started Container started',
  ]);
  expect(summary(lab.get('web'))).toBe(
    'Running PodReadyToStartContainers=True,Initialized=True,Ready=True,ContainersReady=True,PodScheduled=True',
  );
  expect(lab.get('web').status?.podIP).toBe('10.244.1.2');
  expect(lab.logs('web', 'master')).toContain('Configuration complete; ready for start up');
  expect(lab.exec('web', 'master', ['cat', '/etc/hostname'])).toMatchObject({ stdout: 'web\n', exitCode: 0 });
});

test('a deleted pod gets SIGQUIT, tells its end and goes', () => {
  const lab = startLab();
  lab.pod('web', { containers: [{ name: 'master', image: 'nginx' }] });
  lab.clock.settle();
  lab.client.delete('pods', 'default', 'web');
  const seen: string[] = [];
  lab.client.informer('pods').handle({ updated: (_, pod) => seen.push(pod.status?.phase ?? '') });
  const begun = lab.clock.now;
  lab.clock.settle();
  expect(lab.get('web')).toBeUndefined();
  expect(seen).toContain('Succeeded');
  expect(lab.clock.now - begun).toBeLessThan(3000);
  expect(lab.events('web').at(-1)).toBe('Killing Stopping container master');
  expect(lab.on(lab.machines.node01, 'cat', '/proc/mounts')).not.toContain('/var/lib/kubelet/pods');
});

test('a misspelt image ends in ErrImagePull, then ImagePullBackOff', () => {
  const lab = startLab();
  lab.pod('web', { containers: [{ name: 'c', image: 'ngnix' }] });
  lab.advance(1_500);
  expect(lab.get('web').status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImagePull');
  lab.advance(20_000);
  expect(lab.events('web').map((event) => event.replace(/ x\d+$/, ''))).toEqual(
    expect.arrayContaining([
      'Pulling Pulling image "ngnix"',
      'Failed Failed to pull image "ngnix": failed to pull and unpack image "docker.io/library/ngnix:latest": failed to resolve image: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'Failed Error: ErrImagePull',
      'Failed Error: ImagePullBackOff',
    ]),
  );
  expect(lab.events('web')).toContain('BackOff Back-off pulling image "ngnix"');
});

test('a container that fails is restarted at once, then ever later', () => {
  const lab = startLab();
  lab.pod('crash', { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'echo hello; exit 3'] }] });
  lab.advance(12_000);
  const status = lab.get('crash').status?.containerStatuses?.[0];
  expect(status?.restartCount).toBe(1);
  expect(status?.state?.waiting?.reason).toBe('CrashLoopBackOff');
  expect(status?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
  expect(lab.logs('crash', 'c', true)).toBe('hello\n');
  lab.advance(60_000);
  expect(lab.get('crash').status?.containerStatuses?.[0]?.restartCount).toBe(3);
});

test('a command that does not exist is a StartError', () => {
  const lab = startLab();
  lab.pod('bad', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['foo'] }] });
  lab.advance(10_000);
  expect(lab.get('bad').status?.phase).toBe('Failed');
  expect(lab.get('bad').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    reason: 'StartError',
    exitCode: 128,
  });
  expect(lab.exec('bad', 'c', ['sh'])).toMatchObject({ error: 'container not found ("c")' });
});

test('init containers run one after the other before the rest', () => {
  const lab = startLab();
  const mount = { name: 'data', mountPath: '/data' };
  lab.pod('init', {
    initContainers: [
      { name: 'one', image: 'busybox', command: ['sh', '-c', 'echo 1 > /data/x'], volumeMounts: [mount] },
      { name: 'two', image: 'busybox', command: ['sh', '-c', 'cat /data/x; echo 2 >> /data/x'], volumeMounts: [mount] },
    ],
    containers: [{ name: 'main', image: 'nginx', volumeMounts: [mount] }],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  lab.clock.settle();
  expect(lab.get('init').status?.phase).toBe('Running');
  expect(lab.exec('init', 'main', ['cat', '/data/x']).stdout).toBe('1\n2\n');
  expect(lab.logs('init', 'two')).toBe('1\n');
});

test('exec of a missing program is refused in the words of runc', () => {
  const lab = startLab();
  lab.pod('web', {
    containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'while true; do sleep 5; done'] }],
  });
  lab.clock.settle();
  expect(lab.exec('web', 'c', ['bash']).error?.replace(/"[0-9a-f]{64}"/, 'ID')).toBe(
    'Internal error occurred: error executing command in container: failed to exec in container: failed to start exec ID: OCI runtime exec failed: exec failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown',
  );
});

test('of a pod that is gone nothing stays in the kubelet', () => {
  const lab = startLab();
  lab.pod('ended', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['date'] }] });
  lab.pod('running', { containers: [{ name: 'c', image: 'nginx' }] });
  lab.pod('waiting', { containers: [{ name: 'c', image: 'ngnix' }] });
  lab.advance(20_000);
  for (const name of ['ended', 'running', 'waiting']) lab.client.delete('pods', 'default', name);
  lab.advance(200_000);
  expect([...lab.node01.workers(), ...lab.node02.workers()].map(({ pod }) => pod.metadata.name)).toEqual([]);
  expect(lab.on(lab.machines.node01, 'ls', '/var/log/pods', '/var/lib/kubelet/pods')).not.toContain('default_');
});

test('a node that was deleted stays so until its kubelet starts again', () => {
  const lab = startLab();
  lab.client.delete('nodes', '', 'node01');
  lab.advance(400_000);
  expect(lab.client.get('nodes', '', 'node01')).toBeUndefined();
  lab.node01.stop();
  lab.node01.start();
  lab.advance(1_000);
  expect(lab.client.get('nodes', '', 'node01')?.status?.addresses).toContainEqual({
    type: 'Hostname',
    address: 'node01',
  });
});
