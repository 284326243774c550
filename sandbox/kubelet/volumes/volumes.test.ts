/** Volumes of pods: an NFS export seen from two nodes, what goes wrong with it, and the kinds that need no server. */

import { expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types.ts';
import { runSync } from '../../sim/task.ts';
import { install, type Lab, startLab } from '../testing/lab.ts';

const SERVER = '192.168.120.230';

function bound(lab: Lab): void {
  const { client } = lab;
  const claim = client.create('persistentvolumeclaims', 'default', {
    metadata: { name: 'test-claim' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      volumeName: 'pv0001',
      resources: { requests: { storage: '1Gi' } },
    },
  } as unknown as PersistentVolumeClaim);
  client.create('persistentvolumes', '', {
    metadata: { name: 'pv0001' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      mountOptions: ['hard'],
      nfs: { server: SERVER, path: '/mnt/nfsserv' },
      claimRef: { namespace: 'default', name: 'test-claim', uid: claim.metadata.uid },
    },
  } as unknown as PersistentVolume);
  client.updateStatus('persistentvolumeclaims', { ...claim, status: { phase: 'Bound' } } as PersistentVolumeClaim);
}

function exported(lab: Lab): void {
  const { init } = lab.machines.nfs;
  if (!lab.on(lab.machines.nfs, 'exportfs', '-s').includes('/mnt/nfsserv')) runSync(init.mkdir('/mnt/nfsserv', 0o755));
  runSync(init.writeFile('/etc/exports', '/mnt/nfsserv *(rw,async,no_subtree_check,no_root_squash)\n'));
  lab.on(lab.machines.nfs, 'exportfs', '-ra');
}

const nginx = {
  containers: [
    { name: 'master', image: 'nginx', volumeMounts: [{ name: 'pvc-volume', mountPath: '/persistent-volume' }] },
  ],
  volumes: [{ name: 'pvc-volume', persistentVolumeClaim: { claimName: 'test-claim' } }],
};

test('a file made in one pod is there on the server and in a pod of another node', () => {
  const lab = startLab();
  for (const node of ['node01', 'node02'] as const) install(lab.machines[node], 'nfs-common');
  exported(lab);
  bound(lab);
  lab.pod('one', nginx);
  lab.pod('two', { ...nginx, nodeName: 'node02' });
  lab.clock.settle();
  expect(lab.get('one').status?.phase).toBe('Running');
  expect(lab.exec('one', 'master', ['sh', '-c', 'echo hello > /persistent-volume/x'])).toMatchObject({ exitCode: 0 });
  expect(lab.exec('two', 'master', ['cat', '/persistent-volume/x']).stdout).toBe('hello\n');
  expect(lab.on(lab.machines.nfs, 'cat', '/mnt/nfsserv/x')).toBe('hello\n');
  const { uid } = lab.get('one').metadata;
  const mounts = lab.on(lab.machines.node01, 'cat', '/proc/mounts');
  expect(mounts).toContain(`${SERVER}:/mnt/nfsserv /var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/pv0001 nfs4`);
  lab.client.delete('pods', 'default', 'one');
  lab.clock.settle();
  expect(lab.on(lab.machines.node01, 'cat', '/proc/mounts')).not.toContain('nfs4');
  expect(runSync(lab.machines.node01.init.readdir('/var/lib/kubelet/pods'))).toEqual([]);
});

test('an export that does not exist is a FailedMount with the words of mount.nfs, and heals by itself', () => {
  const lab = startLab();
  install(lab.machines.node01, 'nfs-common');
  bound(lab);
  lab.pod('one', nginx);
  lab.advance(20_000);
  const { uid } = lab.get('one').metadata;
  const target = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/pv0001`;
  expect(lab.get('one').status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating');
  expect(lab.events('one')[0]).toMatch(
    `FailedMount MountVolume.SetUp failed for volume "pv0001" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs -o hard ${SERVER}:/mnt/nfsserv ${target}\nOutput: mount.nfs: `,
  );
  exported(lab);
  lab.advance(90_000);
  expect(lab.get('one').status?.phase).toBe('Running');
});

test('a node without nfs-common cannot mount', () => {
  const lab = startLab();
  exported(lab);
  bound(lab);
  lab.pod('one', nginx);
  lab.advance(130_000);
  expect(lab.events('one').join('\n')).toContain(
    'bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.',
  );
  expect(lab.events('one')).toContainEqual(
    'FailedMount Unable to attach or mount volumes: unmounted volumes=[pvc-volume], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
  );
});

test('with its server gone, a hard mount keeps a deleted pod until the server is back', () => {
  const lab = startLab();
  install(lab.machines.node01, 'nfs-common');
  exported(lab);
  bound(lab);
  lab.pod('one', nginx);
  lab.clock.settle();
  const { nfs } = lab.machines;
  nfs.powerOff();
  lab.client.delete('pods', 'default', 'one');
  lab.advance(120_000);
  expect(lab.get('one').metadata.deletionTimestamp).toBeDefined();
  nfs.boot();
  lab.on(nfs, 'exportfs', '-ra');
  lab.advance(120_000);
  expect(lab.get('one')).toBeUndefined();
});

test('a claim that is missing is told at once', () => {
  const lab = startLab();
  lab.pod('one', nginx);
  lab.advance(2_000);
  expect(lab.events('one').map((event) => event.replace(/kube-api-access-\w+ /, ''))).toEqual([
    'FailedMount Unable to attach or mount volumes: unmounted volumes=[pvc-volume], unattached volumes=[], failed to process volumes=[pvc-volume]: error processing PVC default/test-claim: failed to fetch PVC from API server: persistentvolumeclaims "test-claim" not found',
  ]);
});

test('configMap, secret, downwardAPI, hostPath, subPath and read-only mounts', () => {
  const lab = startLab();
  lab.client.create('configmaps', 'default', { metadata: { name: 'cm' }, data: { a: '1\n', b: '2\n' } } as never);
  lab.client.create('secrets', 'default', {
    metadata: { name: 's' },
    type: 'Opaque',
    data: { password: 'czNjcjN0' },
  } as never);
  lab.pod('files', {
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sh'],
        stdin: true,
        volumeMounts: [
          { name: 'cm', mountPath: '/cm' },
          { name: 'cm', mountPath: '/only-b', subPath: 'b' },
          { name: 's', mountPath: '/s', readOnly: true },
          { name: 'd', mountPath: '/d' },
          { name: 'h', mountPath: '/h' },
        ],
      },
    ],
    volumes: [
      { name: 'cm', configMap: { name: 'cm' } },
      { name: 's', secret: { secretName: 's' } },
      { name: 'd', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { name: 'h', hostPath: { path: '/srv/data', type: 'DirectoryOrCreate' } },
    ],
  });
  lab.clock.settle();
  expect(lab.get('files').status?.phase).toBe('Running');
  const sh = (script: string) => lab.exec('files', 'c', ['sh', '-c', script]);
  expect(sh('cat /cm/a /only-b /s/password /d/name').stdout).toBe('1\n2\ns3cr3tfiles');
  expect(sh('echo x > /s/y').exitCode).not.toBe(0);
  expect(sh('echo x > /h/y').exitCode).toBe(0);
  expect(lab.on(lab.machines.node01, 'cat', '/srv/data/y')).toBe('x\n');
  const cm = lab.client.get('configmaps', 'default', 'cm')!;
  lab.client.update('configmaps', { ...cm, data: { a: '3\n', b: '2\n' } } as never);
  lab.advance(60_000);
  expect(sh('cat /cm/a').stdout).toBe('3\n');
});

test('a missing ConfigMap keeps the pod waiting', () => {
  const lab = startLab();
  lab.pod('p', {
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'cm', mountPath: '/cm' }] }],
    volumes: [{ name: 'cm', configMap: { name: 'nope' } }],
  });
  lab.advance(3_000);
  expect(lab.events('p')[0]).toMatch(
    'FailedMount MountVolume.SetUp failed for volume "cm" : configmap "nope" not found',
  );
});

test('a hostPath without a type is made where it is not there; below a file it cannot be', () => {
  const lab = startLab();
  const on = (path: string) => ({
    containers: [
      { name: 'c', image: 'busybox', args: ['sleep', '600'], volumeMounts: [{ name: 'h', mountPath: '/h' }] },
    ],
    volumes: [{ name: 'h', hostPath: { path } }],
  });
  lab.pod('fresh', on('/srv/fresh/data'));
  lab.pod('below', on('/etc/hostname/data'));
  lab.advance(8_000);
  expect(lab.exec('fresh', 'c', ['touch', '/h/x']).exitCode).toBe(0);
  expect(lab.on(lab.machines.node01, 'stat', '-c', '%a %U %n', '/srv/fresh/data', '/srv/fresh/data/x')).toBe(
    '755 root /srv/fresh/data\n644 root /srv/fresh/data/x\n',
  );
  expect(lab.get('below').status?.containerStatuses?.[0]?.state?.waiting).toMatchObject({
    reason: 'CreateContainerError',
    message: expect.stringContaining('mkdir /etc/hostname/data: not a directory'),
  });
});

test('files made from API objects may only be read in containers, as may what a mount says', () => {
  const lab = startLab();
  lab.client.create('configmaps', 'default', { metadata: { name: 'settings' }, data: { key: 'value' } });
  lab.pod('reader', {
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  });
  lab.clock.settle();
  expect(lab.exec('reader', 'c', ['cat', '/settings/key']).stdout).toBe('value');
  expect(lab.exec('reader', 'c', ['touch', '/settings/new'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Read-only file system'),
  });
});
