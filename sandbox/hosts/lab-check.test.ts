/** `lab check` beside the lab's own verdicts: the same for all that can be seen from outside, over real HTTP, and words for the rest. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampled } from '../../tests/support/sample.ts';
import type { Verdict } from '../lesson/checkpoint.ts';
import type { LessonDocument, Step } from '../lesson/schema.ts';
import type { Session } from '../session/session.ts';
import { checkLesson, type Report } from './check/checking.ts';
import { Cluster } from './check/cluster.ts';
import { Machines } from './check/machines.ts';
import { Beginnings } from './check/record.ts';
import { type Served, serve } from './check/test-bed.ts';
import { firstLine, lab, PROJECT, startLab } from './lab-process.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { openSession } from './opening.ts';

const lessons = lessonsFromDisk();

/** What cannot be seen of a checkpoint, and when: `bare` is without ssh; the rest is so with ssh to every machine too. */
const UNSEEN: Readonly<Record<string, { readonly what: string; readonly when?: 'after'; readonly bare?: true }>> = {
  'the-lab/export directory': { what: 'machine', bare: true },
  'the-lab/export exported': { what: 'machine', bare: true },
  'the-lab/clients node01': { what: 'machine', bare: true },
  'the-lab/clients node02': { what: 'machine', bare: true },
  'the-lab/challenge by-hand': { what: 'machine', bare: true },
  'persistent-volume/define manifest': { what: 'documents' },
  'claim/define manifest': { what: 'documents' },
  'deployment/write on-server': { what: 'author', when: 'after' },
  'deployment/challenge from-server': { what: 'author', when: 'after' },
  'two-replicas/write-second second-file': { what: 'author' },
  'two-replicas/write-second both-files': { what: 'author', when: 'after' },
  'self-healing/files-remain still-there': { what: 'author', when: 'after' },
  'two-more-exports/export pv002': { what: 'machine', bare: true },
  'two-more-exports/export pv003': { what: 'machine', bare: true },
  'two-more-exports/export all-three': { what: 'machine', bare: true },
  'statefulset/files from-0': { what: 'author', when: 'after' },
  'statefulset/files from-1': { what: 'author', when: 'after' },
  'identity/same-file written-again': { what: 'author', when: 'after' },
  // With the last Pod the last view of the exported directories is gone.
  'identity/challenge clean': { what: 'machine', when: 'after', bare: true },
};

async function inside(session: Session, lesson: LessonDocument, step: Step): Promise<Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson: lesson.id, step: step.id } });
  return (await session.result<Verdict[]>(entry, 60_000))!;
}

async function outside(
  served: Served,
  where: { lesson: LessonDocument; step?: string; hosts?: readonly string[]; state?: string },
): Promise<Report> {
  const { lesson, step, hosts = [], state } = where;
  return served.live(async () => {
    const cluster = await Cluster.open({ kubeconfig: served.kubeconfig, requestTimeout: '20s' });
    const machines = new Machines(new Map(hosts.map((host) => [host, `root@${host}`])));
    const beginnings = Beginnings.open(state, cluster.server);
    const report = await checkLesson({ cluster, machines, beginnings, lesson, step, language: 'en' });
    beginnings.save();
    cluster.close();
    return report;
  });
}

