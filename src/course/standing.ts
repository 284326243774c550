/** How far a learner has come in a course: what the course system keeps, and what follows from it. */

import type { Place, Progress, StepState } from '../../sandbox/channel/messages.ts';
import { type CourseShape, type ItemShape, nameOf } from './shape.ts';

/** Of a checkpoint or question: not yet, by a solution that was shown, by the learner's own hand. */
type Mark = '0' | 's' | '1';
const ORDER = '0s1';

/** By lesson and step: a mark each for its checkpoints and questions, in the order of the lesson. */
export type Marks = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Standing {
  readonly marks: Marks;
  /** The step that was open last. */
  readonly at?: Place | undefined;
  /** The session in the browser that it was worked in last. */
  readonly session?: string | undefined;
}

/** What a standing comes to. */
export interface Result {
  /** Part of the required checkpoints and questions met by the learner's own hand, 0 to 1. */
  readonly score: number;
  /** Part of them that is met at all. */
  readonly progress: number;
  readonly complete: boolean;
  /** Undefined before it is complete. */
  readonly passed: boolean | undefined;
}

export const NOTHING: Standing = { marks: {} };

const higher = (a: string, b: string): string => (ORDER.indexOf(a) < ORDER.indexOf(b) ? b : a);

/** The marks of a step; those of a step that has another number of them now are none. */
function marksOf({ marks }: Standing, lesson: string, step: { id: string; items: readonly unknown[] }): string {
  const known = marks[lesson]?.[step.id];
  return known?.length === step.items.length ? known : '0'.repeat(step.items.length);
}

/** What was met once stays met. */
export function withProgress(standing: Standing, shape: CourseShape, progress: Progress, session: string): Standing {
  const lesson = shape.lessons.find(({ id }) => id === progress.lesson);
  if (!lesson) return standing;
  const steps = lesson.steps.map((step) => {
    const before = marksOf(standing, lesson.id, step);
    const state = progress.steps.find(({ id }) => id === step.id);
    const now = step.items.map((item, i) => higher(before[i]!, state ? markOf(item, state) : '0'));
    return [step.id, now.join('')] as const;
  });
  const open = progress.steps.find(({ passed }) => !passed) ?? progress.steps.at(-1);
  return {
    marks: { ...standing.marks, [lesson.id]: Object.fromEntries(steps) },
    at: open ? { lesson: lesson.id, step: open.id } : standing.at,
    session,
  };
}

function markOf({ id, right }: ItemShape, state: StepState): Mark {
  const met =
    right === undefined
      ? (state.checkpoints.find((one) => one.id === id)?.passed ?? false)
      : state.passed || state.answers[id] === right;
  if (!met) return '0';
  return state.shown ? 's' : '1';
}

/** Of two that were kept apart: what either has; the place is the second's. */
export function merged(shape: CourseShape, one: Standing, other: Standing): Standing {
  const marks = shape.lessons.map(({ id: lesson, steps }) => {
    const both = steps.map((step) => {
      const [a, b] = [marksOf(one, lesson, step), marksOf(other, lesson, step)];
      return [step.id, [...a].map((mark, i) => higher(mark, b[i]!)).join('')] as const;
    });
    return [lesson, Object.fromEntries(both)] as const;
  });
  return { marks: Object.fromEntries(marks), at: other.at ?? one.at, session: other.session ?? one.session };
}

export interface CountedItem extends ItemShape {
  readonly name: string;
  readonly lesson: string;
  readonly optional: boolean;
  readonly mark: Mark;
}

/** All checkpoints and questions with their marks, in the course's order. */
export const countedItems = (shape: CourseShape, standing: Standing): CountedItem[] =>
  shape.lessons.flatMap(({ id: lesson, steps }) =>
    steps.flatMap((step) => {
      const marks = marksOf(standing, lesson, step);
      return step.items.map((item, i) => ({
        ...item,
        name: nameOf(lesson, step.id, item.id),
        lesson,
        optional: step.optional,
        mark: marks[i] as Mark,
      }));
    }),
  );

export function resultOf(shape: CourseShape, standing: Standing): Result {
  const required = countedItems(shape, standing).filter(({ optional }) => !optional);
  const part = (is: (mark: Mark) => boolean) =>
    required.length === 0 ? 1 : required.filter(({ mark }) => is(mark)).length / required.length;
  const score = part((mark) => mark === '1');
  const progress = part((mark) => mark !== '0');
  const complete = progress === 1;
  return { score, progress, complete, passed: complete ? score >= shape.mastery : undefined };
}

/** The steps of a lesson of which everything is met. */
export const stepsDone = (shape: CourseShape, standing: Standing, lesson: string): string[] =>
  (shape.lessons.find(({ id }) => id === lesson)?.steps ?? [])
    .filter((step) => !marksOf(standing, lesson, step).includes('0'))
    .map(({ id }) => id);

/** As the course system keeps it: text, some hundred characters for a course. */
export function encode({ marks, at, session }: Standing): string {
  const begun = Object.entries(marks).map(([lesson, steps]) => {
    const some = Object.entries(steps).filter(([, text]) => /[^0]/.test(text));
    return [lesson, Object.fromEntries(some)] as const;
  });
  const kept = Object.fromEntries(begun.filter(([, steps]) => Object.keys(steps).length > 0));
  return JSON.stringify({ v: 1, at: at && [at.lesson, at.step], in: session, m: kept });
}

/** The longest that `encode` can come to for this course. */
export function longest(shape: CourseShape): number {
  const marks = shape.lessons.map(({ id, steps }) => [
    id,
    Object.fromEntries(steps.map((step) => [step.id, '1'.repeat(step.items.length)])),
  ]);
  const places = shape.lessons.flatMap(({ id: lesson, steps }) => steps.map(({ id: step }) => ({ lesson, step })));
  const all = places.map((at) => encode({ marks: Object.fromEntries(marks), at, session: '0'.repeat(24) }).length);
  return Math.max(0, ...all);
}

/** What cannot be read – nothing, another package's, half of it – is nothing. */
export function decode(text: string): Standing {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  if (!isRecord(data) || data.v !== 1 || !isRecord(data.m)) return NOTHING;
  const marks = Object.entries(data.m).map(([lesson, steps]) => {
    const read = Object.entries(isRecord(steps) ? steps : {}).filter(([, one]) => /^[0s1]*$/.test(String(one)));
    return [lesson, Object.fromEntries(read.map(([step, one]) => [step, String(one)]))] as const;
  });
  const [lesson, step] = Array.isArray(data.at) ? data.at : [];
  return {
    marks: Object.fromEntries(marks),
    at: typeof lesson === 'string' && typeof step === 'string' ? { lesson, step } : undefined,
    session: typeof data.in === 'string' ? data.in : undefined,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
