/** Where the learner stands: the step that is open, its checkpoints as the world changes, and what has passed for good. */

import type { CheckpointState, Language, Place, Progress as ProgressState, StepState } from '../channel/messages.ts';
import type { Timer } from '../sim/clock.ts';
import type { Task } from '../sim/task.ts';
import type { World } from '../world/world.ts';
import { type CheckpointContext, evaluateCheckpoint, type Finding, reasonOf, type Verdict } from './checkpoint.ts';
import { Expressions, freeze, type Lists, lists } from './expressions.ts';
import type { Checkpoint, LessonDocument, Step } from './schema.ts';

/** How often the open step is looked at again, if anything changed (virtual milliseconds). */
const LOOK_EVERY = 300;

interface StepRecord {
  passed: boolean;
  tried: boolean;
  shown: boolean;
  before: Lists | undefined;
  readonly findings: Map<string, Finding>;
  /** Why each was not so when the step began. */
  readonly first: Map<string, string>;
  readonly answers: Map<string, number>;
}

/** Of a step: as StepState has it, with the reasons by their ids. */
export interface StepKnown {
  readonly passed: boolean;
  readonly tried: boolean;
  readonly shown: boolean;
  /** Of the checkpoints that were looked at; `wrong` as CheckpointState's. */
  readonly findings: readonly (Finding & { readonly wrong: boolean })[];
  /** Chosen answers, by question id. */
  readonly answers: ReadonlyMap<string, number>;
}

const unseen = (passed: boolean) => ({ passed, message: '', reason: '', because: '' });

export class Progress {
  readonly #world: World;
  readonly #lessons: readonly LessonDocument[];
  readonly #expressions = new Expressions();
  readonly #records = new Map<Step, StepRecord>();
  readonly #onChange: () => void;
  readonly #timer: Timer;
  #follow: boolean;
  #language: Language;
  #lesson: LessonDocument;
  #seen = -1;

  constructor(options: {
    world: World;
    lessons: readonly LessonDocument[];
    language: Language;
    /** Goes on to the next lesson by itself and asks no quiz: for scripts, where nobody turns pages. */
    follow: boolean;
    onChange: () => void;
  }) {
    this.#world = options.world;
    this.#lessons = options.lessons;
    this.#language = options.language;
    this.#follow = options.follow;
    this.#onChange = options.onChange;
    this.#lesson = options.lessons[0]!;
    this.#timer = this.#world.clock.every(LOOK_EVERY, () => this.#look());
    this.#arrive();
  }

  set language(language: Language) {
    this.#language = language;
    this.#seen = -1;
  }

  /** From now on a script's rules: see `follow`. */
  set follow(follow: boolean) {
    this.#follow = follow;
  }

  get follows(): boolean {
    return this.#follow;
  }

  get lesson(): LessonDocument {
    return this.#lesson;
  }

  /** The first step of the lesson that has not passed; a script passes over the optional ones. */
  get current(): Step | undefined {
    return this.#lesson.steps.find((step) => !this.#record(step).passed && !(this.#follow && step.optional));
  }

  /** Turns to a lesson; its open step begins now unless it had begun before. */
  open(place: Place): void {
    const { lesson } = this.find(place);
    this.#lesson = lesson;
    this.#seen = -1;
    this.#arrive();
    this.#onChange();
  }

  /** A command was given: what the open step finds missing from now on may be a mistake. */
  tried(): void {
    const step = this.current;
    const record = step && this.#record(step);
    if (!record || record.tried) return;
    record.tried = true;
    this.#onChange();
  }

  markShown(place: Place): void {
    this.#record(this.find(place).step).shown = true;
    this.#onChange();
  }

  /** A quiz answer; a wrong one may be followed by another. */
  answer(place: Place, question: string, choice: number): void {
    const { step } = this.find(place);
    this.#record(step).answers.set(question, choice);
    this.#arrive();
    this.#onChange();
  }

  /** A step reached by its solutions, not by the learner. */
  passByForce(place: Place): void {
    const record = this.#record(this.find(place).step);
    record.passed = true;
    record.shown = true;
    this.#seen = -1;
    this.#arrive();
    this.#onChange();
  }

