/** `lab bench`: what the lab costs, in CPU seconds and memory of this process; one JSON object as the last line. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startStubKubelets } from '../kubelet/stub.ts';
import type { CommandResult } from '../lesson/observation.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { Session } from '../session/session.ts';
import { Clock } from '../sim/clock.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Random } from '../sim/random.ts';
import { startControlPlane } from '../world/control-plane.ts';
import { createWorld, START } from '../world/lab.ts';
import { articleCommands, type Command, ROUND } from './bench-commands.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';

const REPLICAS = [100, 1_000, 10_000];
const CLAIMS = 1_000;
/** The least of so many repetitions, where one is short enough: the machine's other work is not the lab's. */
const REPETITIONS = 5;
const SESSION_COMMANDS = 500;
const SESSION_HOURS = 2;

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
  const lessons = lessonsFromDisk();
  note('worldMegabytes', await memory(lessons));
  note('articleCommandsCpuSeconds', await articleReplayed(lessons));
  note('allSolutions', await allSolutions(lessons));
  note('sessionReplay', await sessionReplay(lessons));
  note('getPods1000Milliseconds', await getPods(lessons, 1_000));
  note('claimsBoundCpuSeconds', { [CLAIMS]: await claimsBound(CLAIMS) });
  // The code is compiled before it is measured, as it is for a learner past the first minute.
  await deploymentReady(100);
  const ready: Record<string, number> = {};
  for (const replicas of REPLICAS)
    ready[replicas] = await least(replicas > 1_000 ? 1 : REPETITIONS, () => deploymentReady(replicas));
  note('deploymentReadyCpuSeconds', ready);
  note('deploymentGrowth100To10000', round(ready[10_000]! / ready[100]!));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  return 0;
}

async function least(times: number, figure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) best = Math.min(best, await figure());
  return best;
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

/** A world at the first lesson's beginning, or where another place begins. */
function open(lessons: readonly LessonDocument[], start = place(lessons[0]!, 0)): Promise<Session> {
  return Session.open({
    seed: 1,
    start,
    language: 'en',
    lessons,
    createWorld: (seed) => createWorld({ seed }),
    follow: true,
  });
}

const place = (lesson: LessonDocument, step: number) => ({ lesson: lesson.id, step: lesson.steps.at(step)!.id });

async function run(session: Session, { host, run: command }: Command): Promise<CommandResult> {
  const entry = session.input({ type: 'run', host, command });
  return (await session.result<CommandResult>(entry, 600_000))!;
}

async function typeArticle(session: Session, lessons: readonly LessonDocument[]): Promise<void> {
  for (const command of articleCommands(lessons)) {
    const { exitCode, stderr } = await run(session, command);
    if (exitCode !== 0) throw new Error(`${command.host}: ${command.run}\n${stderr}`);
  }
}

/** From an empty lab to the article's last command, in a lab whose code is compiled. */
async function articleReplayed(lessons: readonly LessonDocument[]): Promise<Record<string, number>> {
  const figure = () =>
    cpu(async () => {
      const session = await open(lessons);
      await typeArticle(session, lessons);
      session.close();
    });
  return { first: await figure(), best: await least(REPETITIONS, figure) };
}

/** What stays on the heap: the code alone, a lesson's world as it begins, and as the article leaves it. */
async function memory(lessons: readonly LessonDocument[]): Promise<Record<string, number>> {
  const code = heap();
  const session = await open(lessons);
  const fresh = heap();
  await typeArticle(session, lessons);
  const after = heap();
  session.close();
  return { atStart: megabytes(fresh - code), afterTheArticle: megabytes(after - code), withAllCode: megabytes(after) };
}

const megabytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

async function allSolutions(lessons: readonly LessonDocument[]) {
  const started = process.hrtime.bigint();
  let session: Session | undefined;
  const seconds = await cpu(async () => {
    session = await open(lessons, place(lessons.at(-1)!, -1));
  });
  const wall = round(Number(process.hrtime.bigint() - started) / 1e9);
  const virtual = Math.round((session!.now - START) / 1_000);
  session!.close();
  return { cpuSeconds: seconds, wallSeconds: wall, virtualSeconds: virtual };
}

/** A session of two hours with a command typed every 14 seconds, on the world that all lessons leave; then its replay. */
async function sessionReplay(lessons: readonly LessonDocument[]) {
  const session = await open(lessons);
  await typeArticle(session, lessons);
  const article = session.log().entries.length;
  const begun = session.now;
  const between = (SESSION_HOURS * 3_600_000) / SESSION_COMMANDS;
  for (let i = 0; i < SESSION_COMMANDS - article; i++) {
    const { host, run: line } = ROUND[i % ROUND.length]!;
    session.input({ type: 'keys', host, data: `${line}\r` }, begun + i * between);
    await advance(session.world.clock, begun + (i + 1) * between);
  }
  const log = session.log();
  const hash = session.hash();
  session.close();
  const options = {
    seed: log.seed,
    start: log.start,
    language: 'en' as const,
    lessons,
    createWorld: (seed: number) => createWorld({ seed }),
    follow: true,
  };
  const cpuSeconds = await least(2, () =>
    cpu(async () => {
      const restored = await Session.restore(options, log);
      if (restored.hash() !== hash) throw new Error('the replay came to another world');
      restored.close();
    }),
  );
  const virtualSeconds = Math.round((log.until - START) / 1_000);
  return { commands: log.entries.length, virtualSeconds, cpuSeconds };
}

async function getPods(lessons: readonly LessonDocument[], count: number): Promise<number> {
  const session = await open(lessons);
  const get = { host: 'master01', run: 'kubectl get pods' };
  await run(session, { host: 'master01', run: `kubectl create deployment web --image=nginx --replicas=${count}` });
  await advance(session.world.clock, session.now + 30_000);
  const { stdout } = await run(session, get);
  if (stdout.split('\n').length !== count + 2)
    throw new Error(`kubectl get pods printed another number of lines:\n${stdout.slice(0, 500)}`);
  const seconds = await least(REPETITIONS * 4, () => cpu(() => run(session, get)));
  session.close();
  return round(seconds * 1_000);
}
