/** The failure table of NFS: what goes wrong, what each machine then prints, and how it is cured. A row reads as a transcript. */

import { expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim, Volume } from '../../api/types.ts';
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import { install, type Lab, startLab } from '../testing/lab.ts';

type Host = 'nfs' | 'node01' | 'node02';
/** Who does what, and all that is printed (a text, or what it matches); `wait` lets seconds pass, `do` is done from outside. */
type Step =
  | readonly [host: Host, command: string, printed: string | RegExp]
  | readonly ['wait', seconds: number]
  | readonly ['do', (lab: Lab) => void];

interface Row {
  readonly name: string;
  /** Lines of /etc/exports; the directories are made. */
  readonly exports: readonly string[];
  readonly steps: readonly Step[];
}

const RW = 'rw,sync,no_subtree_check,no_root_squash';
const exportAgain = (...lines: string[]): Step => [
  'nfs',
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > /etc/exports; exportfs -ra`,
  '',
];
const cut = (lab: Lab) => lab.network.partition('192.168.120.230', '192.168.120.232', true);
const mend = (lab: Lab) => lab.network.partition('192.168.120.230', '192.168.120.232', false);

const rows: readonly Row[] = [
  {
    name: 'a server whose nfsd is stopped refuses, for two minutes; started again, it mounts',
    exports: [`/exp *(${RW})`],
    steps: [
      ['nfs', 'systemctl stop nfs-server', ''],
      [
        'node01',
        'S=$SECONDS; mount -t nfs nfs:/exp /m; echo rc=$? $((SECONDS - S > 120 && SECONDS - S < 140))',
        'mount.nfs: Connection refused\nrc=32 1\n',
      ],
      [
        'node01',
        'S=$SECONDS; mount -t nfs -o retry=0 nfs:/exp /m; echo rc=$? $((SECONDS - S < 10))',
        'mount.nfs: Connection refused\nrc=32 1\n',
      ],
      [
        'node01',
        'S=$SECONDS; mount -t nfs -o vers=3 nfs:/exp /m; echo rc=$? $((SECONDS - S < 10))',
        'mount.nfs: requested NFS version or transport protocol is not supported\nrc=32 1\n',
      ],
      [
        'node01',
        'mount -t nfs -o bg nfs:/exp /m; echo rc=$?',
        'mount.nfs: backgrounding "nfs:/exp"\nmount.nfs: mount options: "rw,bg"\nrc=0\n',
      ],
      ['nfs', 'systemctl start nfs-server', ''],
      ['wait', 150],
      ['node01', 'findmnt -n -o SOURCE /m; umount /m; echo rc=$?', 'nfs:/exp\nrc=0\n'],
    ],
  },
  {
    name: 'a server behind a cut wire: connecting times out; hard mounts wait, soft ones give up',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'mkdir /s /e; mount nfs:/exp /m; mount -o soft,timeo=30,retrans=1 nfs:/exp /s; mount -o softerr,timeo=30,retrans=1 nfs:/exp /e',
        '',
      ],
      ['do', cut],
      ['node01', 'mount nfs:/exp /mnt; echo rc=$?', 'mount.nfs: Connection timed out\nrc=32\n'],
      [
        'node01',
        'cat /s/f; ls /s; touch /s/x',
        /^cat: \/s\/f: Input\/output error\nls: .*Input\/output error\ntouch: .*Input\/output error\n$/,
      ],
      ['node01', 'cat /e/f; touch /e/x', /^cat: \/e\/f: Connection timed out\ntouch: .*Connection timed out\n$/],
      [
        'node01',
        '(cat /m/f > /tmp/out 2>&1 &) ; sleep 200; ps -eo stat,comm | grep -c "^D.*cat"; dmesg -t | tail -1',
        '1\nnfs: server 192.168.120.230 not responding, still trying\n',
      ],
      ['node01', 'umount -f /m; echo rc=$?; sleep 2; cat /tmp/out', 'rc=0\ncat: /m/f: Input/output error\n'],
      ['do', mend],
      ['node01', 'umount /s /e; echo rc=$?; mount nfs:/exp /m; touch /m/f; ls /m', 'rc=0\nf\n'],
    ],
  },
  {
    name: 'an export that is taken away leaves stale handles; it can be unmounted, and given again it works',
    exports: [`/exp *(${RW})`],
    steps: [
      ['node01', 'mount nfs:/exp /m; echo data > /m/f', ''],
      exportAgain(),
      [
        'node01',
        'cat /m/f; ls /m; touch /m/x; cd /m',
        /^cat: \/m\/f: Stale file handle\nls: .*Stale file handle\ntouch: .*Stale file handle\n.*Stale file handle\n$/,
      ],
      exportAgain(`/exp *(${RW})`),
      ['node01', 'cat /m/f', 'data\n'],
      exportAgain(),
      ['node01', 'umount /m; echo rc=$?', 'rc=0\n'],
    ],
  },
  {
    name: 'a read-only export says so before it looks at rights; rw becomes ro under an open file',
    exports: ['/exp *(ro,no_subtree_check)'],
    steps: [
      ['nfs', 'echo a > /exp/f', ''],
      [
        'node01',
        'mount nfs:/exp /m; touch /m/x; echo b > /m/f; chmod 600 /m/f; rm /m/f; mkdir /m/d; mv /m/f /m/g; ln /m/f /m/h; cat /m/f',
        /^(.*Read-only file system\n){7}a\n$/,
      ],
      exportAgain(`/exp *(${RW})`),
      ['node01', 'exec 3>>/m/f; echo b >&3; echo ok', 'ok\n'],
      exportAgain('/exp *(ro,no_subtree_check,no_root_squash)'),
      ['node01', 'exec 3>>/m/f; echo c >> /m/f', /Read-only file system/],
      ['nfs', 'cat /exp/f', 'a\nb\n'],
    ],
  },
  {
    name: 'what is not exported: nfs4 does not find it, nfs is denied by version 3',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'mount -t nfs4 nfs:/srv /m; echo rc=$?',
        'mount.nfs4: mounting nfs:/srv failed, reason given by server: No such file or directory\nrc=32\n',
      ],
      [
        'node01',
        'mount -t nfs -o vers=4.2 nfs:/srv /m; echo rc=$?',
        'mount.nfs: mounting nfs:/srv failed, reason given by server: No such file or directory\nrc=32\n',
      ],
      [
        'node01',
        'mount -t nfs nfs:/srv /m; echo rc=$?',
        'mount.nfs: access denied by server while mounting nfs:/srv\nrc=32\n',
      ],
      [
        'node01',
        'mount -t nfs nfs:/exp/nosuch /m; echo rc=$?',
        'mount.nfs: mounting nfs:/exp/nosuch failed, reason given by server: No such file or directory\nrc=32\n',
      ],
      [
        'node01',
        'mount -t nfs -o vers=3 nfs:/exp/nosuch /m; echo rc=$?',
        'mount.nfs: mounting nfs:/exp/nosuch failed, reason given by server: No such file or directory\nrc=32\n',
      ],
      ['nfs', 'touch /exp/file', ''],
      [
        'node01',
        'mount -t nfs nfs:/exp/file /m; echo rc=$?',
        'mount.nfs: mount spec nfs:/exp/file or point /m is not a directory\nrc=32\n',
      ],
      exportAgain(`/exp 192.168.120.99(${RW})`),
      [
        'node01',
        'mount nfs:/exp /m; echo rc=$?',
        'mount.nfs: access denied by server while mounting nfs:/exp\nrc=32\n',
      ],
      exportAgain(`/exp 192.168.120.0/24(${RW})`),
      ['node01', 'mount nfs:/exp /m; ls /m', 'file\n'],
    ],
  },
  {
    name: 'the pseudo root shows the way to what is exported, and nothing else',
    exports: [`/exp/a/deep *(${RW})`, `/exp/b 192.168.120.233(${RW})`],
    steps: [
      ['nfs', 'mkdir -p /exp/c /exp/a/other; touch /exp/a/file', ''],
      [
        'node01',
        'mount -t nfs4 nfs:/ /m; ls /m /m/exp /m/exp/a; touch /m/x',
        /^\/m:\nexp\n\n\/m\/exp:\na\n\n\/m\/exp\/a:\ndeep\ntouch: .*Read-only file system\n$/,
      ],
      ['node01', 'touch /m/exp/a/deep/x; ls /m/exp/a/deep', 'x\n'],
    ],
  },
  {
    name: 'fsid=0: paths of version 4 begin there; version 3 has the full ones',
    exports: [`/exp *(${RW},fsid=0)`, `/exp/data *(${RW})`],
    steps: [
      [
        'node01',
        'mount -o vers=4 nfs:/exp/data /m; echo rc=$?',
        'mount.nfs: mounting nfs:/exp/data failed, reason given by server: No such file or directory\nrc=32\n',
      ],
      [
        'node01',
        'mount nfs:/data /m; mount -t nfs4 | grep -c vers=4.2; umount /m; mount nfs:/exp/data /m; mount -t nfs | grep -c vers=3; umount /m',
        '1\n1\n',
      ],
      ['node01', 'mount nfs:/ /m; ls /m', 'data\n'],
    ],
  },
  {
    name: 'versions: 4 not over UDP, 2 no more, 5 not yet, one at a time',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'mount -o vers=4,udp nfs:/exp /m; echo rc=$?',
        'mount.nfs: an incorrect mount option was specified\nrc=32\n',
      ],
      [
        'node01',
        'mount -o vers=4.1,proto=udp nfs:/exp /m; echo rc=$?',
        'mount.nfs: an incorrect mount option was specified\nrc=32\n',
      ],
      [
        'node01',
        'mount -o nfsvers=2 nfs:/exp /m; echo rc=$?',
        'mount.nfs: requested NFS version or transport protocol is not supported\nrc=32\n',
      ],
      ['node01', 'mount -o nfsvers=5 nfs:/exp /m; echo rc=$?', 'mount.nfs: mount system call failed\nrc=32\n'],
      ['node01', 'mount -o vers=x nfs:/exp /m; echo rc=$?', "mount.nfs: parsing error on 'vers=' option\nrc=32\n"],
      [
        'node01',
        'mount -o vers=3,nfsvers=4 nfs:/exp /m; echo rc=$?',
        'mount.nfs: multiple version options not permitted\nrc=32\n',
      ],
      ['node01', 'mount -o proto=ipx nfs:/exp /m; echo rc=$?', "mount.nfs: Failed to find 'ipx' protocol\nrc=32\n"],
      [
        'node01',
        'mount -o bogus nfs:/exp /m; echo rc=$?; mount -o timeo=x nfs:/exp /m; echo rc=$?',
        'mount.nfs: an incorrect mount option was specified\nrc=32\nmount.nfs: an incorrect mount option was specified\nrc=32\n',
      ],
      [
        'node01',
        'mount exp /m -t nfs; mount -t nfs :/exp /m; mount -t nfs nosuch:/exp /m; mount nfs:/exp /nosuch',
        "mount.nfs: remote share not in 'host:dir' format\nmount.nfs: no device name was provided\nmount.nfs: Failed to resolve server nosuch: Name or service not known\nmount.nfs: mount point /nosuch does not exist\n",
      ],
      [
        'node01',
        'mount -o vers=4.0 nfs:/exp /m; grep -c vers=4.0 /proc/mounts; umount /m; mount -o vers=4,minorversion=1 nfs:/exp /m; grep -c vers=4.1 /proc/mounts',
        '1\n1\n',
      ],
    ],
  },
  {
    name: 'what is mounted below an export: crossmnt, nohide, or the covered directory; a bind mount is a mount too',
    exports: [`/exp *(${RW},crossmnt,fsid=1)`],
    steps: [
      [
        'nfs',
        'mkdir -p /exp/in /exp/bound /other; touch /exp/in/covered /other/o; mount -t tmpfs tmpfs /exp/in; touch /exp/in/inner; mount --bind /other /exp/bound; exportfs -ra',
        '',
      ],
      ['node01', 'mount nfs:/exp /m; ls /m/in /m/bound; touch /m/in/new', '/m/bound:\no\n\n/m/in:\ninner\n'],
      ['nfs', 'ls /exp/in', 'inner\nnew\n'],
      exportAgain(`/exp *(${RW},fsid=1)`),
      ['node01', 'umount /m; mount nfs:/exp /m; ls /m/in', 'covered\n'],
      exportAgain(`/exp *(${RW},fsid=1)`, `/exp/in *(${RW},fsid=2)`),
      [
        'node01',
        'umount /m; mount nfs:/exp /m; ls /m/in; umount /m; mount -o vers=3 nfs:/exp /m; ls /m/in; umount /m',
        'inner\nnew\ncovered\n',
      ],
      exportAgain(`/exp *(${RW},fsid=1)`, `/exp/in *(${RW},fsid=2,nohide)`),
      ['node01', 'mount -o vers=3 nfs:/exp /m; ls /m/in', 'inner\nnew\n'],
    ],
  },
  {
    name: 'a busy mount: the helper says so for NFS, umount itself for others',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'mount nfs:/exp /m; cd /m; umount /m; echo rc=$?; cd /; umount /m; echo rc=$?; umount /m; echo rc=$?',
        'umount.nfs4: /m: device is busy\nrc=16\nrc=0\numount: /m: not mounted.\nrc=32\n',
      ],
      [
        'node01',
        'mount -o vers=3 nfs:/exp /m; cd /m; umount /m; echo rc=$?',
        'umount.nfs: /m: device is busy\nrc=16\n',
      ],
      [
        'node01',
        'mount -t tmpfs tmpfs /mnt; cd /mnt; umount /mnt; echo rc=$?',
        'umount: /mnt: target is busy.\nrc=32\n',
      ],
    ],
  },
  {
    name: 'a file removed while open is renamed aside, seen by all, and goes with the last close',
    exports: [`/exp *(${RW})`],
    steps: [
      ['node02', 'mount nfs:/exp /m', ''],
      [
        'node01',
        'mount nfs:/exp /m; mkdir /m/d; echo data > /m/d/f; exec 3</m/d/f; rm /m/d/f; ls -A /m/d | sed "s/[0-9a-f]\\{24\\}/N/"; rmdir /m/d; cat <&3; exec 3<&-; ls -A /m/d; rmdir /m/d; echo rc=$?',
        ".nfsN\nrmdir: failed to remove '/m/d': Directory not empty\ndata\nrc=0\n",
      ],
      ['node01', 'echo x > /m/g; (exec 3</m/g; sleep 30) & sleep 1; rm /m/g', ''],
      ['nfs', 'ls -A /exp | cut -c1-4', '.nfs\n'],
      ['node02', 'ls -A /m | cut -c1-4', '.nfs\n'],
      ['wait', 40],
      ['nfs', 'ls -A /exp', ''],
    ],
  },
  {
    name: 'removed on the server: version 4 has the file open there, version 3 has a handle that is stale',
    exports: [`/exp *(${RW})`],
    steps: [
      ['nfs', 'echo four > /exp/f4; echo three > /exp/f3; mkdir /exp/d', ''],
      [
        'node01',
        'mkdir -p /m3; mount nfs:/exp /m; mount -o vers=3 nfs:/exp /m3; (cd /m/d; exec 4</m/f4 3</m3/f3; sleep 5; cat <&4; cat <&3; ls; cat /m/f4) > /tmp/out 2>&1 &',
        '',
      ],
      ['nfs', 'sleep 1; rm -r /exp/f4 /exp/f3 /exp/d', ''],
      ['wait', 10],
      [
        'node01',
        'cat /tmp/out',
        /^four\ncat: -: Stale file handle\nls: .*: Stale file handle\ncat: \/m\/f4: No such file or directory\n$/,
      ],
    ],
  },
  {
    name: 'squashing: root is nobody, or everybody is whom the export names',
    exports: ['/exp *(rw,no_subtree_check)'],
    steps: [
      ['node01', 'mount nfs:/exp /m; touch /m/x', "touch: cannot touch '/m/x': Permission denied\n"],
      ['nfs', 'chmod 777 /exp', ''],
      [
        'node01',
        'touch /m/x; stat -c %u:%g /m/x; chown 5 /m/x',
        "65534:65534\nchown: changing ownership of '/m/x': Operation not permitted\n",
      ],
      exportAgain('/exp *(rw,no_subtree_check,all_squash,anonuid=1000,anongid=1001)'),
      ['node01', 'touch /m/y; stat -c %u:%g /m/y', '1000:1001\n'],
    ],
  },
  {
    name: 'caches: what was not there a moment ago is not asked for again, unless it is opened for a listing',
    exports: [`/exp *(${RW})`],
    steps: [
      ['node02', 'mount nfs:/exp /m; test -e /m/late; echo $?', '1\n'],
      ['node01', 'mount nfs:/exp /m; touch /m/late', ''],
      ['nfs', 'ls /exp', 'late\n'],
      ['node02', 'test -e /m/late; echo $?; cat /m/late', '1\ncat: /m/late: No such file or directory\n'],
      ['node02', 'ls /m; test -e /m/late; echo $?', 'late\n0\n'],
      ['node02', 'stat -c %s /m/late', '0\n'],
      ['node01', 'echo 12345 > /m/late', ''],
      ['node02', 'stat -c %s /m/late; cat /m/late; stat -c %s /m/late', '0\n12345\n6\n'],
      ['node02', 'test -e /m/later; umount /m; mount -o lookupcache=pos nfs:/exp /m; test -e /m/later', ''],
      ['node01', 'touch /m/later', ''],
      [
        'node02',
        'test -e /m/later; echo $?; umount /m; mount -o noac nfs:/exp /m; test -e /m/last; stat -c %s /m/late',
        '0\n6\n',
      ],
      ['node01', 'touch /m/last; echo >> /m/late', ''],
      ['node02', 'test -e /m/last; echo $?; stat -c %s /m/late', '0\n7\n'],
    ],
  },
  {
    name: 'locks: held for all clients; let go by their end, or once the lease of a client that is gone has run out',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'mount nfs:/exp /m; flock /m/l sleep 10 & sleep 1; lslocks -n -o COMMAND,TYPE,MODE,PATH',
        /^flock +FLOCK WRITE \/m\/l\n$/,
      ],
      [
        'node02',
        'mount nfs:/exp /m; flock -n /m/l true; echo $?; flock -s -w 2 /m/l true; echo $?; S=$SECONDS; flock /m/l echo got; echo $((SECONDS - S > 3 && SECONDS - S < 12))',
        '1\n1\ngot\n1\n',
      ],
      ['nfs', 'flock -n /exp/l echo "not the same kind of lock"', 'not the same kind of lock\n'],
      ['node01', 'flock /m/l sleep 10000 & sleep 1', ''],
      ['do', cut],
      [
        'node02',
        'S=$SECONDS; flock -w 30 /m/l true; echo $?; flock -w 300 /m/l echo got; echo $((SECONDS - S > 80 && SECONDS - S < 130))',
        '1\ngot\n1\n',
      ],
      ['do', mend],
      ['node02', 'flock /m/r sleep 10000 & sleep 1', ''],
      ['nfs', 'systemctl restart nfs-server', ''],
      [
        'node01',
        'S=$SECONDS; flock -w 200 /m/q echo after grace; echo $((SECONDS - S < 100)); flock -n /m/r true; echo $?',
        'after grace\n1\n1\n',
      ],
      [
        'node01',
        'mkdir -p /n; mount -o vers=3,nolock nfs:/exp /n; grep -o "nolock\\|local_lock=[a-z]*" /proc/mounts | sort -u; flock -n /n/r echo local',
        'local_lock=all\nlocal_lock=none\nnolock\nlocal\n',
      ],
    ],
  },
  {
    name: 'a full disk on the server is told to whoever writes',
    exports: [`/exp *(${RW},fsid=3)`],
    steps: [
      ['nfs', 'mount -t tmpfs -o size=64k tmpfs /exp; exportfs -ra', ''],
      [
        'node01',
        'mount nfs:/exp /m; head -c 200000 /dev/zero > /m/big; rm /m/big; echo small > /m/s; cat /m/s',
        /No space left on device\nsmall\n$/,
      ],
    ],
  },
  {
    name: 'two mounts of one export, bind mounts, fstab',
    exports: [`/exp *(${RW})`],
    steps: [
      [
        'node01',
        'echo old > /tmp/a; touch /tmp/b; mount --bind /tmp/a /tmp/b; rm /tmp/a; cat /tmp/b; umount /tmp/b; cat /tmp/b',
        'old\n',
      ],
      [
        'node01',
        'mkdir /m2 /b; mount nfs:/exp /m; mount nfs:/exp /m2; mount nfs:/exp /m; echo rc=$?; grep -c nfs4 /proc/mounts; touch /m/f; ls /m2; umount /m2; ls /m',
        'rc=0\n2\nf\nf\n',
      ],
      [
        'node01',
        'umount /m; mount -o ro nfs:/exp /m; mount --bind /m /b; touch /b/x; findmnt -n -o OPTIONS /b | cut -c1-2',
        /Read-only file system\nro\n$/,
      ],
      [
        'node01',
        'umount /b /m; echo "nfs:/exp /m nfs ro,softerr,_netdev 0 0\nnosuch:/x /m2 nfs defaults 0 0" > /etc/fstab; mount -a; echo rc=$?; grep -o "ro,.*softerr" /proc/mounts | cut -c1-3',
        'mount.nfs: Failed to resolve server nosuch: Name or service not known\nrc=64\nro,\n',
      ],
    ],
  },
];

/** What bash and those it leaves running have written by the time it ends. */
function* output(init: Process, command: string): Task<string> {
  const stdin = yield* init.open('/dev/null', { read: true });
  const out = yield* init.open('/tmp/.printed', { write: true, append: true, create: true, truncate: true });
  const files = new Map([stdin, out, out].map((file, fd) => [fd, file]));
  const child = yield* init.spawn('/usr/bin/bash', ['bash', '-c', command], { files, group: 'new' });
  yield* init.wait(child.pid);
  stdin.release();
  out.release();
  return yield* init.readText('/tmp/.printed');
}

test.each(rows)('$name', ({ exports, steps }) => {
  const lab = startLab();
  for (const node of ['node01', 'node02'] as const) {
    install(lab.machines[node], 'nfs-common');
    lab.run(output(lab.machines[node].init, "mkdir /m; echo '192.168.120.230 nfs' >> /etc/hosts"));
  }
  const shell = (host: Host, command: string) => lab.run(output(lab.machines[host].init, command));
  for (const line of exports) shell('nfs', `mkdir -p ${line.split(' ')[0]}`);
  shell('nfs', `printf '%s\\n' ${exports.map((line) => `'${line}'`).join(' ')} > /etc/exports; exportfs -ra`);
  for (const [who, what, printed] of steps as [string, never, string | RegExp][]) {
    if (who === 'wait') lab.advance((what as number) * 1_000);
    else if (who === 'do') (what as (lab: Lab) => void)(lab);
    else {
      const output = shell(who as Host, what);
      if (typeof printed === 'string') expect(`${who}$ ${what}\n${output}`).toBe(`${who}$ ${what}\n${printed}`);
      else expect(output, what).toMatch(printed);
    }
  }
});

// What a Pod and its events say of it.

const SERVER = '192.168.120.230';

/** A lab whose server exports /exp, and a pod on node01 that mounts it at /data; by a PersistentVolume where it has mount options. */
function withPod(mountOptions?: readonly string[]): Lab {
  const lab = startLab();
  install(lab.machines.node01, 'nfs-common');
  sh(lab, 'nfs', `mkdir /exp; echo '/exp *(${RW})' > /etc/exports; exportfs -ra`);
  if (mountOptions) claim(lab, mountOptions);
  return lab;
}

const sh = (lab: Lab, host: Host, command: string) => lab.run(output(lab.machines[host].init, command));

function start(lab: Lab, volume: Partial<Volume> = { nfs: { server: SERVER, path: '/exp' } }): void {
  lab.pod('p', {
    terminationGracePeriodSeconds: 1,
    containers: [
      { name: 'c', image: 'busybox', command: ['sleep', '10000'], volumeMounts: [{ name: 'v', mountPath: '/data' }] },
    ],
    volumes: [{ name: 'v', ...volume }],
  });
}

function claim(lab: Lab, mountOptions: readonly string[]): void {
  const { client } = lab;
  const made = client.create('persistentvolumeclaims', 'default', {
    metadata: { name: 'claim' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      volumeName: 'pv',
      resources: { requests: { storage: '1Gi' } },
    },
  } as unknown as PersistentVolumeClaim);
  client.create('persistentvolumes', '', {
    metadata: { name: 'pv' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      mountOptions,
      nfs: { server: SERVER, path: '/exp' },
      claimRef: { namespace: 'default', name: 'claim', uid: made.metadata.uid },
    },
  } as unknown as PersistentVolume);
  client.updateStatus('persistentvolumeclaims', { ...made, status: { phase: 'Bound' } } as PersistentVolumeClaim);
}

const CLAIMED = { persistentVolumeClaim: { claimName: 'claim' } };
const inPod = (lab: Lab, command: string) => lab.exec('p', 'c', ['sh', '-c', command]);
const gone = (lab: Lab) => !lab.client.list('pods', 'default').some((pod) => pod.metadata.name === 'p');
const nfsMounts = (lab: Lab) => sh(lab, 'node01', 'grep -c " nfs4\\? " /proc/mounts').trim();

test.each([
  ['the export removed', '> /etc/exports; exportfs -ra'],
  ['its directory made anew', 'rm -rf /exp; mkdir /exp'],
])('a pod with %s sees stale handles, and can be deleted', (_, fault) => {
  const lab = withPod();
  start(lab);
  lab.advance(20_000);
  expect(inPod(lab, 'echo x > /data/f; cat /data/f').stdout).toBe('x\n');
  sh(lab, 'nfs', fault);
  expect(inPod(lab, 'ls /data').stderr).toContain('Stale file handle');
  lab.client.delete('pods', 'default', 'p');
  lab.advance(30_000);
  expect(gone(lab)).toBe(true);
  expect(nfsMounts(lab)).toBe('0');
});

test('a pod waits for a stopped nfs-server: mount.nfs gives up after two minutes, and its words are in the event', () => {
  const lab = withPod();
  sh(lab, 'nfs', 'systemctl stop nfs-server');
  start(lab);
  lab.advance(100_000);
  expect(lab.events('p')).toEqual([]);
  lab.advance(40_000);
  const { uid } = lab.get('p').metadata;
  const target = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/v`;
  expect(lab.events('p').join('\n')).toContain(
    `FailedMount MountVolume.SetUp failed for volume "v" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${SERVER}:/exp ${target}\nOutput: mount.nfs: Connection refused\n`,
  );
  sh(lab, 'nfs', 'systemctl start nfs-server');
  lab.advance(200_000);
  expect(lab.get('p').status?.phase).toBe('Running');
});

