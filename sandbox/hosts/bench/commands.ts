/** What the benchmark types: the article's commands in its order, and a round of what learners type between them. */

import { heredoc, MANIFEST_FOLDER } from '../../lesson/manifest.ts';
import type { LessonDocument } from '../../lesson/schema.ts';

export interface Command {
  readonly host: string;
  readonly run: string;
}

const on =
  (host: string) =>
  (run: string): Command => ({ host, run });
const [master, node01, node02, nfs] = ['master01', 'node01', 'node02', 'nfs'].map(on) as [
  (run: string) => Command,
  (run: string) => Command,
  (run: string) => Command,
  (run: string) => Command,
];

/** The label of the article's Deployment, and the first of its pods. */
const POD = '$(kubectl get pods -l app=persistest_test -o jsonpath={.items[0].metadata.name})';
const MINUTE = 'sleep 60';

export function articleCommands(lessons: readonly LessonDocument[]): Command[] {
  const write = (lesson: string, file: string) =>
    master(heredoc(file, lessons.find(({ id }) => id === lesson)!.manifests[file]!));
  const create = (file: string) => master(`kubectl create -f ${MANIFEST_FOLDER}/${file}`);
  return [
    nfs('mkdir /mnt/nfsserv'),
    nfs("echo '/mnt/nfsserv *(rw,async,no_root_squash)' >> /etc/exports"),
    nfs('exportfs -ra'),
    ...[master, node01, node02].map((host) => host('apt-get update && apt-get install -y nfs-common')),
    node01('showmount -e 192.168.120.230'),
    write('persistent-volume', 'persistent_volume.yaml'),
    create('persistent_volume.yaml'),
    master('kubectl get pv -o wide'),
    nfs('cd /mnt/nfsserv; pwd; ls -la'),
    write('claim', 'persistent_volume_claims.yaml'),
    create('persistent_volume_claims.yaml'),
    master('kubectl get pvc -o wide; kubectl get pv -o wide; kubectl describe pvc test-claim'),
    write('deployment', 'persistent_deployment.yaml'),
    create('persistent_deployment.yaml'),
    master(MINUTE),
    master('kubectl get deployment; kubectl get pods -o wide'),
    node01('df -h; docker ps'),
    node02('df -h; docker ps'),
    master(`kubectl exec ${POD} -- df -h`),
    master(`kubectl exec ${POD} -- touch /persistent-volume/test_from_pod`),
    nfs('ls -la /mnt/nfsserv'),
    write('two-replicas', 'persistent_deployment.yaml'),
    master(`kubectl apply -f ${MANIFEST_FOLDER}/persistent_deployment.yaml`),
    master(MINUTE),
    master('kubectl get replicaset; kubectl get pods -o wide'),
    master(`kubectl exec ${POD} -- ls -la /persistent-volume`),
    master(`kubectl delete pod ${POD}`),
    master(MINUTE),
    master('kubectl get pods -o wide'),
    nfs('mkdir /mnt/pv002 /mnt/pv003'),
    nfs("printf '/mnt/%s *(rw,async,no_root_squash)\\n' pv002 pv003 >> /etc/exports; exportfs -ra; exportfs -v"),
    ...['persistent_volume_002.yaml', 'persistent_volume_003.yaml'].flatMap((file) => [
      write('two-more-exports', file),
      create(file),
    ]),
    master('kubectl get pv'),
    write('statefulset', 'persistent_volume_statefulset.yaml'),
    create('persistent_volume_statefulset.yaml'),
    master(MINUTE),
    master('kubectl get statefulset -o wide; kubectl get pvc -o wide'),
    ...[0, 1].flatMap((i) => [
      master(`kubectl describe pod persistent-stateset-${i}`),
      master(`kubectl exec persistent-stateset-${i} -- df -h`),
      master(`kubectl exec persistent-stateset-${i} -- touch /persistent-volume/testfile-frompod-${i}`),
    ]),
    nfs('ls -la /mnt/pv002 /mnt/pv003'),
    master('(timeout 70 kubectl get pod -w > /tmp/watch.txt) & kubectl delete pod persistent-stateset-0'),
    master('sleep 75; cat /tmp/watch.txt'),
    master('kubectl exec persistent-stateset-0 -- ls -la /persistent-volume/'),
  ];
}

/** One round of a learner's afternoon; the benchmark repeats it. */
export const ROUND: readonly Command[] = [
  master('kubectl get pods -o wide'),
  master('kubectl get pv,pvc'),
  nfs('ls -la /mnt'),
  master("kubectl create configmap note --from-literal=a=b; kubectl get configmap note -o yaml | grep 'a:'"),
  node01('df -h | tail -3'),
  master('kubectl delete configmap note'),
  nfs('echo hello >> /mnt/note; cat /mnt/note | wc -l'),
  master('kubectl describe node node01 | head -20'),
  node02('mount | grep nfs; ps aux | tail -2'),
  master('for i in 1 2 3; do echo $i; done > /tmp/list; sort -r /tmp/list'),
];
