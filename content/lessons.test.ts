/** Every lesson, as a learner goes through it: red before each step, green after its solution, by every right way, and the right word for each wrong one. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../sandbox/hosts/opening.ts';
import type { Verdict } from '../sandbox/lesson/checkpoint.ts';
import { Expressions } from '../sandbox/lesson/expressions.ts';
import { heredoc } from '../sandbox/lesson/manifest.ts';
import type { CommandResult } from '../sandbox/lesson/observation.ts';
import type { LessonDocument, Step } from '../sandbox/lesson/schema.ts';
import type { Session } from '../sandbox/session/session.ts';
import { advance } from '../sandbox/sim/driver.ts';
import { LANGUAGES } from '../sandbox/words/index.ts';

/**
 * Lines by host (`$D` is the folder of the manifests); `write` puts a manifest of the lesson into the lab,
 * `keys HOST` types into the host's terminal.
 */
type Lines = Record<string, string>[];

/** mistakes.yaml: a wrong way, and what must be said of it. */
interface Mistake {
  at: string;
  /** The step at whose beginning it starts, if that is an earlier one. */
  from?: string;
  checkpoint: string;
  /** A reason of lesson.yaml … */
  reason?: string;
  /** … or words of the engine's own. */
  says?: string;
  run: Lines;
}

/** ways.yaml: a right way through a step, other than its solution. */
interface Way {
  at: string;
  /** What is done otherwise, for the test's name. */
  by: string;
  /** The checkpoints that it makes green; all of the step's unless given. */
  green?: string[];
  run: Lines;
}

const lessons = lessonsFromDisk();

/** Unless it follows, a script's session looks at the step that is open, a challenge too. */
const open = (lesson: string, step: string, follow = true) =>
  openSession({
    seed: 7,
    start: { lesson, step },
    language: 'en',
    lessons,
    follow,
  });

async function check(session: Session, lesson: string, step: string): Promise<Verdict[]> {
  const entry = session.input({ type: 'check', place: { lesson, step } });
  return (await session.result<Verdict[]>(entry, 60_000))!;
}

const lived = new Map<string, Promise<Verdict[]>>();

/** The verdicts of a step some seconds after its beginning and what was typed; the same once for all its checkpoints. */
function verdictsAfter(lesson: LessonDocument, step: string, lines: Lines, from = step): Promise<Verdict[]> {
  const key = JSON.stringify([lesson.id, from, step, lines]);
  const verdicts = lived.get(key) ?? liveThrough(lesson, step, lines, from);
  lived.set(key, verdicts);
  return verdicts;
}

async function liveThrough(lesson: LessonDocument, step: string, lines: Lines, from: string): Promise<Verdict[]> {
  const session = await open(lesson.id, from);
  await type(session, lesson, [{ master01: 'D=/root/kube_yaml/persistent_volume' }, ...lines]);
  await advance(session.world.clock, session.now + 20_000);
  const verdicts = await check(session, lesson.id, step);
  session.close();
  return verdicts;
}

async function type(session: Session, lesson: LessonDocument, lines: Lines): Promise<void> {
  for (const line of lines)
    for (const [key, value] of Object.entries(line)) {
      const terminal = /^keys (.*)/.exec(key)?.[1];
      if (terminal) {
        session.input({ type: 'keys', host: terminal, data: value });
        await advance(session.world.clock, session.now + 5_000);
        continue;
      }
      const [host, command] = key === 'write' ? ['master01', heredoc(value, lesson.manifests[value]!)] : [key, value];
      const entry = session.input({ type: 'run', host, command });
      await session.result<CommandResult>(entry, 120_000);
    }
}

function* steps(): Generator<{ lesson: LessonDocument; step: Step }> {
  for (const lesson of lessons) for (const step of lesson.steps) yield { lesson, step };
}

function table<T>(lesson: LessonDocument, name: string): T[] {
  const folder = readdirSync(import.meta.dirname).find((one) => one.endsWith(`-${lesson.id}`))!;
  const file = join(import.meta.dirname, folder, name);
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as T[]) : [];
}