test('a deleted pod waits for a server that is gone, with umount in state D, and goes once it is back', () => {
  const lab = withPod();
  start(lab);
  lab.advance(20_000);
  sh(lab, 'nfs', 'systemctl stop nfs-server');
  lab.client.delete('pods', 'default', 'p');
  lab.advance(60_000);
  expect(gone(lab)).toBe(false);
  expect(sh(lab, 'node01', 'ps -eo stat,comm | grep ^D')).toMatch(/^D\S* +umount\.nfs4\n$/);
  sh(lab, 'nfs', 'systemctl start nfs-server');
  lab.advance(60_000);
  expect(gone(lab)).toBe(true);
  expect(nfsMounts(lab)).toBe('0');
});

test('mount options of a PersistentVolume reach the node, and the container', () => {
  const readOnly = withPod(['ro']);
  start(readOnly, CLAIMED);
  readOnly.advance(20_000);
  expect(inPod(readOnly, 'touch /data/x').stderr).toContain('Read-only file system');

  const three = withPod(['nfsvers=3', 'nfsvers=3', 'soft']);
  start(three, CLAIMED);
  three.advance(20_000);
  expect(sh(three, 'node01', 'grep " nfs " /proc/mounts')).toMatch(/ rw,relatime,vers=3,.*,soft,/);

  const bogus = withPod(['bogus']);
  start(bogus, CLAIMED);
  bogus.advance(20_000);
  expect(bogus.events('p')[0]).toContain('Output: mount.nfs: an incorrect mount option was specified\n');
});

