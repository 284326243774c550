/** Random operations on mounts, exports, nodes and pods, and what must hold once everything that was broken is whole again. */

import fc from 'fast-check';
import type { KernelMachine } from '../../sandbox/machines/kernel/machine.ts';
import type { KernelProcess } from '../../sandbox/machines/kernel/process.ts';
import type { Machine } from '../../sandbox/machines/machine.ts';
import { type Fault, type FuzzedLab, judge } from './fuzzed-lab.ts';

/** A command line on a host, or its power button. */
type Operation = { readonly host: string; readonly run: string } | { readonly host: string; readonly power: boolean };

const wordsOf = (one: Operation): string =>
  `${one.host}: ${'run' in one ? one.run : `power ${one.power ? 'on' : 'off'}`}`;

const NODES = ['node01', 'node02'] as const;
const node = fc.constantFrom(...NODES);
const number = fc.integer({ min: 0, max: 2 });
const on = (host: fc.Arbitrary<string>, line: fc.Arbitrary<string>): fc.Arbitrary<Operation> =>
  fc.record({ host, run: line });
const always = (host: string) => fc.constant(host);

const EXPORT_OPTIONS = [
  'rw,sync,no_root_squash',
  'ro',
  'rw,all_squash',
  'rw,no_root_squash,crossmnt',
  'ro,root_squash',
] as const;

const exporting = on(
  always('nfs'),
  fc.oneof(
    fc
      .array(fc.tuple(number, fc.constantFrom('*', 'node01', '192.168.120.0/24'), fc.constantFrom(...EXPORT_OPTIONS)), {
        maxLength: 3,
      })
      .map(
        (lines) =>
          `printf '%s\\n' ${lines.map(([n, who, options]) => `'/exp/${n} ${who}(${options})'`).join(' ')} > /etc/exports; exportfs -ra`,
      ),
    fc.constantFrom(
      'exportfs -ua',
      'exportfs -a',
      'exportfs -f',
      'systemctl stop nfs-server',
      'systemctl start nfs-server',
      'systemctl restart nfs-server',
      'rm -rf /exp/1',
      'mkdir -p /exp/0 /exp/1 /exp/2',
      'mount --bind /exp/2 /exp/0',
      'umount /exp/0',
      'mount -t tmpfs none /exp/2',
      'umount -l /exp/2',
    ),
  ),
);

const mounting = on(
  node,
  fc.oneof(
    fc
      .tuple(
        number,
        number,
        fc.constantFrom(
          '',
          '-o soft,timeo=10,retrans=1',
          '-o nfsvers=3,nolock',
          '-o ro',
          '-o noac',
          '-o nfsvers=4.0,softerr,timeo=10',
          '-o nfsvers=3,lock',
          '-o bg',
          '-o retry=0',
          '-o sync,actimeo=0,nosharecache',
        ),
      )
      .map(([n, m, options]) => `mkdir -p /m${m}; timeout 20 mount -t nfs ${options} nfs:/exp/${n} /m${m}`),
    fc.tuple(number, fc.constantFrom('', '-f', '-l')).map(([m, how]) => `timeout 20 umount ${how} /m${m}`),
    fc.tuple(number, number).map(([m, to]) => `mkdir -p /b${to}; mount --bind /m${m} /b${to}`),
    fc.tuple(number).map(([to]) => `umount /b${to}`),
    fc.tuple(number).map(([m]) => `(exec 9>> /m${m}/held; flock -n 9; echo x >&9; sleep 1000) > /dev/null 2>&1 &`),
    fc
      .tuple(number)
      .map(
        ([m]) => `timeout 10 sh -c 'echo data > /m${m}/f; cat /m${m}/f; rm -f /m${m}/held; mkdir /m${m}/d; ls /m${m}'`,
      ),
    fc
      .tuple(number)
      .map(
        ([m]) =>
          `timeout 20 flock -w 5 /m${m}/lock -c 'sleep 1; echo got'; (cd /m${m} && exec timeout 200 sleep 100) > /dev/null 2>&1 &`,
      ),
    fc
      .tuple(number)
      .map(
        ([m]) => `timeout 10 dd if=/dev/zero of=/m${m}/big bs=1M count=64 2>&1; timeout 5 truncate -s 10G /m${m}/hole`,
      ),
    fc.constantFrom('pkill sleep', 'killall -9 sleep', 'fuser -km /m0 > /dev/null 2>&1'),
  ),
);

