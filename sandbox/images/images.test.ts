/** What images hold beyond their server: a package manager, another root. */

import { expect, test } from 'vitest';
import { type Lab, startLab } from '../kubelet/testing/lab.ts';
import { PROGRAMS } from '../machines/programs/index.ts';
import { SYSTEM_PROGRAMS } from '../machines/system-programs/index.ts';
import { alpine, busybox, centos, debian, ubuntu } from './base-trees.ts';
import { imagePrograms } from './programs/index.ts';

const shellIn = (lab: Lab, image: string, rest: object = {}) => {
  lab.pod('p', { containers: [{ name: 'c', image, args: ['sleep', '9999'], ...rest }], volumes: [HOST] });
  lab.clock.settle();
  return (script: string) => lab.exec('p', 'c', ['sh', '-c', script]);
};
const HOST = { name: 'host', hostPath: { path: '/' } };

test('a Debian image has no package lists until they are fetched; then packages bring their programs', () => {
  const sh = shellIn(startLab(), 'debian');
  expect(sh('ps')).toMatchObject({ stderr: 'sh: 1: ps: not found\n', exitCode: 127 });
  expect(sh('apt-get install -y procps')).toMatchObject({
    stderr: 'E: Unable to locate package procps\n',
    exitCode: 100,
  });
  expect(sh('apt-get update').stdout).toMatch(
    /^Get:1 http:\/\/deb\.debian\.org\/debian bookworm InRelease \[151 kB\]\n/,
  );
  expect(sh('apt-get update').stdout).toMatch(/^Hit:1 /);
  const installed = sh('apt-get install -y procps');
  expect(installed.stdout).toContain('Setting up procps (2:4.0.2-3) ...\n');
  expect(installed.stdout).not.toContain('man-db');
  expect(sh('ps -e | wc -l').stdout).toBe('5\n');
  expect(sh('dpkg -l procps').stdout).toContain('ii  procps');
  expect(sh('rm -rf /var/lib/apt/lists/*; apt-get install -y jq').exitCode).toBe(100);
});

test('what an image brings is installed; the node knows nothing of what a container installs', () => {
  const lab = startLab();
  const sh = shellIn(lab, 'nginx');
  expect(sh('apt-get install curl').stdout).toContain('curl is already the newest version');
  sh('apt-get update && apt-get install -y tree');
  expect(sh('tree --version').exitCode).toBe(0);
  expect(lab.on(lab.machines.node01, 'dpkg', '-l', 'tree')).not.toContain('ii  tree');
});

test('redis becomes the user redis, and owns its data', () => {
  const lab = startLab();
  lab.pod('p', { containers: [{ name: 'c', image: 'redis' }] });
  lab.clock.settle();
  const sh = (script: string) => lab.exec('p', 'c', ['sh', '-c', script]);
  expect(sh('cat /proc/1/cmdline').stdout).toContain('redis-server *:6379');
  expect(sh('redis-cli set k v; redis-cli save; stat -c "%U %a" /data/dump.rdb; stat -c %U /proc/1').stdout).toBe(
    'OK\nOK\nredis 600\nredis\n',
  );
});

test('chroot into the node: its files, its packages', () => {
  const lab = startLab();
  const sh = shellIn(lab, 'busybox', { volumeMounts: [{ name: 'host', mountPath: '/host' }] });
  expect(sh('chroot /host cat /etc/hostname').stdout).toBe('node01\n');
  expect(sh('chroot /host pwd').stdout).toBe('/\n');
  expect(sh('chroot /host dpkg -l linux-image-6.1.0-37-amd64').stdout).toContain('ii  linux-image');
  expect(sh('chroot /host sh -c "exit 3"').exitCode).toBe(3);
  expect(sh('chroot /nowhere ls')).toMatchObject({
    stderr: "chroot: can't change root directory to '/nowhere': No such file or directory\n",
    exitCode: 1,
  });
  expect(sh('chroot /host nonsense')).toMatchObject({
    stderr: "chroot: failed to run command 'nonsense': No such file or directory\n",
    exitCode: 127,
  });
});

test('every program of a base image is there', () => {
  const known = new Set([...PROGRAMS.keys(), ...SYSTEM_PROGRAMS.keys(), ...imagePrograms.keys()]);
  const trees = {
    debian: debian('latest'),
    ubuntu: ubuntu('latest'),
    centos: centos('latest'),
    alpine: alpine('3.22.2'),
    busybox: busybox('1.36'),
  };
  for (const [name, tree] of Object.entries(trees)) {
    const named = Object.values(tree).flatMap((entry) =>
      typeof entry === 'object' && 'program' in entry ? [entry.program] : [],
    );
    expect([name, named.filter((program) => !known.has(program))]).toEqual([name, []]);
  }
});

test('busybox speaks as busybox, in the version of its image; bash is not there', () => {
  const lab = startLab();
  const sh = shellIn(lab, 'busybox:1.36');
  expect(sh('busybox | head -n 1').stdout).toBe('BusyBox v1.36.1 (2023-05-18 22:34:17 UTC) multi-call binary.\n');
  expect(sh('ls -Z').stderr).toMatch(/^ls: invalid option -- 'Z'\nBusyBox v1\.36\.1 .*\n\nUsage: ls /);
  expect(sh('rm nope; cat nope; nope')).toMatchObject({
    stderr:
      "rm: can't remove 'nope': No such file or directory\ncat: can't open 'nope': No such file or directory\nsh: nope: not found\n",
    exitCode: 127,
  });
  expect(sh('ps').stdout).toMatch(/^PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 sleep 9999\n/);
  expect(sh('df /').stdout).toMatch(/^Filesystem {11}1K-blocks {6}Used Available Use% Mounted on\noverlay /);
  expect(sh('a=(1)')).toMatchObject({ stderr: 'sh: syntax error: unexpected "("\n', exitCode: 2 });
  expect(sh('bash -c true').stderr).toBe('sh: bash: not found\n');
});

test("alpine has its own build, with musl's getopt", () => {
  const sh = shellIn(startLab(), 'alpine');
  expect(sh('ls -Z').stderr).toMatch(/^ls: unrecognized option: Z\nBusyBox v1\.37\.0 /);
});
