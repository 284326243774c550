/** A class on a teacher's page: its logs, replayed by several workers side by side, and what they came to. */

import { type Grade, refusal } from '../../../sandbox/channel/grades.ts';
import type { Language } from '../../../sandbox/channel/messages.ts';
import { compare } from '../../../sandbox/grading/compare.ts';
import type { LogFile } from '../../../sandbox/grading/unpack.ts';
import type { LessonDocument } from '../../../sandbox/lesson/schema.ts';
import { type Asked, startSandbox, WORKERS } from './workers.ts';

/** A replay bounds itself (session/replay.ts); a worker that says nothing for so long is past that (milliseconds). */
const SILENT_AFTER = 120_000;

export class ClassRoom {
  grades = $state.raw<readonly Grade[]>([]);
  /** How many logs there are in all, and how many are replayed. */
  all = $state(0);
  done = $state(0);
  /** What the last of it took (real milliseconds); undefined while it is under way. */
  took = $state<number>();
  warmed = $state(false);
  readonly #language: Language;
  readonly #lessons: Promise<readonly LessonDocument[]>;
  #texts = new Map<string, string>();
  #idle: Asked[] = [];

  constructor(language: Language, lessons: Promise<readonly LessonDocument[]>) {
    this.#language = language;
    this.#lessons = lessons;
  }

  /**
   * Workers are there before the files come, and their code is loaded and compiled: each has been once where the course's last lesson
   * begins.
   */
  async warm(): Promise<void> {
    const lessons = await this.#lessons;
    this.#idle = Array.from({ length: WORKERS }, startSandbox);
    const last = lessons.at(-1)!;
    const beginning = { version: 1, seed: 1, start: { lesson: last.id, step: last.steps[0]!.id }, entries: [] };
    const nothing = { source: '', text: JSON.stringify(beginning), language: this.#language, lessons };
    await Promise.all(this.#idle.map(({ sandbox }) => sandbox.functions.grade(nothing)));
    this.warmed = true;
  }

  /** What a learner's file held. */
  textOf(source: string): string | undefined {
    return this.#texts.get(source);
  }

  /** More logs; one of the same path takes the place of the one before. */
  async add(files: readonly LogFile[]): Promise<void> {
    const began = performance.now();
    await this.#lessons;
    const fresh = files.filter(({ source, text }) => this.#texts.get(source) !== text);
    for (const { source, text } of fresh) this.#texts.set(source, text);
    this.all = this.#texts.size;
    this.took = undefined;
    // Long ones first: the last to end are short.
    const queue = fresh.toSorted((a, b) => b.text.length - a.text.length);
    const known = new Map(this.grades.map((grade) => [grade.source, grade]));
    for (const { source } of fresh) known.delete(source);
    this.done = known.size;
    const work = async () => {
      for (let file = queue.shift(); file; file = queue.shift()) {
        known.set(file.source, await this.#grade(file));
        this.done++;
      }
    };
    await Promise.all(Array.from({ length: Math.min(WORKERS, queue.length) }, work));
    const byName = [...known.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
    this.grades = compare(byName.map(undoubted));
    this.took = performance.now() - began;
  }

  clear(): void {
    this.grades = [];
    this.#texts.clear();
    this.all = this.done = 0;
    this.took = undefined;
  }

  async #grade({ source, text }: LogFile): Promise<Grade> {
    const asked = this.#idle.pop() ?? startSandbox();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the replay said nothing more')), SILENT_AFTER);
    });
    try {
      const file = { source, text, language: this.#language, lessons: await this.#lessons };
      const grade = await Promise.race([asked.sandbox.functions.grade(file), asked.broken, silent]);
      this.#idle.push(asked);
      return grade;
    } catch (error) {
      // It may still be at it: another one takes its place.
      asked.sandbox.close();
      return refusal(source, { kind: 'endless', detail: (error as Error).message });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** As it was before it was held beside the others. */
const undoubted = ({ supersededBy: _, ...grade }: Grade): Grade => ({
  ...grade,
  doubts: grade.doubts.filter(({ kind }) => kind !== 'same' && kind !== 'run'),
});