test('every text that a checkpoint may need is there in every language, and no other', () => {
  for (const { lesson, step } of steps())
    for (const language of LANGUAGES) {
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

test('every expression can be read, and names functions that there are', () => {
  const expressions = new Expressions();
  for (const { lesson, step } of steps())
    for (const { id, expr, reasons } of step.checkpoints) {
      const texts = LANGUAGES.flatMap((language) =>
        Object.values(lesson.texts[language].steps[step.id]!.checkpoints[id]!.reasons),
      );
      const quoted = texts.flatMap((text) => [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]!));
      for (const source of [...(expr ? [expr] : []), ...reasons.map((r) => r.when), ...quoted])
        expect(() => expressions.parse(source), `${lesson.id}/${step.id} ${id}: ${source}`).not.toThrow();
    }
});

test('from the first step to the last, each checkpoint is red before its step and green after its solution', async () => {
  const first = lessons[0]!;
  const session = await open(first.id, first.steps[0]!.id);
  for (const { lesson, step } of steps()) if (!step.optional) await solve(session, lesson, step);
});

describe('challenges', () => {
  for (const { lesson, step } of steps())
    if (step.optional)
      test(`${lesson.id}: not needed, and told when it is met`, async () => {
        expect(step, 'the last step').toBe(lesson.steps.at(-1));
        expect(step.checkpoints.length + step.quiz.length).toBeGreaterThan(0);
        if (step.checkpoints.length > 0) await solve(await open(lesson.id, step.id, false), lesson, step);
      });
});

async function solve(session: Session, lesson: LessonDocument, step: Step): Promise<void> {
  const where = `${lesson.id}/${step.id}`;
  const before = await check(session, lesson.id, step.id);
  expect(
    before.filter((v) => v.passed),
    `${where} before`,
  ).toEqual([]);
  for (const verdict of before) expect(verdict.message, where).not.toBe('');
  const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
  const solved = await session.solved(entry as typeof entry & { type: 'solve' });
  expect(solved, `${where} solved`).toBe(true);
  // A challenge asks to clean up afterwards: what was once true stays passed.
  if (step.optional) return;
  const after = await check(session, lesson.id, step.id);
  expect(
    after.filter((v) => !v.passed),
    `${where} after`,
  ).toEqual([]);
}

test('each step asks or checks something', () => {
  const idle = [...steps()].filter(({ step }) => step.checkpoints.length + step.quiz.length === 0);
  expect(idle.map(({ lesson, step }) => `${lesson.id}/${step.id}`)).toEqual([]);
});

describe('right ways', () => {
  for (const lesson of lessons) {
    const ways = table<Way>(lesson, 'ways.yaml');

    test(`${lesson.id}: at least four for every checkpoint`, () => {
      for (const step of lesson.steps.filter((one) => !one.optional))
        for (const { id } of step.checkpoints) {
          const found = ways.filter((way) => way.at === step.id && (way.green?.includes(id) ?? true));
          expect(found.length, `${step.id} ${id}`).toBeGreaterThanOrEqual(4);
        }
    });

    for (const way of ways)
      test(`${lesson.id}/${way.at}: ${way.by}`, async () => {
        const verdicts = await verdictsAfter(lesson, way.at, way.run);
        const wanted = verdicts.filter((v) => way.green?.includes(v.id) ?? true);
        expect(wanted.length).toBe(way.green?.length ?? verdicts.length);
        expect(wanted.filter((v) => !v.passed)).toEqual([]);
      });
  }
});

describe('mistakes', () => {
  for (const lesson of lessons) {
    const mistakes = table<Mistake>(lesson, 'mistakes.yaml');

    test(`${lesson.id}: at least four for every checkpoint, and two words`, () => {
      for (const step of lesson.steps)
        for (const checkpoint of step.checkpoints) {
          const found = mistakes.filter((m) => m.at === step.id && m.checkpoint === checkpoint.id);
          expect(
            new Set(found.map((m) => m.reason ?? m.says)).size,
            `${step.id} ${checkpoint.id}`,
          ).toBeGreaterThanOrEqual(2);
          if (!step.optional) expect(found.length, `${step.id} ${checkpoint.id}`).toBeGreaterThanOrEqual(4);
        }
    });

    for (const mistake of mistakes)
      test(`${lesson.id}/${mistake.at} ${mistake.checkpoint}: ${mistake.reason ?? mistake.says}`, async () => {
        const verdicts = await verdictsAfter(lesson, mistake.at, mistake.run, mistake.from);
        const verdict = verdicts.find((v) => v.id === mistake.checkpoint)!;
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
