/** The article's own commands, through `lab script`, answered with the article's facts. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heredoc } from '../sandbox/lesson/manifest.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = '/root/kube_yaml/persistent_volume';

let lab: ChildProcessWithoutNullStreams;
let answers: AsyncIterator<string>;

beforeAll(() => {
  lab = spawn(process.execPath, [join(ROOT, 'sandbox/hosts/lab.ts'), 'script', '--seed', '3'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  answers = createInterface({ input: lab.stdout })[Symbol.asyncIterator]();
});

afterAll(() => {
  lab.kill();
});

async function say<T>(line: object): Promise<T> {
  lab.stdin.write(`${JSON.stringify(line)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error(`lab script ended at ${JSON.stringify(line)}`);
  return JSON.parse(value) as T;
}

/** stdout of a command that must succeed. */
async function run(host: string, command: string): Promise<string> {
  const answer = await say<{ stdout: string; stderr: string; exitCode: number }>({ host, run: command });
  expect(answer.exitCode, `${host}: ${command}\n${answer.stdout}${answer.stderr}`).toBe(0);
  return answer.stdout;
}

const manifest = (lesson: string, file: string): string =>
  heredoc(file, readFileSync(join(import.meta.dirname, lesson, 'files', file), 'utf8'));

const podNames = async (label: string): Promise<string[]> =>
  (
    await run(
      'master01',
      `kubectl get pods -l ${label} --sort-by=.metadata.creationTimestamp -o jsonpath='{.items[*].metadata.name}'`,
    )
  ).split(' ');

const nodeOf = (pod: string): Promise<string> =>
  run('master01', `kubectl get pod ${pod} -o jsonpath='{.spec.nodeName}'`);

const names = (listing: string): string[] =>
  listing
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/).at(-1)!);

test('server and clients are prepared', async () => {
  await run('nfs', "mkdir /mnt/nfsserv; echo '/mnt/nfsserv *(rw,async,no_root_squash)' >> /etc/exports; exportfs -ra");
  for (const node of ['master01', 'node01', 'node02'])
    await run(node, 'apt-get update && apt-get install -y nfs-common');
  expect(await run('node01', 'showmount -e 192.168.120.230')).toBe(
    'Export list for 192.168.120.230:\n/mnt/nfsserv *\n',
  );
});

test('a PersistentVolume is Available, and nothing is on the server', async () => {
  await run('master01', manifest('02-persistent-volume', 'persistent_volume.yaml'));
  expect(await run('master01', `kubectl create -f ${FOLDER}/persistent_volume.yaml`)).toBe(
    'persistentvolume/pv0001 created\n',
  );
  expect(await run('master01', 'kubectl get pv -o wide')).toMatch(/^pv0001 +1Gi +RWO +Recycle +Available +slow /m);
  expect(await run('nfs', 'cd /mnt/nfsserv; pwd')).toBe('/mnt/nfsserv\n');
  const listing = await run('nfs', 'ls -la');
  expect(listing).toMatch(
    /^total 0\ndrwxr-xr-x 2 root root +6 \w+ \d+ \d\d:\d\d \.\ndrwxr-xr-x 3 root root +2\d \w+ \d+ \d\d:\d\d \.\.\n$/,
  );
});

test('a claim binds to it', async () => {
  await run('master01', manifest('03-claim', 'persistent_volume_claims.yaml'));
  await run('master01', `kubectl create -f ${FOLDER}/persistent_volume_claims.yaml`);
  await say({ advance: '1s' });
  expect(await run('master01', 'kubectl get pvc -o wide')).toMatch(/^test-claim +Bound +pv0001 +1Gi +RWO +slow /m);
  expect(await run('master01', 'kubectl get pv -o wide')).toMatch(
    /^pv0001 +1Gi +RWO +Recycle +Bound +default\/test-claim +slow /m,
  );
  const described = await run('master01', 'kubectl describe pvc test-claim');
  for (const line of [
    'Status:        Bound',
    'Volume:        pv0001',
    'pv.kubernetes.io/bind-completed: yes',
    'Finalizers:    [kubernetes.io/pvc-protection]',
  ])
    expect(described).toContain(line);
});

