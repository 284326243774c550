/** Follows a session's checkpoints while it is replayed: which came true, when and by whose doing, and what was wrong on the way. */

import type { Mark, Stumble } from '../channel/grades.ts';
import type { LogEntry } from '../channel/messages.ts';
import type { LessonDocument, Step } from '../lesson/schema.ts';
import type { Session } from '../session/session.ts';

/** A checkpoint or question, by the lesson and step it is of. */
const columnOf = (lesson: string, step: string, id: string): string => `${lesson}/${step}/${id}`;

/** What is wrong for less was on its way: a claim that is bound in a moment, a pod whose image comes (virtual milliseconds). */
const STANDS = 10_000;
/** What the next command makes good was half of a way: one node of two. */
const COMMANDS = 2;

type Wrong = Pick<Stumble, 'because' | 'message'>;

export class Marks {
  readonly #session: Session;
  readonly #lessons: readonly LessonDocument[];
  readonly #marks = new Map<string, Mark>();
  readonly #stumbles = new Map<string, Stumble>();
  /** What each column says is wrong, and since when. */
  readonly #said = new Map<string, Wrong & { readonly since: number; commands: number }>();

  /** The session is where its learner begins: what is done there was given. */
  constructor(session: Session, lessons: readonly LessonDocument[]) {
    this.#session = session;
    this.#lessons = lessons;
    for (const { lesson, step } of this.#steps())
      if (session.progress.known(step).passed)
        for (const { id } of [...step.checkpoints, ...step.quiz])
          this.#marks.set(columnOf(lesson.id, step.id, id), { state: 'given' });
    this.look();
  }

  get stumbles(): Stumble[] {
    return [...this.#stumbles.values()];
  }

  /** Something may have changed. */
  look(): void {
    const { progress } = this.#session;
    for (const step of progress.lesson.steps) {
      const { shown, findings } = progress.known(step);
      for (const { id, passed, wrong, because, message } of findings) {
        const column = columnOf(progress.lesson.id, step.id, id);
        const mark = this.#marks.get(column);
        if (mark?.state === 'given') continue;
        if (passed) {
          if (mark?.state !== 'passed' && mark?.state !== 'shown')
            this.#marks.set(column, { state: shown ? 'shown' : 'passed', after: this.#after(this.#session.now) });
        } else this.#marks.set(column, wrong ? { state: 'wrong', because, message } : { state: 'open' });
        // While a solution is typed, what is not there yet is nobody's mistake.
        this.#say(column, wrong && !shown ? { because, message } : undefined);
      }
    }
  }

  /** The learner gave a command. */
  command(): void {
    for (const said of this.#said.values()) said.commands++;
  }

  /** The replay is over: what was answered, the log tells. */
  end(entries: readonly LogEntry[]): void {
    this.look();
    for (const [column, wrong] of this.#said)
      if (this.#session.now - wrong.since >= STANDS) this.#stumble(column, wrong);
    for (const entry of entries) {
      if (entry.type !== 'answer') continue;
      const { lesson, step } = entry.place;
      const question = this.#step(lesson, step)?.quiz.find(({ id }) => id === entry.question);
      const choice = question?.choices[entry.choice];
      if (!question || choice === undefined) continue;
      const column = columnOf(lesson, step, question.id);
      if (this.#marks.get(column)?.state === 'given') continue;
      const right = choice === question.answer;
      this.#marks.set(
        column,
        right ? { state: 'passed', after: this.#after(entry.at) } : { state: 'wrong', because: choice, message: '' },
      );
      if (!right) this.#stumble(column, { because: choice, message: '' });
    }
  }

  passed(step: Step): boolean {
    return this.#session.progress.known(step).passed;
  }

  /** Those of some lessons, in their order. */
  of(lessons: readonly LessonDocument[]): Record<string, Mark> {
    return Object.fromEntries(
      lessons.flatMap((lesson) =>
        lesson.steps.flatMap((step) =>
          [...step.checkpoints, ...step.quiz].flatMap(({ id }) => {
            const column = columnOf(lesson.id, step.id, id);
            const mark = this.#marks.get(column);
            return mark ? [[column, mark] as const] : [];
          }),
        ),
      ),
    );
  }

  #say(column: string, wrong: Wrong | undefined): void {
    const before = this.#said.get(column);
    if (before && wrong && keyOf(column, before) === keyOf(column, wrong)) return;
    if (before && before.commands >= COMMANDS && this.#session.now - before.since >= STANDS)
      this.#stumble(column, before);
    if (wrong) this.#said.set(column, { ...wrong, since: this.#session.now, commands: 0 });
    else this.#said.delete(column);
  }

  #stumble(column: string, { because, message }: Wrong): void {
    const key = keyOf(column, { because, message });
    const times = (this.#stumbles.get(key)?.times ?? 0) + 1;
    this.#stumbles.set(key, { column, because, message, times });
  }

  #after(time: number): number {
    return Math.round((time - this.#session.began) / 1_000);
  }

  #step(lesson: string, step: string): Step | undefined {
    return this.#lessons.find(({ id }) => id === lesson)?.steps.find(({ id }) => id === step);
  }

  *#steps(): Generator<{ readonly lesson: LessonDocument; readonly step: Step }> {
    for (const lesson of this.#lessons) for (const step of lesson.steps) yield { lesson, step };
  }
}

/** Reasons of the author's are one whatever values they name; the engine's are told by their words. */
const keyOf = (column: string, { because, message }: Wrong): string => `${column} ${because || message}`;