  begin(place: Place): void {
    const record = this.#record(this.find(place).step);
    record.before ??= freeze(lists(this.#world.observation));
  }

  passed(place: Place): boolean {
    return this.#record(this.find(place).step).passed;
  }

  /** The checkpoints of any step as they stand now, whatever passed before. */
  *check(place: Place): Task<Verdict[]> {
    const { lesson, step } = this.find(place);
    this.begin(place);
    return this.#evaluate(lesson, step, () => true).map(({ reason: _, because: __, ...verdict }) => verdict);
  }

  /** One checkpoint as it stands now, and the condition of the reason that is told; leaves no trace. */
  judge(place: Place, id: string): { checkpoint: Checkpoint; verdict: Verdict; when: string } {
    const { lesson, step } = this.find(place);
    const checkpoint = step.checkpoints.find((one) => one.id === id);
    if (!checkpoint) throw new Error(`no checkpoint "${id}" in step "${step.id}" of lesson "${lesson.id}"`);
    const context = this.#context(lesson, step);
    const when = reasonOf(checkpoint, context)?.when ?? '';
    return { checkpoint, verdict: evaluateCheckpoint(checkpoint, context), when };
  }

  isTrue(expression: string, place: Place): boolean {
    const { lesson, step } = this.find(place);
    return this.#expressions.isTrue(expression, this.#world.observation, this.#lists(lesson, step));
  }

  /** Throws when there is no such lesson or step. A place without a step is the lesson's first. */
  find(place: { lesson: string; step?: string }): { lesson: LessonDocument; step: Step } {
    const lesson = this.#lessons.find((l) => l.id === place.lesson);
    if (!lesson)
      throw new Error(`no lesson "${place.lesson}" (there are: ${this.#lessons.map((l) => l.id).join(', ')})`);
    const step = place.step ? lesson.steps.find((s) => s.id === place.step) : lesson.steps[0];
    if (!step)
      throw new Error(
        `no step "${place.step}" in lesson "${lesson.id}" (there are: ${lesson.steps.map((s) => s.id).join(', ')})`,
      );
    return { lesson, step };
  }

  state(): ProgressState {
    const current = this.current;
    let open = true;
    const steps = this.#lesson.steps.map((step): StepState => {
      const record = this.#record(step);
      const state = {
        id: step.id,
        open,
        passed: record.passed,
        tried: record.tried,
        shown: record.shown,
        checkpoints: step.checkpoints.map(({ id }): CheckpointState => {
          const { passed, message, reason } = record.findings.get(id) ?? unseen(record.passed);
          return { id, passed, message, wrong: !passed && record.tried && reason !== record.first.get(id) };
        }),
        answers: Object.fromEntries(record.answers),
      };
      if (step === current) open = false;
      return state;
    });
    return { lesson: this.#lesson.id, steps };
  }

  /** What is known of a step, whichever lesson is open: what grading goes by. */
  known(step: Step): StepKnown {
    const { passed, tried, shown, findings, first, answers } = this.#record(step);
    const seen = [...findings.values()].map((finding) => ({
      ...finding,
      wrong: !finding.passed && tried && finding.reason !== first.get(finding.id),
    }));
    return { passed, tried, shown, findings: seen, answers };
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Goes through the steps whose checkpoints and questions have all been met, and marks the beginning of the one that is open. */
  #arrive(): void {
    for (;;) {
      const step = this.current;
      if (!step) {
        const next = this.#lessons[this.#lessons.indexOf(this.#lesson) + 1];
        if (!this.#follow || !next) return;
        this.#lesson = next;
        continue;
      }
      const record = this.#record(step);
      record.before ??= freeze(lists(this.#world.observation));
      if (!this.#complete(step, record)) return;
      record.passed = true;
      this.#seen = -1;
    }
  }

  #complete(step: Step, record: StepRecord): boolean {
    if (!step.checkpoints.every((c) => record.findings.get(c.id)?.passed)) return false;
    return this.#follow || step.quiz.every((q) => q.choices[record.answers.get(q.id) ?? -1] === q.answer);
  }

  #look(): void {
    const step = this.current;
    if (!step) return;
    const { observation } = this.#world;
    if (observation.version === this.#seen) return;
    this.#seen = observation.version;
    const record = this.#record(step);
    const before = JSON.stringify([...record.findings.values()]);
    const findings = this.#evaluate(this.#lesson, step, (c) => c.level || !record.findings.get(c.id)?.passed);
    for (const finding of findings) {
      record.findings.set(finding.id, finding);
      if (!record.first.has(finding.id)) record.first.set(finding.id, finding.reason);
    }
    if (before === JSON.stringify([...record.findings.values()])) return;
    this.#arrive();
    this.#onChange();
  }

  #evaluate(
    lesson: LessonDocument,
    step: Step,
    wanted: (checkpoint: Step['checkpoints'][number]) => boolean,
  ): Finding[] {
    const context = this.#context(lesson, step);
    return step.checkpoints.filter(wanted).map((checkpoint) => evaluateCheckpoint(checkpoint, context));
  }

  #context(lesson: LessonDocument, step: Step): CheckpointContext {
    return {
      world: this.#world.observation,
      now: this.#lists(lesson, step),
      expressions: this.#expressions,
      language: this.#language,
      texts: lesson.texts[this.#language].steps[step.id]?.checkpoints ?? {},
    };
  }

  /** The lists as they are now, and as they were when the step, and those before it, began. */
  #lists(lesson: LessonDocument, step: Step): Lists {
    const began: Record<string, Lists> = {};
    for (const each of lesson.steps) {
      const { before } = this.#record(each);
      if (before) began[each.id] = before;
    }
    return lists(this.#world.observation, this.#record(step).before, began);
  }

  #record(step: Step): StepRecord {
    let record = this.#records.get(step);
    if (!record) {
      record = {
        passed: false,
        tried: false,
        shown: false,
        before: undefined,
        findings: new Map(),
        first: new Map(),
        answers: new Map(),
      };
      this.#records.set(step, record);
    }
    return record;
  }
}
