/** `lab bench`: what the lab costs, in CPU seconds and memory of this process; one JSON object as the last line. */

import { startStubKubelets } from '../kubelet/stub.ts';
import type { CommandResult } from '../lesson/observation.ts';
import { Session } from '../session/session.ts';
import { Clock } from '../sim/clock.ts';
import { runUntil } from '../sim/driver.ts';
import { Random } from '../sim/random.ts';
import { startControlPlane } from '../world/control-plane.ts';
import { createWorld, START } from '../world/lab.ts';

import { lessonsFromDisk } from './lessons-from-disk.ts';

const REPLICAS = [100, 1_000, 10_000];
const CLAIMS = 1_000;

export async function main(args: string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write(`lab bench: takes no options\n`);
    return 2;
  }
  const figures: Record<string, unknown> = {};
  const note = (name: string, value: unknown) => {
    figures[name] = value;
    process.stderr.write(`${name}: ${JSON.stringify(value)}\n`);
  };
  // The code is compiled before it is measured, as it is for a learner past the first minute.
  await deploymentReady(100);
  const ready: Record<string, number> = {};
  for (const replicas of REPLICAS) ready[replicas] = await deploymentReady(replicas);
  note('deploymentReadyCpuSeconds', ready);
  note('deploymentGrowth100To10000', round(ready[10_000]! / ready[100]!));
  note('claimsBoundCpuSeconds', { [CLAIMS]: await claimsBound(CLAIMS) });
  note('allSolutions', await allSolutions());
  note('getPods1000Milliseconds', await getPods(1_000));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  return 0;
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

/** CPU seconds, user and system, that `work` takes. */
async function cpu(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return round((user + system) / 1e6);
}

/** A control plane with workers enough for so many pods, containers without a machine under them. */
function cluster(pods: number) {
  const clock = new Clock(START);
  const random = new Random(1);
  const api = startControlPlane(clock, random);
  const client = api.client('bench');
  const workers = Math.ceil(pods / 100);
  const node = client.get('nodes', '', 'node01')!;
  for (let i = 3; i <= workers; i++) {
    const name = `node${String(i).padStart(2, '0')}`;
    client.create('nodes', '', {
      metadata: { name, labels: { ...node.metadata.labels, 'kubernetes.io/hostname': name } },
      spec: { podCIDR: `10.244.${i}.0/24`, podCIDRs: [`10.244.${i}.0/24`] },
    } as never);
    client.mutate('nodes', '', name, (created) => ({ ...created, status: node.status! }), 'status');
  }
  startStubKubelets({ clock, random, client });
  clock.advanceTo(clock.now + 5_000);
  return { clock, client, server: api.server };
}

async function deploymentReady(replicas: number): Promise<number> {
  const { clock, client } = cluster(replicas);
  return cpu(async () => {
    client.create('deployments', 'default', deployment(replicas) as never);
    const done = () => client.get('deployments', 'default', 'web')?.status?.readyReplicas === replicas;
    if (!(await runUntil(clock, done, clock.now + 3_600_000)))
      throw new Error(`${replicas} replicas did not become Ready`);
  });
}

const deployment = (replicas: number) => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'nginx', image: 'nginx', resources: { requests: { cpu: '10m', memory: '10Mi' } } }],
      },
    },
  },
});

async function claimsBound(count: number): Promise<number> {
  const { clock, client } = cluster(0);
  return cpu(async () => {
    for (let i = 0; i < count; i++) {
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'slow' };
      client.create('persistentvolumes', '', {
        metadata: { name: `pv${i}` },
        spec: { ...spec, capacity: { storage: '1Gi' }, nfs: { server: '192.168.120.230', path: `/mnt/${i}` } },
      } as never);
      client.create('persistentvolumeclaims', 'default', {
        metadata: { name: `claim${i}` },
        spec: { ...spec, resources: { requests: { storage: '1Gi' } } },
      } as never);
    }
    const done = () =>
      client.list('persistentvolumeclaims', 'default').every((claim) => claim.status?.phase === 'Bound');
    for (let waited = 0; !done(); waited++) {
      if (waited > 600) throw new Error('not all claims were bound');
      clock.advanceTo(clock.now + 1_000);
    }
  });
}

async function allSolutions() {
  const lessons = lessonsFromDisk();
  const last = lessons.at(-1)!;
  const started = process.hrtime.bigint();
  let session: Session | undefined;
  const seconds = await cpu(async () => {
    session = await Session.open({
      seed: 1,
      start: { lesson: last.id, step: last.steps.at(-1)!.id },
      language: 'en',
      lessons,
      createWorld: (seed) => createWorld({ seed }),
      follow: true,
    });
  });
  const wall = round(Number(process.hrtime.bigint() - started) / 1e9);
  const virtual = Math.round((session!.now - START) / 1_000);
  globalThis.gc?.();
  const memory = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  session!.close();
  return { cpuSeconds: seconds, wallSeconds: wall, virtualSeconds: virtual, heapMegabytes: memory };
}

async function getPods(count: number): Promise<number> {
  const lessons = lessonsFromDisk();
  const session = await Session.open({
    seed: 1,
    start: { lesson: lessons[0]!.id, step: lessons[0]!.steps[0]!.id },
    language: 'en',
    lessons,
    createWorld: (seed) => createWorld({ seed }),
    follow: true,
  });
  const run = async (command: string) => {
    const entry = session.input({ type: 'run', host: 'master01', command });
    return (await session.result<CommandResult>(entry, 600_000))!;
  };
  await run(`kubectl create deployment web --image=nginx --replicas=${count}`);
  await run('kubectl get pods');
  const { stdout } = await run('kubectl get pods');
  if (stdout.split('\n').length < count)
    throw new Error(`kubectl get pods printed too few lines:\n${stdout.slice(0, 500)}`);
  const seconds = await cpu(() => run('kubectl get pods'));
  session.close();
  return round(seconds * 1_000);
}
