/** Every lesson, as a learner goes through it: red before each step, green after its solution, and the right word for each mistake. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';
import type { Verdict } from '../sandbox/lesson/checkpoint.ts';
import { heredoc } from '../sandbox/lesson/manifest.ts';
import type { CommandResult } from '../sandbox/lesson/observation.ts';
import { Session } from '../sandbox/session/session.ts';
import { advance } from '../sandbox/sim/driver.ts';
import { createWorld } from '../sandbox/world/lab.ts';

interface Mistake {
  at: string;
  checkpoint: string;
  /** A reason of lesson.yaml … */
  reason?: string;
  /** … or words of the engine's own. */
  says?: string;
  /** Commands by host; `write` puts a manifest of the lesson into the lab first. */
  run: Record<string, string>[];
}

const lessons = lessonsFromDisk();

const open = (lesson: string, step: string) =>
  Session.open({
    seed: 7,
    start: { lesson, step },
    language: 'en',
    lessons,
    createWorld: (seed) => createWorld({ seed }),
    follow: true,
  });

async function check(session: Session, lesson: string, step: string): Promise<Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson, step } });
  return (await session.result<Verdict[]>(entry, 60_000))!;
}

test('every text that a checkpoint may need is there in both languages, and no other', () => {
  for (const lesson of lessons)
    for (const language of ['en', 'ja'] as const)
      for (const step of lesson.steps) {
        const texts = lesson.texts[language].steps[step.id];
        const where = `${lesson.id}/${step.id} (${language})`;
        expect(texts, where).toBeDefined();
        expect(Object.keys(texts!.checkpoints), where).toEqual(step.checkpoints.map((c) => c.id));
        for (const checkpoint of step.checkpoints)
          expect(Object.keys(texts!.checkpoints[checkpoint.id]!.reasons).sort(), `${where} ${checkpoint.id}`).toEqual(
            checkpoint.reasons.map((r) => r.id).sort(),
          );
        expect(Object.keys(texts!.quiz), where).toEqual(step.quiz.map((q) => q.id));
        for (const question of step.quiz)
          expect(Object.keys(texts!.quiz[question.id]!.choices), where).toEqual(question.choices);
      }
});

test('from the first step to the last, each checkpoint is red before its step and green after its solution', async () => {
  const first = lessons[0]!;
  const session = await open(first.id, first.steps[0]!.id);
  for (const lesson of lessons)
    for (const step of lesson.steps) {
      const where = `${lesson.id}/${step.id}`;
      const before = await check(session, lesson.id, step.id);
      expect(
        before.filter((v) => v.passed),
        `${where} before`,
      ).toEqual([]);
      for (const verdict of before) expect(verdict.message, where).not.toBe('');
      const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
      expect(await session.solved(entry as typeof entry & { type: 'solve' }), `${where} solved`).toBe(true);
      const after = await check(session, lesson.id, step.id);
      expect(
        after.filter((v) => !v.passed),
        `${where} after`,
      ).toEqual([]);
    }
});

describe('mistakes', () => {
  for (const folder of readdirSync(import.meta.dirname)) {
    const file = join(import.meta.dirname, folder, 'mistakes.yaml');
    if (!existsSync(file)) continue;
    const mistakes = parse(readFileSync(file, 'utf8')) as Mistake[];
    const lesson = lessons.find((l) => folder.endsWith(l.id))!;

    test(`${lesson.id}: at least two for every checkpoint`, () => {
      for (const step of lesson.steps)
        for (const checkpoint of step.checkpoints) {
          const found = mistakes.filter((m) => m.at === step.id && m.checkpoint === checkpoint.id);
          expect(
            new Set(found.map((m) => m.reason ?? m.says)).size,
            `${step.id} ${checkpoint.id}`,
          ).toBeGreaterThanOrEqual(2);
        }
    });

    for (const mistake of mistakes)
      test(`${lesson.id}/${mistake.at} ${mistake.checkpoint}: ${mistake.reason ?? mistake.says}`, async () => {
        const session = await open(lesson.id, mistake.at);
        for (const line of mistake.run)
          for (const [key, value] of Object.entries(line)) {
            const [host, command] =
              key === 'write' ? ['master01', heredoc(value, lesson.manifests[value]!)] : [key, value];
            const entry = session.input({ type: 'run', host, command });
            await session.result<CommandResult>(entry, 120_000);
          }
        await advance(session.world.clock, session.now + 20_000);
        const verdict = (await check(session, lesson.id, mistake.at)).find((v) => v.id === mistake.checkpoint)!;
        expect(verdict.passed).toBe(false);
        const text =
          mistake.reason && lesson.texts.en.steps[mistake.at]!.checkpoints[mistake.checkpoint]!.reasons[mistake.reason];
        const parts = (text ?? mistake.says!)
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        const values = new RegExp(parts.join('(.*)'), 's').exec(verdict.message);
        expect(values, verdict.message).not.toBeNull();
        // What a text quotes from the state was really there.
        for (const value of values!.slice(1)) expect(value, verdict.message).not.toMatch(/^\??$/);
      });
  }
});