test('a Deployment mounts it on its node, and the container sees it', async () => {
  await run('master01', manifest('04-deployment', 'persistent_deployment.yaml'));
  await run('master01', `kubectl create -f ${FOLDER}/persistent_deployment.yaml`);
  await say({ settle: true });
  expect(await run('master01', 'kubectl get pods -o wide')).toMatch(/^persistent-deployment-\S+ +1\/1 +Running +0 /m);
  const [pod = ''] = await podNames('app=persistest_test');
  const node = await nodeOf(pod);
  const uid = await run('master01', `kubectl get pod ${pod} -o jsonpath='{.metadata.uid}'`);
  const mountPoint = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/pv0001`;
  const df = (await run(node, 'df -h')).split('\n').find((line) => line.startsWith('192.168.120.230:/mnt/nfsserv'));
  expect(df).toMatch(
    new RegExp(`^192\\.168\\.120\\.230:/mnt/nfsserv +14G +\\S+ +\\S+ +\\d+% ${mountPoint.replaceAll('.', '\\.')}$`),
  );
  expect(await run(node, 'docker ps')).toContain(`k8s_master_${pod}_default_${uid}_0`);
  const id = (await run(node, 'docker ps -q --filter name=k8s_master')).trim();
  const [inspected] = JSON.parse(await run(node, `docker inspect ${id}`)) as {
    Mounts: { Type: string; Source: string; Destination: string }[];
  }[];
  expect(inspected!.Mounts).toContainEqual(
    expect.objectContaining({ Type: 'bind', Source: mountPoint, Destination: '/persistent-volume' }),
  );
  const inside = await run('master01', `kubectl exec ${pod} -- df -h`);
  expect(inside).toMatch(/^192\.168\.120\.230:\/mnt\/nfsserv +14G .* \/persistent-volume$/m);
  expect(inside).toMatch(/^overlay .* \/$/m);
});

test('a file typed into being in the pod is on the node and on the server', async () => {
  const [pod = ''] = await podNames('app=persistest_test');
  await say({ host: 'master01', type: `kubectl exec -it ${pod} -- bash\r` });
  const prompt = await say<{ screen: string[] }>({ host: 'master01', screen: true });
  expect(prompt.screen.filter(Boolean).at(-1)).toBe(`root@${pod}:/# `);
  await say({ host: 'master01', type: 'cd /persistent-volume\rtouch test_from_pod\rpwd\rls -la\r' });
  const { screen } = await say<{ screen: string[] }>({ host: 'master01', screen: true });
  expect(screen.join('\n')).toMatch(
    /total 0\ndrwxr-xr-x 2 root root +27 .* \.\ndrwxr-xr-x 1 root root +\d+ .* \.\.\n-rw-r--r-- 1 root root +0 .* test_from_pod/,
  );
  await say({ host: 'master01', type: 'exit\r' });
  expect(names(await run('nfs', 'ls -la /mnt/nfsserv'))).toEqual(['.', '..', 'test_from_pod']);
  const uid = await run('master01', `kubectl get pod ${pod} -o jsonpath='{.metadata.uid}'`);
  expect(await run(await nodeOf(pod), `ls /var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/pv0001`)).toBe(
    'test_from_pod\n',
  );
});

test('two replicas on two nodes write one directory', async () => {
  await run('master01', manifest('05-two-replicas', 'persistent_deployment.yaml'));
  const applied = await say<{ stdout: string; stderr: string }>({
    host: 'master01',
    run: `kubectl apply -f ${FOLDER}/persistent_deployment.yaml`,
  });
  expect(applied.stdout).toBe('deployment.apps/persistent-deployment configured\n');
  expect(applied.stderr).toMatch(
    /^Warning: resource deployments\/persistent-deployment is missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation/,
  );
  await say({ settle: true });
  expect(await run('master01', 'kubectl get replicaset')).toMatch(/^persistent-deployment-\S+ +2 +2 +2 /m);
  const pods = await podNames('app=persistest_test');
  expect(pods.length).toBe(2);
  expect((await Promise.all([nodeOf(pods[0]!)])).concat(await nodeOf(pods[1]!)).sort()).toEqual(['node01', 'node02']);
  await run('master01', `kubectl exec ${pods[1]} -- touch /persistent-volume/test_from_pod02`);
  const both = ['.', '..', 'test_from_pod', 'test_from_pod02'];
  for (const pod of pods)
    expect(names(await run('master01', `kubectl exec ${pod} -- ls -la /persistent-volume`))).toEqual(both);
  const onServer = await run('nfs', 'ls -la /mnt/nfsserv');
  expect(names(onServer)).toEqual(both);
  expect(onServer).toMatch(/root root +50 .* \.$/m);
  for (const node of ['node01', 'node02']) expect(await run(node, 'df -h')).toContain('192.168.120.230:/mnt/nfsserv');
});

test('a deleted pod heals, and finds the files', async () => {
  const [first = '', second = ''] = await podNames('app=persistest_test');
  expect(await run('master01', `kubectl delete pod ${first}`)).toBe(`pod "${first}" deleted from default namespace\n`);
  await say({ settle: true });
  const after = await podNames('app=persistest_test');
  expect(after).toContain(second);
  expect(after).not.toContain(first);
  const fresh = after.find((name) => name !== second)!;
  expect(names(await run('master01', `kubectl exec ${fresh} -- ls -la /persistent-volume/`))).toEqual([
    '.',
    '..',
    'test_from_pod',
    'test_from_pod02',
  ]);
});