test('a pod that holds an open file keeps it when it is removed, until its last close', () => {
  const lab = withPod();
  start(lab);
  lab.advance(20_000);
  const { stdout } = inPod(lab, 'echo kept > /data/f; exec 3</data/f; rm /data/f; ls -A /data | cut -c1-4; cat <&3');
  expect(stdout).toBe('.nfs\nkept\n');
  expect(sh(lab, 'nfs', 'ls -A /exp')).toBe('');
});

test('a pod deleted while its mount is under way goes at once; what comes to be mounted later is taken away', () => {
  const lab = withPod();
  sh(lab, 'nfs', 'systemctl stop nfs-server');
  start(lab);
  lab.advance(20_000);
  lab.client.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 });
  lab.advance(2_000);
  expect(gone(lab)).toBe(true);
  expect(sh(lab, 'node01', 'ps -eo comm | grep mount.nfs')).toBe('mount.nfs\n');
  sh(lab, 'nfs', 'systemctl start nfs-server');
  lab.advance(60_000);
  expect(sh(lab, 'node01', 'ps -eo comm | grep mount.nfs')).toBe('');
  expect(nfsMounts(lab)).toBe('0');
  expect(sh(lab, 'node01', 'ls /var/lib/kubelet/pods')).toBe('');
});

test('a mount that outlives the kubelet which began it is not made twice', () => {
  const lab = withPod();
  sh(lab, 'nfs', 'systemctl stop nfs-server');
  start(lab);
  lab.advance(20_000);
  sh(lab, 'node01', 'systemctl stop kubelet');
  sh(lab, 'nfs', 'systemctl start nfs-server');
  lab.advance(20_000);
  expect(nfsMounts(lab)).toBe('1');
  sh(lab, 'node01', 'systemctl start kubelet');
  lab.advance(20_000);
  expect(lab.get('p').status?.phase).toBe('Running');
  expect(nfsMounts(lab)).toBe('1');
});
