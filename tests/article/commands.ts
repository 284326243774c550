/**
 * What the article's reader types, by lesson, step and host (https://qiita.com/sugimount/items/e91fdaebc1bb1ec5e6a1, 2018),
 * as it stands there but for `--` before the command of `kubectl exec`, which kubectl has asked for since 1.31.
 * Names that only the cluster knows are learned from the screen, and stand as `$name` from then on.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { heredoc } from '../../sandbox/lesson/manifest.ts';

export interface Typed {
  /** `$node` is the host that was learned under that name. */
  readonly host: string;
  readonly type: string;
  /** Keys for the program that was started, `{Escape}` among them; afterwards the shell is back. */
  readonly keys?: readonly string[];
  /**
   * What the screen shows after it; the command is repeated, as the article's reader does, until it is so.
   * What its named groups find are the names that later commands use.
   */
  readonly shows?: RegExp;
}

const CONTENT = join(import.meta.dirname, '../../content');
const FOLDER = '/root/kube_yaml/persistent_volume';

const manifest = (lesson: string, file: string): Typed => ({
  host: 'master01',
  type: heredoc(file, readFileSync(join(CONTENT, lesson, 'files', file), 'utf8')),
});

const on =
  (host: string) =>
  (type: string, shows?: RegExp): Typed => ({ host, type, ...(shows && { shows }) });

const master01 = on('master01');
const node01 = on('node01');
const node02 = on('node02');
const nfs = on('nfs');
const node = on('$node');

const install = (host: (type: string) => Typed) => host('apt-get update && apt-get install -y nfs-common');

