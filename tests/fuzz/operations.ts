/** Random operations on mounts, exports, nodes and pods, and what must hold once everything that was broken is whole again. */

import fc from 'fast-check';
import type { KernelMachine } from '../../sandbox/machines/kernel/machine.ts';
import type { KernelProcess } from '../../sandbox/machines/kernel/process.ts';
import type { Machine } from '../../sandbox/machines/machine.ts';
import { type Fault, type FuzzedLab, judge } from './fuzzed-lab.ts';

interface Operation {
  readonly host: string;
  readonly run: string;
}

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
        ([m]) => `timeout 10 dd if=/dev/zero of=/m${m}/big bs=1M count=64 2>&1; timeout 5 truncate -s 10G /m${m}/hole`,
      ),
    fc.constantFrom('pkill sleep', 'killall -9 sleep', 'fuser -km /m0 > /dev/null 2>&1'),
  ),
);

const powering = on(
  node,
  fc.constantFrom(
    'systemctl stop kubelet',
    'systemctl start kubelet',
    'systemctl stop containerd',
    'systemctl start containerd',
    'systemctl restart kubelet containerd',
  ),
);

const POD = (name: string, volume: string, at: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: fuzz}}, spec: {nodeName: ${at}, terminationGracePeriodSeconds: 2, containers: [{name: c, image: busybox, command: [sh, -c, "while :; do date >> /v/log; sleep 5; done"], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, ${volume}}]}}`;

const volume = fc.oneof(
  number.map((n) => `nfs: {server: nfs, path: /exp/${n}}`),
  fc.constantFrom(
    'emptyDir: {}',
    'emptyDir: {sizeLimit: 1Mi}',
    'emptyDir: {medium: Memory}',
    'hostPath: {path: /tmp/h, type: DirectoryOrCreate}',
    'configMap: {name: cm}',
    'configMap: {name: nosuch}',
    'persistentVolumeClaim: {claimName: c0}',
    'persistentVolumeClaim: {claimName: c1}',
  ),
);

const apply = (manifest: string) => `kubectl apply -f - <<'E'\n${manifest}\nE`;

const clustering = on(
  always('master01'),
  fc.oneof(
    fc.tuple(number, volume, node).map(([n, what, at]) => apply(POD(`p${n}`, what, at))),
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
      'kubectl delete configmap cm',
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

/** What mends everything a run can have broken. */
const CURE: readonly Operation[] = [
  {
    host: 'nfs',
    run: "umount -l /exp/0 /exp/2 2> /dev/null; mkdir -p /exp/0 /exp/1 /exp/2; printf '/exp/%s *(rw,sync,no_root_squash)\\n' 0 1 2 > /etc/exports; systemctl start nfs-server; exportfs -ra",
  },
  ...NODES.map((host) => ({ host, run: 'systemctl start containerd kubelet' })),
  ...NODES.map((name) => ({
    host: 'master01',
    run: `kubectl uncordon ${name}; kubectl taint node ${name} a- node.kubernetes.io/out-of-service-`,
  })),
];

const CLEAR: readonly Operation[] = [
  {
    host: 'master01',
    run: 'kubectl delete sts,pods --all --wait=false; kubectl delete pvc,pv,configmap --all --wait=false',
  },
  ...NODES.map((host) => ({
    host,
    run: 'pkill -9 sleep; sleep 1; umount -l /b0 /b1 /b2 /m0 /m1 /m2; umount -l /b0 /b1 /b2 /m0 /m1 /m2',
  })),
];

const DEBUG_SETTLE = 15 * 60_000;

/** A story of so many operations in one lab; the first thing that did not hold. */
export async function story(
  lab: FuzzedLab,
  seed: number,
  length: number,
  tell: (done: number) => void,
): Promise<{ readonly after: readonly Operation[]; readonly fault: Fault } | undefined> {
  const operations = fc.sample(operation, { seed, numRuns: length });
  const ran: Operation[] = [];
  const act = async (one: Operation): Promise<Fault | undefined> => {
    ran.push(one);
    return judge(one.run, async () => {
      const { stdout, stderr } = await lab.run(one.host, one.run, 90_000);
      await lab.advance(3_000);
      return stdout + stderr;
    });
  };
  const wrong = (fault: Fault | undefined) => (fault ? { after: ran, fault } : undefined);
  for (const host of NODES) await act({ host, run: 'apt-get install -y nfs-common > /dev/null' });
  for (const one of CURE) await act(one);
  await lab.advance(60_000);
  const before = new Map([...lab.world.machines].map(([name, machine]) => [name, used(machine)]));
  for (const [i, one] of operations.entries()) {
    const fault = await act(one);
    if (fault) return wrong(fault);
    tell(i + 1);
  }
  for (const one of CURE) await act(one);
  await lab.advance(DEBUG_SETTLE);
  for (const one of CLEAR) await act(one);
  await lab.advance(DEBUG_SETTLE);
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