async function compare(
  session: Session,
  served: Served,
  lesson: LessonDocument,
  step: Step,
  when: 'before' | 'after',
): Promise<void> {
  const known = await inside(session, lesson, step);
  for (const hosts of [[], lesson.hosts]) {
    const state = join(served.folder, 'state.json');
    const report = await outside(served, { lesson, step: step.id, hosts, state });
    expect(report.steps.map((one) => one.step)).toEqual([step.id]);
    const { checkpoints } = report.steps[0]!;
    expect(checkpoints.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
    for (const [i, { id, verdict, message, unseen }] of checkpoints.entries()) {
      const name = `${lesson.id}/${step.id} ${id}`;
      const at = `${name}, ${when} its solution, ${hosts.length > 0 ? 'ssh to each machine' : 'no ssh'}`;
      const { what, when: only = when, bare = false } = UNSEEN[name] ?? {};
      const hidden = what !== undefined && only === when && !(bare && hosts.length > 0);
      const { passed, message: words } = known[i]!;
      expect.soft(verdict, at).toBe(hidden ? 'unknown' : passed ? 'met' : 'not met');
      if (hidden) expect.soft(unseen, at).toContainEqual(expect.objectContaining({ kind: what }));
      // Why not, is told in the author's words unless those rest on who wrote a file.
      if (verdict === 'not met' && unseen.every(({ kind }) => kind !== 'author'))
        expect.soft({ message, unseen }, at).toEqual({ message: words, unseen: [] });
      if (verdict !== 'not met') expect.soft(message, at).toBe('');
    }
  }
}

const begin = (lesson: string, step: string) =>
  openSession({ seed: 7, start: { lesson, step }, language: 'en', lessons, follow: false });

async function solve(session: Session, lesson: LessonDocument, step: Step): Promise<void> {
  const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
  await session.solved(entry as typeof entry & { type: 'solve' });
}

/** With the machines' `ssh` before any other. */
async function during<T>(session: Session, work: (served: Served) => Promise<T>): Promise<T> {
  const served = await serve(session);
  const { PATH } = process.env;
  process.env.PATH = `${served.folder}:${PATH}`;
  try {
    return await work(served);
  } finally {
    process.env.PATH = PATH;
    session.close();
    await served.close();
  }
}

describe('the same verdicts as inside, before and after each solution, where they can be seen', () => {
  for (const lesson of sampled(lessons, 4))
    test(lesson.id, { timeout: 180_000 }, async () => {
      await during(await begin(lesson.id, lesson.steps[0]!.id), async (served) => {
        for (const step of lesson.steps) {
          if (step.checkpoints.length > 0) await compare(served.session, served, lesson, step, 'before');
          await solve(served.session, lesson, step);
          if (step.checkpoints.length > 0) await compare(served.session, served, lesson, step, 'after');
        }
      });
    });
});

test('each checkpoint that is said to be unseen is one', () => {
  const names = lessons.flatMap(({ id, steps }) =>
    steps.flatMap((step) => step.checkpoints.map((one) => `${id}/${step.id} ${one.id}`)),
  );
  expect(names).toEqual(expect.arrayContaining(Object.keys(UNSEEN)));
});

const healing = lessons.find(({ id }) => id === 'self-healing')!;

test('how it was when a step began is not known without a record, and with one as inside', async () => {
  await during(await begin('self-healing', 'delete-pod'), async (served) => {
    const { session, folder } = served;
    const state = join(folder, 'began.json');
    const verdicts = async (file?: string) => {
      const { steps } = await outside(served, { lesson: healing, ...(file !== undefined && { state: file }) });
      return steps[0]!.checkpoints[0]!;
    };
    expect(await verdicts(state)).toMatchObject({ id: 'replaced', verdict: 'not met', message: /the Pods are still/i });
    await solve(session, healing, healing.steps[0]!);
    expect(await verdicts(state)).toMatchObject({ verdict: 'met' });
    expect(await verdicts()).toMatchObject({
      verdict: 'unknown',
      unseen: [{ kind: 'before', step: 'self-healing/delete-pod' }],
    });
    expect(await verdicts(join(folder, 'late.json'))).toMatchObject({ verdict: 'not met' });
  });
});

test('a machine that does not answer is named with what ssh said, and nothing fails by it', async () => {
  const lesson = lessons[0]!;
  await during(await begin('the-lab', 'clients'), async (served) => {
    const { cluster, machines } = {
      cluster: await Cluster.open({ kubeconfig: served.kubeconfig, requestTimeout: '20s' }),
      machines: new Machines(new Map([['nfs', 'root@elsewhere']])),
    };
    const beginnings = Beginnings.open(undefined, cluster.server);
    const check = () => checkLesson({ cluster, machines, beginnings, lesson, step: 'export', language: 'en' });
    const why = 'ssh: Could not resolve hostname elsewhere: Name or service not known';
    const sight = { kind: 'no-answer', host: 'nfs', target: 'root@elsewhere', why };
    for (const { verdict, unseen } of (await served.live(check)).steps[0]!.checkpoints)
      expect({ verdict, unseen }).toEqual({ verdict: 'unknown', unseen: [sight] });
    cluster.close();
  });
});

test('as a command, beside `lab serve` as any cluster', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bound-check-served-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const server = startLab(['serve', '--lesson', 'claim/create', '--kubeconfig', kubeconfig]);
  try {
    await firstLine(server);
    const check = (...args: string[]) => lab(['check', '--kubeconfig', kubeconfig, ...args, 'claim/create']);
    const before = await check();
    expect(before).toMatchObject({ code: 1, stderr: '' });
    expect(before.stdout).toMatch(/✗ not met .*`test-claim`.*\n +There is no claim/);
    expect(before.stdout).toContain('0 met, 2 not met, 0 that cannot be seen\n');
    const kubectl = (...args: string[]) => lab(['kubectl', '--kubeconfig', kubeconfig, ...args]);
    await kubectl('create', '-f', join(PROJECT, 'content/03-claim/files/persistent_volume_claims.yaml'));
    await kubectl('wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/test-claim', '--timeout=20s');
    const after = await check('--json');
    expect(after).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(after.stdout)).toMatchObject({ lesson: 'claim', met: 2, notMet: 0, unknown: 0 });
  } finally {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true });
  }
});