const powering: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ host: fc.constantFrom(...NODES, 'nfs'), power: fc.boolean() }),
  on(fc.constantFrom(...NODES, 'nfs'), fc.constantFrom('reboot', 'poweroff')),
  on(
    node,
    fc.constantFrom(
      'kill -9 $(pidof kubelet)',
      'kill -9 $(pidof containerd)',
      'kill $(pidof kubelet)',
      'systemctl stop kubelet',
      'systemctl start kubelet',
      'systemctl stop containerd',
      'systemctl start containerd',
      'systemctl restart kubelet containerd',
    ),
  ),
);

const POD = (name: string, volume: string, at: string, subPath = '') =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: fuzz}}, spec: {nodeName: ${at}, terminationGracePeriodSeconds: 2, containers: [{name: c, image: busybox, command: [sh, -c, "while :; do date >> /v/log; sleep 5; done"], volumeMounts: [{name: v, mountPath: /v${subPath}}]}], volumes: [{name: v, ${volume}}]}}`;

const volume = fc.oneof(
  number.map((n) => `nfs: {server: nfs, path: /exp/${n}}`),
  fc.constantFrom(
    'emptyDir: {}',
    'emptyDir: {sizeLimit: 1Mi}',
    'emptyDir: {medium: Memory}',
    'hostPath: {path: /tmp/h, type: DirectoryOrCreate}',
    'configMap: {name: cm}',
    'configMap: {name: nosuch}',
    'configMap: {name: cm, items: [{key: a, path: b/c}], optional: true}',
    'secret: {secretName: sec}',
    'secret: {secretName: sec, defaultMode: 0400}',
    'downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}]}',
    'projected: {sources: [{configMap: {name: cm}}, {secret: {name: sec, optional: true}}, {serviceAccountToken: {path: t}}]}',
    'hostPath: {path: /m0}',
    'hostPath: {path: /m1, type: Directory}',
    'hostPath: {path: /b2/f, type: FileOrCreate}',
    'ephemeral: {volumeClaimTemplate: {spec: {storageClassName: slow, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}}',
    'persistentVolumeClaim: {claimName: c0}',
    'persistentVolumeClaim: {claimName: c1}',
  ),
);

const apply = (manifest: string) => `kubectl apply -f - <<'E'\n${manifest}\nE`;

const clustering = on(
  always('master01'),
  fc.oneof(
    fc
      .tuple(
        number,
        volume,
        node,
        fc.constantFrom('', '', ', subPath: a', ', subPath: a/b, readOnly: true', ', subPath: ..'),
      )
      .map(([n, what, at, sub]) => apply(POD(`p${n}`, what, at, sub))),
    fc
      .tuple(
        number,
        fc.constantFrom(
          'cat /v/log | tail -1',
          'ls /v',
          'dd if=/dev/zero of=/v/big bs=1M count=8',
          'kill -9 1',
          'kill 1',
        ),
      )
      .map(([n, what]) => `timeout 10 kubectl exec p${n} -- sh -c '${what}'; timeout 5 kubectl logs p${n} --tail=2`),
    number.map((n) => `kubectl debug p${n} --image=busybox -- sleep 30`),
    number.map(
      (n) =>
        `kubectl label pod p${n} x=y --overwrite; kubectl patch pvc c${n} -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'`,
    ),
    number.map((n) =>
      apply(
        `{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: ${n}, selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, spec: {terminationGracePeriodSeconds: 1, tolerations: [{operator: Exists, tolerationSeconds: 20}], containers: [{name: c, image: busybox, command: [sleep, "3600"], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, persistentVolumeClaim: {claimName: c${n}}}]}}}}`,
      ),
    ),
    number.map((n) =>
      apply(
        `{apiVersion: batch/v1, kind: CronJob, metadata: {name: cj}, spec: {schedule: "* * * * *", concurrencyPolicy: ${['Allow', 'Forbid', 'Replace'][n]}, jobTemplate: {spec: {backoffLimit: 1, template: {spec: {restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [{name: c, image: busybox, command: [sh, -c, "date > /v/f; sleep 90"], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, nfs: {server: nfs, path: /exp/${n}}}]}}}}}}`,
      ),
    ),
    node.map((n) => `kubectl delete node ${n}`),
    fc
      .tuple(number, fc.constantFrom('', '--force --grace-period=0', '--grace-period=1'))
      .map(([n, how]) => `kubectl delete pod p${n} --wait=false ${how}`),
    fc
      .tuple(number, fc.constantFrom('Retain', 'Recycle', 'Delete'), number)
      .map(([n, policy, to]) =>
        apply(
          `{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv${n}}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteMany], persistentVolumeReclaimPolicy: ${policy}, storageClassName: slow, nfs: {server: nfs, path: /exp/${to}}}}`,
        ),
      ),
    number.map((n) =>
      apply(
        `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c${n}}, spec: {storageClassName: slow, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}`,
      ),
    ),
    number.map((n) => `kubectl delete pvc c${n} --wait=false`),
    number.map((n) => `kubectl delete pv pv${n} --wait=false`),
    node.map((n) => `kubectl cordon ${n}`),
    node.map((n) => `kubectl uncordon ${n}`),
    node.map((n) => `timeout 60 kubectl drain ${n} --ignore-daemonsets --delete-emptydir-data --force --timeout=30s`),
    fc
      .tuple(
        node,
        fc.constantFrom(
          'a=b:NoExecute',
          'a=b:NoSchedule',
          'a-',
          'node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
          'node.kubernetes.io/out-of-service-',
        ),
      )
      .map(([n, taint]) => `kubectl taint node ${n} ${taint}`),
    fc
      .tuple(number, fc.integer({ min: 0, max: 4 }))
      .map(([n, replicas]) =>
        apply(
          `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {serviceName: s, replicas: ${replicas}, selector: {matchLabels: {app: s}}, template: {metadata: {labels: {app: s}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: c, image: busybox, command: [sleep, "3600"], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, nfs: {server: nfs, path: /exp/${n}}}]}}}}`,
        ),
      ),
    fc.constantFrom(
      'kubectl delete sts s --wait=false',
      'kubectl create configmap cm --from-literal=a=b',
      'kubectl create configmap cm --from-literal=a=c --dry-run=client -o yaml | kubectl apply -f -',
      'kubectl delete configmap cm',
      'kubectl create secret generic sec --from-literal=a=b',
      'kubectl delete secret sec',
      'kubectl delete deploy,cj,jobs --all --wait=false',
      'kubectl rollout restart deploy/d sts/s',
      'kubectl get pods,pv,pvc,events -A',
      'kubectl delete pods --all --wait=false',
    ),
  ),
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: exporting },
  { weight: 5, arbitrary: mounting },
  { weight: 1, arbitrary: powering },
  { weight: 7, arbitrary: clustering },
);

