/** `lab check` beside the lab's own verdicts: the same for all that can be seen from outside, over real HTTP, and words for the rest. */

import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sampled } from '../../tests/support/sample.ts';
import type { Verdict } from '../lesson/checkpoint.ts';
import type { LessonDocument, Step } from '../lesson/schema.ts';
import type { Session } from '../session/session.ts';
import { checkLesson, type StepReport } from './check/checking.ts';
import { Cluster } from './check/cluster.ts';
import { Machines } from './check/machines.ts';
import { Beginnings } from './check/record.ts';
import { type Served, serve } from './check/test-bed.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { openSession } from './opening.ts';

const lessons = lessonsFromDisk();

async function inside(session: Session, lesson: string, step: string): Promise<Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson, step } });
  return (await session.result<Verdict[]>(entry, 60_000))!;
}

async function outside(served: Served, lesson: LessonDocument, step: Step, hosts: readonly string[]): Promise<StepReport> {
  return served.live(async () => {
    const cluster = await Cluster.open({ kubeconfig: served.kubeconfig, requestTimeout: '20s' });
    const machines = new Machines(new Map(hosts.map((host) => [host, `root@${host}`])));
    const beginnings = Beginnings.open(join(served.folder, 'state.json'), cluster.server);
    const report = await checkLesson({ cluster, machines, beginnings, lesson, step: step.id, language: 'en' });
    beginnings.save();
    cluster.close();
    return report.steps[0]!;
  });
}

const unseenKinds: Record<string, string[]> = {};

async function compare(session: Session, served: Served, lesson: LessonDocument, step: Step, when: string) {
  const first = await inside(session, lesson.id, step.id);
  for (const hosts of [[], lesson.hosts]) {
    const { checkpoints } = await outside(served, lesson, step, hosts);
    for (const [i, { id, verdict, message, unseen }] of checkpoints.entries()) {
      const at = `${lesson.id}/${step.id} ${id} ${when} ${hosts.length ? 'ssh' : 'bare'}`;
      console.log(at, verdict, first[i]!.passed, message, JSON.stringify(unseen));
      if (verdict === 'unknown') (unseenKinds[at] ??= []).push(...unseen.map((s) => s.kind));
      else expect.soft(verdict, at).toBe(first[i]!.passed ? 'met' : 'not met');
      if (verdict === 'not met' && unseen.length === 0) expect.soft(message, at).toBe(first[i]!.message);
    }
  }
}

describe('the same verdicts as inside', () => {
  for (const lesson of sampled(lessons))
    test(lesson.id, { timeout: 60_000 }, async () => {
      const session = await openSession({ seed: 7, start: { lesson: lesson.id, step: lesson.steps[0]!.id }, language: 'en', lessons, follow: false });
      const served = await serve(session);
      process.env.PATH = `${served.folder}:${process.env.PATH}`;
      for (const step of lesson.steps) {
        if (step.checkpoints.length === 0 && step.solution.length === 0) continue;
        await compare(session, served, lesson, step, 'before');
        const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
        await session.solved(entry as typeof entry & { type: 'solve' });
        await compare(session, served, lesson, step, 'after');
      }
      session.close();
      await served.close();
    });
});