test('two more exports, listed with their options, and two volumes', async () => {
  await run('nfs', 'cd /mnt; mkdir /mnt/pv002; mkdir /mnt/pv003');
  await say({ host: 'nfs', type: 'vi /etc/exports\r' });
  await say({
    host: 'nfs',
    type: 'Go/mnt/pv002 *(rw,async,no_root_squash)\r/mnt/pv003 *(rw,async,no_root_squash)\x1b:wq\r',
  });
  await run('nfs', 'exportfs -ra');
  const listed = await run('nfs', 'exportfs -v');
  for (const path of ['/mnt/pv002', '/mnt/pv003'])
    expect(listed).toMatch(
      new RegExp(
        `^${path}\\s+<world>\\(async,wdelay,hide,no_subtree_check,sec=sys,rw,secure,no_root_squash,no_all_squash\\)$|^${path}\\s+<world>\\(rw,async,wdelay,hide,no_subtree_check,sec=sys,secure,no_root_squash,no_all_squash\\)$`,
        'm',
      ),
    );
  for (const name of ['persistent_volume_002.yaml', 'persistent_volume_003.yaml']) {
    await run('master01', manifest('07-two-more-exports', name));
    await run('master01', `kubectl create -f ${FOLDER}/${name}`);
  }
  await say({ advance: '1s' });
  const volumes = await run('master01', 'kubectl get pv');
  expect(volumes).toMatch(/^pv0001 +1Gi +RWO +Recycle +Bound +default\/test-claim +slow /m);
  for (const name of ['pv002', 'pv003'])
    expect(volumes).toMatch(new RegExp(`^${name} +1Gi +RWO +Recycle +Available `, 'm'));
});

test('a StatefulSet has one volume per pod', async () => {
  await run('master01', manifest('08-statefulset', 'persistent_volume_statefulset.yaml'));
  await run('master01', `kubectl create -f ${FOLDER}/persistent_volume_statefulset.yaml`);
  await say({ settle: true });
  await say({ advance: '30s' });
  expect(await run('master01', 'kubectl get statefulset -o wide')).toMatch(
    /^persistent-stateset +2\/2 .* nginx-container +nginx$/m,
  );
  const claims = await run('master01', 'kubectl get pvc -o wide');
  const bound = [0, 1].map(
    (i) => new RegExp(`^pvc-volume-persistent-stateset-${i} +Bound +(pv00[23]) `, 'm').exec(claims)?.[1],
  );
  expect([...bound].sort()).toEqual(['pv002', 'pv003']);
  for (const i of [0, 1]) {
    expect(await run('master01', `kubectl describe pod persistent-stateset-${i}`)).toMatch(
      new RegExp(`ClaimName: +pvc-volume-persistent-stateset-${i}$`, 'm'),
    );
    expect(await run('master01', `kubectl exec persistent-stateset-${i} -- df -h`)).toMatch(
      new RegExp(`^192\\.168\\.120\\.230:/mnt/${bound[i]} .* /persistent-volume$`, 'm'),
    );
    await run('master01', `kubectl exec persistent-stateset-${i} -- touch /persistent-volume/testfile-frompod-${i}`);
    const listing = await run('nfs', `ls -la /mnt/${bound[i]}/`);
    expect(names(listing)).toEqual(['.', '..', `testfile-frompod-${i}`]);
    expect(listing).toMatch(/root root +32 .* \.$/m);
  }
});

test('its deleted pod goes through four phases and comes back to its file', async () => {
  await run('master01', '(timeout 60 kubectl get pod -w > /tmp/watch.txt) & kubectl delete pod persistent-stateset-0');
  await say({ advance: '70s' });
  const rows = (await run('master01', 'cat /tmp/watch.txt'))
    .split('\n')
    .filter((line) => line.startsWith('persistent-stateset-0'));
  const phases = rows.map((line) => line.split(/\s+/)[2]!);
  const inOrder = phases.filter((phase, i) => phase !== phases[i - 1]);
  expect(inOrder.slice(inOrder.indexOf('Terminating'))).toEqual(
    expect.arrayContaining(['Terminating', 'Pending', 'ContainerCreating', 'Running']),
  );
  const at = (phase: string) => phases.lastIndexOf(phase);
  expect(at('Terminating')).toBeLessThan(phases.indexOf('Pending'));
  expect(phases.indexOf('Pending')).toBeLessThan(phases.indexOf('ContainerCreating'));
  expect(at('ContainerCreating')).toBeLessThan(at('Running'));
  expect(names(await run('master01', 'kubectl exec persistent-stateset-0 -- ls -la /persistent-volume/'))).toEqual([
    '.',
    '..',
    'testfile-frompod-0',
  ]);
});