/** Unmounts whatever is mounted at the places, however often. */
const unmounting = (places: string) =>
  `for m in ${places}; do while grep -q " $m " /proc/mounts; do umount -l $m; done; done`;

/** What mends everything a run can have broken. */
const SWITCH_ON: readonly Operation[] = [...NODES, 'nfs'].map((host) => ({ host, power: true }));
const CURE: readonly Operation[] = [
  {
    host: 'nfs',
    run:
      `${unmounting('/exp/0 /exp/1 /exp/2')}; rm -f /exp/1; ` +
      "mkdir -p /exp/0 /exp/1 /exp/2; printf '/exp/%s *(rw,sync,no_root_squash)\\n' 0 1 2 > /etc/exports; systemctl start nfs-server; exportfs -ra",
  },
  ...NODES.map((host) => ({
    host,
    run: 'kubectl --kubeconfig /etc/kubernetes/kubelet.conf get node $(hostname) > /dev/null 2>&1 || systemctl restart kubelet; systemctl reset-failed; systemctl start containerd kubelet',
  })),
  ...NODES.map((name) => ({
    host: 'master01',
    run: `kubectl uncordon ${name}; kubectl taint node ${name} a- node.kubernetes.io/out-of-service-`,
  })),
];

const CLEAR: readonly Operation[] = [
  {
    host: 'master01',
    run: 'kubectl delete sts,deploy,cronjobs,jobs,pods --all --wait=false; kubectl delete pvc,pv,configmap,secret --all --wait=false',
  },
  ...NODES.map((host) => ({
    host,
    run: `pkill -9 sleep; sleep 1; ${unmounting('/b0 /b1 /b2 /m0 /m1 /m2')}; rm -rf /b? /m? /tmp/h; crictl rmi registry.k8s.io/build-image/debian-base:bookworm-v1.0.6 > /dev/null 2>&1`,
  })),
];

/** Longer than any back-off, lease or time-out there is. */
const SETTLE = 15 * 60_000;
/** What a machine takes to boot, and its node to be ready. */
const BOOT = 90_000;

