/** docker and crictl on a node: the same containers, as each of them shows them. */

import { expect, test } from 'vitest';
import { startLab } from '../testing/lab.ts';

function running() {
  const lab = startLab();
  lab.pod('web', { containers: [{ name: 'master', image: 'nginx' }] });
  lab.clock.settle();
  const docker = (...args: string[]) => lab.on(lab.machines.node01, 'docker', ...args);
  const crictl = (...args: string[]) => lab.on(lab.machines.node01, 'crictl', ...args);
  return { lab, docker, crictl, uid: lab.get('web').metadata.uid };
}

test('docker ps shows a container and its pause, by the names the article knows', () => {
  const { docker, uid } = running();
  const [heading, ...rows] = docker('ps').trimEnd().split('\n');
  expect(heading).toMatch(/^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$/);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toContain('"/docker-entrypoint.…"');
  expect(docker('ps', '--format', '{{.Names}}')).toBe(
    `k8s_master_web_default_${uid}_0\nk8s_POD_web_default_${uid}_0\n`,
  );
  expect(docker('ps', '-q', '--filter', 'name=k8s_master')).toMatch(/^[0-9a-f]{12}\n$/);
});

test('docker inspect lists the mounts with their sources on the node', () => {
  const { docker, uid } = running();
  const id = docker('ps', '-q', '--filter', 'name=k8s_master').trim();
  const [container] = JSON.parse(docker('inspect', id)) as { Mounts: object[] }[];
  expect(container!.Mounts).toContainEqual({
    Type: 'bind',
    Source: `/var/lib/kubelet/pods/${uid}/etc-hosts`,
    Destination: '/etc/hosts',
    Mode: '',
    RW: true,
    Propagation: 'rprivate',
  });
  expect(docker('inspect', '-f', '{{.State.Status}} {{range .Mounts}}{{.Destination}};{{end}}', id)).toContain(
    'running ',
  );
  const pairs = [
    '{{range .Mounts}}{{println .Source "->" .Destination}}{{end}}',
    '{{range .Mounts}}{{.Source}} -> {{.Destination}}{{"\\n"}}{{end}}',
  ];
  for (const format of pairs)
    expect(docker('inspect', '-f', format, id).split('\n')).toContain(
      `/var/lib/kubelet/pods/${uid}/etc-hosts -> /etc/hosts`,
    );
  expect(docker('inspect', '-f', '{{"\\q"}}', id)).toContain('template parsing error: template: :1: invalid syntax');
  expect(docker('inspect', 'nope')).toBe('[]\nError: No such object: nope\n');
});

test('crictl lists containers, pods and images, and stops what it is told to', () => {
  const { lab, crictl } = running();
  expect(crictl('ps')).toMatch(/^CONTAINER {11}IMAGE {15}CREATED +STATE {15}NAME/);
  expect(crictl('pods', '--name', 'web')).toContain('Ready');
  expect(crictl('images')).toContain('docker.io/library/nginx');
  expect(crictl('logs', crictl('ps', '-q').trim())).toContain('ready for start up');
  crictl('stop', crictl('ps', '-q').trim());
  lab.clock.settle();
  expect(lab.get('web').status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
});

test('ctr lists the containers of a namespace', () => {
  const { lab } = running();
  expect(lab.on(lab.machines.node01, 'ctr', '-n', 'k8s.io', 'containers', 'ls')).toMatch(/^CONTAINER +IMAGE +RUNTIME/);
});
