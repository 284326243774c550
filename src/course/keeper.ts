/** Keeps a learner's standing in the course system: at every checkpoint, when the page goes, and again after it was not to be had. */

import type { Progress } from '../../sandbox/channel/messages.ts';
import type { CourseShape } from './shape.ts';
import { countedItems, decode, encode, merged, NOTHING, resultOf, type Standing, withProgress } from './standing.ts';
import { CourseGone, type CourseSystem, type Learner, type Report } from './system.ts';

export type Keeping =
  /** All that was done is there, as far as it said. */
  | 'kept'
  /** There is none: nothing was ever kept. */
  | 'missing'
  /** It was there, and does not take what it is given. */
  | 'lost'
  /** It was not to be had, and has everything now. */
  | 'again';

interface KeeperOptions {
  readonly shape: CourseShape;
  readonly system: CourseSystem;
  /** Real time that only goes forward (milliseconds). */
  readonly now: () => number;
  /** Calls later, once (milliseconds). */
  readonly later: (call: () => void, ms: number) => void;
  readonly onKeeping: (keeping: Keeping) => void;
}

/** It is asked again after so long (milliseconds). */
export const RETRY = 5_000;

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #launched: number;
  #shape: CourseShape;
  #standing: Standing = NOTHING;
  #learner: Learner = {};
  #keeping: Keeping = 'kept';
  #begun = false;
  /** What the course system is known to have, as text. */
  #kept = '';
  #saving: Promise<void> | undefined;
  #left = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#shape = options.shape;
    this.#launched = options.now();
  }

  get standing(): Standing {
    return this.#standing;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  /** The learner as the course system knows them; nothing before it has answered. */
  get learner(): Learner {
    return this.#learner;
  }

  /** Asks for what was kept. Never rejects: without a course system one works all the same. */
  begin(): Promise<void> {
    return this.#save();
  }

  /** The lab's word on a lesson, in a session of this browser. */
  report(progress: Progress, session: string): void {
    this.#standing = withProgress(this.#standing, this.#shape, progress, session);
    if (this.#begun && this.#keeping !== 'lost' && encode(this.#standing) !== this.#kept) void this.#save();
  }

  /** Asks again at once what would be asked again later. */
  tryAgain(): void {
    if (this.#keeping === 'lost' || this.#keeping === 'missing') void this.#save();
  }

  /** The page goes away. */
  leave(): void {
    this.#left = true;
    if (this.#begun) this.#options.system.leave(this.#report());
  }

  /** The page has come back as it was. */
  comeBack(): void {
    this.#left = false;
    void this.#save();
  }

  #report(): Report {
    const standing = this.#standing;
    const items = countedItems(this.#shape, standing);
    const elapsed = this.#options.now() - this.#launched;
    return { standing, items, data: encode(standing), result: resultOf(this.#shape, standing), elapsed };
  }

  /** One at a time; what comes meanwhile is told after it. */
  #save(): Promise<void> {
    this.#saving ??= this.#tell().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #tell(): Promise<void> {
    const { system } = this.#options;
    try {
      if (!this.#begun) await this.#meet();
      do {
        const report = this.#report();
        await system.save(report);
        this.#kept = report.data;
      } while (!this.#left && encode(this.#standing) !== this.#kept);
      this.#say(this.#keeping === 'kept' ? 'kept' : 'again');
    } catch (error) {
      if (!(error instanceof CourseGone)) throw error;
      this.#say(error.kind === 'missing' && !this.#begun ? 'missing' : 'lost');
      if (!this.#left) this.#options.later(() => this.tryAgain(), RETRY);
    }
  }

  async #meet(): Promise<void> {
    const { data, learner, mastery } = await this.#options.system.begin();
    if (mastery !== undefined) this.#shape = { ...this.#shape, mastery };
    this.#learner = learner;
    this.#standing = merged(this.#shape, decode(data), this.#standing);
    this.#begun = true;
  }

  #say(keeping: Keeping): void {
    if (keeping === this.#keeping) return;
    this.#keeping = keeping;
    this.#options.onKeeping(keeping);
  }
}