/** A story of so many operations in one lab; the first thing that did not hold. */
export async function story(
  lab: FuzzedLab,
  seed: number,
  length: number,
  tell: (done: number) => void,
): Promise<{ readonly after: readonly string[]; readonly fault: Fault } | undefined> {
  const operations = fc.sample(operation, { seed, numRuns: length });
  const ran: string[] = [];
  const { machines } = lab.world;
  const act = async (one: Operation): Promise<Fault | undefined> => {
    if ('run' in one && !machines.get(one.host)!.up) return undefined;
    ran.push(wordsOf(one));
    return judge(wordsOf(one), async () => {
      let shown = '';
      if ('run' in one) {
        const { stdout, stderr } = await lab.run(one.host, one.run, 90_000);
        shown = stdout + stderr;
      } else lab.world.clock.input(lab.world.clock.now + 1, () => lab.world.power(one.host, one.power));
      await lab.advance(3_000);
      return shown;
    });
  };
  const wrong = (fault: Fault | undefined) => (fault ? { after: [...ran], fault } : undefined);
  for (const host of NODES) await act({ host, run: 'apt-get install -y nfs-common > /dev/null' });
  for (const one of CURE) await act(one);
  for (const name of NODES) await act({ host: 'master01', run: apply(POD(name, 'emptyDir: {}', name)) });
  await lab.advance(60_000);
  await act({ host: 'master01', run: 'kubectl delete pods --all' });
  await lab.advance(60_000);
  const before = new Map([...lab.world.machines].map(([name, machine]) => [name, used(machine)]));
  for (const [i, one] of operations.entries()) {
    const fault = await act(one);
    if (fault) return wrong(fault);
    tell(i + 1);
  }
  for (const one of SWITCH_ON) await act(one);
  await lab.advance(BOOT);
  for (const one of CURE) await act(one);
  await lab.advance(SETTLE);
  for (const one of CLEAR) await act(one);
  await lab.advance(SETTLE);
  await act({ host: 'nfs', run: 'rm -rf /exp' });
  await lab.advance(1_000);
  return wrong(
    (await lab.alive()) ??
      orphans(lab) ??
      (await unfinished(lab)) ??
      leftMounts(lab) ??
      (await leftLocks(lab)) ??
      leftSpace(lab, before),
  );
}

const used = (machine: Machine): number => (machine as KernelMachine).rootFileSystem.disk.used;

/** No process without a parent, none dead and not waited for. */
function orphans(lab: FuzzedLab): Fault | undefined {
  for (const [name, machine] of lab.world.machines) {
    for (const one of machine.processes.values() as Iterable<KernelProcess>) {
      const parent = one.parent;
      const lost = parent ? !parent.children.has(one) || parent.status !== undefined : one.pid !== 1 && one.ppid !== 0;
      if (lost)
        return {
          kind: 'invariant',
          detail: `${name}: process ${one.hostPid} (${one.argv.join(' ')}) has no living parent`,
        };
      if (one.state === 'zombie' && parent?.pid === 1)
        return { kind: 'invariant', detail: `${name}: init does not wait for ${one.hostPid}` };
    }
  }
  return undefined;
}

/** A pod, a claim, a volume that was deleted is gone. */
async function unfinished(lab: FuzzedLab): Promise<Fault | undefined> {
  const { stdout } = await lab.run(
    'master01',
    "kubectl get pods,pvc,pv -o go-template='{{range .items}}{{.kind}} {{.metadata.name}} {{.metadata.deletionTimestamp}}\n{{end}}'",
  );
  if (stdout.trim() === '') return undefined;
  const { stdout: why } = await lab.run(
    'master01',
    'kubectl get events --sort-by=.lastTimestamp | tail -5; kubectl get pods,pv,pvc -o wide',
  );
  return { kind: 'invariant', detail: `still there: ${stdout}\n${why}` };
}

function leftMounts(lab: FuzzedLab): Fault | undefined {
  for (const [name, machine] of lab.world.machines) {
    const left = machine.init.mounts().filter(({ target }) => /^\/(?:[mb]\d|exp|var\/lib\/kubelet\/pods)/.test(target));
    if (left.length > 0)
      return {
        kind: 'invariant',
        detail: `${name}: still mounted: ${left.map(({ target, source }) => `${source} on ${target}`).join(', ')}`,
      };
  }
  return undefined;
}

async function leftLocks(lab: FuzzedLab): Promise<Fault | undefined> {
  for (const host of lab.world.machines.keys()) {
    const { stdout } = await lab.run(
      host,
      'lslocks -n -o COMMAND,TYPE,PATH 2> /dev/null | grep -E "flock|sleep|/m[0-9]"',
    );
    if (stdout !== '') return { kind: 'invariant', detail: `${host}: locks left: ${stdout}` };
  }
  return undefined;
}

/** Logs and the API's own files may grow a little. */
const LOGS = 4 * 2 ** 20;

function leftSpace(lab: FuzzedLab, before: ReadonlyMap<string, number>): Fault | undefined {
  for (const [name, machine] of lab.world.machines) {
    const grown = used(machine) - before.get(name)!;
    if (Math.abs(grown) > LOGS) return { kind: 'invariant', detail: `${name}: ${grown} bytes more in use than before` };
  }
  return undefined;
}