export const article: Readonly<Record<string, Readonly<Record<string, readonly Typed[]>>>> = {
  // "Prepare an NFS server as you like; install the client on every node."
  'the-lab': {
    'look-around': [
      master01('kubectl get nodes -o wide', /node02 +Ready/),
      nfs('hostname; cat /etc/exports', /^nfs$/m),
    ],
    export: [
      nfs('mkdir -p /mnt/nfsserv'),
      nfs("echo '/mnt/nfsserv *(rw,async,no_root_squash)' >> /etc/exports"),
      nfs('exportfs -ra'),
      nfs('exportfs -v', /^\/mnt\/nfsserv/m),
    ],
    clients: [
      node01('showmount -e 192.168.120.230', /showmount: command not found/),
      install(node01),
      install(node02),
      install(master01),
    ],
    verify: [
      node01('showmount -e 192.168.120.230', /^\/mnt\/nfsserv \*$/m),
      node02('showmount -e 192.168.120.230', /^\/mnt\/nfsserv \*$/m),
    ],
  },
  'persistent-volume': {
    define: [manifest('02-persistent-volume', 'persistent_volume.yaml')],
    create: [
      master01(`kubectl create -f ${FOLDER}/persistent_volume.yaml`, /^persistentvolume\/pv0001 created$/m),
      master01('kubectl get pv -o wide', /^pv0001 +1Gi +RWO +Recycle +Available +slow /m),
    ],
    'nothing-yet': [
      nfs('cd /mnt/nfsserv'),
      nfs('pwd', /^\/mnt\/nfsserv$/m),
      nfs(
        'ls -la',
        /^total 0\ndrwxr-xr-x 2 root root +6 .* \.\ndrwxr-xr-x 3 root root +21 .* \.\.\n\[root@nfs nfsserv]#$/m,
      ),
    ],
  },
  claim: {
    define: [manifest('03-claim', 'persistent_volume_claims.yaml')],
    create: [
      master01(
        `kubectl create -f ${FOLDER}/persistent_volume_claims.yaml`,
        /^persistentvolumeclaim\/test-claim created$/m,
      ),
      master01('kubectl get pvc -o wide', /^test-claim +Bound +pv0001 +1Gi +RWO +slow /m),
    ],
    describe: [
      master01('kubectl describe pvc test-claim', /^Volume: +pv0001$/m),
      master01('kubectl get pv -o wide', /^pv0001 +1Gi +RWO +Recycle +Bound +default\/test-claim +slow /m),
    ],
  },
  deployment: {
    create: [
      manifest('04-deployment', 'persistent_deployment.yaml'),
      master01(
        `kubectl create -f ${FOLDER}/persistent_deployment.yaml`,
        /^deployment\.apps\/persistent-deployment created$/m,
      ),
      master01(
        'kubectl get pods -o wide',
        /^(?<pod>persistent-deployment-\S+) +1\/1 +Running +0 +\S+ +10\.244\.\S+ +(?<node>node0\d) /m,
      ),
    ],
    'node-mount': [
      node(
        'df -h',
        /^192\.168\.120\.230:\/mnt\/nfsserv +14G .*\/var\/lib\/kubelet\/pods\/\S+\/kubernetes\.io~nfs\/pv0001$/m,
      ),
      node('docker ps', /^(?<container>[0-9a-f]{12}) +\S*nginx\S* .* Up [^/]*k8s_master_persistent-/m),
      node('docker inspect $container', /^ {4}\}\n\]$/m),
      node(
        'docker inspect $container | grep -B1 \'"Destination": "/persistent-volume"\'',
        /kubernetes\.io~nfs\/pv0001",/,
      ),
    ],
    write: [
      master01('kubectl exec -it $pod -- bash', /^root@persistent-deployment-\S+:\/#$/m),
      master01('df -h', /^192\.168\.120\.230:\/mnt\/nfsserv +14G .* \/persistent-volume$/m),
      master01('cd /persistent-volume'),
      master01('touch test_from_pod'),
      master01('pwd', /^\/persistent-volume$/m),
      master01(
        'ls -la',
        /^total 0\ndrwxr-xr-x 2 root root 27 .* \.\ndrwxr-xr-x 1 root root .* \.\.\n-rw-r--r-- 1 root root +0 .* test_from_pod$/m,
      ),
      master01('exit'),
      nfs('ls -la', /^drwxr-xr-x 2 root root 27 .* \.\n.*\n-rw-r--r-- 1 root root +0 .* test_from_pod$/m),
      nfs('pwd', /^\/mnt\/nfsserv$/m),
    ],
  },
  'two-replicas': {
    apply: [
      manifest('05-two-replicas', 'persistent_deployment.yaml'),
      master01(
        `kubectl apply -f ${FOLDER}/persistent_deployment.yaml`,
        /^deployment\.apps\/persistent-deployment configured$/m,
      ),
      master01('kubectl get replicaset', /^persistent-deployment-\S+ +2 +2 +2 /m),
      master01('kubectl get pods -o wide', /^(?<second>(?!$pod)persistent-deployment-\S+) +1\/1 +Running +0 /m),
    ],
    'write-second': [
      master01('kubectl exec -it $second -- bash'),
      master01('cd /persistent-volume'),
      master01('touch test_from_pod02'),
      master01('ls -la', /^drwxr-xr-x 2 root root 50 .* \.\n.*\n.* test_from_pod\n.* test_from_pod02$/m),
      master01('pwd', /^\/persistent-volume$/m),
      master01('exit'),
    ],
    'access-modes': [],
  },
  'self-healing': {
    'delete-pod': [
      master01('kubectl delete pod $pod', /^pod "$pod" deleted/m),
      master01('kubectl get pods -o wide', /^(?<fresh>(?!$pod|$second)persistent-deployment-\S+) +1\/1 +Running +0 /m),
    ],
    'files-remain': [
      master01('kubectl exec -it $fresh -- bash'),
      master01(
        'ls -la /persistent-volume/',
        /^drwxr-xr-x 2 root root 50 .* \.\n.*\n.* test_from_pod\n.* test_from_pod02$/m,
      ),
      // The lesson's own, beyond the article: a mark that only this pod can have left.
      master01('echo healed > /persistent-volume/test_after_heal'),
      master01('exit'),
    ],
    picture: [],
  },
  'two-more-exports': {
    export: [
      nfs('cd /mnt'),
      nfs('mkdir /mnt/pv002'),
      nfs('mkdir /mnt/pv003'),
      {
        host: 'nfs',
        type: 'vi /etc/exports',
        keys: [
          'G',
          'o',
          '/mnt/pv002 *(rw,async,no_root_squash)',
          '{Enter}',
          '/mnt/pv003 *(rw,async,no_root_squash)',
          '{Escape}',
          ':wq',
          '{Enter}',
        ],
      },
      nfs('exportfs -ra'),
      nfs('exportfs -v', /^\/mnt\/pv002\s+<world>\(.*\)\n\/mnt\/pv003\s+<world>\(.*\)$/m),
    ],
    volumes: [
      manifest('07-two-more-exports', 'persistent_volume_002.yaml'),
      manifest('07-two-more-exports', 'persistent_volume_003.yaml'),
      master01(`kubectl create -f ${FOLDER}/persistent_volume_002.yaml`, /^persistentvolume\/pv002 created$/m),
      master01(`kubectl create -f ${FOLDER}/persistent_volume_003.yaml`, /^persistentvolume\/pv003 created$/m),
      master01('kubectl get pv', /^pv002 +1Gi +RWO +Recycle +Available .*\npv003 +1Gi +RWO +Recycle +Available /m),
    ],
  },
  statefulset: {
    create: [
      manifest('08-statefulset', 'persistent_volume_statefulset.yaml'),
      master01(
        `kubectl create -f ${FOLDER}/persistent_volume_statefulset.yaml`,
        /^statefulset\.apps\/persistent-stateset created$/m,
      ),
      master01('kubectl get statefulset -o wide', /^persistent-stateset +2\/2 .* nginx-container +nginx$/m),
      master01(
        'kubectl get pvc -o wide',
        /^pvc-volume-persistent-stateset-0 +Bound +(?<first>pv00[23]) .*\npvc-volume-persistent-stateset-1 +Bound +(?<other>pv00[23]) /m,
      ),
      master01('kubectl get pv -o wide', /^$first .* Bound +default\/pvc-volume-persistent-stateset-0 /m),
      master01(
        'kubectl get pods -o wide',
        /^persistent-stateset-0 +1\/1 +Running .*\npersistent-stateset-1 +1\/1 +Running /m,
      ),
    ],
    'pod-and-claim': [
      master01('kubectl describe pod persistent-stateset-0', /ClaimName: +pvc-volume-persistent-stateset-0$/m),
      master01('kubectl describe pod persistent-stateset-1', /ClaimName: +pvc-volume-persistent-stateset-1$/m),
    ],
    files: [
      master01('kubectl exec -it persistent-stateset-0 -- bash'),
      master01('df -h', /^192\.168\.120\.230:\/mnt\/$first +14G .* \/persistent-volume$/m),
      master01('touch /persistent-volume/testfile-frompod-0'),
      master01('ls -la /persistent-volume/', /^drwxr-xr-x 2 root root 32 .* \.\n.*\n.* testfile-frompod-0$/m),
      master01('exit'),
      master01('kubectl exec -it persistent-stateset-1 -- bash'),
      master01('df -h', /^192\.168\.120\.230:\/mnt\/$other +14G .* \/persistent-volume$/m),
      master01('touch /persistent-volume/testfile-frompod-1'),
      master01('ls -la /persistent-volume/', /^drwxr-xr-x 2 root root 32 .* \.\n.*\n.* testfile-frompod-1$/m),
      master01('exit'),
      nfs('ls -la /mnt/$first/', /^total 0\n.* 32 .* \.\n.* 47 .* \.\.\n.* testfile-frompod-0$/m),
      nfs('ls -la /mnt/$other/', /^total 0\n.* 32 .* \.\n.* 47 .* \.\.\n.* testfile-frompod-1$/m),
    ],
  },
  identity: {
    restart: [
      master01('kubectl delete pod persistent-stateset-0', /^pod "persistent-stateset-0" deleted/m),
      master01('kubectl get pod', /^persistent-stateset-0 +1\/1 +Running +0 .*\npersistent-stateset-1 +1\/1 +Running/m),
    ],
    'same-file': [
      master01('kubectl exec -it persistent-stateset-0 -- bash'),
      master01('ls -la /persistent-volume/', /^total 0\n.* 32 .* \.\n.*\n.* testfile-frompod-0$/m),
      // The lesson's own: the pod that came back writes where the one before it wrote.
      master01('echo back >> /persistent-volume/testfile-frompod-0'),
      master01('exit'),
    ],
    compare: [],
    quiz: [],
  },
};
