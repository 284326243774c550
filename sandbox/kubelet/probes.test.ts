/** Probes, hooks, and a kubelet that is away for a while. */

import { expect, test } from 'vitest';
import { startLab } from './testing/lab.ts';

const state = (lab: ReturnType<typeof startLab>, name: string) => lab.get(name).status?.containerStatuses?.[0];

test('an HTTP readiness probe decides over Ready', () => {
  const lab = startLab();
  const readinessProbe = { httpGet: { path: '/ready', port: 80 }, periodSeconds: 2 };
  lab.pod('web', { containers: [{ name: 'c', image: 'nginx', readinessProbe }] });
  lab.advance(10_000);
  expect(state(lab, 'web')).toMatchObject({ ready: false, started: true });
  expect(lab.events('web').join('\n')).toContain(
    'Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404',
  );
  lab.exec('web', 'c', ['sh', '-c', 'echo ok > /usr/share/nginx/html/ready']);
  lab.advance(4_000);
  expect(state(lab, 'web')).toMatchObject({ ready: true });
  expect(lab.logs('web', 'c')).toContain('"GET /ready HTTP/1.1" 200 3 "-" "kube-probe/1.36" "-"');
});

test('a failing liveness probe restarts the container', () => {
  const lab = startLab();
  const livenessProbe = { exec: { command: ['cat', '/tmp/alive'] }, periodSeconds: 1, failureThreshold: 2 };
  const command = ['sh', '-c', 'trap "exit 0" TERM; echo > /tmp/alive; while :; do sleep 1; done'];
  lab.pod('p', {
    terminationGracePeriodSeconds: 5,
    containers: [{ name: 'c', image: 'busybox', command, livenessProbe }],
  });
  lab.advance(6_000);
  expect(state(lab, 'p')?.restartCount).toBe(0);
  lab.exec('p', 'c', ['rm', '/tmp/alive']);
  lab.advance(12_000);
  expect(state(lab, 'p')?.restartCount).toBe(1);
  expect(lab.events('p').join('\n')).toContain('Killing Container c failed liveness probe, will be restarted');
});

test('a TCP probe of a port that nobody listens on', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'nginx', readinessProbe: { tcpSocket: { port: 81 } } }] });
  lab.advance(4_000);
  expect(lab.events('p').join('\n')).toContain(
    'Readiness probe failed: dial tcp 10.244.1.2:81: connect: connection refused',
  );
});

test('a shell as pid 1 ignores SIGTERM, and is killed after its grace period', () => {
  const lab = startLab();
  const preStop = { exec: { command: ['sh', '-c', 'echo bye > /proc/1/fd/1'] } };
  lab.pod('p', {
    terminationGracePeriodSeconds: 7,
    containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'], lifecycle: { preStop } }],
  });
  lab.clock.settle();
  const begun = lab.clock.now;
  lab.client.delete('pods', 'default', 'p');
  lab.clock.settle();
  expect(lab.get('p')).toBeUndefined();
  expect(lab.clock.now - begun).toBeGreaterThan(6_900);
});

test('containers outlive a kubelet that stops, and are known when it is back', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'nginx' }] });
  lab.clock.settle();
  const id = state(lab, 'p')?.containerID;
  lab.node01.stop();
  expect(lab.exec('p', 'c', ['true']).error).toBe(
    'error dialing backend: dial tcp 192.168.120.232:10250: connect: connection refused',
  );
  lab.client.delete('pods', 'default', 'p');
  lab.advance(60_000);
  expect(lab.get('p').metadata.deletionTimestamp).toBeDefined();
  expect(lab.node01.runtime.containers()[0]?.state).toBe('running');
  expect(state(lab, 'p')?.containerID).toBe(id);
  lab.node01.start();
  lab.advance(10_000);
  expect(lab.get('p')).toBeUndefined();
});

test('after a reboot the pod gets a new sandbox and its container is restarted', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'nginx' }] });
  lab.clock.settle();
  lab.node01.stop();
  lab.machines.node01.powerOff();
  lab.advance(5_000);
  lab.machines.node01.boot();
  lab.node01.start();
  lab.advance(15_000);
  expect(state(lab, 'p')).toMatchObject({ restartCount: 1, ready: true });
  expect(lab.events('p').join('\n')).toContain('SandboxChanged Pod sandbox changed, it will be killed and re-created.');
  expect(lab.exec('p', 'c', ['cat', '/etc/hostname']).stdout).toBe('p\n');
});
