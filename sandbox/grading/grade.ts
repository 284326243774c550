/** Grades a saved session: replays it, follows its checkpoints, and holds what it comes to against what the log says. */

import { type Doubt, type Grade, refusal, stateOf } from '../channel/grades.ts';
import {
  commandsGiven,
  LogError,
  lastCommand,
  learnerIn,
  lessonsOpened,
  mayBeCommand,
  readLog,
} from '../channel/log.ts';
import type { LogEntry, SessionLog } from '../channel/messages.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { ReplayError, ReplayWatch } from '../session/replay.ts';
import { Session, type SessionOptions } from '../session/session.ts';
import { Marks } from './marks.ts';
import { doubtsOf } from './plausible.ts';
import { done, traceOf } from './trace.ts';

/** `replay` bounds what a log may cost: one that never ends is given up. */
export type GradeOptions = Required<Pick<SessionOptions, 'lessons' | 'language' | 'createWorld' | 'replay'>>;

/** The grade of a file's text, whatever it holds. `source` is what the file is called. */
export async function gradeText(source: string, text: string, options: GradeOptions): Promise<Grade> {
  let value: unknown;
  const refused = (doubt: Doubt): Grade => refusal(source, doubt, learnerIn(value));
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused({ kind: 'unreadable', detail: (error as Error).message });
  }
  let log: SessionLog;
  try {
    log = readLog(value);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return refused({ kind: error.kind === 'time' ? 'backwards' : 'unreadable', detail: error.message });
  }
  // readLog mends it, and whoever goes on with the session is glad of that.
  const { until } = value as { until?: unknown };
  const early = typeof until === 'number' && until < log.until;
  const doubts: Doubt[] = early ? [{ kind: 'early-end', detail: '', entry: log.entries.length }] : [];
  return gradeLog(source, log, options, doubts);
}

async function gradeLog(
  source: string,
  log: SessionLog,
  options: GradeOptions,
  before: readonly Doubt[] = [],
): Promise<Grade> {
  const doubts = [...before, ...doubtsOf(log, options.lessons)];
  const { entries } = log;
  const [first, last] = [done(entries)[0], done(entries).at(-1)];
  const told = {
    seed: log.seed,
    start: log.start,
    seconds: Math.round(((last?.at ?? 0) - (first?.at ?? 0)) / 1_000),
    commands: commandsGiven(entries).commands - entries.filter(({ type }) => type === 'solve').length,
    trace: traceOf(log),
  };
  const { marks, problem } = await replayed(log, options);
  if (problem && !doubts.some(({ kind }) => kind === problem.kind)) doubts.push(problem);
  return {
    ...refusal(source, { kind: 'unreadable', detail: '' }, log.learner),
    ...told,
    ...(marks && graded(log, marks, options.lessons)),
    state: stateOf(doubts),
    doubts,
  };
}

/** The replay, as far as it came. */
async function replayed(
  log: SessionLog,
  options: GradeOptions,
): Promise<{ readonly marks?: Marks; readonly problem?: Doubt }> {
  const { entries } = log;
  let marks: Marks | undefined;
  let session: Session | undefined;
  try {
    const opening = { ...options, seed: log.seed, start: log.start };
    session = await Session.before({ ...opening, listener: { progress: () => marks?.look() } }, log);
    marks = new Marks(session, options.lessons);
    const watch = new ReplayWatch(options.replay, session.world, entries.length);
    await session.replay(log, log.until, {
      between: watch.between,
      reached: (count) => {
        watch.reached(count);
        const entry = entries[count - 1]!;
        if (mayBeCommand(entry) && !entry.inside) marks?.command();
      },
    });
    marks.end(entries);
    return { marks, ...(session.diverged !== undefined && { problem: differs(entries, session.diverged) }) };
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    marks?.end(entries);
    return { ...(marks && { marks }), problem: problemOf(error, entries) };
  } finally {
    session?.close();
  }
}

function problemOf({ problem: { kind, entry, message } }: ReplayError, entries: readonly LogEntry[]): Doubt {
  // Of a log that is not begun the position is counted from 0, of one that was given up the inputs that were put in are.
  if (kind === 'unknown-place' || kind === 'unknown-host')
    return { kind: 'unknown-name', detail: message, entry: entry + 1 };
  return { ...at(entries, entry), kind: 'endless', detail: message };
}

const differs = (entries: readonly LogEntry[], index: number): Doubt => ({
  ...at(entries, index + 1),
  kind: 'differs',
  detail: lastCommand(entries.slice(0, index + 1))?.command ?? '',
});

const at = (entries: readonly LogEntry[], count: number) => ({
  entry: count,
  command: commandsGiven(entries.slice(0, count)).commands,
});

function graded(log: SessionLog, marks: Marks, lessons: readonly LessonDocument[]) {
  const opened = [...new Set([log.start.lesson, ...lessonsOpened(log)])];
  const documents = opened.flatMap((id) => lessons.filter((lesson) => lesson.id === id));
  const steps = documents.flatMap((lesson) =>
    lesson.steps.filter((step) => !step.optional).map((step) => ({ lesson, step })),
  );
  const solved = log.entries.flatMap((entry) =>
    entry.type === 'solve' ? `${entry.place.lesson}/${entry.place.step}` : [],
  );
  return {
    lessons: opened,
    shown: [...new Set(solved)],
    undone: steps.flatMap(({ lesson, step }) => (marks.passed(step) ? [] : `${lesson.id}/${step.id}`)),
    marks: marks.of(documents),
    stumbles: marks.stumbles,
  };
}
